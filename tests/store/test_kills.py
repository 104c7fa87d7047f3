"""Writers that are killed and readers that look on: real processes, real SIGKILL, moments drawn from a seed.

Ten kills by default; ESGSCAN_KILLS asks for more, and continuous integration asks for a hundred.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.store.holdings import Store
from esgscan.tables import HOLDINGS
from tests.sources.filings import Filing, Security, write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLS = int(os.environ.get("ESGSCAN_KILLS", "10"))
SEED = 20261126
FUNDS = 12
PATIENCE = 300.0
LAST = date(2026, 6, 30)

# One process adds files in the folder argv[1]; it says when it begins, and what it has added.
WRITER = """
import sys
from esgscan.funds import add_funds, holdings_files
files = holdings_files([sys.argv[1]])
print("begins", flush=True)
for file in add_funds(files):
    print(file.path, flush=True)
"""

# One process reads everything again and again until its input ends; what it reads must be whole.
READER = """
import sys, threading
from datetime import date
from esgscan.store.folder import store_folder
from esgscan.store.holdings import Store
store, seen, ended = Store(store_folder()), set(), threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
print("begins", flush=True)
rounds = 0
while not ended.is_set():
    ids = set(store.catalogue()["fund_id"])
    for file in store.holdings(ids, as_of=date(2026, 12, 31)):
        for fund in file.funds["fund_id"]:
            lines = file.holdings.filter(fund_id=fund)
            assert len(lines) == 50, f"{fund} has {len(lines)} lines"
            assert abs(lines["holding_weight"].sum() - 1) < 1e-9
            seen.add(fund)
    rounds += 1
    ended.wait(0.01)
print(rounds, len(seen), flush=True)
"""

# One process asks what every fund reaches, again and again; each fund is there whole or not at all.
MARKET_READER = """
import sys, threading
from esgscan.funds import listed_funds
from esgscan.markets import MarketRequest, exposures_of_funds
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
print("begins", flush=True)
rounds = 0
while not ended.is_set():
    found = exposures_of_funds(request=MarketRequest(as_of="2026-12-31"), with_recorded=True)
    ours = found.filter(found["fund_id"].str.starts_with("Fund "))
    assert set(ours["lines"]) <= {50}, set(ours["lines"])
    listed_funds("2026-12-31")
    rounds += 1
