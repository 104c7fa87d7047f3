"""The user's file of identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from esgscan.sources.identifiers import read_identifiers

if TYPE_CHECKING:
    from pathlib import Path

SECURITIES = {"XSHE:002415": "CNE100000PM8"}


def written(folder: Path, text: str) -> Path:
    path = folder / "map.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_names_an_isin_or_a_security_of_the_watchlist(tmp_path: Path) -> None:
    text = "\ufeffSEDOL, ISIN ,security_id,figi\n0263494,us0378331005,,\n2046251,,XSHE:002415,BBG000BLNNH6\n"
    table = read_identifiers(written(tmp_path, text), securities=SECURITIES)
    assert table.rows() == [
        ("US0378331005", None, "0263494", None),
        ("CNE100000PM8", None, "2046251", "BBG000BLNNH6"),
    ]
    assert table.columns == ["isin", "cusip", "sedol", "figi"]


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("isin,name\nUS0378331005,Apple\n", "Cannot read the identifiers: the columns", "map.csv, line 1"),
        ("", "Cannot read the identifiers: the columns", "map.csv, line 1"),
        ("isin,sedol\nUS0378331005,0263495\n", "Cannot read the SEDOL '0263495'.", "map.csv, line 2, column sedol"),
        ("isin,cusip\nUS0378331006,037833100\n", "Cannot read the ISIN 'US0378331006'.", "line 2, column isin"),
        ("isin,sedol\n,0263494\n", "Cannot use a line without an ISIN.", "map.csv, line 2"),
        ("security_id,sedol\nXSHE:999999,0263494\n", "Cannot tell the ISIN of 'XSHE:999999'.", "map.csv, line 2"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_how_to_mend_it(
    tmp_path: Path, text: str, what: str, where: str
) -> None:
    with pytest.raises(SourceError) as caught:
        read_identifiers(written(tmp_path, text), securities=SECURITIES)
    assert what in str(caught.value)
    assert where in str(caught.value)
    assert "mend" in str(caught.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Cannot read the identifiers"):
        read_identifiers(tmp_path / "none.csv", securities=SECURITIES)
