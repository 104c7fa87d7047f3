"""Workbooks -> sheets of cells, by python-calamine, after a look at what could harm: size, locks, damage."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, NoReturn

import python_calamine

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import Cell, Grid, GridFile, column_index

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_UNPACKED = 512 * 2**20
LARGEST_MEMBER = 256 * 2**20
LARGEST_RATIO = 250
"""A sheet of numbers packs 10 to 30 fold, one of empty formatted rows 100 fold; a bomb a thousand fold."""
SMALL_UNPACKED = 32 * 2**20
"""Below this size the ratio does not matter."""
MOST_CELLS = 12_000_000
"""The reader keeps the rectangle from the first to the last cell; one stray cell far out makes it huge."""

SPREADSHEETS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
OLE_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

CELL_WITH_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\st="e"[^>]*>.*?<v>([^<]{1,40})</v>', re.DOTALL)
FORMULA_WITHOUT_VALUE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*>([^<]{0,400})</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
FILLED_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>/]*>')
FAR_COLUMN = re.compile(rb'<c r="([A-Z]{2,3})\d')
REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d+)"')


def read_zip(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read `.xlsx`, `.xlsm`, `.xlsb` and `.ods`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            kind = _kind(archive, name)
            _refuse_bombs(archive, name, len(data))
            sheets = _sheet_parts(archive, kind)
            _refuse_wide(sheets, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        _damaged(name, error)
    return _calamine(data, name=name, kind=kind, sheet=sheet, parts=sheets)


def read_ole(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read `.xls`; a workbook locked with a password has the same first bytes."""
    if ENCRYPTED_OLE in data:
        _locked(name)
    if not any(word in data for word in OLE_WORKBOOKS):
        what = f"{name!r} is an old Office file without a workbook in it."
        raise PortfolioError(what, where=name, mend="export the portfolio as .xlsx or .csv")
    return _calamine(data, name=name, kind="xls", sheet=sheet, parts={})


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


def _sheet_parts(archive: zipfile.ZipFile, kind: str) -> dict[str, bytes]:
    """Unpack the sheets, so that their true size and their damage are known before the reader sees them."""
    wanted = {"xlsx": "xl/worksheets/", "xlsb": "xl/worksheets/", "ods": "content.xml"}[kind]
    names = [part for part in archive.namelist() if part.startswith(wanted) and part.endswith((".xml", ".bin"))]
    if kind == "xlsx" and "xl/sharedStrings.xml" in archive.namelist():
        archive.read("xl/sharedStrings.xml")
    parts = {part: archive.read(part) for part in names}
    if kind == "xlsx":
        return {_sheet_name(archive, part): content for part, content in parts.items()}
    return parts


def _sheet_name(archive: zipfile.ZipFile, part: str) -> str:
    """Find the name of the sheet that a part of the archive holds; the part's own name if the book does not say."""
    target = part.removeprefix("xl/").encode()
    links = archive.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in archive.namelist() else b""
    for link in re.findall(rb"<Relationship\s[^>]*>", links):
        if target in link and (found := re.search(rb'\bId="([^"]+)"', link)):
            wanted = b'r:id="' + found[1] + b'"'
            for tag in re.findall(rb"<sheet\s[^>]*>", archive.read("xl/workbook.xml")):
                if wanted in tag and (title := re.search(rb'\bname="([^"]*)"', tag)):
                    from html import unescape

                    return unescape(title[1].decode("utf-8", "replace"))
    return part


def _refuse_wide(parts: dict[str, bytes], name: str) -> None:
    """Refuse a sheet whose filled rectangle is too large, whatever its number of cells."""
    for part, content in parts.items():
        if _area(content) > MOST_CELLS:
            what = f"A sheet spans more than {MOST_CELLS:,} cells: a cell is filled far from the others."
            mend = "delete the stray cells, or copy the portfolio to a new workbook"
            raise PortfolioError(what, where=f"{name}, sheet {part!r}", mend=mend)


def _area(content: bytes) -> int:
    """Give the number of cells a reader of the sheet would keep."""
    if b"<c r=" not in content:
        return _repeated_area(content)
    last = content.rfind(b'<c r="')
    rows = int(re.sub(rb"\D", b"", content[last + 6 : last + 20].split(b'"')[0]) or b"1")
    columns = max((column_index(c.decode()) or 0 for c in set(FAR_COLUMN.findall(content))), default=25) + 1
    if rows * columns <= MOST_CELLS:
        return rows * columns
    filled = [(int(row), column_index(col.decode()) or 0) for col, row in FILLED_CELL.findall(content)]
    if not filled:
        return 0
    tall = max(row for row, _ in filled) - min(row for row, _ in filled) + 1
    return tall * (max(col for _, col in filled) + 1)


def _repeated_area(content: bytes) -> int:
    """Bound what the repeated cells of an OpenDocument sheet unfold to, as far as they hold something."""
    if b"-repeated=" not in content:
        return 0
    area = 0
    for row in re.findall(rb"<table:table-row\b.*?(?:</table:table-row>|/>)", content, re.DOTALL):
        if b"office:value" not in row and b"<text:p" not in row:
            continue
        counts = {b"columns": 0, b"rows": 1}
        for what, count in REPEATED.findall(row):
            counts[what] = counts[what] + int(count) if what == b"columns" else max(counts[what], int(count))
        area += max(counts[b"columns"], 1) * counts[b"rows"] if counts[b"rows"] > 1 else 0
    return area


def _calamine(data: bytes, *, name: str, kind: str, sheet: str | None, parts: dict[str, bytes]) -> GridFile:
    try:
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
    for title, cells in rows.items():
        if kind == "xlsx" and title in parts:
            _restore(cells, parts[title])
    hidden = tuple(title for title in book.sheet_names if title not in rows)
    grids = tuple(Grid(sheet=title, rows=cells) for title, cells in rows.items())
    return GridFile(name=name, format=kind, grids=grids, hidden=() if sheet else hidden)


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


def _restore(cells: list[list[Any]], part: bytes) -> None:
    """Put back what the reader gives as blank: errors such as `#REF!`, and formulas whose value was never stored."""
    for row, column, text in _lost(part):
        if row < len(cells) and column < len(cells[row]) and cells[row][column] == "":
            cells[row][column] = text


def _lost(part: bytes) -> Iterator[tuple[int, int, Cell]]:
    if b't="e"' in part:
        for letters, row, value in CELL_WITH_ERROR.findall(part):
            yield int(row) - 1, column_index(letters.decode()) or 0, value.decode("utf-8", "replace")
    if b"<f" in part:
        for letters, row, formula in FORMULA_WITHOUT_VALUE.findall(part):
            yield int(row) - 1, column_index(letters.decode()) or 0, "=" + formula.decode("utf-8", "replace")


def _locked(name: str) -> NoReturn:
    what = f"{name!r} is locked with a password."
    raise PortfolioError(what, where=name, mend="open it, save it without a password, and give that file") from None


def _damaged(name: str, error: BaseException) -> NoReturn:
    what = f"{name!r} is damaged or cut off: {str(error).strip() or type(error).__name__}."
    raise PortfolioError(what, where=name, mend="export or download the workbook again") from error
