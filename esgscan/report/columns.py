"""The columns of each sheet of the workbook: header, where the value comes from, look and width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.cells import Field, Link, Look
from esgscan.report.rows import source_numbers
from esgscan.report.wording import measure_scope

if TYPE_CHECKING:
    from esgscan.report.rows import Row


def _sources(row: Row) -> Link | None:
    """The source numbers of a row; they lead to the first of them on the sheet of sources."""
    numbers = source_numbers(row)
    if not numbers:
        return None
    shown: str | int = numbers[0] if len(numbers) == 1 else ", ".join(map(str, numbers))
    return Link(shown, location=f"'Sources'!A{numbers[0] + 1}")


def _address(row: Row) -> Link | None:
    return Link(row["url"], address=row["url"]) if row["url"] else None


SOURCES = Field("Sources", _sources, Look.LINK, 12)
EXPOSURE_FIELDS = (
    Field("Company", "name", Look.WRAPPED, 44),
    Field("Chinese name", "name_zh", Look.WRAPPED, 34),
    Field("Weight", "weight", Look.WEIGHT),
    Field("Direct", "direct", Look.WEIGHT),
    Field("Through funds", "indirect", Look.WEIGHT),
    Field("Long", "long", Look.WEIGHT),
    Field("Short", "short", Look.WEIGHT),
    Field("Market value", "market_value", Look.MONEY, 18),
    Field("Floor", "floor", Look.WEIGHT),
    Field("Ceiling", "ceiling", Look.WEIGHT),
    Field("Routes", "paths", Look.INTEGER, 9),
    Field("Risk tags", "tags", Look.WRAPPED, 44),
    Field("Programmes in force", "in_force", Look.WRAPPED, 44),
    Field("Through its owner (no listing)", "through_owners", Look.WRAPPED, 44),
    Field("Counts by the policy", "counts", width=12),
    Field("Tier", "tier", Look.WRAPPED, 24),
    Field("Issuer id", "issuer_id", width=18),
    SOURCES,
)
PATH_FIELDS = (
    Field("Company", "issuer", Look.WRAPPED, 32),
    Field("Weight", "weight", Look.WEIGHT),
    Field("Market value", "market_value", Look.MONEY, 18),
    Field("Held", lambda row: "through funds" if row["route"] else "directly", width=14),
    Field("Kind", "kind", width=18),
    Field("Side", "side", width=8),
    Field("Position as written", "name_as_written", Look.WRAPPED, 32),
    Field("Sheet", "source_sheet"),
    Field("Row", "source_row", Look.INTEGER, 8),
    Field("Funds on the way, outermost first", "route_names", Look.WRAPPED, 40),
    Field("Holdings as of", "holdings_as_of", Look.DATE),
    Field("Age in days", "age_days", Look.INTEGER, 10),
    Field("Too old", "is_stale", width=9),
    Field("Security", "security_id"),
    Field("ISIN", "isin", width=16),
    Field("Matched by", "matched_by", width=18),
    Field("Confidence", "confidence", width=12),
    Field("Evidence", "evidence", Look.WRAPPED, 34),
    SOURCES,
)
FLAG_FIELDS = (
    Field("Company", "company", Look.WRAPPED, 50),
    Field("Flag", "flag", Look.WRAPPED, 30),
    Field("Type", "type", width=22),
    Field("Status or basis", "status", Look.WRAPPED, 26),
    Field("Announced", "announced_on", Look.DATE, 13),
    Field("From", "start", Look.DATE, 13),
    Field("Until", "end", Look.DATE, 13),
    Field("Who is named", "scope", Look.WRAPPED, 50),
    Field("What it means to a holder", "effect", Look.WRAPPED, 40),
    Field("Remarks", "note", Look.WRAPPED, 60),
    SOURCES,
)
OWNER_FIELDS = (
    Field("Company", "company", Look.WRAPPED, 50),
    Field("Owner that is named", "owner", Look.WRAPPED, 44),
    Field("Share", "stake", Look.WEIGHT),
    Field("Day of the statement", "known_on", Look.DATE),
    Field("Programme", "programme", width=22),
    Field("Status", "status", width=14),
    Field("Reaches the company (no listing of it)", "covered", width=16),
    Field("The rule on ownership", "text", Look.WRAPPED, 80),
    SOURCES,
)
NOTE_FIELDS = (
    Field("Company", "company", Look.WRAPPED, 50),
    Field("Kind", "kind", width=18),
    Field("Date", "date", Look.DATE, 13),
    Field("Date as printed", "as_printed", width=16),
    Field("About", "subject", Look.WRAPPED, 26),
    Field("Text", "text", Look.WRAPPED, 90),
    SOURCES,
)
COVERAGE_FIELDS = (
    Field("Outcome", "outcome", width=26),
    Field("Reason", "reason", Look.WRAPPED, 32),
    Field("Weight", "weight", Look.WEIGHT),
    Field("Market value", "market_value", Look.MONEY, 18),
    Field("Position as written", "name_as_written", Look.WRAPPED, 32),
    Field("Kind", "kind", width=18),
    Field("Side", "side", width=8),
    Field("Sheet", "source_sheet"),
    Field("Row", "source_row", Look.INTEGER, 8),
    Field("Funds on the way, outermost first", "route_names", Look.WRAPPED, 40),
    Field("Invests in", "region", width=18),
    Field("Stated worst case", "worst_case", Look.WEIGHT),
    Field("Adds to ceiling", "adds_to_ceiling", Look.WEIGHT),
    Field("What would narrow it", "mend", Look.WRAPPED, 44),
)
INTERVAL_FIELDS = (
    Field("Company", lambda row: row["issuer"] or "These funds together", Look.WRAPPED, 44),
    Field("Component", "component", width=18),
    Field("Reason", "reason", Look.WRAPPED, 36),
    Field("Invests in", "region", width=18),
    Field("Uncovered weight", "weight", Look.WEIGHT),
    Field("At worst", "worst_case", Look.WEIGHT),
    Field("Adds to ceiling", "adds", Look.WEIGHT),
    Field("Market value", "market_value", Look.MONEY, 18),
)
STEP_FIELDS = (
    Field("What would narrow the interval", "action", Look.WRAPPED, 80),
    Field("Fund or line", "subject", Look.WRAPPED, 44),
    Field("Uncovered weight", "weight", Look.WEIGHT),
    Field("Market value", "market_value", Look.MONEY, 18),
    Field("Adds to ceiling", "adds_to_ceiling", Look.WEIGHT),
    Field("Positions", "positions", Look.INTEGER, 10),
)
POSITION_FIELDS = (
    Field("Sheet", "source_sheet"),
    Field("Row", "source_row", Look.INTEGER, 8),
    Field("Name as written", "name_as_written", width=44),
    Field("ISIN", "isin", width=16),
    Field("Ticker", "ticker"),
    Field("Kind", "kind"),
    Field("Side", "side", width=8),
    Field("Quantity", "quantity", Look.NUMBER, 16),
    Field("Market value as read", "market_value", Look.MONEY, 20),
    Field("Currency", "currency", width=10),
    Field("Market value", "value", Look.MONEY, 20),
    Field("Flagged", "flagged", Look.WEIGHT),
    Field("Clear", "clear", Look.WEIGHT),
    Field("Uncovered", "uncovered", Look.WEIGHT),
    Field("Resolved to", lambda row: row["issuer_id"] or row["fund_id"] or row["security_id"], width=20),
    Field("Matched by", "matched_by", width=18),
    Field("Confidence", "confidence", width=12),
    Field("Evidence", "evidence", width=44),
)
REVIEW_FIELDS = (
    Field("Name as written", "name_as_written", Look.WRAPPED, 44),
    Field("Kind", "kind", width=18),
    Field("Side", "side", width=8),
    Field("Sheet", "source_sheet"),
    Field("Row", "source_row", Look.INTEGER, 8),
    Field("Might be", "issuer", Look.WRAPPED, 44),
    Field("Confidence", "confidence", width=12),
    Field("Weight", "weight", Look.WEIGHT),
    Field("For and against", "evidence", Look.WRAPPED, 60),
    Field("What would settle it", "mend", Look.WRAPPED, 44),
)
DECISION_FIELDS = (
    Field("Name as written", "name_as_written", Look.WRAPPED, 44),
    Field("Sheet", "source_sheet"),
    Field("Row", "source_row", Look.INTEGER, 8),
    Field("Answer", "answer", width=18),
    Field("Company", "issuer", Look.WRAPPED, 44),
    Field("Decided by", "decided_by", Look.WRAPPED, 24),
    Field("Decided on", "decided_on", Look.DATE, 13),
    Field("Comment", "comment", Look.WRAPPED, 44),
    Field("Weight", "weight", Look.WEIGHT),
    Field("For and against", "evidence", Look.WRAPPED, 60),
    Field("Where", "where", Look.WRAPPED, 26),
)
ABSENCE_FIELDS = (
    Field("Fund", "fund", Look.WRAPPED, 44),
    Field("Company", "issuer", Look.WRAPPED, 44),
    Field("Holdings as of", "as_of", Look.DATE),
    Field("Left the index", "left_on", Look.DATE),
    Field("Announced by", "announced_by", width=20),
    Field("Last seen", "held_on", Look.DATE),
    Field("Explanation", "text", Look.WRAPPED, 90),
    Field("Later steps of the provider", "later", Look.WRAPPED, 60),
    SOURCES,
)
HISTORY_FIELDS = (
    Field("Fund", lambda row: row["fund"] or row["fund_id"] or "These funds together", Look.WRAPPED, 60),
    Field("List of", "as_of", Look.DATE, 13),
    Field("Weight of the fund", "invested", Look.WEIGHT, 20),
    Field("Reaches flagged companies", "weight", Look.WEIGHT, 26),
    Field("Not in the list", "not_known", Look.WEIGHT, 16),
    Field("Whole list", "is_whole", width=12),
    SOURCES,
)
LEGAL_CALENDAR_FIELDS = (
    Field("Company", "issuer", Look.WRAPPED, 44),
    Field("Programme", "programme", width=22),
    Field("For whom", "investors", Look.WRAPPED, 30),
    Field("State", "state", Look.WRAPPED, 24),
    Field("From", "from", Look.DATE, 13),
    Field("Until", "until", Look.DATE, 13),
    Field("On the date", "phase", width=12),
    Field("The rule in plain words (information, not legal advice)", "text", Look.WRAPPED, 80),
    Field("Who is named", measure_scope, Look.WRAPPED, 50),
    Field("Rests on", "citation", Look.WRAPPED, 44),
    SOURCES,
)
EXCLUSION_FIELDS = (
    Field("ISIN", "isin", width=16),
    Field("Code", "local_code", width=10),
    Field("Market", "mic", width=9),
    Field("Name", "name", Look.WRAPPED, 44),
    Field("Why: measures", "measures", Look.WRAPPED, 60),
    Field("Why: risk tags", "tags", Look.WRAPPED, 44),
    Field("Until", "until", Look.DATE, 13),
    Field("What it means to a holder", "effects", Look.WRAPPED, 50),
    Field("Kind", "kind", width=9),
    Field("Chinese name", "name_zh", Look.WRAPPED, 34),
    Field("Issuer id", "issuer_id", width=18),
    SOURCES,
)
PAI_FIELDS = (
    Field("Part", "part", width=12),
    Field("Indicator", "indicator", width=11),
    Field("Line", "line", Look.WRAPPED, 50),
    Field("Share of the portfolio", "weight", Look.WEIGHT, 22),
    Field("Direct", "direct", Look.WEIGHT),
    Field("Through funds", "indirect", Look.WEIGHT),
    Field("Of it estimated", "estimated", Look.WEIGHT, 16),
    Field("Companies", "companies", Look.INTEGER, 12),
    Field("What the data say", "remark", Look.WRAPPED, 90),
    SOURCES,
)
PROGRAMME_FIELDS = (
    Field("Programme", "short_name", width=22),
    Field("Full name", "name", Look.WRAPPED, 44),
    Field("Authority", "authority", Look.WRAPPED, 34),
    Field("Law of", "jurisdiction", width=10),
    Field("Kind", "kind", Look.WRAPPED, 26),
    Field("What it restricts", "restricts", Look.WRAPPED, 70),
    Field("What it means to investors", "us_person_investors", Look.WRAPPED, 60),
    Field("Sources reach", "latest_source_on", Look.DATE),
    SOURCES,
)
POLICY_FIELDS = (Field("Setting", "setting", Look.WRAPPED, 40), Field("Value", "value", Look.WRAPPED, 90))
EDITION_FIELDS = (
    Field("Kind", "kind", width=18),
    Field("What", "subject", Look.WRAPPED, 50),
    Field("Dated", "dated", Look.DATE, 13),
    Field("Remarks", "note", Look.WRAPPED, 44),
    SOURCES,
)
FINDING_FIELDS = (
    Field("Severity", "severity", width=11),
    Field("What", "what", Look.WRAPPED, 80),
    Field("Where", "where", Look.WRAPPED, 50),
    Field("How to mend it", "mend", Look.WRAPPED, 60),
)
SOURCE_FIELDS = (
    Field("Number", "number", Look.INTEGER, 9),
    Field("Title", "title", Look.WRAPPED, 70),
    Field("Publisher", "publisher", Look.WRAPPED, 34),
    Field("Tier", "tier", width=14),
    Field("Date", "published_on", Look.DATE, 13),
    Field("Address", _address, Look.LINK, 90),
)
