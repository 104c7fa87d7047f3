"""Amundi's JSON of a product: weights are fractions, and the list of a fund that holds a swap is its collateral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esgscan.identifiers import read_isin
from esgscan.portfolio.kinds import kinds_of
from esgscan.records import Finding
from esgscan.sources.asked import find_day
from esgscan.sources.fields import identifier, lines_frame, stated
from esgscan.sources.listed import ListedFund
from esgscan.terms import Severity, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from esgscan.sources.asked import Asked

LINES = "compositionCharacteristics"


def recognises(content: Any) -> bool:
    """Whether JSON has products with a composition."""
    products = content.get("products") if isinstance(content, dict) else None
    return isinstance(products, list) and any(isinstance(one, dict) and "composition" in one for one in products)


def read(content: Mapping[str, Any], asked: Asked) -> list[ListedFund]:
    """Read the products, one fund each."""
    return [_fund(one, asked) for one in content["products"] if isinstance(one, dict) and one.get("composition")]


def _fund(product: Mapping[str, Any], asked: Asked) -> ListedFund:
    facts, composition = product.get("characteristics") or {}, product["composition"]
    items = [item.get(LINES) or item for item in composition.get("compositionData") or ()]
    days = [day for item in items if (day := find_day(item.get("date")))]
    method = str(facts.get("FUND_REPLICATION_METHODOLOGY") or "")
    is_swap = "swap" in method.casefold() or "indirect" in method.casefold()
    lines = lines_of(items)
    return ListedFund(
        fund=str(facts.get("SHARE_MARKETING_NAME") or ""),
        isin=read_isin(str(facts.get("ISIN") or product.get("productId") or "")),
        as_of=asked.day_of(max(days, default=None)),
        lines=lines.clear() if is_swap else lines,
        publisher="Amundi",
        currency=stated(str((product.get("currencies") or {}).get("CURRENCY") or "")),
        findings=_said(asked.name, method, len(items), composition.get("totalNumberOfInstruments"), is_swap=is_swap),
    )


def lines_of(items: list[Mapping[str, Any]]) -> pl.DataFrame:
    """Make table POSITIONS of the composition."""
    texts = {key: [stated(str(item.get(key) or "")) for item in items] for key in ("name", "type", "bbg")}
    classes = [None if words is None else words.replace("_", " ").title() for words in texts["type"]]
    weights = [item.get("weight") for item in items]
    return lines_frame(
        {
            "name_as_written": texts["name"],
            "isin": [identifier(str(item.get("isin") or "")) for item in items],
            "ticker": texts["bbg"],
            "country": [stated(str(item.get("countryOfRisk") or "")) for item in items],
            "currency": [stated(str(item.get("currency") or "")) for item in items],
            "asset_class": classes,
            "kind": kinds_of(classes, texts["name"], texts["bbg"]),
            "quantity": [item.get("quantity") for item in items],
            "weight": weights,
            "side": [Side.SHORT if (weight or 0.0) < 0 else Side.LONG for weight in weights],
        }
    )


def _said(name: str, method: str, lines: int, total: object, *, is_swap: bool) -> tuple[Finding, ...]:
    """Say that a list is collateral, or that it was cut."""
    if is_swap:
        what = (
            f"The fund is '{method}': the {lines} lines listed are collateral and say nothing of the index; all of the "
            "fund is uncovered."
        )
        mend = "give the holdings of a fund that holds the shares of the same index"
        return (Finding(severity=Severity.WARNING, where=name, what=what, mend=mend),)
    if isinstance(total, int) and total > lines:
        what = f"The list has {lines} of the {total:,} instruments that the fund holds."
        return (Finding(severity=Severity.WARNING, where=name, what=what, mend="give the full list"),)
    return ()
