"""Whole processes timed side by side: ours, theirs, ours, theirs, so that a slow minute slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Two commands that do the same work, and the ratio of times we want to reach.

    Args:
        name: What is measured.
        ours: The command of this project.
        theirs: The rival.
        target: The largest ratio ours / theirs that is good enough.
        is_timed_inside: Both commands print, on their last line, the seconds of the part that is compared.
        rounds: How often both run at most; as many as the run has if not given.
        environment: Variables that both commands run with.
    """

    name: str
    ours: Sequence[str]
    theirs: Sequence[str]
    target: float
    is_timed_inside: bool = False
    rounds: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


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
    measure = printed_seconds if race.is_timed_inside else seconds
    variables = race.environment
    measure(race.ours, variables)
    measure(race.theirs, variables)
    times = [
        (measure(race.ours, variables), measure(race.theirs, variables))
        for _ in range(min(rounds, race.rounds or rounds))
    ]
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return Result(race=race, ours=ours, theirs=theirs)


def seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a command to its end and time it.

    Raises:
        subprocess.CalledProcessError: The command failed; its `stderr` says why.
    """
    start = time.perf_counter()
    output_of(command, environment)
    return time.perf_counter() - start


def printed_seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a command to its end and read the seconds that it prints last; errors as `seconds`."""
    return float(output_of(command, environment).split()[-1])


def output_of(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a command and give what it prints."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, check=True, env={**kept, **environment}, stdin=subprocess.DEVNULL, capture_output=True
    )
    return done.stdout.decode(errors="replace")
