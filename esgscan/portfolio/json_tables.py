"""JSON -> sheets of cells: every list of objects that has the header of a table, wherever it stands."""

from __future__ import annotations

import json
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeAlias

from esgscan.errors import PortfolioError
from esgscan.portfolio.blocks import is_header
from esgscan.portfolio.currencies import read_currency
from esgscan.portfolio.grids import MOST_CELLS, Cell, Grid, GridFile, columns_grid, refuse_large
from esgscan.portfolio.headers import read_header
from esgscan.portfolio.texts import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Record: TypeAlias = dict[str, Any]

DEEPEST = 16
"""Levels of lists and objects that a publisher would use."""
MOST_KEYS = 400
LARGEST_NUMBER = 2**63
MOST_PIECES = 1_000_000
"""Objects and lists: those of 100,000 lines with nine objects inside each."""
DEEPEST_FIELDS = 3
"""Levels of objects inside a line whose fields are those of the line."""
AMOUNT_KEYS = frozenset({"amount", "value", "number"})
MONEY_KEYS = AMOUNT_KEYS | {"currency", "unit", "currencyCode", "currency_code", "ccy"}
MOST_MONEY_KEYS = 3
OWNER_KEYS = ("portfolio", "portfolio_name", "portfolioName", "account", "account_name", "accountName", "name", "id")
"""Keys by which an object names the portfolio whose positions it holds, in the order in which they are asked."""


