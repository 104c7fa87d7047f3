"""The formats a report can have, and writing one so that a reader never sees half a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from esgscan.records import Scan

FILE_WIDTH = 80
PAPERS = {"a4": "a4", "letter": "us-letter"}
"""Papers of the PDF, and what typst calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format of a report.

    Attributes:
        name: What `--format` calls it.
        ending: Ending of a file of that format.
        render: Gives the bytes of the report.
    """

    name: str
    ending: str
    render: Callable[[Scan], bytes]


def _terminal(scan: Scan) -> bytes:
    from esgscan.report.terminal import render_terminal

    return encoded(render_terminal(scan, width=FILE_WIDTH, color=False))


def _json(scan: Scan) -> bytes:
    from esgscan.report.json import render_json

    return render_json(scan)


def _csv(scan: Scan) -> bytes:
    from esgscan.report.csv import render_csv

    return encoded(render_csv(scan))


def _xlsx(scan: Scan) -> bytes:
    from esgscan.report.xlsx import render_xlsx

    return render_xlsx(scan)


def _html(scan: Scan) -> bytes:
    from esgscan.report.html import render_html

    return encoded(render_html(scan))


def _pdf(scan: Scan) -> bytes:
    from esgscan.report.pdf import render_pdf

    return render_pdf(scan)


def _markdown(scan: Scan) -> bytes:
    from esgscan.report.markdown import render_markdown

    return encoded(render_markdown(scan))


def _bundle(scan: Scan) -> bytes:
    from esgscan.report.bundle import render_bundle

    return render_bundle(scan)


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(name="terminal", ending=".txt", render=_terminal),
        Format(name="json", ending=".json", render=_json),
        Format(name="csv", ending=".csv", render=_csv),
        Format(name="xlsx", ending=".xlsx", render=_xlsx),
        Format(name="html", ending=".html", render=_html),
        Format(name="pdf", ending=".pdf", render=_pdf),
        Format(name="md", ending=".md", render=_markdown),
        Format(name="bundle", ending=".zip", render=_bundle),
    )
}


def format_of(path: Path) -> Format:
    """Choose the format that the ending of a file's name asks for.

    Raises:
        OptionError: No format has that ending.
    """
    for one in FORMATS.values():
        if path.suffix.lower() == one.ending:
            return one
    written = f"'{path.suffix}' is no ending of a report" if path.suffix else "its name has no ending"
    raise OptionError(
        f"Cannot write a report to '{path}': {written}.",
        where=f"-o {path}",
        mend=f"end the name with {', '.join(one.ending for one in FORMATS.values())}",
    )


def render_report(scan: Scan, name: str) -> bytes:
    """Give a report in the format of that name."""
    return FORMATS[name].render(scan)


def write_report(scan: Scan, path: Path) -> None:
    """Write a report in the format that the ending of `path` names; at no moment is the file half written.

    Raises:
        OptionError: No format has that ending, or the file cannot be written.
    """
    write_whole(path, format_of(path).render(scan))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and then move it there, so that it is old or new but never half.

    Raises:
        OptionError: The file cannot be written.
    """
    import secrets

    target = path.resolve()
    if target.exists() and not target.is_file():
        raise _unwritable(path, "it is not a file")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as part:
            part.write(content)
        beside.replace(target)
    except OSError as error:
        raise _unwritable(path, os.strerror(error.errno) if error.errno else str(error)) from error
    finally:
        beside.unlink(missing_ok=True)


def encoded(text: str) -> bytes:
    """Encode text as UTF-8; half characters, which a file name can hold, become escapes that JSON can read."""
    return text.encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class FileReporter:
    """Implements `records.Reporter` with the formats of this module."""

    def write(self, scan: Scan, path: Path) -> None:
        """Write `scan` in the format that the ending of `path` names."""
        write_report(scan, path)

    def plot_weights(self, scan: Scan) -> Axes:
        """Draw the weight by issuer, split by direct and indirect."""
        from esgscan.report.charts import draw_weights

        return draw_weights(scan)


def _unwritable(path: Path, why: str) -> OptionError:
    return OptionError(
        f"Cannot write a report to '{path}': {why}.",
        where=f"-o {path}",
        mend="name a file in a folder that exists and that you may write to",
    )
