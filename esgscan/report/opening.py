"""The first section of a report: the figures, two charts, and the table of companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.document import Block, Cell, Chart, Column, Figure, Figures, Paragraph, Section, text_table
from esgscan.report.headline import Headline, headline
from esgscan.report.material import exposed_cell, text
from esgscan.report.uncertainty import largest_step, summary_of_clear
from esgscan.report.wording import count, exposed, money, percent, plain

if TYPE_CHECKING:
    from esgscan.report.material import Material
    from esgscan.report.rows import Row

COMPANY = Column(header="Flagged company", width=3.4)
TIER = Column(header="Tier", width=1.2)
WEIGHTS = ("Weight", "Direct", "Through funds", "Ceiling")


def opening(material: Material) -> Section:
    """Write what a reader wants first."""
    figures = headline(material.scan)
    blocks: list[Block] = [
        Paragraph(text=_sentence(material, figures), is_lead=True),
        Figures(_figures(material, figures)),
        *_counted(material),
        *_charts(material),
        *_table(material),
        *_step(material),
    ]
    return Section(anchor="summary", title="Summary", blocks=tuple(blocks))


def _sentence(material: Material, figures: Headline) -> str:
    if not figures.issuers:
        return summary_of_clear(material.scan)
    companies = count(figures.issuers, "flagged company", "flagged companies")
    worth = money(figures.market_value, material.currency)
    opening = f"{percent(figures.reached)} of the portfolio reaches {companies}"
    if figures.short:
        return (
            f"{opening}: long {percent(figures.long)}, short {percent(figures.short)}, net {percent(figures.weight)}."
        )
    return f"{opening}: {worth}." if worth else f"{opening}."


def _figures(material: Material, figures: Headline) -> tuple[Figure, ...]:
    currency, coverage = material.currency, material.scan.coverage
    return (
        Figure(label="Held directly", value=percent(figures.direct), detail=money(figures.direct_value, currency)),
        Figure(label="Through funds", value=percent(figures.indirect), detail=money(figures.indirect_value, currency)),
        Figure(label="Floor", value=percent(figures.floor), detail="proven"),
        Figure(label="Ceiling", value=percent(figures.ceiling), detail="possible at most"),
        Figure(label="Screened", value=percent(coverage.screened), detail="of the portfolio"),
        Figure(label="Uncovered", value=percent(coverage.uncovered), detail="could not be opened or identified"),
    )


def _counted(material: Material) -> list[Block]:
    """Say what of it counts by the policy of the run, where not all does."""
    only_reported = [row for row in material.exposures if row["counts"] is False]
    if not only_reported:
        return []
    others = count(len(only_reported), "company is", "companies are")
    counts = f"By the policy of this run {percent(material.scan.counted)} counts; {others} only reported."
    return [Paragraph(text=f"{counts} The policy stands at the end.")]


def _charts(material: Material) -> list[Block]:
    from esgscan.report.pictures import coverage_svg, weights_svg

    scan = material.scan
    figures = headline(scan)
    whole = (
        f"Of the whole portfolio {percent(scan.coverage.flagged)} reaches flagged companies, "
        f"{percent(scan.coverage.clear)} is screened and clear, {percent(scan.coverage.uncovered)} is uncovered. "
        f"The exposure is {percent(figures.weight)}, between {percent(figures.floor)} and {percent(figures.ceiling)}."
    )
    charts: list[Block] = [Chart(svg=coverage_svg(scan), caption="Coverage and interval", alt=whole)]
    if material.exposures:
        bars = "; ".join(f"{plain(row['name'])} {exposed(row, 'weight')}" for row in material.exposures[:12])
        charts.append(Chart(svg=weights_svg(scan), caption="Exposure by company, split by path", alt=f"{bars}."))
    return charts


def _table(material: Material) -> list[Block]:
    if not material.exposures:
        return []
    money_column = (Column(header=material.currency or "Value", is_figure=True, width=1.3),)
    columns = (COMPANY, *(Column(header=name, is_figure=True, width=1.3) for name in WEIGHTS))
    has_tiers = len({row["tier"] for row in material.exposures}) > 1
    lines = [
        (
            text(row["name"]),
            *(exposed_cell(row, name) for name in ("weight", "direct", "indirect", "ceiling")),
            *((_worth(material, row),) if material.has_money else ()),
            *((text(row["tier"]),) if has_tiers else ()),
        )
        for row in material.exposures
    ]
    columns += (money_column if material.has_money else ()) + ((TIER,) if has_tiers else ())
    caption = "Flagged companies by the tiers of the policy" if has_tiers else "Flagged companies, largest first"
    return [text_table(caption, columns, lines)]


def _worth(material: Material, row: Row) -> Cell:
    """Give the value; of a company that is there with a weight printed as zero it is a trace too."""
    return material.amount(row["market_value"]) if row["market_value"] else exposed_cell(row, "weight")


def _step(material: Material) -> list[Block]:
    """The one thing that would narrow the interval most."""
    step = largest_step(material.scan)
    return [Paragraph(text=f"What would narrow the interval most: {step}.")] if step else []
