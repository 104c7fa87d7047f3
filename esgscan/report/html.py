"""A scan as one HTML file: it loads nothing, needs no script, and reads on a phone and on paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from esgscan.report.compose import compose
from esgscan.report.pictures import with_ids

if TYPE_CHECKING:
    from jinja2 import Template

    from esgscan.records import Scan
    from esgscan.report.document import Chart


def render_html(scan: Scan) -> str:
    """Render a scan as an HTML page; the same scan gives the same page."""
    return _template().render(document=compose(scan))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("esgscan.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = _drawing
    return environment.get_template("report.html.j2")


def _drawing(chart: Chart, number: int) -> Markup:
    """Give a chart as markup: matplotlib made it, and escaped every name in it."""
    svg = with_ids(chart.svg, prefix=f"c{number}")
    label = Markup('<svg role="img" aria-label="{}" ').format(chart.alt)
    return label + Markup(svg.removeprefix("<svg "))  # noqa: S704
