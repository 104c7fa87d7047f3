"""A scan as one HTML file: it loads nothing, needs no script, and reads on a phone and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from esgscan.report.compose import compose
from esgscan.report.pictures import with_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.records import Scan
    from esgscan.report.document import Chart, Document, Section


def render_html(scan: Scan) -> str:
    """Render a scan as an HTML page; the same scan gives the same page."""
    return _environment().get_template("report.html.j2").render(document=compose(scan))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section of a report as HTML, without its heading, and the sections inside it.

    Attributes:
        anchor: Its place in a page.
        title: Its heading.
        title_zh: The heading in Chinese, where there is one.
        html: What it says.
        parts: The sections inside it.
    """

    anchor: str
    title: str
    title_zh: str
    html: Markup
    parts: tuple[Part, ...]


def render_parts(document: Document, *, lines_at: str) -> tuple[Part, ...]:
    """Render a report section by section, for a page of which it is a part.

    Args:
        document: The report.
        lines_at: How the address of the page about one line of the portfolio begins; the id of the line follows.
    """
    module = _environment().get_template("blocks.html.j2").make_module({"lines_at": lines_at})
    blocks_of: Callable[[Section, int], Markup] = module.blocks_of  # type: ignore[attr-defined]

    def part_of(section: Section, level: int) -> Part:
        return Part(
            anchor=section.anchor,
            title=section.title,
            title_zh=section.title_zh,
            html=blocks_of(section, level),
            parts=tuple(part_of(inner, level + 1) for inner in section.sections),
        )

    return tuple(part_of(section, 2) for section in document.sections)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("esgscan.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = _drawing
    environment.globals["lines_at"] = ""
    return environment


def _drawing(chart: Chart, number: int) -> Markup:
    """Give a chart as markup: matplotlib made it, and escaped every name in it."""
    svg = with_ids(chart.svg, prefix=f"c{number}")
    label = Markup('<svg role="img" aria-label="{}" ').format(chart.alt)
    return label + Markup(svg.removeprefix("<svg "))  # noqa: S704
