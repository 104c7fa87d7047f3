"""How figures, dates and states are written in reports that people read."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from esgscan.terms import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.records import PortfolioSummary
    from esgscan.report.rows import Row

SMALLEST = Decimal("0.000000001")
NEARLY_ONE = 1e-12
MOST_DECIMALS = 9

STATUS_HEADINGS = {
    Status.IN_FORCE: "IN FORCE",
    Status.ANNOUNCED: "ENACTED, NOT YET IN EFFECT",
    Status.CONSIDERED: "UNDER CONSIDERATION",
    Status.ENDED: "ENDED",
}
THEMES = {"human-rights": "human rights", "security": "security", "own": "own list"}
BASES = {"official-determination": "official determination", "reported": "reported"}
CONSIDERED = "considered"
PLAIN_KINDS = frozenset({"listing", "index-deletion"})
DISCLAIMER = "Information, not legal or investment advice."

SCOPES = {
    "subsidiary": "a subsidiary of the company",
    "subsidiary only": "a subsidiary of the company",
    "subsidiaries": "subsidiaries of the company",
    "subordinate bureau": "a subordinate bureau",
    "parent and affiliate only": "the parent and an affiliate of the company",
    "owner": "the owner of the company",
}

# Control characters could drive a terminal, and direction marks could make a name read as another one.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def plain(text: str | None) -> str:
    """Make text from outside safe to print on one line."""
    return UNPRINTABLE.sub(" ", text or "").strip()


def percent(weight: float | None) -> str:
    """Write a weight as a percentage of four significant digits, never as zero unless it is zero.

    A weight below one is never written as 100%.
    """
    if weight is None:
        return ""
    points = Decimal(repr(float(weight))) * 100
    if points == 0:
        return "0%"
    if abs(points) < SMALLEST:
        return f"<{SMALLEST:f}%" if points > 0 else f">-{SMALLEST:f}%"
    if math.isclose(abs(weight), 1, abs_tol=NEARLY_ONE):
        return "100%" if weight > 0 else "-100%"
    return f"{_decimals(_round_points(points))}%"


def exposed(row: Row, name: str) -> str:
    """Write one weight of a company; a line that its fund prints as zero is there, and must not look absent."""
    is_trace = not row[name] and not row["long"] and not row["short"] and name != "direct"
    return "trace" if is_trace else percent(row[name])


def percent_column(weights: Sequence[float]) -> list[str]:
    """Write weights with one number of decimals, rounded so that the printed figures add up to their printed sum."""
    decimals = max((_decimals_needed(weight) for weight in weights), default=2)
    exact = [Decimal(repr(float(weight))) * 100 * 10**decimals for weight in weights]
    units = [math.floor(value) for value in exact]
    missing = round(sum(exact)) - sum(units)
    largest_remainders = sorted(range(len(exact)), key=lambda i: units[i] - exact[i])[:missing]
    for index in largest_remainders:
        units[index] += 1
    return [
        percent(weight) if weight and not unit else f"{Decimal(unit).scaleb(-decimals):.{decimals}f}%"
        for weight, unit in zip(weights, units, strict=True)
    ]


def money(amount: float | None, currency: str) -> str:
    """Write an amount with thousands separators: whole from a thousand on, else with cents; never zero unless it is."""
    if amount is None:
        return ""
    return f"{currency} {_amount(amount)}".strip()


def size(portfolio: PortfolioSummary) -> str:
    """Write the value of a portfolio, or the band that a redacted result gives in its place."""
    return money(portfolio.market_value, portfolio.currency) or portfolio.band


def date_of(row: Row, column: str) -> str:
    """Write a date, or what the source prints where it gives no full date."""
    return _day(row, column) or "date not known"


def measure_dates(row: Row) -> str:
    """Write the dates that matter for the status of a measure."""
    announced, start, end = (_day(row, name) for name in ("announced_on", "in_force_from", "in_force_until"))
    if row["status"] == Status.ANNOUNCED:
        return f"announced {announced or 'on a day not known'}, takes effect {start or 'on a day not known'}"
    if row["status"] == Status.CONSIDERED:
        return f"reported {announced}" if announced else "day of the report not known"
    if row["status"] == Status.ENDED:
        return f"from {start or announced or 'a day not known'} until {end or 'a day not known'}"
    return f"since {start or 'a day not known'}" + (f", until {end}" if end else "")


def measure_kind(row: Row) -> str:
    """Say in brackets what kind of measure it is, where the name of the programme does not say it."""
    if row["kind"] == CONSIDERED:
        return "" if row["status"] == Status.CONSIDERED else " (considered only)"
    return "" if row["kind"] in PLAIN_KINDS else f" ({row['kind'].replace('-', ' ')})"


def measure_scope(row: Row) -> str:
    """Say who is named; that it is not the company itself must not be overlooked."""
    scope = row["scope"] or "issuer"
    names = f": {plain(row['named_entities'])}" if row["named_entities"] else ""
    if scope == "issuer":
        return "concerns the company" if row["kind"] == CONSIDERED else "names the company"
    if scope.startswith("issuer and "):
        return f"names the company and a {scope.removeprefix('issuer and ')}{names}"
    others = ", ".join(filter(None, [plain(row["named_entities"]), SCOPES.get(scope, scope)]))
    return f"names {others}, not the company itself"


def index_event(row: Row) -> str:
    """Say what an index provider did, when it said so, and what a reader must know of it."""
    announced = f", announced on {row['announced_on']}" if row["announced_on"] else ""
    timing = f" ({row['effective_timing']})" if row["effective_timing"] else ""
    said = f"{(row['event'] or '').replace('-', ' ').capitalize()}, {row['family']}{announced}{timing}."
    return f"{said} {row['note']}" if row["note"] else said


def subject(row: Row) -> str:
    """Name whom a context note is about; the data set's reminder that this is no issuer is left out."""
    return plain(row["subject"]).removesuffix("(no issuer)").rstrip()


