"""The chart of exposure over time: one course per fund, a mark for each list that is known, nothing where none is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from esgscan.report.pictures import GRID, INK, WIDTH, drawn
from esgscan.report.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from matplotlib.axes import Axes

    from esgscan.report.rows import Row

LOOKS = (("#8c2d19", "o"), ("#1f6f8b", "s"), ("#c77b2a", "^"), ("#4b6b3a", "D"), ("#7a6a9c", "v"), ("#6b625e", "P"))
"""Colour and mark of each fund: neither alone tells them apart."""
LONGEST_NAME = 46
HEIGHT, LINE = 2.3, 0.17


def courses_svg(courses: Mapping[str, list[Row]], *, as_of: date) -> str:
    """Draw what reached flagged companies by each list, with a line at the as-of date.

    Args:
        courses: Rows of the history by the name that is shown, each in the order of days; all funds together, whose
            rows have no fund, are drawn in black.
        as_of: The day the answer is for.
    """

    def draw() -> Figure:
        figure = Figure(figsize=(WIDTH, HEIGHT + LINE * len(courses)), layout="constrained")
        axes = figure.add_subplot()
        looks = iter(LOOKS * (1 + len(courses) // len(LOOKS)))
        for name, course in courses.items():
            color, mark = (INK, "o") if course[0]["fund_id"] is None else next(looks)
            _draw_course(axes, name, course, color, mark)
        _dress(axes, as_of, any_short=any(row["weight"] < 0 for course in courses.values() for row in course))
        figure.legend(loc="outside lower left", frameon=False, handlelength=1.6, ncols=1)
        return figure

    return drawn(draw)


def _draw_course(axes: Axes, name: str, course: list[Row], color: str, mark: str) -> None:
    """Draw the marks of one course, filled where a list is whole, and lines where nothing lies in between."""
    days = [row["as_of"] for row in course]
    for place, row in enumerate(course):
        if row["joins"]:
            values = (course[place - 1]["weight"], row["weight"])
            axes.plot(days[place - 1 : place + 1], values, color=color, linewidth=1.3, zorder=2)
    for is_whole in (True, False):
        marks = [(day, row["weight"]) for day, row in zip(days, course, strict=True) if row["is_whole"] is is_whole]
        axes.plot(
            [day for day, _ in marks],
            [value for _, value in marks],
            color=color,
            marker=mark,
            markersize=4.5,
            linestyle="none",
            markerfacecolor=color if is_whole else "none",
            zorder=3,
        )
    axes.plot([], [], color=color, marker=mark, markersize=4.5, linewidth=1.3, label=shortened(name, LONGEST_NAME))


def _dress(axes: Axes, as_of: date, *, any_short: bool) -> None:
    axes.margins(y=0.12)
    across = axes.get_xaxis_transform()
    today: list[Any] = [as_of, as_of]
    axes.plot(today, [0, 1], color=INK, linewidth=1, linestyle=(0, (4, 2)), transform=across)
    lowest, highest = axes.get_ylim()
    axes.set_ylim(lowest if any_short else 0.0, highest)
    axes.yaxis.set_major_formatter(PercentFormatter(xmax=1.0))
    axes.tick_params(axis="both", length=0, labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
