"""Charts as SVG that stands inside a page or a PDF: text stays text, and the same scan gives the same drawing."""

from __future__ import annotations

import re
import warnings
from io import StringIO
from typing import TYPE_CHECKING, Any

from matplotlib import style
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from esgscan.report.charts import draw_weights
from esgscan.report.wording import measure_kind, percent, plain, shortened
from esgscan.terms import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from matplotlib.axes import Axes

    from esgscan.records import Scan
    from esgscan.report.rows import Row

WIDTH = 7.5
SQUEEZE = 0.8
INK, QUIET, GRID = "#2b2320", "#6b625e", "#dddddd"
FLAGGED, CLEAR, UNCOVERED = "#8c2d19", "#b9cdc4", "#d9d4cf"
STATUS_COLORS = {
    Status.IN_FORCE: "#8c2d19",
    Status.ANNOUNCED: "#c77b2a",
    Status.CONSIDERED: "#7a6a9c",
    Status.ENDED: "#a39b96",
}
FONT = "'Noto Sans', 'Noto Sans CJK SC', 'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
LONGEST_LABEL = 34
SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "esgscan",
    "font.size": 9.0,
    "date.converter": "concise",
    "text.color": INK,
    "axes.edgecolor": QUIET,
}


def weights_svg(scan: Scan) -> str:
    """Draw the exposure by company, split by path."""

    def draw() -> Figure:
        figure = draw_weights(scan).get_figure(root=True)
        assert figure is not None  # noqa: S101 - drawn just above
        figure.axes[0].set_title("", loc="left")
        figure.set_figheight(figure.get_figheight() * SQUEEZE)
        return figure

    return drawn(draw)


def coverage_svg(scan: Scan) -> str:
    """Draw where the whole portfolio ended, and below it the interval of the exposure on its own scale."""

    def draw() -> Figure:
        figure = Figure(figsize=(WIDTH, 1.9), layout="constrained")
        whole, interval = figure.subplots(2, 1, height_ratios=(1, 1))
        _draw_coverage(whole, scan)
        _draw_interval(interval, scan)
        return figure

    return drawn(draw)


def timeline_svg(flags: list[Row], *, as_of: date) -> str:
    """Draw the measures of one company over time, with a line at the as-of date.

    Args:
        flags: Measures with a date, in the order they are drawn.
        as_of: The day the answer is for.
    """

    def draw() -> Figure:
        figure = Figure(figsize=(WIDTH, 0.75 + 0.24 * len(flags)), layout="constrained")
        _draw_timeline(figure.add_subplot(), flags, as_of)
        return figure

    return drawn(draw)


def _draw_coverage(axes: Axes, scan: Scan) -> None:
    coverage = scan.coverage
    left = 0.0
    for part, color, name in (
        (coverage.flagged, FLAGGED, "flagged"),
        (coverage.clear, CLEAR, "screened and clear"),
        (coverage.uncovered, UNCOVERED, "uncovered"),
    ):
        axes.barh([0], [part], left=left, color=color, height=0.6, label=f"{name} {percent(part)}")
        left += part
    axes.set_xlim(min(0.0, coverage.flagged), max(1.0, left))
    axes.set_axis_off()
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.02), ncols=3, frameon=False, handlelength=1, borderpad=0)


def _draw_interval(axes: Axes, scan: Scan) -> None:
    axes.plot([scan.floor, scan.ceiling], [0, 0], color=FLAGGED, linewidth=3, solid_capstyle="butt")
    for edge in (scan.floor, scan.ceiling):
        axes.plot([edge, edge], [-0.25, 0.25], color=FLAGGED, linewidth=1.5)
    axes.plot([scan.weight], [0], marker="D", color=INK, markersize=6)
    room = max(scan.ceiling - scan.floor, abs(scan.weight) * 0.1, 1e-9) * 0.35
    axes.set_xlim(min(scan.floor, scan.weight) - room, max(scan.ceiling, scan.weight) + room)
    axes.set_ylim(-1, 1)
    written: dict[str, Any] = {"in_layout": False, "ha": "center", "fontsize": 8.5, "color": INK}
    axes.text(scan.floor, -0.42, f"floor {percent(scan.floor)}", va="top", **written)
    axes.text(scan.ceiling, -0.42, f"ceiling {percent(scan.ceiling)}", va="top", **written)
    axes.text(scan.weight, 0.42, f"exposure {percent(scan.weight)}", va="bottom", **written)
    axes.set_axis_off()