def age(row: Row) -> str:
    """Say how old the holdings of a route are."""
    stale = ", older than allowed" if row["is_stale"] else ""
    days = f" ({count(row['age_days'], 'day')} old{stale})" if row["age_days"] is not None else ""
    return f"holdings of {row['holdings_as_of']}{days}" if row["holdings_as_of"] else "holdings of unknown date"


def shortened(text: str, longest: int) -> str:
    """Cut a name that is too long for a label, and show that it was cut."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def place(row: Row) -> str:
    """Say where in the file a position stands."""
    sheet = f"sheet '{plain(row['source_sheet'])}', " if row["source_sheet"] else ""
    return f"{sheet}row {row['source_row']}" if row["source_row"] is not None else sheet.removesuffix(", ")


def identity(row: Row) -> str:
    """Say how sure an identity is, and what decided it."""
    return f"{row['confidence']}, by {'ISIN' if row['matched_by'] == 'isin' else row['matched_by']}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _day(row: Row, column: str) -> str | None:
    printed = plain(row.get(f"{column}_as_printed"))
    return printed or (row[column].isoformat() if row[column] else None)


def _round_points(points: Decimal) -> Decimal:
    """Round to four significant digits, or more where fewer would round up to the whole."""
    for digits in range(3, 17):
        rounded = Decimal(f"{points:.{digits}e}")
        if abs(rounded) != 100:
            break
    return rounded


def _decimals(points: Decimal) -> str:
    """Write without an exponent and without idle zeros, but with two decimals."""
    whole, _, fraction = f"{points:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"


def _decimals_needed(weight: float) -> int:
    """How many decimals show two significant digits of a percentage."""
    if not weight:
        return 2
    return min(MOST_DECIMALS, max(2, 1 - math.floor(math.log10(abs(weight) * 100))))


def _amount(amount: float) -> str:
    if amount and abs(amount) < 0.005:
        return "<0.01" if amount > 0 else ">-0.01"
    if not amount:
        return "0"
    return f"{amount:,.0f}" if round(abs(amount), 2) >= 1000 else f"{amount:,.2f}"
