"""What a CUSIP, a SEDOL or a FIGI stands for inside one run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from esgscan.engines.memory import Memory
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys
from esgscan.securities.ladder import resolve
from esgscan.securities.lines import lines_of
from esgscan.securities.links import identifier_links
from esgscan.tables import FUNDS
from tests.rows import line_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

HIKVISION, APPLE, CHINA_MOBILE_ADR = "CNE100000PM8", "US0378331005", "US16941M1099"
SEDOL, OTHER_SEDOL = "0263494", "2046251"
"""Two numbers with right check digits, which no test takes for those of the companies."""
GIVEN = pl.DataFrame(schema=dict.fromkeys(("isin", "cusip", "sedol", "figi"), pl.String))


def linked(rows: Sequence[Mapping[str, Any]], *, given: Sequence[Mapping[str, Any]] = ()) -> dict[str, str]:
    links = identifier_links(
        [line_table(rows)], given=pl.DataFrame(given, schema=GIVEN.schema), isins=[CHINA_MOBILE_ADR, HIKVISION]
    )
    return dict(links.select("number", "isin").iter_rows())


def found(rows: Sequence[Mapping[str, Any]], data: Mapping[str, pl.DataFrame], **wishes: Any) -> list[dict[str, Any]]:
    table, engine = line_table(rows), Memory()
    keys = identity_keys(data, known_funds(data, FUNDS.frame()), as_of=date(2026, 11, 23), tables=[table], **wishes)
    resolved = resolve(engine.frame(lines_of(table, "position_id", keys.links)), keys, engine=engine)
    return engine.collect(resolved).sort("line_id").to_dicts()


def test_a_number_stands_for_the_isin_it_is_printed_beside() -> None:
    assert linked([{"isin": HIKVISION, "sedol": SEDOL}])[f"SEDOL {SEDOL}"] == HIKVISION


def test_a_number_beside_two_isins_stands_for_neither() -> None:
    rows = [{"isin": HIKVISION, "sedol": SEDOL}, {"isin": APPLE, "sedol": SEDOL}]
    assert f"SEDOL {SEDOL}" not in linked(rows)


def test_what_the_user_gives_goes_before_what_the_run_shows() -> None:
    rows = [{"isin": APPLE, "sedol": SEDOL}]
    assert linked(rows, given=[{"isin": HIKVISION, "sedol": SEDOL}])[f"SEDOL {SEDOL}"] == HIKVISION


def test_a_number_with_a_wrong_check_digit_stands_for_nothing() -> None:
    assert set(linked([{"isin": HIKVISION, "sedol": "0263495", "cusip": "037833101"}])) == {"CUSIP 16941M109"}


def test_a_cusip_follows_from_an_american_isin_and_from_no_chinese_one() -> None:
    # US 16941M109 9: the country, the CUSIP, the check digit
    assert linked([]) == {"CUSIP 16941M109": CHINA_MOBILE_ADR}


def test_a_line_with_a_sedol_alone_is_the_security_of_the_line_that_prints_both(
    data: Mapping[str, pl.DataFrame],
) -> None:
    rows = [
        {"position_id": "p1", "isin": HIKVISION, "sedol": SEDOL},
        {"position_id": "p2", "sedol": SEDOL, "name_as_written": "A name nobody knows"},
        {"position_id": "p3", "sedol": OTHER_SEDOL, "name_as_written": "A name nobody knows"},
    ]
    both, alone, other = found(rows, data)
    assert (alone["security_id"], alone["confidence"]) == ("XSHE:002415", "confirmed")
    assert alone["matched_by"] == "sedol"
    assert alone["evidence"] == f"ISIN {HIKVISION}, by SEDOL {SEDOL}, beside it on another line"
    assert (both["matched_by"], both["evidence"]) == ("isin", f"ISIN {HIKVISION}")
    assert other["outcome"] == "uncovered"


def test_a_line_with_a_cusip_alone_is_the_receipt_whose_isin_contains_it(data: Mapping[str, pl.DataFrame]) -> None:
    (line,) = found([{"cusip": "16941M10"}], data)  # eight characters, as SPDR prints them
    assert (line["security_id"], line["matched_by"], line["confidence"]) == ("XNYS:CHL", "cusip", "confirmed")
    assert line["evidence"] == f"ISIN {CHINA_MOBILE_ADR}, by CUSIP 16941M109, which contains it"


def test_a_figi_of_one_exchange_is_known_from_the_user_s_file(data: Mapping[str, pl.DataFrame]) -> None:
    given = pl.DataFrame([{"isin": HIKVISION, "figi": "BBG000BLNNH6"}], schema=GIVEN.schema)
    (line,) = found([{"figi": "BBG000BLNNH6"}], data, identifiers=given)
    assert (line["issuer_id"], line["confidence"]) == ("hikvision", "confirmed")
    assert line["evidence"].endswith("by FIGI BBG000BLNNH6, beside it in the file of identifiers")


def test_a_fund_is_found_by_the_cusip_in_its_isin(data: Mapping[str, pl.DataFrame]) -> None:
    (line,) = found([{"cusip": "464287234", "kind": "fund"}], data)
    assert (line["fund_id"], line["confidence"]) == ("us-eem", "confirmed")