def _draw_timeline(axes: Axes, flags: list[Row], as_of: date) -> None:
    today = _year(as_of)
    for line, row in enumerate(flags):
        color = STATUS_COLORS[Status(row["status"])]
        known = [_year(row[name]) for name in ("announced_on", "in_force_from", "in_force_until") if row[name]]
        start = _year(row["in_force_from"]) if row["in_force_from"] else known[0]
        end = _year(row["in_force_until"]) if row["in_force_until"] else max(today, start)
        axes.barh([line], [end - start], left=start, height=0.5, color=color, hatch=_hatch(row), edgecolor="white")
        if row["announced_on"]:
            axes.plot([_year(row["announced_on"])], [line], marker="o", markersize=4, color=INK)
    axes.axvline(today, color=INK, linewidth=1, linestyle=(0, (4, 2)))
    axes.set_yticks(range(len(flags)), labels=[_label(row) for row in flags], parse_math=False)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    axes.tick_params(axis="both", length=0, labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def _year(day: date) -> float:
    """Place a day on an axis of years."""
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _hatch(row: Row) -> str:
    """Mark what is not in force by more than its colour."""
    return "" if row["status"] == Status.IN_FORCE else "///"


def _label(row: Row) -> str:
    """Name a measure; one that names another entity than the company must not look like one that names it."""
    scope = row.get("scope") or "issuer"
    of_whom = "" if scope.startswith("issuer") else f" ({scope.removesuffix(' only')} named)"
    return shortened(f"{plain(row['programme'])}{measure_kind(row)}{of_whom}", LONGEST_LABEL)


def drawn(draw: Callable[[], Figure]) -> str:
    """Draw with settings of our own, and give the SVG without what only a file needs."""
    written = StringIO()
    with style.context(["default", SETTINGS]), warnings.catch_warnings():
        # The widths of characters that the measuring font lacks are estimates; the reader's font draws them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure = draw()
        FigureCanvasSVG(figure)
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_a_page(written.getvalue())


def _for_a_page(svg: str) -> str:
    """Take off the prolog and what only a file needs, name fonts that a page or the PDF has, and shorten the figures.

    Styles become attributes: a page may forbid the former, and a style sheet inside would reach the whole page.
    """
    inner = svg[svg.index("<svg") :]
    inner = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", inner, flags=re.DOTALL)
    inner = re.sub(r'\bstyle="([^"]*)"', lambda found: _attributes(found[1]), inner)
    inner = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d\.\d\d)\d+", r"\1", tag[0]), inner)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", inner)).strip()


def _attributes(style: str) -> str:
    """Write `fill: none; stroke: red` as attributes; older versions of matplotlib write the font in one property."""
    written = []
    for name, _, value in (part.strip().partition(": ") for part in style.split(";") if part.strip()):
        if name in {"font", "font-family"}:
            written.append(f'font-family="{FONT}"')
        if name == "font":
            size = re.search(r"[\d.]+px", value)
            written.append(f'font-size="{size[0] if size else "9px"}"')
        elif name != "font-family":
            written.append(f'{name}="{value}"')
    return " ".join(written)


def with_ids(svg: str, *, prefix: str) -> str:
    """Give the ids of a drawing a prefix, so that several can stand in one page."""
    renamed = re.sub(r'\bid="', f'id="{prefix}-', svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}-", renamed)
