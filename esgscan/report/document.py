"""A report as a tree of sections, statements, tables and charts, before any format has been chosen.

`compose.py` makes one of a scan; HTML, PDF and Markdown each walk it, so that they cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the numbers a report opens with: what it is, the number, and a line of detail."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers that stand side by side."""

    kind: ClassVar[str] = "figures"
    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Text about the portfolio or about the report itself; it says nothing about a company."""

    kind: ClassVar[str] = "paragraph"
    text: str
    is_lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence or more that somebody else made, and who that was.

    Attributes:
        text: The statement.
        lead: Date, or what else stands before it.
        detail: A line below it.
        tier: What kind of source the first one is.
        sources: Numbers of the sources.
    """

    text: str
    lead: str = ""
    detail: str = ""
    tier: str = ""
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Statements under a heading."""

    kind: ClassVar[str] = "statements"
    heading: str
    items: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two lists that belong side by side: what was reported of a company, and what the company said."""

    kind: ClassVar[str] = "beside"
    left: Statements
    right: Statements
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table: its header, whether it holds figures, and its share of the width."""

    header: str
    is_figure: bool = False
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown, the number it is sorted by, source numbers, and where it leads to.

    Attributes:
        text: What is shown.
        number: What the cell is sorted by, if it holds a figure.
        sources: Numbers of the sources.
        address: An address it leads to.
        position: Id of the line of the portfolio it tells of; where the lines stand on pages, it leads to that one.
    """

    text: str
    number: float | None = None
    sources: tuple[int, ...] = ()
    address: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table.

    Attributes:
        caption: What it shows; read out before the table.
        columns: Its columns.
        rows: Its rows, as many cells each as there are columns.
        is_folded: Whether a page on a screen shows it only when asked; paper leaves it out and says so.
        most: Rows that paper shows; the others are counted below the table.
        numbers: Number of each row, where the rows are sources that other places lead to.
    """

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_folded: bool = False
    most: int | None = None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing, and the same in words for those who cannot see it."""

    kind: ClassVar[str] = "chart"
    svg: str
    caption: str
    alt: str


Block: TypeAlias = Figures | Paragraph | Statements | Beside | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report: blocks, then the sections inside it.

    Attributes:
        anchor: Its place in a page, unique in the document.
        title: Its heading.
        title_zh: The heading in Chinese, where there is one.
        is_new_page: Whether paper begins a page with it.
    """

    anchor: str
    title: str
    title_zh: str = ""
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    is_new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report: title, the line below it, its sections, and the small print."""

    title: str
    subtitle: str
    as_of: str
    sections: tuple[Section, ...]
    imprint: str
    generated_at: str
    keywords: tuple[str, ...] = field(default=())

    def walk(self) -> Iterator[Section]:
        """Give every section, each before the sections inside it."""
        yield from _walk(self.sections)


def _walk(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _walk(section.sections)


def text_table(caption: str, headers: tuple[Column, ...], lines: Sequence[tuple[Cell, ...]], *, most: int = 0) -> Table:
    """Make a table; `most` is 0 where paper shows all of it."""
    return Table(caption=caption, columns=headers, rows=tuple(lines), most=most or None)
