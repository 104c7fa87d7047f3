"""A table as a file: CSV that a spreadsheet opens safely, JSON, or Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import OptionError
from esgscan.report.formats import encoded, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

BYTE_ORDER_MARK = "\ufeff"
FORMULA = r"^\s*[=+\-@]"
"""Text that a spreadsheet would take for a formula."""


def table_bytes(table: pl.DataFrame, format_name: str) -> bytes:
    """Give a table as csv, json or parquet."""
    import polars as pl

    if format_name == "parquet":
        from io import BytesIO

        written = BytesIO()
        table.write_parquet(written)
        return written.getvalue()
    if format_name == "json":
        import orjson

        rows = table.with_columns(pl.col(pl.Date).cast(pl.String)).to_dicts()
        return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    texts = pl.col(pl.String)
    safe = table.with_columns(
        pl.when(texts.str.contains(FORMULA)).then(pl.lit("'") + texts).otherwise(texts).name.keep()
    )
    return encoded(BYTE_ORDER_MARK + safe.write_csv(line_terminator="\r\n"))


TABLE_FORMATS: Mapping[str, str] = {".csv": "csv", ".json": "json", ".parquet": "parquet"}


def table_format(path: Path) -> str:
    """Choose the format of a table by the ending of a file's name.

    Raises:
        OptionError: No format has that ending.
    """
    if found := TABLE_FORMATS.get(path.suffix.lower()):
        return found
    what = f"Cannot write a table to '{path}': '{path.suffix}' is no ending of one."
    raise OptionError(what, where=f"-o {path}", mend=f"end the name with {', '.join(TABLE_FORMATS)}")


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table in the format that the ending of `path` names.

    Raises:
        OptionError: No format has that ending, or the file cannot be written.
    """
    write_whole(path, table_bytes(table, table_format(path)))
