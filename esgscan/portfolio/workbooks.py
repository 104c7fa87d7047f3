"""Workbooks -> sheets of cells, by python-calamine, after a look at what could harm: size, locks, damage."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import python_calamine

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import MOST_CELLS, Grid, GridFile, refuse_far_cells, refuse_large
from esgscan.portfolio.sheet_parts import NOTHING_SAID, SheetFacts, read_facts, sheet_area, sheet_titles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_UNPACKED = 320 * 2**20
LARGEST_MEMBER = 160 * 2**20
"""A sheet of 100,000 lines and 30 columns has about 100 MB."""
LARGEST_RATIO = 250
"""A sheet of numbers packs 10 to 30 fold, one of empty formatted rows 100 fold; a bomb a thousand fold."""
LARGEST_OLE = 64 * 2**20
"""Binary workbooks are not packed: 14 bytes a number."""
SMALL_UNPACKED = 32 * 2**20
"""Below this size the ratio does not matter."""

SPREADSHEETS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
SHEETS = "xl/worksheets/"
BINARY_STRINGS = "xl/sharedStrings.bin"
STANDARD_ERROR = 2
ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED_ODS = b"manifest:encryption-data"
OLE_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def read_zip(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read `.xlsx`, `.xlsm`, `.xlsb` and `.ods`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            kind = _kind(archive, name)
            _refuse_bombs(archive, name, len(data))
            if kind == "ods":
                return _read_ods(archive, name=name, sheet=sheet)
            if kind == "xlsb":
                return _read_xlsb(archive, data, name=name, sheet=sheet)
            return _read_xlsx(archive, data, name=name, sheet=sheet)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        _damaged(name, error)


def read_ole(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read `.xls`; a workbook locked with a password has the same first bytes."""
    if len(data) > LARGEST_OLE:
        refuse_large(name, f"{len(data):,} bytes")
    if ENCRYPTED_OLE in data:
        _locked(name)
    if not any(word in data for word in OLE_WORKBOOKS):
        what = f"{name!r} is an old Office file without a workbook in it."
        raise PortfolioError(what, where=name, mend="export the portfolio as .xlsx or .csv")
    from esgscan.portfolio.old_sheets import read_old_sheets

    try:
        sheets = read_old_sheets(data)
    except (OSError, ValueError, RecursionError) as error:
        _damaged(name, error)
    for title, (area, _) in sheets.items():
        if area > MOST_CELLS:
            refuse_far_cells(name, title)
    facts = {title: found for title, (_, found) in sheets.items()}
    return _file(*_calamine(data, name=name, sheet=sheet), name=name, kind="xls", facts=facts)


def _kind(archive: zipfile.ZipFile, name: str) -> str:
    names = set(archive.namelist())
    for part, kind in SPREADSHEETS.items():
        if part in names:
            return kind
    what = f"{name!r} is an archive, not a workbook; it holds {', '.join(sorted(names)[:3]) or 'nothing'}."
    raise PortfolioError(what, where=name, mend="unpack it and give the portfolio file itself")


def _refuse_bombs(archive: zipfile.ZipFile, name: str, packed: int) -> None:
    """Refuse what would unpack to more than a portfolio can be; sizes are known before anything is unpacked."""
    sizes = [member.file_size for member in archive.infolist()]
    unpacked = sum(sizes)
    too_large = unpacked > LARGEST_UNPACKED or max(sizes, default=0) > LARGEST_MEMBER
    if too_large or (unpacked > SMALL_UNPACKED and unpacked > LARGEST_RATIO * packed):
        what = f"The workbook unpacks from {packed:,} to {unpacked:,} bytes, which no portfolio needs."
        raise PortfolioError(what, where=name, mend="copy the portfolio's cells to a new workbook and give that")


def _read_ods(archive: zipfile.ZipFile, *, name: str, sheet: str | None) -> GridFile:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and ENCRYPTED_ODS in archive.read(manifest):
        _locked(name)
    from esgscan.portfolio.opendocument import read_opendocument

    return read_opendocument(archive.read("content.xml"), name=name, sheet=sheet, kind="ods")