def read_json(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read JSON: a list of objects, columns with data, tables deeper inside, or one object a line.

    Raises:
        PortfolioError: It is no JSON, or holds no list.
    """
    text, encoding = decode(data, name=name)
    pieces = text.count("{") + text.count("[")
    if pieces > MOST_PIECES or text.count(",") > MOST_CELLS:
        refuse_large(name, f"{pieces:,} objects and {text.count(','):,} values")
    content, is_lines = _parsed(text, name)
    grids = _grids(content)
    if not grids:
        raise PortfolioError(f"{name!r} is JSON without a list of lines.", where=name, mend="give a .csv or .xlsx file")
    if sheet is not None:
        titles = [grid.sheet for grid in grids]
        grids = [grid for grid in grids if grid.sheet == sheet]
        if not grids:
            mend = f"give --sheet one of: {', '.join(filter(None, titles))}" if any(titles) else "leave --sheet out"
            raise PortfolioError(f"There is no list {sheet!r}.", where=name, mend=mend)
    return GridFile(name=name, format="jsonl" if is_lines else "json", grids=tuple(grids), encoding=encoding)


def _parsed(text: str, name: str) -> tuple[Any, bool]:
    """Parse one document, or one object a line."""
    try:
        return json.loads(text), False
    except RecursionError as error:
        raise _no_json(name, error) from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise _no_json(name, error) from error
        try:
            return [json.loads(line) for line in lines], True
        except (ValueError, RecursionError):
            raise _no_json(name, error) from error


def _no_json(name: str, error: Exception) -> PortfolioError:
    what = f"{name!r} begins like JSON and is not: {error}."
    return PortfolioError(what, where=name, mend="export the portfolio again, or as .csv or .xlsx")


def _grids(content: Any) -> list[Grid]:
    """Make a sheet of each path at which a table stands; without a table the longest list is the sheet."""
    if isinstance(content, dict) and (grid := _split_grid(content)):
        return [grid]
    if isinstance(content, list) and content and all(isinstance(row, list) for row in content):
        return [Grid(sheet="", rows=[list(map(_cell, row)) for row in content])]
    paths: dict[str, list[Record]] = {}
    for path, records in _record_lists(content):
        paths.setdefault(path, []).extend(records)
    tables = {path: records for path, records in paths.items() if _is_table(records)}
    if not tables and paths:
        longest = max(paths, key=lambda path: len(paths[path]))
        tables = {longest: paths[longest]}
    only = len(tables) == 1
    return [Grid(sheet="" if only else path, rows=_rows(records)) for path, records in tables.items()]


def _split_grid(content: Record) -> Grid | None:
    """Read `{"columns": [...], "data": [[...]]}`, and columns by name: `{"ISIN": [...]}` or `{"ISIN": {"0": ...}}`."""
    columns, data = content.get("columns"), content.get("data", content.get("rows"))
    if isinstance(columns, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return Grid(sheet="", rows=[list(map(_title, columns)), *(list(map(_cell, row)) for row in data)])
    lines = list(content.values())
    if len(lines) > 1 and all(isinstance(line, dict) for line in lines) and _is_table(lines):
        return Grid(sheet="", rows=_rows([_flat(line, "") for line in lines]))  # a line by its number or code
    values = [list(v.values()) if isinstance(v, dict) else v for v in lines]
    if len(values) > 1 and all(isinstance(v, list) and not any(map(_is_nested, v)) for v in values):
        cells = [list(map(_cell, column)) for column in zip(*zip_longest(*values), strict=True)]
        return columns_grid(dict(zip(content, cells, strict=False))) if cells else None
    return None


def _record_lists(
    content: Any, *, path: str = "", owner: str = "", depth: int = 0
) -> Iterator[tuple[str, list[Record]]]:
    """Give every list of objects with the keys that lead to it; what is inside a table's lines is no table."""
    if depth > DEEPEST:
        return
    if isinstance(content, dict):
        owner = _owner(content) or owner
        for key, child in content.items():
            if _is_nested(child):
                yield from _record_lists(child, path=f"{path}.{key}" if path else key, owner=owner, depth=depth + 1)
    elif isinstance(content, list):
        records = [item for item in content if isinstance(item, dict)]
        if records:
            flat = [_flat(record, owner if depth else "") for record in records]
            yield path, flat
            if _is_table(flat):
                return
        for child in content:
            if _is_nested(child):
                yield from _record_lists(child, path=path, owner=owner, depth=depth + 1)


def _owner(content: Record) -> str:
    """Give the name by which an object calls the portfolio that it holds."""
    return next((v for key in OWNER_KEYS if isinstance(v := content.get(key), str) and v.strip()), "")


def _is_table(records: Sequence[Record]) -> bool:
    keys = list(dict.fromkeys(key for record in records[:50] for key in record))[:MOST_KEYS]
    return is_header([read_header(key) for key in keys])


def _flat(record: Record, owner: str) -> Record:
    """Lift the fields of objects inside a record to the record; a field of the record itself wins."""
    plain = _lifted(record)
    return {"portfolio": owner, **plain} if owner and not {"portfolio", "portfolio_name"} & set(plain) else plain


def _lifted(record: Record, depth: int = 0) -> Record:
    """Give the fields of a record and of the objects in it; names that several of them have keep that of the object.

    Of two `amount` that would be one column, the later would be read for the earlier: a cost for a value.
    """
    own = {key: value for key, value in record.items() if not _is_nested(value)}
    if len(own) == len(record) or depth > DEEPEST_FIELDS:
        return own
    inside = {
        key: _money(key, child) or _lifted(child, depth + 1) for key, child in record.items() if isinstance(child, dict)
    }
    inner: Record = {}
    for fields in inside.values():
        inner |= fields
    if len(inner) < sum(map(len, inside.values())):
        times = Counter(name for fields in inside.values() for name in fields)
        inner = {
            name if times[name] == 1 else _named(key, name): value
            for key, fields in inside.items()
            for name, value in fields.items()
        }
    return inner | own


def _named(key: str, name: str) -> str:
    """Name a field by the object it is in: `price` in `currentPrice` is that, `value` in `cost` is `cost value`."""
    return key if key.casefold().endswith(name.casefold()) else f"{key} {name}"


def _money(key: str, child: Record) -> Record:
    """Read an object that is an amount and its unit, `{"amount": 5, "currency": "EUR"}`, as a field of its name."""
    if not 0 < len(child) <= MOST_MONEY_KEYS or not MONEY_KEYS.issuperset(child):
        return {}
    amounts = [value for name, value in child.items() if name in AMOUNT_KEYS and not _is_nested(value)]
    if len(amounts) != 1:
        return {}
    units = (value for name, value in child.items() if name not in AMOUNT_KEYS)
    currency = next((unit for unit in units if isinstance(unit, str) and read_currency(unit)), None)
    return {key: amounts[0]} | ({f"{key} currency": currency} if currency else {})


def _rows(records: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
    """Put records into rows under a row of their keys."""
    keys = list(dict.fromkeys(key for record in records for key in record))[:MOST_KEYS]
    rows: list[list[Cell]] = [list(keys)]
    rows.extend([_cell(record.get(key)) for key in keys] for record in records)
    return rows


def _is_nested(value: Any) -> bool:
    return isinstance(value, (list, dict))


def _cell(value: Any) -> Cell:
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return str(value)  # beyond what a floating-point number holds
    return value if value is None or isinstance(value, (str, int, float, bool)) else json.dumps(value)


def _title(value: Any) -> Cell:
    """A column's name; that of a table with several levels is a list."""
    return " ".join(map(str, value)) if isinstance(value, list) else _cell(value)
