"""Every table of the stages: its columns, their types and units, and what runs on them.

A table is described once, here. `Table.frame` turns rows into a Polars frame, `Table.conform` checks one that came from
elsewhere. Stages take and give narwhals lazy frames (`Frame`), so that the same function runs on Polars, DuckDB or
Spark. Users get pandas (`records.to_pandas`), which takes longer to load than a small scan
takes to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import narwhals.stable.v2 as nw
    import polars as pl

    Frame: TypeAlias = nw.LazyFrame[Any]


class Type(StrEnum):
    """The types a column can have."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    BOOLEAN = "boolean"


@cache
def polars_types() -> Mapping[Type, Any]:
    """Give the Polars type of each type of column."""
    import polars as pl

    return {
        Type.TEXT: pl.String,
        Type.NUMBER: pl.Float64,
        Type.INTEGER: pl.Int64,
        Type.DATE: pl.Date,
        Type.BOOLEAN: pl.Boolean,
    }


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it means, and its unit where it is a number."""

    type: Type
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the flow: a name, what one row is, and its columns in order."""

    name: str
    one_row_per: str
    columns: Mapping[str, Column]

    @property
    def schema(self) -> dict[str, Any]:
        """The Polars type of each column, in order."""
        return {name: polars_types()[column.type] for name, column in self.columns.items()}

    def frame(self, rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
        """Build the table from rows; a missing key is a missing value, an unknown key is a KeyError."""
        rows = list(rows)
        unknown = {key for row in rows for key in row} - set(self.columns)
        if unknown:
            raise KeyError(f"{self.name} has no column {sorted(unknown)}")
        return self.of_columns({name: [row.get(name) for row in rows] for name in self.columns})

    def of_columns(self, columns: Mapping[str, Sequence[Any]]) -> pl.DataFrame:
        """Build the table from whole columns of equal length."""
        import polars as pl

        return pl.DataFrame([pl.Series(name, columns[name], kind) for name, kind in self.schema.items()])

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give `frame` this table's columns, order and types; a column that is missing becomes empty."""
        import polars as pl

        given = [
            pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind).alias(name)
            for name, kind in self.schema.items()
        ]
        return frame.select(given)


def columns_of(spec: Sequence[tuple[str, Type, str] | tuple[str, Type, str, str]]) -> dict[str, Column]:
    """Describe columns, each by name, type, meaning and unit, if it has one."""
    return {name: Column(kind, *rest) for name, kind, *rest in spec}


T, N, I, D, B = Type.TEXT, Type.NUMBER, Type.INTEGER, Type.DATE, Type.BOOLEAN  # noqa: E741
FRACTION = "fraction of the portfolio"

POSITIONS = Table(
    "POSITIONS",
    "line of the investor's portfolio",
    columns_of(
        [
            ("position_id", T, "the line, unique in one run"),
            ("portfolio", T, "name of the portfolio or account the line belongs to"),
            ("source_sheet", T, "sheet of the file; empty for a text file"),
            ("source_row", I, "row of the file, counted from 1 as a spreadsheet does"),
            ("name_as_written", T, "name of the security as the file has it"),
            ("isin", T, "ISIN as written, blanks removed, upper case"),
            ("cusip", T, "CUSIP as written"),
            ("sedol", T, "SEDOL as written"),
            ("figi", T, "FIGI as written"),
            ("lei", T, "LEI as written"),
            ("ticker", T, "local code or ticker as written; a number that a workbook stored is given as its digits"),
            ("exchange", T, "exchange as written: a name, a MIC or a vendor's code"),
            ("country", T, "country as written"),
            ("asset_class", T, "asset class as written"),
            ("kind", T, "what the line is: terms.Kind"),
            ("quantity", N, "number of shares or nominal", "units"),
            ("price", N, "price of one unit", "`currency`"),
            ("market_value", N, "value of the line, negative if short", "`currency`"),
            ("currency", T, "currency of price and market value, ISO 4217"),
            ("weight", N, "weight stated by the file", FRACTION),
            ("side", T, "terms.Side"),
        ]
    ),
)

