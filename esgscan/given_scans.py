"""What is made of a scan that is there already: its result read again, a sealed bundle verified, a letter drafted."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import esgscan
from esgscan.errors import OptionError, PortfolioError
from esgscan.portfolio.reading import ReadingOptions
from esgscan.wiring import ScanRequest, scan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esgscan.records import Scan
    from esgscan.report.verification import Verification


def scan_or_result(given: str, *, as_of: date | str | None = None) -> Scan:
    """Take the result of a scan from its JSON, or scan a portfolio.

    Raises:
        PortfolioError: The portfolio cannot be read.
        OptionError: The JSON is no result of this version, or a date was asked of a result that has its own.
    """
    from esgscan.report.scan_file import is_scan, read_scan

    path = Path(given)
    content = path.read_bytes() if path.is_file() else b""
    if not is_scan(content):
        return scan(given, as_of=as_of)
    if as_of is not None:
        what = f"'{given}' is the result of a scan, which has its own day."
        raise OptionError(what, where="--as-of", mend="leave out --as-of, or give the portfolio")
    return read_scan(content, name=path.name)


def result_of(given: str) -> Scan:
    """Read the result of a scan from its JSON.

    Raises:
        PortfolioError: There is no such file.
        OptionError: It is no result of this version.
    """
    from esgscan.report.scan_file import read_scan

    path = Path(given)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PortfolioError(f"Cannot read the scan '{given}'.", where=given, mend="name a file that exists") from error
    return read_scan(content, name=path.name)


def verify(bundle: str, portfolio: Sequence[Any] = ()) -> Verification:
    """Check a sealed bundle against itself and, given the portfolio, by scanning it again.

    The files of holdings, rates, watchlists and decisions are looked for where the sealed run found them.

    Raises:
        OptionError: There is no such bundle, or a file of the sealed run is missing.
        PortfolioError: The portfolio cannot be read.
    """
    from esgscan.portfolio.mappings import load_mapping
    from esgscan.report.verification import compare_scans, verify_bundle

    if not Path(bundle).is_file():
        raise OptionError(f"There is no bundle '{bundle}'.", where="BUNDLE", mend="name a file that exists")
    found = verify_bundle(Path(bundle).read_bytes(), version=esgscan.__version__)
    if not portfolio or found.scan is None:
        return found
    sealed = found.scan
    options = sealed.run.options
    names = tuple(one.name for one in fields(ScanRequest) if one.name != "reading")
    reading = ReadingOptions(
        sheet=options.get("sheet"),
        header_row=options.get("header_row"),
        columns=options.get("columns") or {},
        decimal=options.get("decimal") or "",
        dates=options.get("dates") or "",
        mapping=load_mapping(options["mapping"]) if options.get("mapping") else None,
    )
    wishes = {name: options[name] for name in names if options.get(name) is not None}
    again = scan([*portfolio], request=ScanRequest(reading=reading, **wishes))
    again = replace(again, run=replace(again.run, generated_at=sealed.run.generated_at))
    differences = compare_scans(sealed, again)
    checked = (*found.checked, "the scan, made again from the portfolio")
    return replace(found, checked=checked, problems=(*found.problems, *differences))


def write_letter(
    given: str, outputs: Sequence[str], *, as_of: date | str | None = None, paper: str = "a4", **wishes: Any
) -> Mapping[str, bytes]:
    """Draft a letter from a scan or a portfolio, and write it to each file.

    Returns:
        The bytes of each file by its name; those of a Markdown text under an empty name if there is no file.

    Raises:
        OptionError: There is nothing to write about, or a file has another ending or cannot be written.
    """
    from esgscan.report.formats import write_whole
    from esgscan.report.letter import LetterOptions, Tone, compose_letter, render_letter

    wanted = {path: Path(path).suffix.lower() for path in outputs} or {"": ".md"}
    for path, ending in wanted.items():
        if ending not in {".docx", ".md"}:
            raise OptionError(
                f"Cannot write a letter to '{path}'.", where=f"-o {path}", mend="end it with .docx or .md"
            )
    options = LetterOptions(**{**wishes, "tone": Tone(wishes.get("tone", "engage"))})
    document = compose_letter(scan_or_result(given, as_of=as_of), options)
    written = {path: render_letter(document, ending, paper=paper) for path, ending in wanted.items()}
    for path, content in written.items():
        if path:
            write_whole(Path(path), content)
    return written
