"""What a caller gives - a path, bytes, a DataFrame - as sheets of cells, with the hash of what was given."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from esgscan.errors import PortfolioError
from esgscan.portfolio.files import LARGEST_INPUT, read_grids
from esgscan.portfolio.grids import GridFile, columns_grid

if TYPE_CHECKING:
    from esgscan.portfolio.grids import Cell


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent: its bytes, and the name it had there, which is shown and nothing else."""

    name: str
    content: bytes

    def __str__(self) -> str:
        """Its name, as messages and the options of a run tell it."""
        return self.name


@dataclass(frozen=True, slots=True)
class Opening:
    """A file that is being opened, in a thread of its own, while its reader loads."""

    path: str
    opened: Future[tuple[GridFile, str]]


Source: TypeAlias = "str | Path | bytes | Upload | Opening | Any"


def open_ahead(path: str, *, sheet: str | None) -> Opening:
    """Begin to open a file: a workbook is parsed outside the interpreter, which loads what follows meanwhile."""
    thread = ThreadPoolExecutor(1)
    opened = thread.submit(open_source, path, name="", sheet=sheet)
    thread.shutdown(wait=False)
    return Opening(path, opened)


def open_source(source: Source, *, name: str, sheet: str | None) -> tuple[GridFile, str]:
    """Turn the source into sheets of cells, with the hash of its bytes."""
    if isinstance(source, Opening):
        return source.opened.result()
    if isinstance(source, (str, Path)):
        data, file_name = read_source(source), Path(source).name
    elif isinstance(source, Upload):
        data, file_name = source.content, source.name or name or "portfolio"
    elif isinstance(source, (bytes, bytearray, memoryview)):
        data, file_name = bytes(source), name or "portfolio"
    else:
        return _frame_grids(source, name=name or "table")
    return read_grids(data, name=file_name, sheet=sheet), hashlib.sha256(data).hexdigest()


def read_text(given: Path | Upload) -> str:
    """Read a text in UTF-8, with or without a byte order mark.

    Raises:
        OSError: The file cannot be opened.
        UnicodeDecodeError: It is not UTF-8.
    """
    return (given.content if isinstance(given, Upload) else given.read_bytes()).decode("utf-8-sig")


def read_source(path: str | Path | Upload) -> bytes:
    """Read the bytes of a file, at most as many as we read.

    Raises:
        PortfolioError: There is no such file, it is a folder, or it cannot be opened.
    """
    if isinstance(path, Upload):
        return path.content
    path = Path(path)
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_INPUT + 1)
    except FileNotFoundError as error:
        raise PortfolioError(f"There is no file {str(path)!r}.", where=str(path), mend="check the path") from error
    except IsADirectoryError as error:
        what = f"{str(path)!r} is a folder, not a file."
        raise PortfolioError(what, where=str(path), mend="give the portfolio file inside it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        what = f"{str(path)!r} cannot be opened: {reason}."
        raise PortfolioError(what, where=str(path), mend="check the path and your permission to read it") from error


def _frame_grids(source: Any, *, name: str) -> tuple[GridFile, str]:
    """Read a DataFrame; its column names are row 1, as if it had been written to a file."""
    import narwhals.stable.v2 as nw

    try:
        given = nw.from_native(_with_index(source))
        frame = given.collect() if isinstance(given, nw.LazyFrame) else given
    except TypeError as error:
        what = f"A {type(source).__name__} is not a portfolio."
        raise PortfolioError(what, where=name, mend="give a path, bytes, or a pandas, Polars or Arrow table") from error
    except nw.exceptions.DuplicateError as error:
        what = "The table has two columns of one name."
        raise PortfolioError(what, where=name, mend="give each column a name of its own") from error
    columns = {str(column): [_plain_cell(c) for c in frame[column].to_list()] for column in frame.columns}
    digest = hashlib.sha256(repr(columns).encode("utf-8", "replace")).hexdigest()
    return GridFile(name=name, format="table", grids=(columns_grid(columns),)), digest


def _with_index(source: Any) -> Any:
    """Make a column of an index that has a name: the ISINs of a pandas table often stand there."""
    names = getattr(getattr(source, "index", None), "names", None)
    return source.reset_index() if names is not None and any(name is not None for name in names) else source


def _plain_cell(cell: Any) -> Cell:
    """Give a cell of a DataFrame as a cell of a file: NaN, NA and NaT are empty."""
    if cell is None or isinstance(cell, (str, bool, int)):
        return cell
    if isinstance(cell, float):
        return None if cell != cell else cell
    try:
        return None if cell != cell else cell if hasattr(cell, "isoformat") else float(cell)
    except (TypeError, ValueError):
        return None if type(cell).__name__ in {"NAType", "NaTType"} else str(cell)
