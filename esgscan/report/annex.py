"""The last sections of a report: what each programme does, the numbered sources, and how the report was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.document import Cell, Column, Paragraph, Section, Statements, Table, text_table
from esgscan.report.material import TIERS, text
from esgscan.report.wording import plain

if TYPE_CHECKING:
    from esgscan.report.material import Material

TIERS_TEXT = (
    "The tier says what kind of source it is: an official list or notice, a court, the company itself, an exchange or "
    "index provider, a non-governmental organisation (NGO), the press, a law firm, or data such as a fund's own file."
)


def programmes(material: Material) -> Section | None:
    """Say of each programme that flags a company here what it does, and what it means to an investor."""
    found = material.rows("programmes")
    blocks = tuple(
        Statements(
            heading=f"{plain(row['short_name'])}: {plain(row['name'])}",
            items=(
                material.statement(row, row["restricts"], lead=plain(row["authority"])),
                material.statement(row, row["us_person_investors"], lead="Investors"),
            ),
        )
        for row in found
    )
    about = "Information on what the texts say, as this edition's sources give it; no legal advice."
    if not found:
        return None
    return Section(anchor="programmes", title="What each list does", blocks=(Paragraph(text=about), *blocks))


def sources(material: Material) -> Section | None:
    """List the sources that the sections before have cited."""
    listed = [row for row in material.rows("sources") if row["number"] in material.cited]
    columns = (
        Column(header="No.", is_figure=True, width=0.5),
        Column(header="Source", width=5),
        Column(header="Tier", width=1),
        Column(header="Date", width=1),
    )
    lines = tuple(
        (
            Cell(str(row["number"]), row["number"]),
            Cell(_title(row["title"], row["publisher"]), address=row["url"] or ""),
            text(TIERS.get(row["tier"] or "", row["tier"])),
            text(row["published_on"]),
        )
        for row in listed
    )
    if not lines:
        return None
    numbers = tuple(row["number"] for row in listed)
    table = Table(caption="Sources cited in this report", columns=columns, rows=lines, numbers=numbers)
    return Section(anchor="sources", title="Sources", blocks=(Paragraph(text=TIERS_TEXT), table))


def _title(title: str | None, publisher: str | None) -> str:
    """Give the title, and the publisher where the title does not name it."""
    named, by = plain(title), plain(publisher)
    return named if not by or by.casefold() in named.casefold() else f"{named}, {by}"


def how_made(material: Material) -> Section:
    """Say what made the report: enough to make it again."""
    run = material.scan.run
    lines = [
        ("Program", f"esgscan {run.version}"),
        ("Reference data", run.edition),
        ("SHA-256 of the reference data", run.edition_hash),
        ("Time of the report", run.generated_at),
        *((f"SHA-256 of {plain(name)}", digest) for name, digest in run.inputs.items()),
        *(
            (f"Option {name}", _option(value))
            for name, value in sorted(run.options.items())
            if value not in (None, [], {})
        ),
    ]
    columns = (Column(header="What", width=2), Column(header="Value", width=5))
    table = text_table("How this report was made", columns, [(text(name), text(value)) for name, value in lines])
    return Section(
        anchor="how-made", title="How this report was made", blocks=(table, *_policy(material), *_editions(material))
    )


def _policy(material: Material) -> list[Table]:
    """Say by which policy of the reader measures and tags were counted."""
    lines = [(text(row["setting"]), text(row["value"])) for row in material.rows("policy")]
    columns = (Column(header="Setting", width=1.5), Column(header="Value", width=5))
    return [text_table("The policy of this run", columns, lines)] if lines else []


def _editions(material: Material) -> list[Table]:
    """Say which edition of what was used."""
    lines = [
        (text(row["kind"]), material.sourced(row, row["subject"]), text(row["dated"]), text(row["note"]))
        for row in material.rows("editions")
    ]
    columns = (
        Column(header="Kind", width=1.2),
        Column(header="Of", width=3),
        Column(header="Date", width=1),
        Column(header="Remark", width=2),
    )
    return [text_table("What the answer rests on, each with its date", columns, lines)] if lines else []


def _option(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={part}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