print(rounds, flush=True)
"""

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no SIGKILL")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("ESGSCAN_HOME", str(folder))
    return folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write one table of holdings per fund, fifty lines each."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(FUNDS):
        day = LAST - timedelta(days=number)
        rows = [f"Fund {number},{day},Company {line} of {number},US,{line + 1}" for line in range(50)]
        text = "\n".join(["fund,as_of,name,country,market_value", *rows])
        (folder / f"fund_{number:02}.csv").write_text(text, encoding="utf-8")
    return folder


def start(script: str, *args: str) -> subprocess.Popen[str]:
    """Start a process and wait until it begins."""
    command = [sys.executable, "-c", script, *args]
    alone = {**os.environ, "POLARS_MAX_THREADS": "1"}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=alone)
    assert process.stdout
    assert process.stdout.readline() == "begins\n"
    return process


def killed(files: Path, moment: float) -> list[str]:
    """Run a writer and kill it after `moment` seconds; give the files that it said it had added."""
    process = start(WRITER, str(files))
    try:
        said, _ = process.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate()
    return said.splitlines()


def content(store: Store) -> dict[str, tuple[date, list[str]]]:
    """Read everything that the store has: the day and the names of the lines of each fund."""
    found = {}
    for file in store.holdings(store.catalogue()["fund_id"].to_list(), as_of=LAST):
        for fund, day in file.funds.select("fund_id", "as_of").iter_rows():
            found[fund] = (day, file.holdings.filter(pl.col("fund_id") == fund)["name_as_written"].to_list())
    return found


def expected(numbers: Iterator[int] | range) -> dict[str, tuple[date, list[str]]]:
    return {
        f"Fund {number}": (LAST - timedelta(days=number), [f"Company {line} of {number}" for line in range(50)])
        for number in numbers
    }


def test_a_writer_killed_at_any_moment_leaves_a_store_that_opens_and_goes_on(home: Path, files: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same moments each time are the purpose
    store, whole, left_undone = Store(home / "holdings"), expected(range(FUNDS)), 0
    added = 0
    for _ in range(KILLS):
        said = killed(files, chance.uniform(0.0, 0.35))
        kept = content(store)
        # Files are added in order: what is there is a beginning of the whole, each fund complete ...
        assert kept == expected(range(len(kept)))
        # ... with all that was said to be added, and at most the one file in hand more.
        assert len(said) <= len(kept) <= max(len(said), added) + 1
        added = len(kept)
        left_undone += len(kept) < FUNDS
        if kept == whole:
            shutil.rmtree(home)
            added = 0
    assert left_undone > 0, "no kill came in time"
    killed(files, 60.0)
    assert content(store) == whole
    assert sorted(path.suffix for path in (home / "holdings" / "lines").iterdir()) == [".parquet"] * FUNDS


@pytest.fixture
def quarter(tmp_path: Path) -> Path:
    """Write a quarterly data set of twenty filings, fifty lines each."""
    lines = tuple(Security(name=f"Company {number}", value="2", percent="2") for number in range(50))
    filings = [
        Filing(accession=f"0000000001-24-{number:06}", series_id=f"S{number:09}", series=f"Series {number}",
               net_assets="100", cash="0", unnamed="0", securities=lines)
        for number in range(20)
    ]  # fmt: skip
    return write_tables(tmp_path / "quarter", filings)


def whole_quarter(store: Store) -> bool:
    """Say whether the store has a data set; it has every line of it, or nothing."""
    found = store.holdings(store.catalogue()["fund_id"].to_list(), as_of=LAST)
    lines = pl.concat([HOLDINGS.frame(), *(file.holdings for file in found)])
    by_fund = lines.group_by("fund_id").agg(pl.len(), pl.col("holding_weight").sum())
    if by_fund.is_empty():
        return False
    assert len(by_fund) == 20
    assert set(by_fund["len"]) == {50}
    assert by_fund["holding_weight"].to_list() == pytest.approx([1.0] * 20)
    return True


def test_a_writer_of_a_data_set_killed_at_any_moment_leaves_all_of_it_or_nothing(home: Path, quarter: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same moments each time are the purpose
    store, left_undone = Store(home / "holdings"), 0
    for _ in range(KILLS):
        said = killed(quarter, chance.uniform(0.0, 0.6))
        is_there = whole_quarter(store)
        assert is_there or not said, "it said that it was done"
        left_undone += not is_there
        if is_there:
            shutil.rmtree(home)
    assert left_undone > 0, "no kill came in time"
    killed(quarter, 60.0)
    assert whole_quarter(store)
    remains = {path.name for path in (home / "holdings").iterdir()} - {"catalogue.parquet", "writer.lock", "lines"}
    assert remains == set(), "something of the writers that were killed is left"
    assert len(list((home / "holdings" / "lines").iterdir())) == 1


def test_two_writers_of_one_data_set_and_four_readers_do_not_disturb_each_other(home: Path, quarter: Path) -> None:
    with readers_at_work(4, READER) as readers:
        writers = [start(WRITER, str(quarter)) for _ in range(2)]
        told = [writer.communicate(timeout=PATIENCE)[0] for writer in writers]
        assert [writer.returncode for writer in writers] == [0, 0]
        assert [len(one.splitlines()) for one in told] == [1, 1]
        for reader in readers:
            reader.communicate(timeout=PATIENCE)
        assert [reader.returncode for reader in readers] == [0] * 4
    assert whole_quarter(Store(home / "holdings"))
    assert Store(home / "holdings").catalogue()["number"].n_unique() == 1, "it was added twice"


def test_four_readers_never_fail_while_a_writer_adds_and_removes(home: Path, files: Path) -> None:
    with readers_at_work(4) as readers:
        said, _ = start(WRITER, str(files)).communicate(timeout=PATIENCE)
        assert len(said.splitlines()) == FUNDS
        subprocess.run([sys.executable, "-m", "esgscan", "funds", "remove", "Fund 3", "Fund 4"], check=True)
        told = [reader.communicate(timeout=PATIENCE)[0] for reader in readers]
        assert [reader.returncode for reader in readers] == [0] * 4
    for rounds, seen in (map(int, line.split()) for line in told):
        assert rounds >= 3
        assert seen >= FUNDS - 2


def test_those_who_ask_of_every_fund_never_fail_while_funds_go_and_come(home: Path, files: Path) -> None:
    start(WRITER, str(files)).communicate(timeout=PATIENCE)
    chance = random.Random(SEED)  # noqa: S311 - the same funds each time are the purpose
    with readers_at_work(2, MARKET_READER) as readers:
        for _ in range(4):
            gone = [f"Fund {number}" for number in chance.sample(range(FUNDS), 4)]
            subprocess.run([sys.executable, "-m", "esgscan", "funds", "remove", *gone], check=True)
            start(WRITER, str(files)).communicate(timeout=PATIENCE)
        told = [reader.communicate(timeout=PATIENCE)[0] for reader in readers]
        assert [reader.returncode for reader in readers] == [0, 0]
    assert all(int(one) >= 1 for one in told)
    assert len(Store(home / "holdings").funds()) == FUNDS


@contextmanager
def readers_at_work(number: int, script: str = READER) -> Iterator[list[subprocess.Popen[str]]]:
    """Let readers read, and leave none behind."""
    readers = [start(script) for _ in range(number)]
    try:
        yield readers
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