def _read_xlsx(archive: zipfile.ZipFile, data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Unpack the sheets once, so that their size and damage are known before the reader sees them, then read.

    The reader works outside the interpreter, so what it does not tell is looked up in the XML meanwhile.
    """
    if "xl/sharedStrings.xml" in archive.namelist():
        archive.read("xl/sharedStrings.xml")
    titles = sheet_titles(archive, "xlsx")
    parts = [part for part in archive.namelist() if part.startswith(SHEETS) and part.endswith(".xml")]
    for part in parts:
        with archive.open(part) as stream:
            if sheet_area(stream) > MOST_CELLS:
                refuse_far_cells(name, titles.get(part, part))
    with ThreadPoolExecutor(1) as reader:
        book = reader.submit(_calamine, data, name=name, sheet=sheet)
        facts = {}
        for part in parts:
            with archive.open(part) as stream:
                facts[titles.get(part, part)] = read_facts(stream)
        return _file(*book.result(), name=name, kind="xlsx", facts=facts)


def _read_xlsb(archive: zipfile.ZipFile, data: bytes, *, name: str, sheet: str | None) -> GridFile:
    from esgscan.portfolio.binary_sheets import check_binary_strings, read_binary_sheet

    if BINARY_STRINGS in archive.namelist():
        check_binary_strings(archive.read(BINARY_STRINGS))
    titles = sheet_titles(archive, "xlsb")
    facts, changed = {}, {}
    for part in archive.namelist():
        if part.startswith(SHEETS) and part.endswith(".bin"):
            found = read_binary_sheet(archive.read(part))
            if found.area > MOST_CELLS:
                refuse_far_cells(name, titles.get(part, part))
            facts[titles.get(part, part)] = found.facts
            changed[part] = found.part
    book = _rewritten(archive, changed) if any(changed.values()) else data
    return _file(*_calamine(book, name=name, sheet=sheet), name=name, kind="xlsb", facts=facts)


def _rewritten(archive: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """Write the archive again with the sheets that had to be changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as copy:
        for member in archive.namelist():
            copy.writestr(member, changed.get(member) or archive.read(member))
    return stream.getvalue()


def _calamine(data: bytes, *, name: str, sheet: str | None) -> tuple[dict[str, list[list[Any]]], tuple[str, ...]]:
    """Read the cells of the sheets, and the titles of those left out."""
    try:
        with _quiet_reader():
            book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
            chosen = _chosen(book, name=name, sheet=sheet)
            rows = {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in chosen}
    except python_calamine.PasswordError:
        _locked(name)
    except PortfolioError:
        raise
    except Exception as error:
        _damaged(name, error)
    except BaseException as error:  # a panic of the Rust reader is not an Exception
        if type(error).__name__ != "PanicException":
            raise
        _damaged(name, error)
    return rows, () if sheet else tuple(title for title in book.sheet_names if title not in rows)


@contextmanager
def _quiet_reader() -> Iterator[None]:
    """Keep what the Rust reader prints of its own panics from the terminal; the error that follows says it better."""
    try:
        kept = os.dup(STANDARD_ERROR)
    except OSError:  # there is none to keep quiet
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, STANDARD_ERROR)
        os.close(kept)
        os.close(sink)


def _file(
    rows: Mapping[str, list[list[Any]]],
    hidden: tuple[str, ...],
    *,
    name: str,
    kind: str,
    facts: Mapping[str, SheetFacts],
) -> GridFile:
    grids = tuple(_grid(title, cells, facts.get(title, NOTHING_SAID)) for title, cells in rows.items())
    return GridFile(name=name, format=kind, grids=grids, hidden=hidden)


def _grid(title: str, cells: list[list[Any]], facts: SheetFacts) -> Grid:
    """Put back what the reader gives as blank: errors such as `#REF!`, and formulas whose value was never stored."""
    for row, column, text in facts.lost:
        if row < len(cells) and column < len(cells[row]) and cells[row][column] == "":
            cells[row][column] = text
    return Grid(sheet=title, rows=cells, hidden_rows=facts.hidden_rows, hidden_columns=facts.hidden_columns)


def _chosen(book: Any, *, name: str, sheet: str | None) -> list[str]:
    """Choose the sheets: the one asked for, else all that are visible."""
    if sheet is not None:
        if sheet not in book.sheet_names:
            what = f"There is no sheet {sheet!r}."
            raise PortfolioError(what, where=name, mend=f"give --sheet one of: {', '.join(book.sheet_names)}")
        return [sheet]
    is_table = python_calamine.SheetTypeEnum.WorkSheet
    visible = python_calamine.SheetVisibleEnum.Visible
    return [m.name for m in book.sheets_metadata if m.typ == is_table and m.visible == visible]


def _locked(name: str) -> NoReturn:
    what = f"{name!r} is locked with a password."
    raise PortfolioError(what, where=name, mend="open it, save it without a password, and give that file") from None


def _damaged(name: str, error: BaseException) -> NoReturn:
    what = f"{name!r} is damaged or cut off: {str(error).strip() or type(error).__name__}."
    raise PortfolioError(what, where=name, mend="export or download the workbook again") from error
