"""The Covered List of the Federal Communications Commission: a table of sentences that name makers, and days."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.reference.listed_entities import FCC_COVERED_LIST, ListedEntity, PublishedList
from esgscan.sources.lists.attributes import read_day
from esgscan.sources.lists.printed_names import HOLDING
from esgscan.sources.lists.tables import has_columns, rows_below, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.grids import Cell, Grid
    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

THING, DAY = "covered equipment or services", "date of inclusion on covered list"
NAME, SUBSIDIARIES = "entity name", "subsidiary names"
PUBLISHER = "US Federal Communications Commission"
HOME = "https://www.fcc.gov/supplychain/coveredlist"
MAKER = re.compile(
    r"\b(?:produced|provided|supplied)(?: or provided)?,?(?: directly or indirectly,)? by (.+?)"
    r"(?=,?\s+(?:including|to the extent|subject to|or any of|or its)\b|\.?\s*$)"
)
LONGEST = 5000
FIRST_DAY = re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}")


def recognises(grids: Sequence[Grid]) -> bool:
    """Say whether a table is the list."""
    return has_columns(grids, THING, DAY)


def read(given: GivenFile, grids: Sequence[Grid]) -> ListFile:
    """Read the makers that the sentences name; lines about a whole kind of product name none, and are told.

    Raises:
        SourceError: No line names a maker.
    """
    entities: list[ListedEntity] = []
    nameless: list[str] = []
    for grid in grids:
        for number, row in rows_below(grid, THING, DAY):
            names = _makers(row)
            found = FIRST_DAY.search(text(row[DAY]))
            day, where = read_day(found[0] if found else ""), f"{given.name}, row {number}"
            entities += [ListedEntity(name=name, listed_on=day, where=where) for name in names]
            nameless += [] if names else [where]
    whole = PublishedList(
        programme_id=FCC_COVERED_LIST, name="Covered List", authority=PUBLISHER, entities=tuple(entities)
    )
    said = [f"Lines that name no maker, but a kind of product: {'; '.join(nameless)}."] if nameless else []
    return given.of([whole], title="FCC Covered List", publisher=PUBLISHER, home=HOME, remarks=said)


def _makers(row: dict[str, Cell]) -> list[str]:
    if name := text(row.get(NAME)):
        return [name, *filter(None, (one.strip() for one in text(row.get(SUBSIDIARIES)).split(";")))]
    found = MAKER.search(text(row[THING])[:LONGEST])
    return [name.strip(" ,") for name in HOLDING.split(found[1]) if name.strip(" ,")] if found else []
