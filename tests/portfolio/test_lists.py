from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from esgscan.errors import PortfolioError
from esgscan.portfolio.lists import read_list
from esgscan.portfolio.reading import ReadingOptions


def told(text: str, **options: object) -> dict[str, list[str]]:
    """Give what the rows of a text file say, but for columns that say nothing."""
    table = read_list(text.encode(), options=ReadingOptions(**options), name="t.csv")  # type: ignore[arg-type]
    return {name: list(cells) for name, cells in table.identities.items() if any(cells) and name != "kind"}


def test_a_table_without_amounts_is_read_by_its_header_words():
    text = "name,country\nHikvision,CN\nApple,US\n"
    assert told(text) == {"name_as_written": ["Hikvision", "Apple"], "country": ["CN", "US"]}


def test_every_row_stays_totals_and_blanks_too():
    table = read_list(b"name,country,value\nHikvision,CN,5\n,,\nTotal,,5\nSource: somebody,,\n", name="t.csv")
    assert table.height == 4
    assert list(table.columns[0]) == ["Hikvision", "", "Total", "Source: somebody"]
    assert table.header == ("name", "country", "value")


def test_rows_above_the_header_are_counted():
    table = read_list(b"Report of 2026\n\nname,isin,quantity\nA,US0378331005,1\n", name="t.csv")
    assert (table.rows_above, table.height) == (2, 1)


@pytest.mark.parametrize(
    "text", ["Hikvision\n002415 CH\n", "name\nHikvision\n002415 CH\n", "identifier\nHikvision\n002415 CH\n"]
)
def test_one_column_alone_is_taken_as_typed_with_a_header_or_without(text):
    assert read_list(text.encode(), name="t.csv").written == ["Hikvision", "002415 CH"]


def test_a_text_under_words_that_are_not_known_is_the_name_where_there_is_no_other():
    text = "spelling,ticker,exchange\nHikvision,002415,XSHE\nDahua,002236,XSHE\n"
    assert told(text)["name_as_written"] == ["Hikvision", "Dahua"]


def test_a_first_row_of_unknown_words_names_the_columns_and_stays_a_row():
    table = read_list(b"spelling,expected\nHikvision A,hikvision\n", name="t.csv")
    assert table.header == ("spelling", "expected")
    assert list(table.identities["name_as_written"]) == ["spelling", "Hikvision A"]
    assert read_list(b"Hikvision,CN\nApple,US\n", name="t.csv").header == ("A", "B")


def test_the_columns_of_an_earlier_check_and_running_numbers_say_nothing():
    text = "id,name,issuer_id,security_id\n1,Hikvision,dahua,XSHE:002236\n2,ZTE,dahua,XSHE:002236\n"
    assert told(text) == {"name_as_written": ["Hikvision", "ZTE"]}


def test_a_column_that_the_user_names_wins():
    text = "what,else,quantity\nx,Hikvision,1\ny,ZTE,2\n"
    assert told(text, columns={"name": "B"})["name_as_written"] == ["Hikvision", "ZTE"]


@pytest.mark.parametrize("made", [pd.DataFrame, pl.DataFrame])
def test_a_data_frame_is_a_table_too(made):
    table = read_list(made({"name": ["A", "B"], "isin": [None, "US0378331005"]}))
    assert list(table.identities["isin"]) == ["", "US0378331005"]


def test_of_several_tables_none_is_chosen_for_the_user():
    text = b"name,isin,quantity\nA,US0378331005,1\n\nname,isin,quantity,price\nB,US0378331005,1,2\n"
    with pytest.raises(PortfolioError, match="holds 2 tables") as caught:
        read_list(text, name="t.csv")
    assert "--header-row" in caught.value.mend


def test_what_is_no_table_is_an_error():
    with pytest.raises(PortfolioError):
        read_list(b"   \n", name="t.csv")
