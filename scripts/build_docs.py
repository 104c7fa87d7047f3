"""Write the generated parts of the documentation: the tables of the flow and the list of data sets.

They stand between two marks in docs/tables.md and docs/data.md; the words around them are written by hand.
Run it from the project's root: python scripts/build_docs.py [--check]
With --check nothing is written, and the exit status is 1 if a page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from enum import EnumType
from pathlib import Path
from typing import TYPE_CHECKING

from esgscan import result_tables, tables, terms
from esgscan.reference.cards import Card, read_card
from esgscan.reference.datasets import dataset_names

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- generated:begin -->", "<!-- generated:end -->"


def tables_section() -> str:
    """Describe every table of `esgscan.tables` and `esgscan.result_tables`, in the order it is written there."""
    named = {**vars(tables), **vars(result_tables)}
    found = [value for value in named.values() if isinstance(value, tables.Table)]
    return "\n".join(["## The tables", "", *map(table_section, found), words_section()])


def table_section(table: tables.Table) -> str:
    """Describe one table: what a row is, and each column with type, unit and meaning."""
    rows = [(f"`{name}`", column.type, column.unit, column.meaning) for name, column in table.columns.items()]
    return "\n".join(
        [f"### {table.name}", "", f"One row per {table.one_row_per}.", "", *grid("column|type|unit|meaning", rows), ""]
    )


def words_section() -> str:
    """Describe the closed vocabularies of `esgscan.terms`, which the tables above refer to."""
    found = [v for v in vars(terms).values() if isinstance(v, EnumType) and v.__module__ == terms.__name__]
    rows = [(f"terms.{words.__name__}", words.__doc__ or "", "; ".join(words)) for words in found]
    return "\n".join(["## The words in them", "", *grid("name|is|values", rows), ""])


def datasets_section() -> str:
    """Describe every packaged data set, by its card."""
    cards = [read_card(name) for name in dataset_names()]
    summary = grid("data set|holds", [(f"[`{card.name}`](#{card.name})", card.title) for card in cards])
    return "\n".join([*summary, "", *map(dataset_section, cards)])


def dataset_section(card: Card) -> str:
    """Describe one data set: what it holds, on which terms, its key and columns."""
    rows = [
        (f"`{column.name}`", column.type, "yes" if column.required else "", column.meaning) for column in card.columns
    ]
    key = ", ".join(f"`{name}`" for name in card.key)
    return "\n".join(
        [
            f"### {card.title} {{ #{card.name} }}",
            "",
            f"Data set `{card.name}`, edition {card.edition}. {card.description.strip()}",
            "",
            f"Key: {key}. Licence: {card.licence.strip()}",
            "",
            *grid("column|type|always filled|meaning", rows),
            "",
        ]
    )


def grid(header: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """Write rows as a Markdown table; `header` has its words between upright strokes."""
    words = header.split("|")
    lines = [words, ["---"] * len(words), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def with_section(page: str, section: str) -> str:
    """Put `section` between the marks of a page."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{section}\n{END}{after}"


def built_pages() -> dict[Path, str]:
    """Give both pages with their generated parts as they should be now."""
    sections = {DOCS / "tables.md": tables_section(), DOCS / "data.md": datasets_section()}
    return {path: with_section(path.read_text(encoding="utf-8"), section) for path, section in sections.items()}


def main() -> int:
    """Write the pages, or with --check compare them."""
    parser = argparse.ArgumentParser(description="Write the generated parts of the documentation.")
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if a page is out of date")
    pages = built_pages()
    if not parser.parse_args().check:
        for path, page in pages.items():
            path.write_text(page, encoding="utf-8", newline="\n")
        return 0
    stale = [f"docs/{path.name}" for path, page in pages.items() if path.read_text(encoding="utf-8") != page]
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run: python scripts/build_docs.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
