"""Source numbers in a text, and the list of sources that goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.rows import Row, source_numbers
from esgscan.report.wording import count, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.report.page import Page


class Citations:
    """Remembers which sources a text has cited."""

    def __init__(self) -> None:
        self._cited: set[int] = set()

    def mark(self, row: Row) -> str:
        """Write the source numbers of a row as ` [3, 4]`, and remember them; nothing if it has none."""
        numbers = source_numbers(row)
        self._cited.update(numbers)
        return f" [{', '.join(map(str, numbers))}]" if numbers else ""

    def write(self, page: Page, sources: Sequence[Row], *, elsewhere: str) -> None:
        """Write the list of the sources that were cited; `elsewhere` says where the others are."""
        cited = [row for row in sources if row["number"] in self._cited]
        if not cited:
            return
        page.heading("SOURCES")
        for row in cited:
            page.line(_source_text(row), lead=f"[{row['number']}] ".rjust(6))
            if row["url"]:
                page.line(row["url"], indent=6, style="dim")
        others = len(sources) - len(cited)
        if others and elsewhere:
            page.line(f"{count(others, 'more source')} cited only in the full report: {elsewhere}.")


def _source_text(row: Row) -> str:
    """Title, publisher and date of a source; the publisher only where the title does not name it."""
    title, publisher = plain(row["title"]), plain(row["publisher"])
    parts = [title, publisher if publisher.casefold() not in title.casefold() else "", str(row["published_on"] or "")]
    return ", ".join(part for part in parts if part)
