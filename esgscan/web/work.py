"""What the workers do, each piece in a process of its own: read, scan, render. One bad file stops one piece of work.

Values go in and come out pickled, so an error becomes a `Failure`.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from esgscan.errors import EsgscanError, OptionError, PortfolioError, SourceError
from esgscan.records import ColumnReading, nobody_listens
from esgscan.terms import Step
from esgscan.web.progress import listener_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup

    from esgscan.portfolio.inputs import Upload
    from esgscan.portfolio.reading import ReadingOptions
    from esgscan.records import Listener, Scan
    from esgscan.report.html import Part

Done = TypeVar("Done")

POSITIONS = "positions"
"""The section with every line of the portfolio, which has a page of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a piece of work could not be done.

    Attributes:
        what: One sentence.
        where: File, sheet or option.
        mend: What the reader can do about it.
        status: Status of the HTTP answer.
    """

    what: str
    where: str
    mend: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for, as plain values.

    Attributes:
        as_of: The day the answer is for; today if empty.
        uploads: The portfolio files.
        reading: How each is to be read, by its place in `uploads`.
        options: Other wishes of `wiring.ScanRequest`, by name.
    """

    uploads: Sequence[Upload]
    as_of: str = ""
    reading: Mapping[int, ReadingOptions] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A result as the page holds it, all of it text or bytes, so that it takes no more room than it says.

    Attributes:
        document: The JSON of the result.
        lead: The sentence that a report opens with.
        notes: What else stands at its beginning: what counts by the policy, and what would narrow the interval.
        charts: The drawings at its beginning, as markup.
        parts: The other sections.
        scan: The scan itself, for the files to download.
    """

    document: bytes
    lead: str
    notes: tuple[str, ...]
    charts: Markup
    parts: tuple[Part, ...]
    scan: bytes

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.document) + len(self.scan) + 2 * (len(self.charts) + sum(map(_length, self.parts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCell:
    """One cell of a file as it stands there.

    Attributes:
        letter: Its column.
        header: The header of that column.
        text: What it says.
        meaning: What the column was read as; empty where it is not used.
    """

    letter: str
    header: str
    text: str
    meaning: str


def read(
    uploads: Sequence[Upload], reading: Mapping[int, ReadingOptions], place: int | None = None
) -> list[Mapping[str, Any] | Failure]:
    """Say of each file how it is read; a file that cannot be read has its failure in its place."""
    listener = listener_at(place)
    found = []
    for at, one in enumerate(uploads):
        listener(Step.READING, at / len(uploads))
        found.append(told(_audit, one, reading.get(at)))
    return found


def scan(wish: Wish) -> bytes | Failure:
    """Scan the files together as one portfolio, and give the JSON of the result."""
    return told(_scanned, wish)


def report(wish: Wish, place: int | None = None) -> Reported | Failure:
    """Scan the files together as one portfolio, and write the report for the page."""
    return told(_reported, wish, listener_at(place))


def row_of_file(upload: Upload, reading: ReadingOptions | None, sheet: str, row: int) -> tuple[FileCell, ...] | Failure:
    """Give the cells of a row of a file that are not empty, with what each was read as."""
    return told(_row_of_file, upload, reading, sheet, row)


def render(scan: bytes, name: str) -> bytes | Failure:
    """Render a result in the format of that name."""
    return told(_rendered, scan, name)


def told(work: Callable[..., Done], *given: Any) -> Done | Failure:
    """Do a piece of work, and give a Failure in place of an error."""
    try:
        return work(*given)
    except EsgscanError as error:
        status = 422 if isinstance(error, PortfolioError | OptionError | SourceError) else 500
        return Failure(what=error.what, where=error.where, mend=error.mend, status=status)


def _audit(upload: Upload, options: ReadingOptions | None) -> Mapping[str, Any]:
    from esgscan.report.inspect import render_audit_json
    from esgscan.wiring import inspect

    document: Mapping[str, Any] = json.loads(render_audit_json(inspect(upload, options=options)))
    return document


def _rendered(scan: bytes, name: str) -> bytes:
    from esgscan.report.formats import render_report

    return render_report(pickle.loads(scan), name)  # noqa: S301 - our own bytes, from our own worker


def _scanned(wish: Wish) -> bytes:
    from esgscan.report.json import render_json

    return render_json(_scan(wish, nobody_listens))


def _scan(wish: Wish, listener: Listener) -> Scan:
    from esgscan.wiring import ScanRequest, inspect, scan

    files = len(wish.uploads) + len(wish.options.get("holdings") or ())
    readings = []
    for at, one in enumerate(wish.uploads):
        listener(Step.READING, at / files)
        readings.append(inspect(one, options=wish.reading.get(at)))
    return scan(readings, request=ScanRequest(as_of=wish.as_of or None, **wish.options), listener=listener)


def _reported(wish: Wish, listener: Listener) -> Reported:
    from esgscan.report.compose import compose
    from esgscan.report.document import Chart, Paragraph, Section
    from esgscan.report.html import render_parts
    from esgscan.report.json import render_json

    found = _scan(wish, listener)
    listener(Step.REPORT)
    report = compose(found)
    opening = report.sections[0].blocks
    paragraphs = [block for block in opening if isinstance(block, Paragraph)]
    drawn = Section(anchor="charts", title="", blocks=tuple(block for block in opening if isinstance(block, Chart)))
    others = (section for section in report.sections[1:] if section.anchor != POSITIONS)
    charts, *parts = render_parts(replace(report, sections=(drawn, *others)), lines_at="lines/")
    return Reported(
        document=render_json(found),
        lead=paragraphs[0].text,
        notes=tuple(one.text for one in paragraphs[1:]),
        charts=charts.html,
        parts=tuple(parts),
        scan=pickle.dumps(found),
    )


def _length(part: Part) -> int:
    return len(part.html) + sum(map(_length, part.parts))


def _row_of_file(upload: Upload, reading: ReadingOptions | None, sheet: str, row: int) -> tuple[FileCell, ...]:
    from esgscan.portfolio.grids import letter
    from esgscan.portfolio.inputs import open_source
    from esgscan.portfolio.lines import as_text
    from esgscan.wiring import inspect

    read = next((one for one in inspect(upload, options=reading).audit.sheets if one.sheet == sheet), None)
    columns = {one.letter: one for one in read.columns} if read else {}
    file, _ = open_source(upload, name="", sheet=None)
    cells = next((grid.rows for grid in file.grids if grid.sheet == sheet), ())[row - 1 : row]
    written = {letter(at): as_text(cell) for line in cells for at, cell in enumerate(line)}
    unknown = ColumnReading(letter="", header="", meaning="", why="")
    known = {name: columns.get(name, unknown) for name in written}
    return tuple(
        FileCell(letter=name, header=known[name].header, text=text, meaning=known[name].meaning)
        for name, text in written.items()
        if text
    )