SECURITIES = Table(
    "SECURITIES",
    "line (position or holding) resolved",
    columns_of(
        [
            ("line_id", T, "position_id or holding_id"),
            ("security_id", T, "MIC:code of a known listing, else the ISIN, else empty"),
            ("issuer_id", T, "issuer on the watchlist, if it is one"),
            ("fund_id", T, "fund, if the line is one"),
            ("isin", T, "the ISIN with a right check digit, given or known"),
            ("region", T, "what the fund invests in: terms.Region"),
            ("outcome", T, "terms.Outcome of a line that is not a fund to be opened"),
            ("reason", T, "terms.Reason where the outcome is uncovered"),
            ("matched_by", T, "terms.MatchedBy"),
            ("confidence", T, "terms.Confidence"),
            ("evidence", T, "what was compared, for a reader"),
            ("candidate", T, "issuer a possible or refused match points at"),
        ]
    ),
)

DECISIONS = Table(
    "DECISIONS",
    "line, as it is written, whose identity a person settled",
    columns_of(
        [
            ("name_as_written", T, "name as the line has it"),
            ("isin", T, "ISIN as the line has it"),
            ("ticker", T, "local code or ticker as the line has it"),
            ("exchange", T, "exchange as the line has it"),
            ("country", T, "country as the line has it"),
            ("answer", T, "issuer_id, or `none` for a line that is no issuer of the watchlist"),
            ("decided_by", T, "who decided"),
            ("decided_on", D, "when"),
            ("comment", T, "why, if they said so"),
            ("where", T, "file and row of the decision"),
        ]
    ),
)

HOLDINGS = Table(
    "HOLDINGS",
    "line of a fund's published portfolio",
    columns_of(
        [
            ("holding_id", T, "the line, unique in one run"),
            ("fund_id", T, "the fund that holds"),
            ("as_of", D, "date the holdings are for"),
            ("name_as_written", T, "name as the publisher has it"),
            ("isin", T, "ISIN as published"),
            ("cusip", T, "CUSIP as published"),
            ("sedol", T, "SEDOL as published"),
            ("figi", T, "FIGI as published"),
            ("lei", T, "LEI as published"),
            ("ticker", T, "local code as published"),
            ("exchange", T, "exchange as published"),
            ("country", T, "country as published"),
            ("currency", T, "currency of the market the line trades in"),
            ("kind", T, "terms.Kind"),
            ("market_value", N, "value of the line", "currency of the fund"),
            ("holding_weight", N, "share of the fund", "fraction of the fund"),
            ("printed_weight", N, "weight as the file prints it, for comparison", "fraction of the fund"),
            (
                "rounding",
                N,
                "most by which `holding_weight` is too high, where the whole is told by rounded weights",
                "fraction of the fund",
            ),
            ("source_id", T, "where the line comes from"),
        ]
    ),
)

FUNDS = Table(
    "FUNDS",
    "fund and date",
    columns_of(
        [
            ("fund_id", T, "the fund"),
            ("name", T, "name of the fund"),
            ("isin", T, "ISIN of the fund"),
            ("ticker", T, "ticker of the fund"),
            ("identifiers", T, "what else the fund is known by, each scheme:value, joined with a blank"),
            ("as_of", D, "date of the holdings"),
            ("total_market_value", N, "the denominator of the weights; empty for printed weights", "`currency`"),
            ("currency", T, "currency of the values, ISO 4217, where the file says"),
            ("denominator", T, "what the denominator is: sum of values, net assets, printed weights"),
            ("share_published", N, "share of the fund that the holdings list", "fraction of the fund"),
            ("publisher", T, "who published the holdings"),
            ("source_id", T, "where they come from"),
        ]
    ),
)

