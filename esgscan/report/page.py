"""A page of terminal text: lines that never grow wider than the page, measured in terminal cells."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from esgscan.report.wording import UNPRINTABLE, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NARROWEST = 40
LEAST_TEXT = 12


class Page:
    """Collects lines and tables; `text()` gives what was collected.

    Args:
        width: Width in terminal cells; a Chinese character takes two.
        color: Whether to write styles; without, the text holds no escape sequence.
    """

    def __init__(self, *, width: int, color: bool) -> None:
        self.width = max(width, NARROWEST)
        self._color = color
        self._lines = StringIO()
        self._console = Console(
            file=self._lines,
            width=self.width,
            color_system="standard" if color else None,
            force_terminal=color,
            no_color=not color,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )

    def title(self, text: str) -> None:
        """Write the first line of the page."""
        self.line(text, style="bold")

    def heading(self, text: str) -> None:
        """Write a heading with an empty line above."""
        self.blank()
        self.line(text, style="bold")

    def blank(self) -> None:
        """Write an empty line."""
        self._lines.write("\n")

    def line(self, text: str, *, lead: str = "", indent: int = 0, style: str = "") -> None:
        """Write text, wrapped; later lines stand under the first character after `lead`.

        Args:
            text: What to write; control characters are taken out.
            lead: A mark, number or date that hangs to the left of the text.
            indent: Cells to the left of `lead`.
            style: A rich style.
        """
        lead = UNPRINTABLE.sub(" ", lead)
        margin = min(indent + cell_len(lead), self.width - LEAST_TEXT)
        first = (" " * indent + lead)[: self.width - LEAST_TEXT]
        wrapped = Text(plain(text)).wrap(self._console, self.width - margin, overflow="fold")
        for number, line in enumerate(wrapped):
            line.rstrip()
            self._console.print(Text(first if number == 0 else " " * margin) + line, style=style, soft_wrap=True)

    def table(self, headers: Sequence[str], table_rows: Iterable[Sequence[str]], *, texts: int = 1) -> None:
        """Write a table: the first `texts` columns are text, the others figures, set to the right.

        Figures are folded where the page is too narrow for them, never cut.
        """
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1, 0, 0))
        for number, header in enumerate(headers):
            table.add_column(header, justify="left" if number < texts else "right", overflow="fold")
        for row in table_rows:
            table.add_row(*(Text(plain(cell)) for cell in row))
        self._console.print(table)

    def text(self) -> str:
        """Everything written so far; no blanks at the ends of lines unless there is colour."""
        text = self._lines.getvalue()
        if self._color:
            return text
        return "".join(f"{line.rstrip()}\n" for line in text.split("\n")[:-1])
