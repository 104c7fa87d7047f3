"""Work in other processes: what hangs or breaks there stops nobody else."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from esgscan.web.settings import MEBIBYTE, Settings
from esgscan.web.workers import BROKEN, TOO_LONG, TOO_MUCH, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def run(main: Callable[[Workers], Coroutine[Any, Any, None]], **settings: Any) -> None:
    """Run with workers, in a thread of its own: the one of the tests may have a browser's loop."""

    async def with_workers() -> None:
        workers = Workers(Settings(workers=1, **settings))
        try:
            await main(workers)
        finally:
            workers.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(with_workers())).result()


@pytest.mark.parametrize(
    ("work", "given", "settings", "failure"),
    [
        (time.sleep, (60,), {"time_limit": 0.5}, TOO_LONG),
        (bytearray, (2**33,), {"worker_memory": 2048 * MEBIBYTE}, TOO_MUCH),
        (os._exit, (1,), {}, TOO_MUCH),
    ],
)
def test_work_that_hangs_breaks_or_eats_is_told_and_the_next_is_done(
    work: Callable[..., Any], given: tuple[Any, ...], settings: dict[str, Any], failure: object
) -> None:
    async def main(workers: Workers) -> None:
        assert await workers.run(work, *given) == failure
        assert await workers.run(len, "four") == 4

    run(main, **settings)


def test_an_idle_worker_that_is_killed_is_replaced() -> None:
    async def main(workers: Workers) -> None:
        first = await workers.run(os.getpid)
        os.kill(first, signal.SIGKILL)
        await asyncio.sleep(0.5)
        answers = [await workers.run(len, "four") for _ in range(2)]
        assert answers[-1] == 4
        assert answers[0] in (4, BROKEN)
        assert await workers.run(os.getpid) != first

    run(main)


def test_an_error_that_nobody_foresaw_is_told_by_its_kind_and_quotes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def main(workers: Workers) -> None:
        failure = await workers.run(int, "a secret holding")
        assert failure.status == 500
        assert failure.what == "esgscan could not do this: a fault of the program (ValueError)."
        assert await workers.run(len, "four") == 4

    with caplog.at_level(logging.INFO):
        run(main)
    assert [record.getMessage() for record in caplog.records if record.name == "esgscan.web"] == [
        '{"error": "ValueError"}'
    ]


def test_work_that_is_under_way_when_the_server_stops_is_given_up() -> None:
    async def main(workers: Workers) -> None:
        under_way = asyncio.create_task(workers.run(time.sleep, 60))
        await asyncio.sleep(1.0)
        workers.close()
        under_way.cancel()

    begun = time.monotonic()
    run(main)
    assert time.monotonic() - begun < 30