PATHS = Table(
    "PATHS",
    "route from a position to a security, or to money that ends there",
    columns_of(
        [
            ("position_id", T, "the position the route starts from"),
            ("route", T, "fund ids from the outermost inwards, joined with ' > '; empty for a direct holding"),
            ("depth", I, "number of funds on the route"),
            ("fund_id", T, "fund at the end of the route that was not opened, if any"),
            ("security_id", T, "security at the end"),
            ("issuer_id", T, "watchlist issuer at the end, if any"),
            ("isin", T, "ISIN at the end"),
            ("name_as_written", T, "name of the last line"),
            ("weight", N, "weight that runs along the route", FRACTION),
            ("rounding", N, "most that rounding of the published weight can hide of it", FRACTION),
            ("fund_weight", N, "weight of the last fund that was opened; empty for a direct holding", FRACTION),
            ("outcome", T, "terms.Outcome"),
            ("reason", T, "terms.Reason where uncovered"),
            ("region", T, "terms.Region of the last fund, for the stated worst case"),
            ("holdings_as_of", D, "oldest date of the holdings on the route"),
            ("matched_by", T, "terms.MatchedBy of the last line"),
            ("confidence", T, "the weakest confidence on the route"),
            ("evidence", T, "evidence of the last line"),
            ("source_id", T, "source of the innermost holdings"),
        ]
    ),
)

FLAGS = Table(
    "FLAGS",
    "issuer and measure known on the date",
    columns_of(
        [
            ("issuer_id", T, "the issuer"),
            ("measure_id", T, "the measure"),
            ("programme_id", T, "law or list"),
            ("kind", T, "listing, exclusion, index-deletion, estate-decision, recommendation or considered"),
            ("scope", T, "who is named: the issuer itself or another entity of its group"),
            ("named_entities", T, "names as the list prints them"),
            ("status", T, "terms.Status on the as-of date"),
            ("announced_on", D, "day the step became public"),
            ("in_force_from", D, "first day in force"),
            ("in_force_until", D, "first day no longer in force"),
            ("divest_until", D, "end of the time for trades that divest, where the list sets one; not included"),
            ("citation", T, "legal citation"),
            ("note", T, "what a reader must know of the dates"),
            ("source_ids", T, "sources, joined with a blank"),
        ]
    ),
)

OWNERS = Table(
    "OWNERS",
    "owner of an issuer, and programme that names the owner on the date",
    columns_of(
        [
            ("issuer_id", T, "the issuer that is held"),
            ("owner_id", T, "the owner"),
            ("owner", T, "its name"),
            ("stake", N, "share held; empty where none was given", "fraction of the issuer"),
            ("known_on", D, "day of the statement"),
            ("known_on_as_printed", T, "the same as the source gives it, where it is not a full date"),
            ("programme_id", T, "law or list that names the owner"),
            ("measure_id", T, "the measure"),
            ("status", T, "terms.Status of that measure on the as-of date"),
            ("reach", T, "how far the programme reaches through ownership, as in `ownership_rules`"),
            ("threshold", N, "share from which an owned company is covered", "fraction of the issuer"),
            ("basis", T, "stated, due or not read, as in `ownership_rules`"),
            ("covered", T, "terms.Covered"),
            ("text", T, "the rule in one sentence"),
            ("source_ids", T, "sources of owner, measure and rule, joined with a blank"),
        ]
    ),
)

EXPOSURES = Table(
    "EXPOSURES",
    "flagged issuer reached by the portfolio",
    columns_of(
        [
            ("issuer_id", T, "the issuer"),
            ("name", T, "legal name"),
            ("name_zh", T, "legal name in Chinese"),
            ("weight", N, "net weight, confirmed and probable", FRACTION),
            ("direct", N, "part held directly", FRACTION),
            ("indirect", N, "part held through funds", FRACTION),
            ("long", N, "long part", FRACTION),
            ("short", N, "short part, negative", FRACTION),
            ("market_value", N, "the weight in money", "portfolio currency"),
            ("floor", N, "what is proven, on holdings that are not too old", FRACTION),
            ("ceiling", N, "what could be there at most", FRACTION),
            ("paths", I, "number of routes"),
            ("counts", B, "whether it counts by the policy of the run"),
            ("tier", T, "tier of the policy: the first that fits"),
            ("is_brief", B, "whether the policy tells it in brief where a report is short"),
        ]
    ),
)

