"""Files that try to fill the memory or the time of their reader; each is small, or grows as it is written."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from tests.portfolio.files import xlsx, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

ROW = '<row r="{0}"><c r="A{0}" t="str"><v>Apple</v></c><c r="B{0}"><v>1</v></c></row>'
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)
)
BILLION_LAUGHS = b"<?xml version='1.0'?>" + ENTITIES + b"]><x>&j;</x>"
SPREADSHEETML = (
    b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
    b"xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='S'><Table>"
)


def book(sheet: bytes, **parts: bytes) -> bytes:
    """Put the XML of a sheet into a good workbook; `parts` replace or add others."""
    return replaced(xlsx({"S": [["Name", "Value"]]}), {"xl/worksheets/sheet1.xml": sheet, **parts})


def replaced(archive: bytes, parts: dict[str, bytes]) -> bytes:
    """Give the archive again with some parts changed or added."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return zipped({**{name: old.read(name) for name in old.namelist()}, **parts})


def zip_bomb() -> bytes:
    return book(HEAD + b"0" * (150 * 2**20) + TAIL)


def lying_zip_bomb() -> bytes:
    """Say in the directory that the sheet has 100 bytes."""
    data = bytearray(zip_bomb())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    return bytes(data).replace(size, (100).to_bytes(4, "little"))


def bomb_of_strings() -> bytes:
    return book(HEAD + TAIL, **{"xl/sharedStrings.xml": b"<sst>" + b"<si><t>aaaa</t></si>" * 6_000_000 + b"</sst>"})


def entity_bomb_in_a_sheet() -> bytes:
    return book(
        b"<?xml version='1.0'?>" + ENTITIES + b"]>" + HEAD + b'<row r="1"><c r="A1" t="str"><v>&j;</v></c></row>' + TAIL
    )


def entity_bomb_in_an_ods() -> bytes:
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": BILLION_LAUGHS})


def empty_rows() -> bytes:
    """2^20 formatted rows of ten cells, all of them empty."""
    cells = "".join(f'<c r="{letter}{{0}}" s="1"/>' for letter in "ABCDEFGHIJ")
    return book(
        HEAD + "".join(f'<row r="{n}">{cells}</row>'.replace("{0}", str(n)) for n in range(1, 2**20)).encode() + TAIL
    )


def bare_rows() -> bytes:
    """Two lines, and 2^20 rows that say only their number."""
    lines = "".join(ROW.format(n) for n in (1, 2))
    return book(HEAD + (lines + "".join(f'<row r="{n}"/>' for n in range(3, 2**20))).encode() + TAIL)


def many_cells() -> bytes:
    return book(HEAD + "".join(ROW.format(n) for n in range(1, 1_000_000)).encode() + TAIL)


def stray_cell(quote: str = '"') -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return book(HEAD + cells.replace('"', quote).encode() + TAIL)


def stray_cell_in_other_quotes() -> bytes:
    return stray_cell("'")


def repeated_ods() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    return ods_with(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


def many_rows_ods() -> bytes:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    return ods_with(f"<table:table-row>{cell * 3}</table:table-row>" * 500_000)


def ods_with(rows: str) -> bytes:
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    table = f'<table:table table:name="S">{rows}</table:table>'
    return zipped({"content.xml": f"<office:document-content {spaces}>{table}</office:document-content>".encode()})


def huge_spreadsheetml() -> bytes:
    return SPREADSHEETML + b"<Row><Cell><Data ss:Type='Number'>1</Data></Cell></Row>" * 1_000_000


def far_spreadsheetml() -> bytes:
    return (
        SPREADSHEETML
        + b"<Row ss:Index='1048576'><Cell ss:Index='16384'/></Row>" * 500
        + b"</Table></Worksheet></Workbook>"
    )


def entity_spreadsheetml() -> bytes:
    return BILLION_LAUGHS.replace(b"<x>", SPREADSHEETML[21:])


def html_of_cells() -> bytes:
    return b"<table>" + b"<tr><td colspan=100>" * 700_000


def deep_json() -> bytes:
    return b"[" * 500_000


def json_of_objects() -> bytes:
    return b"[" + b'{"a":1},' * 7_000_000 + b"{}]"


def csv_of_commas() -> bytes:
    return b"Name,ISIN,Value\n" + b",,,,,,,,,,\n" * 5_000_000


def csv_in_one_line() -> bytes:
    return b"Name,ISIN,Value\n" + b"x" * (60 * 2**20)


def csv_of_an_open_quote() -> bytes:
    return b'Name,ISIN,Value\n"' + b"Apple,US0378331005,1\n" * 1_000_000


def parquet_of_one_value() -> bytes:
    stream = io.BytesIO()
    with parquet.ParquetWriter(stream, pa.schema([("value", pa.int64())])) as writer:
        group = pa.table({"value": pa.array([7] * 1_000_000, pa.int64())})
        for _ in range(60):
            writer.write_table(group)
    return stream.getvalue()


def binary_sheet_of_short_cells() -> bytes:
    return zipped({"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": b"\x0c\x04\x00\x00\x00\x00" * 8_000_000})


def stray_cell_of_an_old_workbook() -> bytes:
    """Move the last number of a good workbook to the last row and a column beyond all."""
    data = bytearray((Path(__file__).parents[1] / "data" / "formats" / "depot.xls").read_bytes())
    at = data.rfind(b"\x03\x02\x0e\x00") + 4
    struct.pack_into("<HH", data, at, 65_535, 65_535)
    return bytes(data)


def binary_sheet_without_an_end() -> bytes:
    """A row whose record is two bytes long: the reader would look for its end for ever."""
    good = (Path(__file__).parents[1] / "data" / "formats" / "depot.xlsb").read_bytes()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.bin")
    cut = sheet.index(b"\x00\x19\x01\x00\x00\x00")
    return replaced(good, {"xl/worksheets/sheet1.bin": sheet[:cut] + b"\x00\x02\x00\x00" + sheet[cut:]})


def nul_bytes() -> bytes:
    return b"Name,ISIN\n" + b"\x00" * (40 * 2**20) + b"x"


HOSTILE: tuple[Callable[[], bytes], ...] = (
    zip_bomb, lying_zip_bomb, bomb_of_strings, entity_bomb_in_a_sheet, entity_bomb_in_an_ods, empty_rows, bare_rows,
    many_cells, stray_cell, stray_cell_in_other_quotes, repeated_ods, many_rows_ods, huge_spreadsheetml,
    far_spreadsheetml, entity_spreadsheetml, html_of_cells, deep_json, json_of_objects, csv_of_commas, csv_in_one_line,
    csv_of_an_open_quote, parquet_of_one_value, binary_sheet_of_short_cells, binary_sheet_without_an_end,
    stray_cell_of_an_old_workbook, nul_bytes,
)  # fmt: skip
