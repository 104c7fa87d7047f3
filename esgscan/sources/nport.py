"""SEC Form N-PORT, one filing as XML (`primary_doc.xml`, or the full submission as EDGAR serves it).

`repPdDate` is the day of the holdings; `repPdEnd` is the end of the fiscal year and may lie after it. Values carry
their own sign: `payoffProfile` says N/A for derivatives.

Source: SEC, EDGAR Form N-PORT XML Technical Specification.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin, read_lei
from esgscan.sources.fields import identifier, lines_frame, number, stated
from esgscan.sources.listed import ListedFund
from esgscan.sources.nport_kinds import DERIVATIVES, GENERIC_TITLES, kind_of_line
from esgscan.terms import Kind, Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

START = re.compile(
    rb"<(?:\w+:)?edgarSubmission\b[^>]*edgar/nport|<edgarSubmission\s*>(?=.{0,60000}<repPdDate>)", re.DOTALL
)
"""The root element and its namespace; a copy that lost the namespace is known by a date that no other form has."""
END = re.compile(rb"</(?:\w+:)?edgarSubmission\s*>")
ROOT_ENDS = b"edgarSubmission>"
FIRST_BYTES = 65_536
PUBLISHER = "SEC Form N-PORT"
TAKEN = frozenset({"invstOrSec", "genInfo", "fundInfo", "seriesClassInfo"})
"""Elements that are read when they end."""
COLUMNS = (
    "name_as_written", "isin", "cusip", "sedol", "figi", "lei", "ticker", "country", "currency", "asset_class", "kind",
    "quantity", "market_value", "weight", "side",
)  # fmt: skip


@dataclass(slots=True)
class _Filing:
    """What has been read of a filing so far."""

    general: dict[str, str] = field(default_factory=dict)
    money: dict[str, str] = field(default_factory=dict)
    series: dict[str, list[str]] = field(default_factory=dict)
    lines: list[tuple[object, ...]] = field(default_factory=list)


def recognises(data: bytes) -> bool:
    """Whether the bytes are a Form N-PORT: its root element and its namespace, whatever stands before."""
    return START.search(data[:FIRST_BYTES]) is not None


def filings(data: bytes) -> Iterator[bytes]:
    """Part bytes that hold several filings, one behind the other; those of one filing are given as they are."""
    if data.count(ROOT_ENDS) < 2:  # as nearly all have, and much faster to see than by the pattern
        yield data
        return
    behind = 0
    for end in END.finditer(data):
        start = START.search(data, behind, end.start()) if behind else None
        if start or not behind:
            yield data[start.start() if start else 0 : end.end()]
        behind = end.end()
    if not behind:
        yield data


def read(data: bytes, *, name: str) -> ListedFund:
    """Read a filing.

    Raises:
        SourceError: The XML is damaged, defines entities, or names no day.
    """
    filing = _parse(data, name)
    general, money = filing.general, filing.money
    series, registrant = stated(general.get("seriesName")), stated(general.get("regName"))
    return ListedFund(
        fund=series or registrant or "",
        as_of=_day(general.get("repPdDate", ""), name),
        lines=lines_frame({column: [line[n] for line in filing.lines] for n, column in enumerate(COLUMNS)}),
        publisher=PUBLISHER,
        code=stated(general.get("seriesId")) or _registrant(general),
        identifiers=_identifiers(filing),
        total=number(money.get("netAssets")),
        total_is="net assets",
        cash=number(money.get("cshNotRptdInCorD")) or 0.0,
        not_named=number(money.get("assetsAttrMiscSec")) or 0.0,
        is_complete=True,
        currency="USD",
    )


def _parse(data: bytes, name: str) -> _Filing:
    """Go through the filing once; of each line only its fields stay."""
    filing = _Filing()
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(_root(data, name))):  # noqa: S314  nothing before the root
            if (tag := _local(element)) in TAKEN:
                _take(filing, tag, element)
    except (ElementTree.ParseError, ValueError) as error:
        what = f"'{name}' is a Form N-PORT that is damaged or cut off: {error}."
        raise SourceError(what, where=name, mend="download the filing again") from error
    return filing


def _root(data: bytes, name: str) -> bytes:
    """Cut the filing out of what stands around it: a blank line, an XML declaration, the envelope of EDGAR."""
    start = START.search(data[:FIRST_BYTES])
    if start is None or b"<!ENTITY" in data[: start.start()]:
        what = f"'{name}' is XML that defines entities, which we do not expand."
        raise SourceError(what, where=name, mend="download the filing from the SEC")
    end = END.search(data, start.end())
    root = data[start.start() : end.end() if end else len(data)]
    declared = re.search(rb"<\?xml[^>]*\?>", data[: start.start()])
    return (declared[0] if declared else b"") + root


def _local(element: Element) -> str:
    return _without_namespace(element.tag)


@lru_cache(maxsize=1024)
def _without_namespace(tag: str) -> str:
    """Give the name of an element; a filing repeats some hundred of them a hundred thousand times."""
    return tag.rpartition("}")[2]


def _take(filing: _Filing, tag: str, element: Element) -> None:
    """Take what an element holds when it ends; a line is forgotten once its fields are read."""
    if tag == "invstOrSec":
        filing.lines.append(_line(_children(element)))
        element.clear()
    elif tag == "genInfo":
        filing.general = _texts(element)
    elif tag == "fundInfo":
        filing.money = _texts(element)
        element.clear()
    elif tag == "seriesClassInfo":
        for child in element:
            filing.series.setdefault(_local(child), []).append((child.text or "").strip())


def _children(element: Element) -> dict[str, Element]:
    return {_local(child): child for child in element}


def _texts(element: Element) -> dict[str, str]:
    return {_local(child): (child.text or "").strip() for child in element}


def _line(cells: Mapping[str, Element]) -> tuple[object, ...]:
    """Read one line, in the order of COLUMNS."""
    kind, asset = _kind(cells)
    ids = _codes(cells.get("identifiers"))
    name = _name(cells, kind)
    if kind in DERIVATIVES.values():
        name, ids = _with_reference(cells, name, ids)
    value = number(_text(cells, "valUSD"))
    percent = number(_text(cells, "pctVal"))
    is_short = (value is not None and value < 0) or _text(cells, "payoffProfile").casefold() == "short"
    return (
        name,
        ids.get("isin"),
        identifier(_text(cells, "cusip")) or ids.get("cusip"),
        ids.get("sedol"),
        ids.get("figi"),
        identifier(_text(cells, "lei")),
        ids.get("ticker"),
        stated(_text(cells, "invCountry")),
        stated(_text(cells, "curCd")) or stated(_attribute(cells, "currencyConditional", "curCd")),
        asset,
        str(kind),
        number(_text(cells, "balance")),
        value,
        None if percent is None else percent / 100,
        str(Side.SHORT if is_short else Side.LONG),
    )


def _text(cells: Mapping[str, Element], tag: str) -> str:
    element = cells.get(tag)
    return "" if element is None else (element.text or "").strip()


def _attribute(cells: Mapping[str, Element], tag: str, name: str) -> str:
    element = cells.get(tag)
    return "" if element is None else element.get(name, "").strip()


def _kind(cells: Mapping[str, Element]) -> tuple[Kind, str | None]:
    asset = stated(_text(cells, "assetCat")) or stated(_attribute(cells, "assetConditional", "assetCat"))
    issuer = stated(_text(cells, "issuerCat")) or stated(_attribute(cells, "issuerConditional", "issuerCat"))
    derivative = cells.get("derivativeInfo")
    first = next((child.get("derivCat") for child in derivative), None) if derivative is not None else None
    return kind_of_line(derivative=first, asset=asset, issuer=issuer, title=_text(cells, "title")), asset


def _name(cells: Mapping[str, Element], kind: Kind) -> str | None:
    """Choose between issuer and title: a fund or derivative is named by its title, a share or bond by its issuer."""
    issuer, title = stated(_text(cells, "name")), stated(_text(cells, "title"))
    by_title = kind is Kind.FUND or kind in DERIVATIVES.values()
    if by_title and title and title.upper() not in GENERIC_TITLES:
        return title
    return issuer or title


def _codes(identifiers: Element | None) -> dict[str, str | None]:
    """Read the identifiers of a line; `other` is told apart by its description."""
    found: dict[str, str | None] = {}
    for child in identifiers if identifiers is not None else ():
        kind, value = _local(child), child.get("value")
        if kind == "other":
            words = child.get("otherDesc", "").upper()
            kind = next((code for code in ("sedol", "figi", "isin", "cusip") if code.upper() in words), "")
        code = stated(value) if kind == "ticker" else identifier(value)
        if kind and code and not found.get(kind):
            found[kind] = code
    return found


def _with_reference(
    cells: Mapping[str, Element], name: str | None, ids: dict[str, str | None]
) -> tuple[str | None, dict[str, str | None]]:
    """Put the security that a derivative refers to beside its title; its ISIN says more than the derivative's own."""
    for reference in _references(cells.get("derivativeInfo")):
        parts = _children(reference)
        words = [stated(_text(parts, tag)) for tag in ("issuerName", "issueTitle", "indexName")]
        shown = next((word for word in words if word), None)
        theirs = _codes(parts.get("identifiers"))
        if read_isin(theirs.get("isin") or ""):
            ids = {**ids, "isin": theirs["isin"]}
        ids = {**theirs, **{code: value for code, value in ids.items() if value}}
        if shown and shown.casefold() not in (name or "").casefold():
            name = f"{name} on {shown}" if name else shown
        break
    return name, ids


def _references(derivative: Element | None) -> Iterator[Element]:
    """Give what a derivative refers to, also through a derivative inside it."""
    if derivative is not None:
        for element in derivative.iter():
            if _local(element) in {"otherRefInst", "indexBasketInfo"}:
                yield element


def _registrant(general: Mapping[str, str]) -> str | None:
    """Name a fund without series, such as a unit trust, by the number of its filer."""
    cik = stated(general.get("regCik"))
    return f"CIK{cik}" if cik else None


def _identifiers(filing: _Filing) -> tuple[str, ...]:
    """List what else the portfolio is known by: series, share classes, LEI, filer."""
    general = filing.general
    series = stated(general.get("seriesId"))
    lei = read_lei(general.get("seriesLei", "")) or (None if series else read_lei(general.get("regLei", "")))
    cik = stated(general.get("regCik"))
    classes = [found for text in filing.series.get("classId", ()) if (found := stated(text))]
    pairs = [("series", series), *(("class", one) for one in classes), ("lei", lei), ("cik", cik)]
    return tuple(f"{scheme}:{value}" for scheme, value in pairs if value)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        what = f"The filing names no day that can be read: repPdDate is '{text}'."
        raise SourceError(what, where=name, mend="download the filing again") from error
