"""The pool of processes that do the work, each piece with a limit of time and memory."""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from esgscan.web.progress import Board, share_board
from esgscan.web.work import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, MutableSequence

    from esgscan.web.progress import Progress
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

BROKEN = Failure(
    what="The work was interrupted.",
    where="server",
    mend="try again",
    status=503,
)
UNFORESEEN = Failure(
    what="",
    where="server",
    mend="tell those who maintain esgscan, without the file; the command esgscan tells more",
    status=500,
)
LOG = logging.getLogger("esgscan.web")


class Job:
    """A piece of work under way or done, and how far it is."""

    def __init__(self, task: asyncio.Task[Any], progress: Callable[[Job], Progress]) -> None:
        self._task, self._progress = task, progress

    @property
    def is_done(self) -> bool:
        """Whether there is a result, or none will come."""
        return self._task.done()

    @property
    def result(self) -> Any:
        """What came out, or the Failure that stands for it."""
        return self._task.result()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress(self)

    def then(self, callback: Callable[[Any], object]) -> None:
        """Call back with the result once it is there; not if the work was ended."""
        self._task.add_done_callback(lambda task: None if task.cancelled() else callback(task.result()))

    async def wait(self, seconds: float | None = None) -> None:
        """Wait until it is done, but no longer than that."""
        await asyncio.wait([self._task], timeout=seconds)

    def cancel(self) -> None:
        """End the work; the process that does it is ended too."""
        self._task.cancel()


class Workers:
    """Runs functions in other processes; what hangs or breaks there is ended and told."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._context = multiprocessing.get_context("spawn")
        self._board = Board(self._context)
        self._jobs: dict[Job, int | None] = {}
        self._pool = self._new_pool()
        self._is_closed = False

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._settings.workers,
            max_tasks=TASKS_OF_A_WORKER,
            initializer=_begin,
            initargs=[self._settings.worker_memory, self._board.cells],
            context=self._context,
        )

    async def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do a piece of work and wait for it; a Failure stands for what could not be done."""
        pool = self._pool
        try:
            future = pool.schedule(work, args=given, timeout=self._settings.time_limit)
        except RuntimeError:  # the pool broke since it was last used
            self._mend(pool)
            return BROKEN
        done = (await asyncio.gather(asyncio.wrap_future(future), return_exceptions=True))[0]
        return self._failure(done, pool) if isinstance(done, Exception) else done

    def _failure(self, error: Exception, pool: ProcessPool) -> Failure:
        """Say why there is no result; of an error that nobody foresaw the kind and no more, as its text may quote."""
        if isinstance(error, TookTooLong):
            return TOO_LONG
        if isinstance(error, ProcessExpired | MemoryError):
            return TOO_MUCH
        if not pool.active:
            self._mend(pool)
            return BROKEN
        kind = type(error).__name__
        LOG.error(json.dumps({"error": kind}))
        return replace(UNFORESEEN, what=f"esgscan could not do this: a fault of the program ({kind}).")

    def _mend(self, broken: ProcessPool) -> None:
        """Begin anew with other processes, where those that were there are gone."""
        if self._pool is broken and not self._is_closed:
            broken.stop()  # type: ignore[no-untyped-call]
            self._pool = self._new_pool()

    def begin(self, work: Callable[..., Any], *given: Any) -> Job:
        """Begin a piece of work that tells how far it is; its last argument is its place on the board."""
        place = self._board.take()
        task = asyncio.create_task(self.run(work, *given, place))
        job = Job(task, self._progress)
        self._jobs[job] = place
        task.add_done_callback(lambda _: self._end(job))
        return job

    def _end(self, job: Job) -> None:
        self._board.give_back(self._jobs.pop(job))

    def _progress(self, job: Job) -> Progress:
        """Say how far a job is; of one that waits, how many stand before it."""
        known = self._board.read(self._jobs.get(job))
        if known.step is not None or job not in self._jobs:
            return known
        return replace(known, ahead=list(self._jobs).index(job))

    def close(self) -> None:
        """End the processes; work under way is given up."""
        self._is_closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _begin(most_memory: int, cells: MutableSequence[int]) -> None:
    """Hold a worker to its share of memory, where the system can, and let it tell how far it is."""
    share_board(cells)
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
