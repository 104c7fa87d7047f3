"""Whole processes timed side by side: ours, theirs, ours, theirs, so that a slow minute slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Two commands that do the same work, and the ratio of times we want to reach.

    Args:
        name: What is measured.
        ours: The command of this project.
        theirs: The rival.
        target: The largest ratio ours / theirs that is good enough.
    """

    name: str
    ours: Sequence[str]
    theirs: Sequence[str]
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Median seconds of both commands of a race."""

    race: Race
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """Our time over theirs."""
        return self.ours / self.theirs

    @property
    def is_reached(self) -> bool:
        """Whether the ratio is within the target."""
        return self.ratio <= self.race.target


def run_race(race: Race, *, rounds: int) -> Result:
    """Run both commands once to warm the caches of files and byte code, then in turn, and take the medians."""
    seconds(race.ours)
    seconds(race.theirs)
    times = [(seconds(race.ours), seconds(race.theirs)) for _ in range(rounds)]
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return Result(race=race, ours=ours, theirs=theirs)


def seconds(command: Sequence[str]) -> float:
    """Run a command to its end and time it.

    Raises:
        subprocess.CalledProcessError: The command failed; its `stderr` says why.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    return time.perf_counter() - start
