"""Frozen values a user holds: what was read, what was found, and the whole result of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd
    import polars as pl
    from matplotlib.axes import Axes

    from esgscan.errors import PortfolioError
    from esgscan.terms import Investor, Severity, Step


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """Give a frame to a user: pandas with Arrow types, so that dates compare as dates and missing is one thing."""
    import pandas as pd
    import polars as pl

    arrow = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    given: pd.DataFrame = arrow.to_pandas(types_mapper=pd.ArrowDtype)
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something the reader must know about one line, and how to mend it."""

    severity: Severity
    where: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReading:
    """What one column of the file was taken for, and why.

    Attributes:
        letter: Its letter.
        header: Its header as written.
        meaning: What it was taken for; empty where it is not used.
        why: The reason.
        format: How its numbers or dates are written, decided from all of its cells; empty for text.
    """

    letter: str
    header: str
    meaning: str
    why: str
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedLine:
    """A line of the table that is not a position."""

    sheet: str
    row: int
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotal:
    """A total that the file itself prints, beside the one computed from its lines.

    Attributes:
        where: The line that prints it.
        stated: The total as printed.
        computed: The sum of the positions it is of.
        currency: Currency of both, if one is known.
        of: `market_value` or `weight`; weights are fractions.
    """

    where: str
    stated: float
    computed: float
    currency: str = ""
    of: str = "market_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReading:
    """How one sheet (or one table of a text file) was read.

    Attributes:
        sheet: The sheet; empty in a file without sheets.
        header_row: Row of the header, from 1; 0 for a table without one.
        decimal: Decimal mark of its written numbers; empty where every number is a number.
        columns: Its columns.
        positions: Number of positions.
        dates: Order of day and month in its dates; empty where there is no such date.
        hidden_rows: Rows with positions that the file hides.
        hidden_columns: Letters of columns in use that the file hides.
    """

    sheet: str
    header_row: int
    decimal: str
    columns: tuple[ColumnReading, ...]
    positions: int
    dates: str = ""
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioReading:
    """One portfolio of the file, counted and added up.

    Attributes:
        name: As the file states it, else its sheet where there are several, else the file's name.
        positions: Number of positions.
        cash_lines: How many of them are cash or money-market lines.
        total: Currency -> sum of the market values in it; the currency is empty where the file states none.
        total_weight: Sum of the stated weights, if there are any.
        stated_total: The total market value that the file prints, if it prints one.
    """

    name: str
    positions: int
    cash_lines: int
    total: Mapping[str, float]
    total_weight: float | None = None
    stated_total: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutReading:
    """A known export that a sheet was recognised as, and by what."""

    title: str
    why: str
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Everything that was guessed while a file was read."""

    file_name: str
    file_format: str
    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[SheetReading, ...] = ()
    sheets_ignored: tuple[str, ...] = ()
    skipped: tuple[SkippedLine, ...] = ()
    stated_totals: tuple[StatedTotal, ...] = ()
    layouts: tuple[LayoutReading, ...] = ()
    as_of: date | None = None
    portfolios: tuple[PortfolioReading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How a file is read, without its positions; also that of a file that is no portfolio.

    Attributes:
        name: The portfolio's name.
        audit: How the file was read; `audit.kind` says what it is.
        findings: What the reader must know.
        sha256: Hash of the input's bytes; empty where it could not be read.
        currency: Currency of all values, if they have one.
        mapping: The same reading as a mapping file, in TOML.
        error: Why the file is refused as a portfolio, if it is.
    """

    name: str
    audit: Audit
    findings: tuple[Finding, ...]
    sha256: str = ""
    currency: str = ""
    mapping: str = ""
    error: PortfolioError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A portfolio file as it was read.

    Attributes:
        name: The portfolio's name: as the file states it, else the file's name without ending.
        table: Table POSITIONS, one row per line, values not yet converted to one currency.
        audit: How the file was read.
        findings: What the reader must know.
        sha256: Hash of the input's bytes.
        currency: Currency the file states for the whole, if it does.
    """

    name: str
    table: pl.DataFrame
    audit: Audit
    findings: tuple[Finding, ...]
    sha256: str
    currency: str = ""

    @property
    def positions(self) -> pd.DataFrame:
        """Table POSITIONS as a pandas DataFrame with Arrow types, made anew each time it is asked for."""
        return to_pandas(self.table)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundFile:
    """Fund holdings as they were read from one file of the user.

    Attributes:
        name: The file's name.
        funds: Table FUNDS, one row per fund and date in the file.
        holdings: Table HOLDINGS, one row per line; the weights of a fund and date add to one.
        findings: What the reader must know.
        sha256: Hash of the file's bytes.
    """

    name: str
    funds: pl.DataFrame
    holdings: pl.DataFrame
    findings: tuple[Finding, ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What made a result: enough to make it again."""

    version: str
    edition: str
    edition_hash: str
    generated_at: str
    inputs: Mapping[str, str]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioSummary:
    """The portfolio as a whole; market value in `currency`, None where only weights are known.

    Attributes:
        name: Its name.
        positions: Number of positions.
        market_value: Its value.
        currency: Currency of all money in the result.
        band: Powers of ten between which the value lies, in a redacted result; else empty.
    """

    name: str
    positions: int
    market_value: float | None
    currency: str
    band: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Fractions of the portfolio: flagged + clear + uncovered = 1.

    Attributes:
        flagged: Reaches a flagged issuer by a confirmed or probable match.
        clear: Screened, and no flagged issuer.
        uncovered: Could not be resolved or opened.
        looked_through: Part of the whole that lies in funds that were opened.
    """

    flagged: float
    clear: float
    uncovered: float
    looked_through: float

    @property
    def screened(self) -> float:
        """The part of the portfolio we can speak about."""
        return self.flagged + self.clear


class Listener(Protocol):
    """Hears how far a scan is; the page shows it."""

    def __call__(self, step: Step, share: float | None = None) -> None:
        """Hear of a step that begins, or of the share of it that is done where one is known."""
        ...


def nobody_listens(step: Step, share: float | None = None) -> None:
    """Hear nothing: the listener where nobody waits at a page."""


class Reporter(Protocol):
    """Renders a scan; `wiring` hands one to every scan it makes."""

    def write(self, scan: Scan, path: Path) -> None:
        """Write `scan` in the format that the ending of `path` names."""
        ...

    def plot_weights(self, scan: Scan) -> Axes:
        """Draw the weight by issuer, split by direct and indirect."""
        ...


@dataclass(frozen=True, slots=True)
class Plots:
    """Charts of one scan, as matplotlib Axes."""

    scan: Scan

    def weights(self) -> Axes:
        """Draw the weight by issuer, split by direct and indirect."""
        return self.scan.reporter.plot_weights(self.scan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What is known of identifiers that someone asked about. Every surface renders this value and computes nothing.

    Every table is a pandas DataFrame with Arrow types, made anew each time it is asked for. The columns of each table:
    docs/tables.md.

    Attributes:
        as_of: The day the answer is for.
        investor: For whom the effect of measures is given; None for those whom a programme binds.
        run: What made the result.
        tables: Every table by name, as Polars frames: what the reports read.
    """

    as_of: date
    investor: Investor | None
    run: Run
    tables: Mapping[str, pl.DataFrame]

    @property
    def flagged(self) -> bool:
        """Whether any of the identifiers is flagged."""
        return bool((self.tables["answers"]["answer"] == "flagged").any())

    @property
    def answers(self) -> pd.DataFrame:
        """One row per identifier, in their order: flagged, clear, possible, refused or unknown, and why."""
        return to_pandas(self.tables["answers"])

    @property
    def measures(self) -> pd.DataFrame:
        """One row per issuer and measure known on the date, with what it does to the investor."""
        return to_pandas(self.tables["measures"])

    @property
    def tags(self) -> pd.DataFrame:
        """One row per issuer, tag and evidence known on the date."""
        return to_pandas(self.tables["tags"])

    @property
    def owners(self) -> pd.DataFrame:
        """One row per owner of an issuer and programme that names the owner, which is no listing of the issuer."""
        return to_pandas(self.tables["owners"])

    @property
    def sources(self) -> pd.DataFrame:
        """One row per source cited, numbered in the order of citation."""
        return to_pandas(self.tables["sources"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTable:
    """A table of securities that was checked: every row of the user's, in its order.

    Attributes:
        as_of: The day the answer is for.
        run: What made the result.
        name: Name of the file.
        header: The user's column names.
        rows_above: Rows of the file above the header, which are not in the table.
        given: The user's cells as text, as a Polars frame with columns of its own names.
        found: Table `check rows`, as a Polars frame.
    """

    as_of: date
    run: Run
    name: str
    header: tuple[str, ...]
    rows_above: int
    given: pl.DataFrame
    found: pl.DataFrame

    @property
    def added(self) -> Mapping[str, str]:
        """The columns of `found` that stand beside the user's, by name; a name the user has already is told apart."""
        names = [name for name in self.found.columns if name != "answer"]
        return {name: f"{name} (esgscan)" if name in self.header else name for name in names}

    @property
    def rows(self) -> pd.DataFrame:
        """The user's columns and the five that were added, as a pandas DataFrame with Arrow types."""
        frame = self.given.hstack(self.found.select(list(self.added)))
        table = to_pandas(frame)
        table.columns = [*self.header, *self.added.values()]
        return table

    @property
    def flagged(self) -> bool:
        """Whether any of the rows is of a flagged issuer."""
        return bool((self.found["answer"] == "flagged").any())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The result of a run. Every surface renders this value and computes nothing.

    Weights are fractions of the portfolio, money is in `portfolio.currency`, and every table is a pandas DataFrame
    with Arrow types, in the order a reader meets it, made anew each time it is asked for. The columns of each table:
    docs/tables.md.

    Attributes:
        as_of: The day the answer is for.
        known_on: The day whose knowledge counts; as_of unless another was asked for.
        run: What made the result.
        portfolio: The portfolio as a whole.
        weight: Net weight that reaches flagged issuers, by confirmed and probable matches.
        direct: Part of `weight` held directly.
        indirect: Part of `weight` held through funds.
        floor: What is proven, on holdings that are not too old.
        ceiling: What could be there at most.
        coverage: Where the whole portfolio ended.
        tables: Every table by name, as Polars frames: what the reports read.
    """

    as_of: date
    run: Run
    portfolio: PortfolioSummary
    weight: float
    direct: float
    indirect: float
    floor: float
    ceiling: float
    coverage: Coverage
    tables: Mapping[str, pl.DataFrame]
    reporter: Reporter = field(repr=False, compare=False)
    known_on: date | None = None

    @property
    def counted(self) -> float:
        """Part of `weight` that counts by the policy of the run."""
        exposures = self.tables["exposures"]
        return float(exposures.filter(exposures["counts"].fill_null(value=True))["weight"].sum())

    @property
    def policy(self) -> pd.DataFrame:
        """One row per setting of the policy of the run."""
        return to_pandas(self.tables["policy"])

    @property
    def exposures(self) -> pd.DataFrame:
        """Table EXPOSURES, one row per flagged issuer that is held, largest first."""
        return to_pandas(self.tables["exposures"])

    @property
    def paths(self) -> pd.DataFrame:
        """One row per route to a flagged issuer, largest first."""
        return to_pandas(self.tables["paths"])

    @property
    def flags(self) -> pd.DataFrame:
        """Table FLAGS with the programme's words, for the issuers in `exposures`."""
        return to_pandas(self.tables["flags"])

    @property
    def tags(self) -> pd.DataFrame:
        """One row per issuer, tag and evidence known on the date."""
        return to_pandas(self.tables["tags"])

    @property
    def owners(self) -> pd.DataFrame:
        """One row per owner of an issuer in `exposures` and programme that names the owner, no listing of it."""
        return to_pandas(self.tables["owners"])

    @property
    def notes(self) -> pd.DataFrame:
        """One row per issuer and dated note known on the date."""
        return to_pandas(self.tables["notes"])

    @property
    def relationships(self) -> pd.DataFrame:
        """One row per supplier, holder or divestment known on the date."""
        return to_pandas(self.tables["relationships"])

    @property
    def index_events(self) -> pd.DataFrame:
        """One row per index event known on the date."""
        return to_pandas(self.tables["index_events"])

    @property
    def listings(self) -> pd.DataFrame:
        """One row per listing of the issuers in `exposures`."""
        return to_pandas(self.tables["listings"])

    @property
    def programmes(self) -> pd.DataFrame:
        """One row per programme in `flags`, with what it does and to whom."""
        return to_pandas(self.tables["programmes"])

    @property
    def legal_calendar(self) -> pd.DataFrame:
        """One row per measure and effect on an investor; information, not legal advice."""
        return to_pandas(self.tables["legal_calendar"])

    @property
    def history(self) -> pd.DataFrame:
        """One row per fund and known list of its holdings: what reached flagged issuers at the weights of the run."""
        return to_pandas(self.tables["history"])

    @property
    def pai(self) -> pd.DataFrame:
        """One row per line of the PAI workpaper; a weight that is missing is no data."""
        return to_pandas(self.tables["pai"])

    @property
    def uncovered(self) -> pd.DataFrame:
        """One row per uncovered route, with its stated worst case and what would narrow it."""
        return to_pandas(self.tables["uncovered"])

    @property
    def interval(self) -> pd.DataFrame:
        """One row per issuer and component of its ceiling, and of the whole, where the issuer is empty."""
        return to_pandas(self.tables["interval"])

    @property
    def steps(self) -> pd.DataFrame:
        """One row per action that would narrow the interval, the one that narrows it most first."""
        return to_pandas(self.tables["steps"])

    @property
    def coverage_rows(self) -> pd.DataFrame:
        """One row per outcome and reason; the weights add to one."""
        return to_pandas(self.tables["coverage_rows"])

    @property
    def positions(self) -> pd.DataFrame:
        """One row per position: as read, as resolved, and where its weight ended."""
        return to_pandas(self.tables["positions"])

    @property
    def review(self) -> pd.DataFrame:
        """One row per possible or refused match, with evidence."""
        return to_pandas(self.tables["review"])

    @property
    def decisions(self) -> pd.DataFrame:
        """One row per position whose identity a person settled."""
        return to_pandas(self.tables["decisions"])

    @property
    def absences(self) -> pd.DataFrame:
        """One row per issuer a reader would expect in a fund and whose holdings do not list it."""
        return to_pandas(self.tables["absences"])

    @property
    def exclusions(self) -> pd.DataFrame:
        """One row per security of an issuer flagged on the date, held or not."""
        return to_pandas(self.tables["exclusions"])

    @property
    def editions(self) -> pd.DataFrame:
        """One row per thing with a date of its own that the answer rests on."""
        return to_pandas(self.tables["editions"])

    @property
    def findings(self) -> pd.DataFrame:
        """Table FINDINGS."""
        return to_pandas(self.tables["findings"])

    @property
    def sources(self) -> pd.DataFrame:
        """One row per source cited, numbered in the order of citation."""
        return to_pandas(self.tables["sources"])

    def write(self, path: str | Path) -> None:
        """Write a report; the ending of `path` chooses the format.

        Raises:
            OptionError: No format has that ending, or the file cannot be written.
        """
        from pathlib import Path

        self.reporter.write(self, Path(path))

    @property
    def plot(self) -> Plots:
        """Charts of this scan."""
        return Plots(self)
