from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from esgscan.errors import OptionError
from esgscan.sources.decisions import read_decisions

if TYPE_CHECKING:
    from pathlib import Path

ISSUERS = ["zte", "hikvision", "mgi-tech"]
HEADER = "name_as_written,isin,ticker,exchange,country,answer,decided_by,decided_on,comment\n"


def written(folder: Path, text: str, name: str = "decisions.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_decisions_is_read_with_who_decided_what_and_when(tmp_path):
    path = written(tmp_path, HEADER + "ZTE,,,,,zte,A. Reader,2026-11-20,seen the statement\n")
    decisions, digests = read_decisions([path], issuers=ISSUERS)
    [row] = decisions.rows(named=True)
    assert row == {
        "name_as_written": "ZTE",
        "isin": None,
        "ticker": None,
        "exchange": None,
        "country": None,
        "answer": "zte",
        "decided_by": "A. Reader",
        "decided_on": date(2026, 11, 20),
        "comment": "seen the statement",
        "where": "decisions.csv, row 2",
    }
    assert digests == {"decisions.csv": hashlib.sha256(path.read_bytes()).hexdigest()}


def test_a_row_without_an_answer_is_still_open_and_other_columns_do_no_harm(tmp_path):
    text = "for_and_against,Name as written,ANSWER,Decided by,decided_on\nwhy,ZTE,,,\nwhy,MGI,none,B,2026-01-02\n"
    decisions, _ = read_decisions([written(tmp_path, text)], issuers=ISSUERS)
    assert decisions["name_as_written"].to_list() == ["MGI"]
    assert decisions["answer"].to_list() == ["none"]


def test_a_workbook_is_read_too_and_its_days_are_days(tmp_path):
    book = Workbook()
    book.active.append(["ticker", "answer", "decided_by", "decided_on"])
    book.active.append(["002415", "hikvision", "A", date(2026, 11, 20)])
    book.save(tmp_path / "answers.xlsx")
    decisions, _ = read_decisions([tmp_path / "answers.xlsx"], issuers=ISSUERS)
    assert decisions["decided_on"].to_list() == [date(2026, 11, 20)]


@pytest.mark.parametrize(("day", "read"), [("20.11.2026", date(2026, 11, 20)), ("2026-11-20", date(2026, 11, 20))])
def test_a_day_that_can_only_be_one_is_read(tmp_path, day, read):
    decisions, _ = read_decisions([written(tmp_path, HEADER + f"ZTE,,,,,zte,A,{day},\n")], issuers=ISSUERS)
    assert decisions["decided_on"].to_list() == [read]


def test_an_apostrophe_that_guards_a_name_from_being_a_formula_is_taken_off(tmp_path):
    decisions, _ = read_decisions([written(tmp_path, HEADER + "'=ZTE,,,,,zte,A,2026-11-20,\n")], issuers=ISSUERS)
    assert decisions["name_as_written"].to_list() == ["=ZTE"]


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("name_as_written,answer\nZTE,zte\n", "no column decided_by and no column decided_on", "write a header row"),
        ("answer,decided_by,decided_on\nzte,A,2026-01-01\n", "no column name_as_written", "write a header row"),
        (HEADER + "ZTE,,,,,zzte,A,2026-01-01,\n", "Cannot use the answer 'zzte'", "did you mean zte?"),
        (HEADER + ",,,,,zte,A,2026-01-01,\n", "does not say on which line", "fill name_as_written"),
        (HEADER + "ZTE,,,,,zte,,2026-01-01,\n", "does not say whose it is", "fill the column decided_by"),
        (HEADER + "ZTE,,,,,zte,A,,\n", "'' is no date", "write decided_on as 2026-11-23"),
        (HEADER + "ZTE,,,,,zte,A,1/2/2026,\n", "'1/2/2026' is no date", "write decided_on as 2026-11-23"),
    ],
)
def test_a_malformed_file_says_what_where_and_how_to_mend_it(tmp_path, text, what, mend):
    with pytest.raises(OptionError) as caught:
        read_decisions([written(tmp_path, text)], issuers=ISSUERS)
    assert what in caught.value.what
    assert caught.value.where.startswith("--decisions decisions.csv, row ")
    assert caught.value.mend.startswith(mend)


def test_a_file_that_is_not_there_is_an_error_about_the_option(tmp_path):
    with pytest.raises(OptionError, match="There is no file") as caught:
        read_decisions([tmp_path / "no.csv"], issuers=ISSUERS)
    assert caught.value.where.startswith("--decisions ")


def test_two_decisions_that_contradict_each_other_are_an_error_also_across_files(tmp_path):
    first = written(tmp_path, HEADER + "ZTE,,,,,zte,A,2026-01-01,\n", "first.csv")
    second = written(tmp_path, HEADER + "zte ,,,,,none,B,2026-01-02,\n", "second.csv")
    with pytest.raises(OptionError, match="contradict") as caught:
        read_decisions([first, second], issuers=ISSUERS)
    assert "'zte' by A (first.csv, row 2) and 'none' by B (second.csv, row 2)" in caught.value.what


def test_of_two_decisions_that_agree_the_newer_counts(tmp_path):
    text = HEADER + "ZTE,,,,,zte,B,2026-02-01,\nZTE,,,,,zte,A,2026-01-01,\n"
    decisions, _ = read_decisions([written(tmp_path, text)], issuers=ISSUERS)
    assert decisions["decided_by"].to_list() == ["B"]
