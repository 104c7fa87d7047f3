"""Uploads and results in memory while somebody looks at them: each under a word nobody can guess, then gone."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


class DeskFullError(Exception):
    """There is no room for more until something is forgotten."""


@dataclass(slots=True)
class _Slip(Generic[Value]):
    value: Value
    size: int
    until: float


class Desk(Generic[Value]):
    """Holds values until their time is over, and no more bytes than allowed.

    Args:
        keep: Seconds that a value lies here after it was last asked for.
        most: Bytes of all values together.
        close: Called with each value that is forgotten.
        clock: Tells the time in seconds.
    """

    def __init__(
        self,
        *,
        keep: float,
        most: int,
        close: Callable[[Value], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keep, self._most, self._close, self._clock = keep, most, close, clock
        self._slips: dict[str, _Slip[Value]] = {}

    def put(self, value: Value, *, size: int) -> str:
        """Lay a value down, and give the word under which it lies.

        Raises:
            DeskFullError: It does not fit beside what lies here.
        """
        self.check(size)
        word = secrets.token_urlsafe(24)
        self._slips[word] = _Slip(value, size, self._clock() + self._keep)
        return word

    def find(self, word: str) -> Value | None:
        """Give the value that lies under a word, and begin its time anew; None when that is over."""
        self.sweep()
        slip = self._slips.get(word)
        if slip is None:
            return None
        slip.until = self._clock() + self._keep
        return slip.value

    def check(self, size: int) -> None:
        """Make sure that so many more bytes fit.

        Raises:
            DeskFullError: They do not fit beside what lies here.
        """
        self.sweep()
        if size + self.size > self._most:
            raise DeskFullError

    def resize(self, word: str, size: int) -> None:
        """Count as many bytes for a value."""
        if word in self._slips:
            self._slips[word].size = size

    def drop(self, word: str) -> None:
        """Forget a value now."""
        slip = self._slips.pop(word, None)
        if slip is not None:
            self._close(slip.value)

    def sweep(self) -> None:
        """Forget what is over its time."""
        now = self._clock()
        for word in [word for word, slip in self._slips.items() if slip.until <= now]:
            self.drop(word)

    @property
    def size(self) -> int:
        """Bytes that lie here."""
        return sum(slip.size for slip in self._slips.values())
