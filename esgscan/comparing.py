"""Two scans of a portfolio -> why the exposure changed: trading, price, fund drift, list changes, coverage, identity.

One thing is put in place of the other after the next, in that order: first the quantities, then the prices, then
what each line reaches, cause by cause. Each part is the difference that its step makes, so that the parts add to the
whole.

Source: docs/method.md, "Comparing two scans".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING, Any

from esgscan.terms import Cause, Covered, Kind, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from esgscan.records import Scan

NOTHING = 1e-14
FLAGGED_SINCE = {"flags": "announced_on", "tags": "known_from", "owners": "known_on"}
"""The tables that say why an issuer is flagged, and their column with the day from which that was known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerChange:
    """How the exposure to one issuer, or to all, came from one weight to the other; the parts add to the change."""

    issuer_id: str
    name: str
    before: float
    after: float
    parts: Mapping[Cause, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two scans side by side.

    Attributes:
        before: The first scan.
        after: The second.
        whole: The change of the exposure as a whole.
        issuers: The same for each issuer, largest change first.
        without_quantity: Lines whose change of value counts as trading, because a file gives no quantity.
    """

    before: Scan
    after: Scan
    whole: IssuerChange
    issuers: tuple[IssuerChange, ...]
    without_quantity: tuple[str, ...]


@dataclass(slots=True)
class _Holding:
    """One security or fund of a portfolio: all its lines together."""

    name: str = ""
    quantity: float = 0.0
    value: float = 0.0
    weight: float = 0.0
    is_counted: bool = True
    issuer_id: str = ""
    reached: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    routes: dict[str, date | None] = field(default_factory=dict)
    reasons: set[str] = field(default_factory=set)


def compare(before: Scan, after: Scan) -> Comparison:
    """Say why the exposure changed from one scan to the other.

    Args:
        before: A scan.
        after: Another.

    Returns:
        The parts of the change, for the whole and for each issuer; they add to it.
    """
    old, new = _holdings(before), _holdings(after)
    lacking = [key for key in {**old, **new} if not _is_counted(key, old, new)]
    start, middle, end = _weights(old, new, set(lacking))
    names = {row["issuer_id"]: row["name"] for scan in (before, after) for row in _rows(scan, "exposures")}
    causes = {(key, issuer): _cause(key, issuer, old, new, before, after) for key in {**old, **new} for issuer in names}
    changes = [
        _change(issuer, name, old=old, new=new, weights=(start, middle, end), causes=causes)
        for issuer, name in names.items()
    ]
    ranked = sorted(changes, key=lambda one: (-abs(one.after - one.before), one.issuer_id))
    return Comparison(
        before=before,
        after=after,
        whole=_together(ranked),
        issuers=tuple(ranked),
        without_quantity=tuple(sorted((new.get(key) or old[key]).name for key in lacking)),
    )


def _rows(scan: Scan, table: str) -> Iterator[dict[str, Any]]:
    return scan.tables[table].iter_rows(named=True)


def _holdings(scan: Scan) -> dict[str, _Holding]:
    """Put the lines of one security together, and what they reach."""
    held: dict[str, _Holding] = {}
    keys = {}
    has_money = scan.portfolio.market_value is not None
    for row in _rows(scan, "positions"):
        key = keys[row["position_id"]] = _key(row)
        one = held.setdefault(key, _Holding(name=row["name_as_written"] or key))
        value = (row["value"] if has_money else row["weight"]) or 0.0
        is_cash = row["kind"] in {Kind.CASH, Kind.MONEY_MARKET}
        one.is_counted &= has_money and (bool(row["quantity"]) or is_cash)
        one.quantity += value if is_cash else (row["quantity"] or 0.0)
        one.value += value
        one.weight += (row["flagged"] or 0.0) + (row["clear"] or 0.0) + (row["uncovered"] or 0.0)
        one.issuer_id = one.issuer_id or row["issuer_id"] or ""
    for path in _rows(scan, "paths"):
        one = held[keys[path["position_id"]]]
        one.reached[path["issuer_id"]] += path["weight"]
        one.routes[path["route"] or ""] = path["holdings_as_of"]
    for part in _rows(scan, "uncovered"):
        if part["position_id"] in keys:
            held[keys[part["position_id"]]].reasons.add(part["reason"])
    return held


def _key(row: Mapping[str, Any]) -> str:
    """Name the security of a line: the same in both scans, whatever it was taken for."""
    market = ":".join(filter(None, (row["exchange"] or row["country"], row["ticker"])))
    return str(row["isin"] or row["cusip"] or row["sedol"] or market or row["name_as_written"] or row["position_id"])


def _is_counted(key: str, old: Mapping[str, _Holding], new: Mapping[str, _Holding]) -> bool:
    """Say whether both scans give a quantity, so that trading and price can be told apart."""
    return all(held[key].is_counted and held[key].quantity for held in (old, new) if key in held)


def _weights(
    old: Mapping[str, _Holding], new: Mapping[str, _Holding], lacking: set[str]
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Give the weights before, with the new quantities at the old prices, and after."""
    keys = {**old, **new}
    start = {key: old[key].weight if key in old else 0.0 for key in keys}
    end = {key: new[key].weight if key in new else 0.0 for key in keys}
    traded = {key: _traded(key, old, new, lacking) for key in keys}
    total = fsum(traded.values())
    share = fsum(end.values())
    middle = {key: value / total * share for key, value in traded.items()} if total else dict(end)
    return start, {key: _snapped(weight, start[key], end[key]) for key, weight in middle.items()}, end


def _snapped(weight: float, *to: float) -> float:
    """Take out what dividing leaves, so that no trade and no change of price shows where there was none."""
    return next((other for other in to if abs(weight - other) < NOTHING), weight)


def _traded(key: str, old: Mapping[str, _Holding], new: Mapping[str, _Holding], lacking: set[str]) -> float:
    """Value what is held afterwards at the price of before; what is new, or has no quantity, at that of afterwards."""
    if key not in new:
        return 0.0
    if key not in old or key in lacking:
        return new[key].value
    return new[key].quantity * old[key].value / old[key].quantity


def _reach(held: Mapping[str, _Holding], key: str, issuer: str) -> float:
    """Give the fraction of a holding that reaches an issuer."""
    one = held.get(key)
    return one.reached.get(issuer, 0.0) / one.weight if one and one.weight else 0.0


def _change(
    issuer: str,
    name: str,
    *,
    old: Mapping[str, _Holding],
    new: Mapping[str, _Holding],
    weights: tuple[dict[str, float], dict[str, float], dict[str, float]],
    causes: Mapping[tuple[str, str], Cause],
) -> IssuerChange:
    start, middle, end = weights
    terms: dict[Cause, list[float]] = {cause: [] for cause in Cause}
    for key in start:
        then = _reach(old if key in old else new, key, issuer)
        now = _reach(new if key in new else old, key, issuer)
        terms[Cause.TRADING].append((middle[key] - start[key]) * then)
        terms[Cause.PRICE].append((end[key] - middle[key]) * then)
        terms[causes[key, issuer]].append(end[key] * (now - then))
    before = fsum(start[key] * _reach(old, key, issuer) for key in start)
    after = fsum(end[key] * _reach(new, key, issuer) for key in end)
    parts = {cause: fsum(each) for cause, each in terms.items()}
    return IssuerChange(issuer_id=issuer, name=name, before=before, after=after, parts=parts)


def _cause(
    key: str, issuer: str, old: Mapping[str, _Holding], new: Mapping[str, _Holding], before: Scan, after: Scan
) -> Cause:
    """Say why a line that both scans hold reaches an issuer differently: the first reason that fits."""
    if key not in old or key not in new:
        return Cause.TRADING
    one, other = old[key], new[key]
    if _is_list_change(issuer, one, other, before, after):
        return Cause.LISTS
    reasons = [held.reasons - {Reason.STALE} for held in (one, other)]
    if not (one.weight and other.weight):
        return Cause.COVERAGE
    if not any(route for held in (one, other) for route in held.routes):
        return Cause.IDENTITY
    return Cause.FUND_DRIFT if reasons[0] == reasons[1] else Cause.COVERAGE


def _is_list_change(issuer: str, one: _Holding, other: _Holding, before: Scan, after: Scan) -> bool:
    """Say whether an issuer is flagged on one of the days only, and not merely held on one of them only."""
    is_reached = [issuer in scan.tables["exposures"]["issuer_id"] for scan in (before, after)]
    if all(is_reached):
        return False
    if is_reached[1]:
        days = list(_flagged_since(after, issuer))
        return bool(days) and min(days) > before.as_of
    is_direct = one.issuer_id == issuer == other.issuer_id
    same_lists = bool(one.routes) and all(other.routes.get(route, day) == day for route, day in one.routes.items())
    return is_direct or (not one.issuer_id and same_lists and one.reasons == other.reasons)


def _flagged_since(scan: Scan, issuer: str) -> Iterator[date]:
    """Give the days from which it was known what flags an issuer."""
    for table, dated in FLAGGED_SINCE.items():
        for row in _rows(scan, table):
            is_flag = table != "owners" or row["covered"] == Covered.YES
            if row["issuer_id"] == issuer and is_flag and row[dated]:
                yield row[dated]


def _together(changes: Iterable[IssuerChange]) -> IssuerChange:
    listed = list(changes)
    return IssuerChange(
        issuer_id="",
        name="All flagged companies",
        before=fsum(one.before for one in listed),
        after=fsum(one.after for one in listed),
        parts={cause: fsum(one.parts[cause] for one in listed) for cause in Cause},
    )
