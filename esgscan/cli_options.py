"""What the commands share: options of their own types, and how wide and colourful a page may be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from esgscan.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN_WIDTH = 80
WIDEST = 120
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": PLAIN_WIDTH}


class Fraction(click.ParamType[float]):
    """A weight: `0.05` or `5%`."""

    name = "WEIGHT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a weight as a fraction."""
        text = str(value).strip()
        try:
            weight = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= 1:
            self.fail(f"'{value}' is no weight; write 0.05 or 5%", param, ctx)
        return weight


def own_files(command: Any) -> Any:
    """Add the options for what users know themselves: lists, answers to review lines, identifiers."""
    for option in (
        click.option("--identifiers", metavar="PATH", help="CSV: isin or security_id beside cusip, sedol, figi."),
        click.option("--decisions", multiple=True, metavar="PATH", help="Your answers to review lines; may repeat."),
        click.option("--watchlist", multiple=True, metavar="PATH", help="A list of your own, beside ours; may repeat."),
    ):
        command = option(command)
    return command


FX = "Exchange rates, CSV: currency, rate (what one unit is worth in the portfolio's currency), base, date."
POLICY = click.option("--policy", metavar="PATH", help="A policy file: what counts, what is only reported, tiers.")


def refuse_to_overwrite(output: str, inputs: Iterable[str | None]) -> None:
    """Refuse a report in the place of a file that the run reads."""
    from pathlib import Path

    for given in filter(None, inputs):
        for path in (given, given.partition("=")[2]):
            if path and Path(path).exists() and Path(output).resolve() == Path(path).resolve():
                raise OptionError(
                    f"The report would overwrite '{path}'.", where=f"-o {output}", mend="give the report another name"
                )


def look() -> dict[str, Any]:
    """Say how a page is to look: its width, and whether it has colour."""
    return {"width": width(), "color": is_terminal()}


def is_terminal() -> bool:
    """Say whether a person reads standard output."""
    return sys.stdout.isatty()


def width() -> int:
    """Give the width to write in: that of the terminal within reason, and 80 columns in a pipe."""
    if not is_terminal():
        return PLAIN_WIDTH
    from shutil import get_terminal_size

    return max(60, min(get_terminal_size((PLAIN_WIDTH, 24)).columns, WIDEST))
