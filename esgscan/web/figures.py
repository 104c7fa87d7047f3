"""From any number of a report to what it is made of: rows that add up to it, each with its line of the file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from esgscan.report.wording import percent, place
from esgscan.terms import Component, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from esgscan.report.rows import Row

    Document = Mapping[str, Any]

COMPONENTS = {
    Component.PROVEN: "proven: identity confirmed, holdings at hand",
    Component.NOT_PROVEN: "counted, and not proven",
    Component.ROUNDING: "what printed weights may have rounded away",
    Component.POSSIBLE: "could be there",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addend:
    """One part of a number.

    Attributes:
        weight: What it adds, as a fraction of the portfolio.
        what: What it is.
        position_id: The line of the portfolio it begins with; empty where it is not of one line.
        place: That line, as a reader finds it in the file.
        detail: How it is known, or why it is not.
        more: Query of the number that it is made of in its turn; empty where there is none.
    """

    weight: float
    what: str
    position_id: str = ""
    place: str = ""
    detail: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A number, and what it is made of, the largest part first."""

    heading: str
    total: float
    addends: Sequence[Addend]


def origin(document: Document, of: str, issuer_id: str = "") -> Origin | None:
    """Say what a number is made of.

    Args:
        document: The JSON of the result.
        of: Name of the number: weight, direct, indirect, clear, uncovered, floor or ceiling.
        issuer_id: The company whose number it is; empty for the whole portfolio.

    Returns:
        None where there is no such number.
    """
    whose = next((row for row in document["issuers"] if row["issuer_id"] == issuer_id), None)
    if of not in NUMBERS or (issuer_id and (whose is None or of in OF_THE_WHOLE)):
        return None
    heading, addends_of = NUMBERS[of]
    addends = sorted(addends_of(document, issuer_id or None), key=lambda one: -abs(one.weight))
    named = f"{heading}: {whose['name']}" if whose else heading
    return Origin(heading=named, total=math.fsum(one.weight for one in addends), addends=addends)


def _paths(keep: Callable[[Row], bool]) -> Callable[[Document, str | None], list[Addend]]:
    """Make the parts of a weight: the routes on which the portfolio reaches a company, or all companies."""

    def addends(document: Document, issuer_id: str | None) -> list[Addend]:
        return [
            _addend(row, row["weight"], _route(row), f"{row['confidence']}, by {row['evidence']}")
            for row in document["paths"]
            if issuer_id in {None, row["issuer_id"]} and keep(row)
        ]

    return addends


def _clear(document: Document, _: str | None) -> list[Addend]:
    return [
        _addend(row, row["clear"], row["name_as_written"] or "line without a name", row["evidence"] or "")
        for row in document["positions"]
        if row["clear"]
    ]


def _uncovered(document: Document, _: str | None) -> list[Addend]:
    return [
        _addend(row, row["weight"], _part(row), f"{row['reason']}; {row['mend'] or 'nothing is known to mend it'}")
        for row in document["uncovered"]
        if row["reason"] != Reason.STALE  # it is covered, and only widens the interval
    ]


def _interval(*components: Component) -> Callable[[Document, str | None], list[Addend]]:
    """Make the parts of an end of the interval."""

    def addends(document: Document, issuer_id: str | None) -> list[Addend]:
        return [
            Addend(weight=row["adds"], what=_component(row), detail=_worst(row), more=_more(row))
            for row in document["interval"]
            if row["issuer_id"] == issuer_id and row["component"] in components
        ]

    return addends


def _addend(row: Row, weight: float, what: str, detail: str) -> Addend:
    has_line = row["source_row"] is not None
    return Addend(
        weight=weight,
        what=what,
        position_id=row["position_id"] if has_line else "",
        place=place(row) if has_line else "",
        detail=detail,
    )


def _route(row: Row) -> str:
    """Say how the portfolio reaches a company."""
    if not row["route_names"]:
        return f"{row['issuer']}, held directly"
    return f"{row['issuer']}, through {' › '.join(row['route_names'])}, holdings of {row['holdings_as_of']}"


def _part(row: Row) -> str:
    """Name a part that nobody can speak about yet."""
    if row["source_row"] is None:
        return "What the weights of the file leave out"
    return " › ".join(row["route_names"]) or row["name_as_written"] or "line without a name"


def _component(row: Row) -> str:
    where = f" ({row['region'].replace('-', ' ')})" if row["region"] else ""
    reason = f": {row['reason']}{where}" if row["reason"] else ""
    return f"{COMPONENTS[Component(row['component'])]}{reason}"


def _worst(row: Row) -> str:
    if row["weight"] is None or row["worst_case"] is None:
        return ""
    return f"{percent(row['weight'])} of the portfolio, of which {percent(row['worst_case'])} at worst"


def _more(row: Row) -> str:
    """Name the number that a part is made of in its turn."""
    issuer = f"&issuer={row['issuer_id']}" if row["issuer_id"] else ""
    if row["component"] in {Component.PROVEN, Component.NOT_PROVEN, Component.ROUNDING}:
        return f"of=weight{issuer}"
    return "of=uncovered"


NUMBERS: Mapping[str, tuple[str, Callable[[Document, str | None], list[Addend]]]] = {
    "weight": ("Weight in flagged companies", _paths(lambda _: True)),
    "direct": ("Held directly", _paths(lambda row: not row["route"])),
    "indirect": ("Held through funds", _paths(lambda row: bool(row["route"]))),
    "clear": ("Screened and clear", _clear),
    "uncovered": ("Uncovered", _uncovered),
    "floor": ("Floor", _interval(Component.PROVEN)),
    "ceiling": ("Ceiling", _interval(*COMPONENTS)),
}
OF_THE_WHOLE = ("clear", "uncovered")
