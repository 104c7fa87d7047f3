"""OFAC's files without a header line: `sdn.csv` or `cons_prim.csv`, with `*_alt`, `*_add` and `*_comments` beside it.

Twelve columns, six, five and two; `-0-` stands for nothing, and programmes are written `A] [B`. The same data come
with `@` (`.del`) and `|` (`.pip`) between the columns. The comments go on where a remark of the first file was cut.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.reference.listed_entities import ListedEntity
from esgscan.sources.lists import ofac
from esgscan.sources.lists.asked import damaged
from esgscan.sources.lists.attributes import country_of, issuer_names, read_attributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

NOTHING = "-0-"
DELIMITERS = (",", "@", "|", "\t")
PRIMARY, ADDRESSES, NAMES, COMMENTS = 12, 6, 5, 2
KINDS_OF_NAMES = frozenset({"aka", "fka", "nka", "a.k.a.", "f.k.a.", "n.k.a."})
PROGRAMME = re.compile(r"[^\[\]]+")
ATTRIBUTE = re.compile(
    r"^(?:alt\. )?(Equity Ticker|Issuer Name|ISIN|Target Type|"
    r"(?:Effective|Listing|Divestment|Purchase/Sales For Divestment)"
    r" Date \((?:CMIC|CCMC)\)|Legal Entity Number|Unified Social Credit Code \(USCC\))\s+(.+)$"
)
ALIAS = re.compile(r"^[afn]\.k\.a\.\s+'(.+)'\.?$")
COUNTRY_AFTER = re.compile(r"\s*\(([^()]+)\)\.?$")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the files that belong together: its rows, and which of them it is."""

    given: GivenFile
    columns: int
    rows: list[list[str]]


def recognise(given: GivenFile) -> Part | None:
    """Read the rows of a file that has the columns of one of OFAC's; None for another file."""
    head = given.content[:4096]
    if not re.match(rb"\xef?\xbb?\xbf?\s*\"?\d+\"?\s*[,@|\t]", head):
        return None
    text = given.text().rstrip("\x1a\x00\r\n ")
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=False) if row]
        except csv.Error as error:
            raise damaged(given.name, error) from error
        if (columns := _columns(rows)) and all(row[0].strip().isdigit() for row in rows[:20]):
            return Part(given, columns, [[_cell(cell) for cell in row] for row in rows])
    return None


def _columns(rows: Sequence[Sequence[str]]) -> int | None:
    """Say which of the files it is, by the columns of its first rows; a cut last row does not count."""
    widths = {len(row) for row in rows[:20]} if rows else set()
    if widths == {NAMES}:
        return NAMES if {row[2].strip().casefold() for row in rows[:20]} <= KINDS_OF_NAMES else None
    return widths.pop() if len(widths) == 1 and widths <= {PRIMARY, ADDRESSES, COMMENTS} else None


def _cell(text: str) -> str:
    stripped = " ".join(text.split())
    return "" if stripped == NOTHING else stripped


def read(parts: Sequence[Part]) -> list[ListFile]:
    """Read the files that belong together, one result for each first file.

    Raises:
        SourceError: There are addresses, names or comments without the file of the entries.
    """
    first = [part for part in parts if part.columns == PRIMARY]
    if not first:
        names = ", ".join(part.given.name for part in parts)
        what = f"'{names}' goes with another file of OFAC, which has the entries."
        raise SourceError(what, where=names, mend="give cons_prim.csv or sdn.csv with it")
    beside = _Beside(parts)
    return [_file(part, beside, parts) for part in first]


class _Beside:
    """What the further files say of an entry, by its number."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.names: dict[str, list[str]] = defaultdict(list)
        self.countries: dict[str, list[str]] = defaultdict(list)
        self.comments: dict[str, str] = defaultdict(str)
        for part in parts:
            for row in part.rows:
                if part.columns == NAMES and len(row) >= NAMES - 1:
                    self.names[row[0]].append(row[3])
                elif part.columns == ADDRESSES and len(row) >= NAMES:
                    self.countries[row[0]].append(row[4])
                elif part.columns == COMMENTS and len(row) == COMMENTS:
                    self.comments[row[0]] += row[1]


def _file(part: Part, beside: _Beside, parts: Sequence[Part]) -> ListFile:
    given = part.given
    rows = [row for row in part.rows if len(row) == PRIMARY]
    codes = [PROGRAMME.findall(row[3]) for row in rows]
    sdn = ofac.is_sdn((code for those in codes for code in those), given.name)
    shelf = ofac.Shelf()
    for number, (row, programmes) in enumerate(zip(rows, codes, strict=True), start=1):
        if row[2].casefold() not in ofac.NO_ORGANISATIONS:
            programmes = [code.strip() for code in programmes if code.strip()]
            shelf.add(_entity(row, beside, given, number), programmes, sdn=sdn)
    cut = len(rows) < len(part.rows)
    lone = all(one.columns != NAMES for one in parts)
    said = {
        f"{len(part.rows) - len(rows)} line(s) are cut off: the file is not taken for the whole list.": cut,
        "Further names stand in a file of their own (alt.csv), which was not given.": lone,
    }
    made = given.of(
        shelf.published(is_whole=not cut),
        title=f"OFAC {ofac.SDN if sdn else ofac.CONSOLIDATED}, CSV",
        publisher=ofac.PUBLISHER,
        home=ofac.HOME + ("SdnList" if sdn else "ConsolidatedList"),
        remarks=[text for text, is_so in said.items() if is_so],
    )
    together = hashlib.sha256(b"".join(sorted(hashlib.sha256(one.given.content).digest() for one in parts)))
    return replace(made, sha256=made.sha256 if len(parts) == 1 else together.hexdigest())


def _entity(row: Sequence[str], beside: _Beside, given: GivenFile, number: int) -> ListedEntity:
    remarks = row[11] + beside.comments[row[0]]
    pairs = list(_pairs(remarks))
    aliases = [found[1] for part in remarks.split("; ") if (found := ALIAS.match(part.strip()))]
    places = [*beside.countries[row[0]], *_countries(remarks)]
    return ListedEntity(
        name=row[1],
        names=tuple(dict.fromkeys([*beside.names[row[0]], *aliases, *issuer_names(pairs)])),
        country=country_of(places, given.countries),
        number=row[0],
        where=f"{given.name}, line {number}",
        **read_attributes(pairs),
    )


def _pairs(remarks: str) -> Iterator[tuple[str, str]]:
    """Take the attributes out of the remarks, in which they stand one after the other."""
    for part in remarks.rstrip(".").split("; "):
        if found := ATTRIBUTE.match(part.strip()):
            yield found[1], COUNTRY_AFTER.sub("", found[2]).strip()


def _countries(remarks: str) -> Iterator[str]:
    for part in remarks.split("; "):
        if found := COUNTRY_AFTER.search(part.strip()):
            yield found[1]
