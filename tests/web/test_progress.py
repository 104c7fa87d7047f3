"""How far the work is: told by the workers, shown on the page, with scripts and without."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from esgscan.terms import Step
from esgscan.web import work
from esgscan.web.progress import PLACES, Board, Progress, listener_at, share_board
from esgscan.web.settings import Settings
from esgscan.web.workers import Workers
from tests.web.gates import gate, held, report_at_gates

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

PLAIN = b"Name,ISIN,Currency,Market Value\nHikvision,CNE100000PM8,EUR,30\nApple,US0378331005,EUR,70\n"


@pytest.fixture
def name() -> Iterator[str]:
    """Give the name of a portfolio whose gate is shut."""
    name = f"{uuid4().hex}.csv"
    yield name
    gate(name).unlink(missing_ok=True)


@pytest.fixture
def board() -> Iterator[Board]:
    board = Board(multiprocessing.get_context("spawn"))
    share_board(board.cells)
    yield board
    share_board(None)


def test_what_is_told_at_a_place_is_read_there_and_nowhere_else(board: Board) -> None:
    here, there = board.take(), board.take()
    listener_at(here)(Step.LOOK_THROUGH, 0.25)
    listener_at(there)(Step.REPORT)
    assert board.read(here) == Progress(Step.LOOK_THROUGH, 0.25)
    assert board.read(there) == Progress(Step.REPORT, None)


def test_a_place_that_is_given_back_tells_nothing_of_before(board: Board) -> None:
    place = board.take()
    listener_at(place)(Step.REPORT)
    board.give_back(place)
    assert board.read(board.take()) == Progress()


def test_work_without_a_place_is_done_all_the_same(board: Board) -> None:
    assert {board.take() for _ in range(PLACES)} == set(range(PLACES))
    assert board.take() is None
    listener_at(None)(Step.REPORT)
    assert board.read(None) == Progress()


def test_a_job_tells_its_step_and_one_that_waits_how_many_are_before_it(name: str) -> None:
    async def told() -> None:
        workers = Workers(Settings(workers=1))
        try:
            first, second = workers.begin(held, name), workers.begin(held, name)
            await _until(lambda: first.progress.step is not None)
            assert first.progress == Progress(Step.READING, 0.5)
            assert second.progress == Progress(None, None, ahead=1)
            gate(name).touch()
            await second.wait(20)
            assert (first.result, second.result) == (name, name)
        finally:
            workers.close()

    _run(told)


def test_a_job_that_is_ended_makes_room_at_once(name: str) -> None:
    async def ended() -> None:
        workers = Workers(Settings(workers=1))
        try:
            first = workers.begin(held, name)
            await _until(lambda: first.progress.step is not None)
            first.cancel()
            begun = time.monotonic()
            assert await workers.run(len, "four") == 4
            assert time.monotonic() - begun < 15  # the gate would have held it for thirty seconds
            assert first.is_done
        finally:
            workers.close()

    _run(ended)


def test_the_page_shows_the_step_and_its_share_until_the_report_is_there(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(work, "report", report_at_gates)
    word = client.post("/portfolio", files={"portfolio": (name, PLAIN)}).url.path.split("/")[2]
    page = client.post(f"/portfolio/{word}/scan", data={"as_of": "2026-11-23"})
    assert '<noscript><meta http-equiv="refresh" content="1"></noscript>' in page.text
    told = client.get(f"/portfolio/{word}/progress").json()
    for _ in range(200):
        if told["step"]:
            break
        time.sleep(0.05)
        told = client.get(f"/portfolio/{word}/progress").json()
    assert told == {"done": False, "step": "reading", "share": 0.5, "ahead": 0}
    assert name not in json.dumps(told)
    gate(name).touch()
    for _ in range(200):
        if client.get(f"/portfolio/{word}/progress").json() == {"done": True}:
            break
        time.sleep(0.05)
    assert "30.00% of the portfolio reaches 1 flagged company" in client.get(f"/portfolio/{word}/report").text


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_browser_sees_the_work_go_on(
    browser: Browser, address: str, monkeypatch: pytest.MonkeyPatch, name: str, has_scripts: bool, tmp_path: Path
) -> None:
    monkeypatch.setattr(work, "report", report_at_gates)
    file = tmp_path / name
    file.write_bytes(PLAIN)
    context = browser.new_context(java_script_enabled=has_scripts)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Portfolio").set_input_files(file)
    page.get_by_role("button", name="Read the files").click()
    page.get_by_role("button", name="Make the report").click()
    expect(page).to_have_title(re.compile("Working"))
    expect(page.locator("[aria-current=step]", has_text="Read the files")).to_be_visible(timeout=15_000)
    gate(name).touch()
    expect(page.get_by_text("30.00% of the portfolio reaches 1 flagged company")).to_be_visible(timeout=30_000)
    context.close()


def _run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run in a thread of its own: the one of the tests may have a browser's loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(main())).result()


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
