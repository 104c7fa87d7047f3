"""How far each piece of work is: a board in shared memory, on which the workers write and which the page reads.

A place on the board holds two small integers, and nothing of what is worked on. Nobody waits for a lock, so a worker
that is ended holds up nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.records import nobody_listens
from esgscan.terms import Step

if TYPE_CHECKING:
    from collections.abc import MutableSequence
    from multiprocessing.context import BaseContext

    from esgscan.records import Listener

PLACES = 512
STEPS = tuple(Step)
UNKNOWN = -1
"""A share that is not known."""
WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is.

    Attributes:
        step: What is under way; None while it waits for a free worker.
        share: The share of the step that is done, where one is known.
        ahead: How many pieces of work are before it, while it waits.
    """

    step: Step | None = None
    share: float | None = None
    ahead: int = 0


class Board:
    """Places for pieces of work, each with its step and the share of it that is done."""

    def __init__(self, context: BaseContext) -> None:
        self.cells: MutableSequence[int] = context.RawArray("i", 2 * PLACES)
        self._free = list(range(PLACES))

    def take(self) -> int | None:
        """Give a free place, wiped clean; None when there is none, and then nothing is told."""
        if not self._free:
            return None
        place = self._free.pop()
        self.cells[2 * place] = 0
        return place

    def give_back(self, place: int | None) -> None:
        """Make a place free again."""
        if place is not None:
            self._free.append(place)

    def read(self, place: int | None) -> Progress:
        """Say how far the work at a place is."""
        step = self.cells[2 * place] if place is not None else 0
        share = self.cells[2 * place + 1] if place is not None else UNKNOWN
        return Progress(STEPS[step - 1], None if share == UNKNOWN else share / WHOLE) if step else Progress()


class _Shared:
    """The cells of the board that this process shares; none outside a worker."""

    cells: MutableSequence[int] | None = None


def share_board(cells: MutableSequence[int] | None) -> None:
    """Let this process write on the board."""
    _Shared.cells = cells


def listener_at(place: int | None) -> Listener:
    """Give a listener that writes what it hears on a place of the board."""
    cells = _Shared.cells
    if place is None or cells is None:
        return nobody_listens

    def heard(step: Step, share: float | None = None) -> None:
        cells[2 * place + 1] = UNKNOWN if share is None else round(share * WHOLE)
        cells[2 * place] = 1 + STEPS.index(step)

    return heard
