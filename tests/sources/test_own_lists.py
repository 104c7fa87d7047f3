"""A list of the user's own: what a line needs, what is wrong with a broken one, and what a scan then says."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import jsonschema
import openpyxl
import pytest

import esgscan
from esgscan.errors import OptionError
from esgscan.reference.datasets import load_dataset
from esgscan.reference.own_entries import OwnEntry, with_own_entries
from esgscan.report.json import render_json
from esgscan.sources.own_lists import read_own_list, without_problems
from tests.rows import DAHUA, HIKVISION
from tests.runs import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

SHELL = "GB00BP6MXD84"
HEADER = "Name,ISIN,Ticker,Exchange,LEI,Country,Tag,From,Until,Source,List\n"
SHELL_LINE = f"Shell plc,{SHELL},,,,United Kingdom,Fossil fuels,2025-03-01,2026-01-01,https://example.invalid/1,\n"
MARKETS = load_dataset("markets")


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str, name: str = "board.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def entry(**told: object) -> OwnEntry:
    said = {"list_name": "board", "name": "Shell plc", "source": "minute 1", "in_force_from": date(2025, 3, 1)}
    return OwnEntry(**{**said, **told})  # type: ignore[arg-type]


def issuers_of(data: Mapping[str, pl.DataFrame], name: str) -> set[str]:
    return set(data[name].filter(data[name]["source_ids"].str.starts_with("own-"))["issuer_id"])


def test_a_line_is_read_with_its_market_its_country_and_its_days(written) -> None:
    text = "Our list\n" + HEADER + SHELL_LINE + "Kestrel,,600999,Shanghai,,China,,2020-01-01,,Own research 7,Cameras\n"
    own = read_own_list(written(text), MARKETS)
    assert own.problems == ()
    shell, kestrel = own.entries
    assert (shell.isin, shell.country, shell.list_name) == (SHELL, "GB", "board")
    assert (shell.in_force_from, shell.in_force_until) == (date(2025, 3, 1), date(2026, 1, 1))
    assert (kestrel.mic, kestrel.local_code, kestrel.list_name) == ("XSHG", "600999", "Cameras")
    assert kestrel.where == "board.csv, row 4"


def test_a_workbook_and_toml_say_the_same_as_text(written, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["Name", "ISIN", "From", "Source"], ["Shell plc", SHELL, date(2025, 3, 1), "minute 1"]):
        book.active.append(row)
    book.save(tmp_path / "board.xlsx")
    toml = f'[[entry]]\nname = "Shell plc"\nisin = "{SHELL}"\nfrom = 2025-03-01\nsource = "minute 1"\n'
    files = [
        tmp_path / "board.xlsx",
        written(toml, "board.toml"),
        written(f"name,isin,from,source\nShell plc,{SHELL},2025-03-01,minute 1\n"),
    ]
    read = [read_own_list(path, MARKETS).entries for path in files]
    told = [[(one.name, one.isin, one.in_force_from, one.source, one.list_name) for one in entries] for entries in read]
    assert told == [[("Shell plc", SHELL, date(2025, 3, 1), "minute 1", "board")]] * 3


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (",,,,,,,2025-01-01,,x,\n", "The column name is empty."),
        ("Foo,,,,,,,2025-01-01,,,\n", "The column source is empty."),
        ("Foo,,,,,,,,,x,\n", "The column from is empty."),
        ("Foo,,,,,,,1 May 2025,,x,\n", "Cannot read the day '1 May 2025'."),
        ("Foo,,,,,,,2025-01-02,2025-01-02,x,\n", "The entry ends on 2025-01-02, before it begins."),
        ("Foo,GB00BP6MXD85,,,,,,2025-01-01,,x,\n", "Cannot trust the ISIN 'GB00BP6MXD85': its check digit is wrong."),
        ("Foo,,2415,,,,,2025-01-01,,x,\n", "The code '2415' has no market: a bare code is no identity."),
        ("Foo,,2415,Atlantis,,,,2025-01-01,,x,\n", "Cannot find the market 'Atlantis'."),
        ("Foo,,,,,Atlantis,,2025-01-01,,x,\n", "Cannot find the country 'Atlantis'."),
        (SHELL_LINE, "'Shell plc' is on the list 'board' twice for the same days."),
    ],
)
def test_a_faulty_line_is_told_and_left_out_and_stops_a_scan(written, line: str, what: str) -> None:
    own = read_own_list(written(HEADER + SHELL_LINE + line), MARKETS)
    assert [problem.what for problem in own.problems] == [what]
    assert own.problems[0].where == "board.csv, row 3"
    assert own.problems[0].mend
    with pytest.raises(OptionError) as caught:
        without_problems(own)
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "Name,ISIN\nShell,GB00BP6MXD84\n"),
        ("list.toml", "name = 1\n"),
        ("list.toml", "[[entry]\n"),
        ("list.csv", ""),
    ],
)
def test_a_file_that_is_no_list_is_refused(written, name: str, text: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_own_list(written(text, name), MARKETS)
    assert caught.value.where == name
    assert caught.value.mend


def test_an_entry_about_a_company_of_the_watchlist_is_added_to_it_by_identifier_or_by_name() -> None:
    by_isin = with_own_entries(DATA, [entry(name="HIK", isin=HIKVISION)])
    assert issuers_of(by_isin, "measures") == {"hikvision"}
    by_name = with_own_entries(DATA, [entry(name="Zhejiang Dahua Technology Co Ltd")])
    assert issuers_of(by_name, "measures") == {"dahua"}
    for data in (by_isin, by_name):
        assert data["issuers"].height == DATA["issuers"].height
        assert data["listings"].height == DATA["listings"].height


def test_two_lines_about_a_company_lead_to_one_issuer() -> None:
    data = with_own_entries(
        DATA, [entry(isin=SHELL), entry(name="SHELL PLC", tag="Fossil fuels"), entry(name="Royal Dutch", isin=SHELL)]
    )
    assert data["issuers"].height == DATA["issuers"].height + 1
    assert issuers_of(data, "measures") == {"own:shell-plc"}


def test_identifiers_of_two_companies_on_one_line_are_refused() -> None:
    with pytest.raises(OptionError, match="belong to two companies: dahua and hikvision") as caught:
        with_own_entries(DATA, [entry(isin=HIKVISION, mic="XSHE", local_code="002236", where="board.csv, row 2")])
    assert caught.value.where == "board.csv, row 2"


def test_an_entry_counts_from_its_first_day_to_the_day_before_its_last(written) -> None:
    own = written(HEADER + SHELL_LINE)
    portfolio = f"Name,ISIN,Currency,Market Value\nShell,{SHELL},EUR,30\nApple,US0378331005,EUR,70\n".encode()
    weights = {
        day: esgscan.scan(portfolio, as_of=day, watchlist=[own]).weight
        for day in ("2025-02-28", "2025-03-01", "2025-12-31", "2026-01-01")
    }
    assert weights == pytest.approx({"2025-02-28": 0.0, "2025-03-01": 0.3, "2025-12-31": 0.3, "2026-01-01": 0.0})


def test_a_report_says_whose_list_it_is_and_its_source_and_is_valid(written, project: Path) -> None:
    own = written(HEADER + SHELL_LINE.replace("2026-01-01", ""))
    portfolio = f"Name,ISIN,Currency,Market Value\nShell,{SHELL},EUR,30\nDahua,{DAHUA},EUR,70\n".encode()
    document = json.loads(render_json(esgscan.scan(portfolio, as_of="2026-11-23", watchlist=[own])))
    schema = json.loads((project / "docs" / "schema" / "scan-1.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    shell = next(issuer for issuer in document["issuers"] if issuer["issuer_id"] == "own:shell-plc")
    assert [(one["programme"], one["status"], one["kind"]) for one in shell["measures"]] == [
        ("board", "in_force", "listing")
    ]
    assert [tag["label"] for tag in shell["tags"]] == ["Fossil fuels"]
    cited = {number for one in (*shell["measures"], *shell["tags"]) for number in one["sources"]}
    sources = {source["number"]: source for source in document["sources"]}
    assert {(sources[n]["url"], sources[n]["tier"], sources[n]["publisher"]) for n in cited} == {
        ("https://example.invalid/1", "user", "own list: board")
    }
    assert "board.csv" in {given["name"] for given in document["run"]["inputs"]}