FUND_EXPOSURES = Table(
    "FUND_EXPOSURES",
    "fund and flagged issuer it reaches; one row with a missing issuer for a fund that reaches none",
    columns_of(
        [
            ("fund_id", T, "the fund, or the portfolio"),
            ("fund_name", T, "its name"),
            ("as_of", D, "date of its holdings"),
            ("total_market_value", N, "value of the fund; missing where only weights are known", "`currency`"),
            ("lines", I, "lines of its holdings"),
            ("issuer_id", T, "the issuer, or missing"),
            ("weight", N, "net weight, confirmed and probable", "fraction of the fund"),
            ("direct", N, "part held by the fund itself", "fraction of the fund"),
            ("indirect", N, "part held through funds inside it", "fraction of the fund"),
            ("market_value", N, "the weight in money", "`currency`"),
            ("coverage", N, "part of the fund that is flagged or clear; the rest is uncovered", "fraction of the fund"),
            ("currency", T, "currency of the fund, where it is known"),
        ]
    ),
)

FINDINGS = Table(
    "FINDINGS",
    "thing the reader must know",
    columns_of(
        [
            ("severity", T, "terms.Severity"),
            ("where", T, "file, sheet, row"),
            ("what", T, "what was found, quoting the value as written"),
            ("mend", T, "what the reader can do"),
        ]
    ),
)

LEGAL_CALENDAR = Table(
    "LEGAL_CALENDAR",
    "measure and effect on an investor",
    columns_of(
        [
            ("issuer_id", T, "the issuer"),
            ("measure_id", T, "the measure"),
            ("programme_id", T, "law or list"),
            ("kind", T, "what the measure is: listing, exclusion, index-deletion or estate-decision"),
            ("scope", T, "who is named: the issuer itself, another entity of its group, or its owner"),
            ("owner", T, "the owner that is named, where the programme reaches the issuer through ownership alone"),
            ("named_entities", T, "names as the list prints them"),
            ("effect_id", T, "the rule"),
            ("investors", T, "for whom: terms.Investor, joined with '; '"),
            ("state", T, "what the investor is told: terms.LegalState"),
            ("from", D, "first day; empty where it is not known, as where an owner is named"),
            ("until", D, "first day no longer; empty where no end is known"),
            ("phase", T, "where the as-of date lies to the period: terms.Phase"),
            ("text", T, "the rule in plain words; information, not legal advice"),
            ("citation", T, "law, order or decision the rule rests on"),
            ("source_ids", T, "sources of the rule and of the measure, joined with a blank"),
        ]
    ),
)

HISTORY = Table(
    "HISTORY",
    "fund of the portfolio and day of one of its lists, or all such funds together and such a day",
    columns_of(
        [
            ("fund_id", T, "the fund; empty for all of them together"),
            ("as_of", D, "day of the list; of all together a day on which each has a list that is not too old"),
            ("invested", N, "weight of the fund, or of all of them, on the day of the run", FRACTION),
            ("weight", N, "weight that reaches flagged issuers by the list of that day", FRACTION),
            ("not_known", N, "weight that the list of that day says nothing of", FRACTION),
            (
                "is_whole",
                B,
                "whether the list leaves out 2% of the fund at most; else `weight` is a part of the exposure",
            ),
            ("joins", B, "whether the list before is whole too, and not older than the age allowed"),
            ("source_id", T, "source of the list"),
        ]
    ),
)


class Engine(Protocol):
    """Where tables are computed."""

    name: str

    def frame(self, table: pl.DataFrame) -> Frame:
        """Bring a table into the engine."""
        ...

    def read(self, paths: Sequence[str]) -> Frame:
        """Read a table from Parquet files, lazily."""
        ...

    def settle(self, frame: Frame) -> Frame:
        """Compute `frame` once, so that what follows does not compute it again."""
        ...

    def match(self, frame: Frame, table: pl.DataFrame) -> Frame:
        """Join with a small table on all but its last column, a missing value being equal to a missing one."""
        ...

    def is_empty(self, frame: Frame) -> bool:
        """Say whether a frame has no rows."""
        ...

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Take a result out of the engine, rows in no order."""
        ...

    def begin(self, frame: Frame) -> Callable[[], pl.DataFrame]:
        """Begin to compute a result, if the engine can do so meanwhile; what is given back waits for it.

        Until then no frame of the engine may be made: DuckDB does one thing at a time.
        """
        ...

    def stop(self) -> None:
        """Give up what was begun and not waited for."""
        ...

    def told(self) -> AbstractContextManager[None]:
        """Turn what the engine raises of a file into a SourceError that names it, while frames are made too."""
        ...
