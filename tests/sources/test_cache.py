"""The cache of answers: whole or absent, dated, and early answers good for their own day only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.sources.cache import Cache, cache_folder

if TYPE_CHECKING:
    from pathlib import Path

DAY, NEXT = date(2026, 11, 20), date(2026, 11, 21)


def test_an_answer_got_later_holds_for_good(tmp_path: Path) -> None:
    Cache(tmp_path, today=NEXT).keep("yahoo/EURUSD=X", DAY, {"value": 1.25})
    found = Cache(tmp_path, today=date(2027, 1, 1)).find("yahoo/EURUSD=X", DAY)
    assert found == {"value": 1.25, "retrieved_on": "2026-11-21"}


def test_an_answer_got_on_the_day_itself_is_asked_for_again_later(tmp_path: Path) -> None:
    Cache(tmp_path, today=DAY).keep("yahoo/EURUSD=X", DAY, {"value": 1.25})
    assert Cache(tmp_path, today=DAY).find("yahoo/EURUSD=X", DAY)
    assert Cache(tmp_path, today=NEXT).find("yahoo/EURUSD=X", DAY) is None


def test_days_and_questions_do_not_mix(tmp_path: Path) -> None:
    cache = Cache(tmp_path, today=NEXT)
    cache.keep("yahoo/EURUSD=X", DAY, {"value": 1.25})
    assert cache.find("yahoo/EURUSD=X", date(2026, 11, 19)) is None
    assert cache.find("yahoo/USDEUR=X", DAY) is None
    assert cache.find("other/EURUSD=X", DAY) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"value": 1}', b'{"retrieved_on": "never"}', b"\xff\x00"])
def test_a_damaged_answer_is_no_answer(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path, today=NEXT)
    cache.keep("yahoo/A", DAY, {"value": 1})
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(damage)
    assert cache.find("yahoo/A", DAY) is None
    cache.keep("yahoo/A", DAY, {"value": 2})
    assert (cache.find("yahoo/A", DAY) or {})["value"] == 2


def test_only_whole_files_stay_in_the_folder(tmp_path: Path) -> None:
    cache = Cache(tmp_path, today=NEXT)
    for value in range(5):
        cache.keep("yahoo/A", DAY, {"value": value})
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.suffix for path in files] == [".json"]


def test_no_question_leads_out_of_the_folder(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", today=NEXT)
    for what in ("yahoo/../../evil", "../evil/A", f"yahoo/{'A' * 1000}"):
        cache.keep(what, DAY, {"value": 1})
        assert cache.find(what, DAY)
    assert {path.name for path in tmp_path.iterdir()} == {"cache"}


def test_a_folder_that_cannot_be_written_to_costs_no_run(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    cache = Cache(tmp_path / "cache", today=NEXT)
    cache.keep("yahoo/A", DAY, {"value": 1})
    assert cache.find("yahoo/A", DAY) is None


def test_the_folder_is_the_users_or_the_one_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("ESGSCAN_HOME")
    assert cache_folder().name == "esgscan"
