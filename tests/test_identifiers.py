"""Identifiers read at the edge: real ones in the ways they are written, and wrong ones."""

from __future__ import annotations

from string import ascii_uppercase

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import isin

from esgscan.identifiers import COUNTRIES, read_cusip, read_figi, read_isin, read_isins, read_lei, read_sedol


def test_the_countries_of_isins_are_those_of_python_stdnum() -> None:
    bodies = [first + second + "000000000" for first in ascii_uppercase for second in ascii_uppercase]
    assert {body[:2] for body in bodies if isin.is_valid(body + isin.calc_check_digit(body))} == COUNTRIES


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("us03 7833 1005", "US0378331005"),
        ("CNE100000PM8", "CNE100000PM8"),
        ("CNE-100000-PM8", "CNE100000PM8"),
        ("XS0088543193", "XS0088543193"),
    ],
)
def test_an_isin_is_read_as_it_is_written_in_files(written: str, read: str) -> None:
    assert read_isin(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "N/A",
        "CNE100000PM9",
        "US037833100",
        "US03783310055",
        "QQ0378331004",
        "00000000000",
        "US037833100X",
        "ＵＳ0378331005",
    ],
)
def test_what_is_no_isin_gives_nothing(written: str) -> None:
    assert read_isin(written) is None


def test_a_figi_whose_check_digit_is_that_of_an_isin_too_is_none() -> None:
    # By ISO 6166, BBG001T66CK7 is 11 11 16 0 0 1 29 6 6 12 20 7. Every second digit from the right doubled, digits
    # added: 7+0+2+4+1+3+6+9+2+2+0+0+6+2+1+2+1+2 = 50. As a FIGI its last digit is right as well.
    assert read_isin("BBG001T66CK7") is None
    assert read_isins(pl.Series(["BBG001T66CK7", "CNE100000PM8"])).to_list() == [None, "CNE100000PM8"]
    assert read_figi("BBG001T66CK7") == "BBG001T66CK7"


def test_a_country_that_does_not_exist_is_no_isin_although_its_check_digit_is_right() -> None:
    # Q is 26, so the digits are 2 6 2 6 and ten zeros. Every second one from the right counts twice, which are the
    # twos: 4 + 6 + 4 + 6 = 20, and a zero at the end is right.
    assert read_isin("QQ0000000000") is None


@given(place=st.integers(0, 11), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(place: int, digit: int) -> None:
    right = "US0378331005"
    wrong = right[:place] + str(digit) + right[place + 1 :]
    if wrong != right and not right[place].isalpha():
        assert read_isin(wrong) is None


@given(st.text(max_size=20))
def test_any_text_is_read_or_gives_nothing(text: str) -> None:
    for read in (read_isin, read_lei, read_figi, read_cusip, read_sedol):
        found = read(text)
        assert found is None or found == found.upper()


def test_a_cusip_of_eight_characters_gets_its_check_digit() -> None:
    # Apple: 03783310 and 0, as the CUSIP bureau prints it
    assert read_cusip("03783310") == "037833100"
    assert read_cusip("037833100") == "037833100"
    assert read_cusip("037833101") is None


@pytest.mark.parametrize("unassigned", ["000000000", "999999999", "UNASSIGNED", "--"])
def test_a_word_that_means_none_is_no_cusip(unassigned: str) -> None:
    assert read_cusip(unassigned) is None


def test_sedol_figi_and_lei_are_checked() -> None:
    assert read_sedol("2046251") == "2046251"  # Apple
    assert read_sedol("2046252") is None
    assert read_figi("BBG000B9XRY4") == "BBG000B9XRY4"  # Apple
    assert read_figi("BBG000B9XRY5") is None
    assert read_lei("HWUPKR0MPOU8FGXBT394") == "HWUPKR0MPOU8FGXBT394"  # Apple
    assert read_lei("HWUPKR0MPOU8FGXBT395") is None


ODD_ISINS = st.text(alphabet="USCNE0123456789KYGXZ -.n/a", max_size=14)
NEARLY_ISINS = st.builds(
    lambda isin, place, letter: isin[:place] + letter + isin[place + 1 :],
    st.sampled_from(["US0378331005", "CNE100000PM8", "KYG9830T1067", "XS0000000009", "QQ0000000000"]),
    st.integers(0, 11),
    st.sampled_from("ABCXYZ0123456789 -"),
)


@settings(deadline=None)
@given(texts=st.lists(st.one_of(st.none(), ODD_ISINS, NEARLY_ISINS, st.just("us03 7833 1005"))))
def test_a_column_of_isins_is_read_as_each_of_them_is(texts: list[str | None]) -> None:
    column = pl.Series("isin", texts, pl.String)
    assert read_isins(column).to_list() == [None if text is None else read_isin(text) for text in texts]
