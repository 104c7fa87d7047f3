"""The pool of processes that do the work, each piece with a limit of time and memory."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import TimeoutError as TookTooLong
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from esgscan.web.work import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.web.settings import Settings

TASKS_OF_A_WORKER = 200
"""After so many pieces of work a process is replaced, so that what libraries keep does not add up."""
TOO_LONG = Failure(
    what="The file took too long.",
    where="upload",
    mend="split it, or scan it with the command esgscan, which has no limit of time",
    status=503,
)
TOO_MUCH = Failure(
    what="The file could not be worked on: it needs too much memory, or is damaged.",
    where="upload",
    mend="save it again in Excel or as CSV, or scan it with the command esgscan",
    status=422,
)


class Workers:
    """Runs functions in other processes; what hangs or breaks there is ended and told."""

    def __init__(self, settings: Settings) -> None:
        self._time_limit = settings.time_limit
        self._pool = ProcessPool(
            max_workers=settings.workers,
            max_tasks=TASKS_OF_A_WORKER,
            initializer=_limit_memory,
            initargs=[settings.worker_memory],
            context=multiprocessing.get_context("spawn"),
        )

    async def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do a piece of work and wait for it; a Failure stands for what could not be done."""
        future = self._pool.schedule(work, args=given, timeout=self._time_limit)
        try:
            return await asyncio.wrap_future(future)
        except TookTooLong:
            return TOO_LONG
        except (ProcessExpired, MemoryError):
            return TOO_MUCH

    def close(self) -> None:
        """End the processes; work under way is given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _limit_memory(most: int) -> None:
    """Hold a worker to its share of memory, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
