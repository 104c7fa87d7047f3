"""Charts of a scan, drawn with matplotlib and without its global state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from esgscan.report.rows import Row, rows
from esgscan.report.wording import exposed, plain, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from esgscan.records import Scan

MOST_BARS = 12
LONGEST_NAME = 34
DIRECT_COLOR, FUNDS_COLOR = "#8c2d19", "#e0a458"


def draw_weights(scan: Scan) -> Axes:
    """Draw the weight by issuer, held directly and through funds: the largest twelve, and the others together."""
    bars = _bars(rows(scan.tables["exposures"]))
    figure = Figure(figsize=(7.5, 1.5 + 0.38 * max(len(bars), 1)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _draw_bars(axes, bars)
    axes.set_title(_title(scan), loc="left", fontsize=11, parse_math=False)
    axes.xaxis.set_major_formatter(PercentFormatter(xmax=1.0))
    axes.tick_params(axis="both", labelsize=9, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _title(scan: Scan) -> str:
    return (
        f"Weight in flagged companies, {scan.as_of}"
        if len(scan.tables["exposures"])
        else f"No flagged company, {scan.as_of}"
    )


def _draw_bars(axes: Axes, bars: list[Row]) -> None:
    places = list(range(len(bars)))
    direct, indirect = [bar["direct"] for bar in bars], [bar["indirect"] for bar in bars]
    # A short part and a long one stand on different sides of zero, so they are stacked only when they agree in sign.
    starts = [first if first * second > 0 else 0.0 for first, second in zip(direct, indirect, strict=True)]
    axes.barh(places, direct, height=0.62, color=DIRECT_COLOR, label="held directly")
    axes.barh(places, indirect, left=starts, height=0.62, color=FUNDS_COLOR, label="through funds")
    axes.set_yticks(places, labels=[bar["name"] for bar in bars], parse_math=False)
    axes.invert_yaxis()
    for place, bar in zip(places, bars, strict=True):
        end = max(bar["direct"], bar["indirect"], bar["direct"] + bar["indirect"], 0.0)
        axes.annotate(exposed(bar, "weight"), (end, place), (4, 0), textcoords="offset points", va="center", fontsize=9)
    axes.margins(x=0.16)
    if bars:
        axes.legend(frameon=False, fontsize=9, loc="lower right")


def _bars(exposures: list[Row]) -> list[Row]:
    """Take the largest issuers, and add up the others into one bar."""
    largest = sorted(exposures, key=lambda row: -row["weight"])
    shown = [{**row, "name": shortened(plain(row["name"]), LONGEST_NAME)} for row in largest[:MOST_BARS]]
    others = largest[MOST_BARS:]
    if others:
        sums = {name: sum(row[name] for row in others) for name in ("weight", "direct", "indirect", "long", "short")}
        shown.append({"name": f"{len(others)} others", **sums})
    return shown
