"""Answers of publishers, kept in files: one per question and day, whole or absent, each with the day it was got."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = "ESGSCAN_HOME"
RETRIEVED = "retrieved_on"
LONGEST_NAME = 180


def cache_folder() -> Path:
    """Give the folder of the cache: in ESGSCAN_HOME, else the user's cache folder."""
    if given := os.environ.get(HOME):
        return Path(given) / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("esgscan", appauthor=False)


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of answers. Without a folder that can be written to, every question is asked anew.

    Attributes:
        folder: Where the answers lie.
        today: The day of this run.
    """

    folder: Path
    today: date

    def find(self, what: str, day: date) -> dict[str, Any] | None:
        """Find the answer to a question about a day.

        An answer got on that day or before it may have been early, and holds only for the day on which it was got.
        """
        try:
            kept = json.loads(self._path(what, day).read_text(encoding="utf-8"))
            retrieved = date.fromisoformat(kept[RETRIEVED])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if retrieved > day or retrieved == self.today else None

    def keep(self, what: str, day: date, answer: Mapping[str, Any]) -> None:
        """Keep an answer; it is written beside its place and then moved there, so that it is never half."""
        path = self._path(what, day)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        text = json.dumps({**answer, RETRIEVED: self.today.isoformat()}, ensure_ascii=False, sort_keys=True)
        with contextlib.suppress(OSError):  # a cache that cannot be written to costs time, not the run
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.write_text(f"{text}\n", encoding="utf-8")
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)

    def _path(self, what: str, day: date) -> Path:
        publisher, _, question = what.partition("/")
        folder = quote(publisher, safe="").replace(".", "_")
        return self.folder / folder / f"{quote(question, safe='=')[:LONGEST_NAME]}_{day}.json"
