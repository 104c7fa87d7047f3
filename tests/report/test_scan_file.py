from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import esgscan
from esgscan.errors import OptionError
from esgscan.report.formats import FORMATS
from esgscan.report.json import render_json
from esgscan.report.scan_file import is_scan, read_scan

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Scan


@pytest.fixture(scope="module")
def real(project: Path) -> Scan:
    return esgscan.scan(project / "sample_portfolios" / "pension_fund.xlsx", as_of="2026-11-23")


@pytest.mark.parametrize("name", FORMATS)
def test_a_scan_read_from_its_json_gives_the_same_reports(real: Scan, name: str) -> None:
    again = read_scan(render_json(real), name="report.json")
    assert FORMATS[name].render(again) == FORMATS[name].render(real)


@pytest.mark.parametrize("name", ["terminal", "json", "md"])
def test_an_invented_scan_comes_back_too(scan: Scan, clean: Scan, name: str) -> None:
    for one in (scan, clean):
        again = read_scan(FORMATS["json"].render(one), name="report.json")
        assert FORMATS[name].render(again) == FORMATS[name].render(one)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "no JSON"),
        (b"[]", "schema_version"),
        (b'{"schema_version": "0"}', "schema_version"),
        (b'{"schema_version": "1"}', "member is missing"),
        (b'{"schema_version": "1", "exposure": 3, "coverage": {}, "run": {}}', "member is missing"),
    ],
)
def test_another_file_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(OptionError, match=why) as error:
        read_scan(content, name="other.json")
    assert error.value.where == "other.json"


def test_a_scan_is_told_from_a_portfolio(scan: Scan) -> None:
    assert is_scan(render_json(scan))
    assert not is_scan(b"name,isin\nHikvision,CNE100000PM8\n")
