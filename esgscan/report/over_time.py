"""The section on exposure over time: what the portfolio's funds held of flagged companies by each known list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.document import Block, Chart, Column, Paragraph, Section, text_table
from esgscan.report.material import text, weight
from esgscan.report.wording import count, percent, plain

if TYPE_CHECKING:
    from esgscan.report.material import Material
    from esgscan.report.rows import Row

TOGETHER = "These funds together"
MOST_COURSES = 7
MOST_ON_PAPER = 40
ABOUT = (
    "Each mark is one list of a fund's holdings. The weights of the portfolio and the flagged companies are those of "
    "{as_of}: only what the funds held changes. What is held directly is not in it. On days without a list nothing is "
    "known, and nothing is drawn."
)
CAPTION = (
    "Share of the portfolio that reaches flagged companies through its funds, by the list of each day. A filled mark "
    "is a whole list, an open one a list of the largest lines, which shows a part; a line joins whole lists that are "
    "close enough in time; the dashed line is {as_of}"
)


def over_time(material: Material) -> Section | None:
    """Write the section, where several lists of a fund are known."""
    rows = material.rows("history")
    if not rows:
        return None
    courses: dict[str, list[Row]] = {}
    for row in rows:
        courses.setdefault(plain(row["fund"]) or row["fund_id"] or TOGETHER, []).append(row)
    as_of = material.scan.as_of
    about = ABOUT.format(as_of=as_of)
    shown = dict(list(courses.items())[:MOST_COURSES])
    if len(courses) > len(shown):
        about += f" The chart shows {len(shown)} of {len(courses)}; the table has all."
    blocks: list[Block] = [Paragraph(text=about), _chart(material, shown), _table(material, courses)]
    return Section(anchor="over-time", title="Exposure over time", blocks=tuple(blocks))


def _chart(material: Material, courses: dict[str, list[Row]]) -> Chart:
    from esgscan.report.courses import courses_svg

    as_of = material.scan.as_of
    alt = "; ".join(f"{name}: {_told(course)}" for name, course in courses.items())
    return Chart(svg=courses_svg(courses, as_of=as_of), caption=CAPTION.format(as_of=as_of), alt=f"{alt}.")


def _told(course: list[Row]) -> str:
    """Say where a course begins and ends, and its highest mark between."""
    first, *between, last = course
    ends = [_mark(first), _mark(last)]
    if not between:
        return " and ".join(ends)
    highest = max(between, key=lambda row: float(row["weight"]))
    return f"{' and '.join(ends)}, and {count(len(between), 'list')} between, the highest {_mark(highest)}"


def _mark(row: Row) -> str:
    return f"{'' if row['is_whole'] else 'at least '}{percent(row['weight'])} on {row['as_of']}"


def _table(material: Material, courses: dict[str, list[Row]]) -> Block:
    columns = (
        Column(header="Fund", width=3.4),
        Column(header="List of", width=1.1),
        Column(header="Weight of the fund", is_figure=True, width=1.2),
        Column(header="Reaches flagged companies", is_figure=True, width=1.4),
        Column(header="Not in the list", is_figure=True, width=1.2),
    )
    lines = [
        (
            material.sourced(row, name),
            text(row["as_of"]),
            weight(row["invested"]),
            weight(row["weight"]),
            weight(row["not_known"]),
        )
        for name, course in courses.items()
        for row in course
    ]
    return text_table("Exposure over time, as shares of the portfolio", columns, lines, most=MOST_ON_PAPER)
