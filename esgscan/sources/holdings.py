"""Fund holdings from a file that the user gives: the layout is recognised by content, never by the file's ending."""

from __future__ import annotations

import codecs
import hashlib
import json
from typing import TYPE_CHECKING, Any, Protocol

from esgscan.errors import PortfolioError, SourceError
from esgscan.portfolio.files import read_grids
from esgscan.portfolio.grids import without_boms
from esgscan.portfolio.inputs import Upload, read_source
from esgscan.portfolio.spreadsheetml import DECLARATION
from esgscan.sources import (
    amundi,
    bare,
    betashares,
    invesco,
    ishares,
    ishares_json,
    ishares_overview,
    json_lists,
    matrices,
    nbim,
    nport,
    plain,
    satrix,
    schwab,
    spdr,
    thirteen_f,
    tokyo,
    top_lists,
    vaneck,
    vanguard,
    xtrackers,
)
from esgscan.sources.asked import Asked, read_given
from esgscan.sources.datasets import dataset_of
from esgscan.sources.listed import fund_file
from esgscan.sources.sheets import Sheets

if TYPE_CHECKING:
    from esgscan.records import FundFile
    from esgscan.sources.listed import ListedFund


class Layout(Protocol):
    """Reads the tables of one publisher."""

    def recognises(self, sheets: Sheets) -> bool:
        """Whether the file is of this publisher."""
        ...

    def read(self, sheets: Sheets, asked: Asked) -> list[ListedFund]:
        """Read the funds in the file."""
        ...


LAYOUTS: tuple[Layout, ...] = (
    ishares,
    ishares_overview,
    vanguard,
    spdr,
    invesco,
    vaneck,
    betashares,
    schwab,
    satrix,
    xtrackers,
    nbim,
    tokyo,
    plain,
    matrices,
)
"""Readers of tables, in the order in which they are asked."""


def read_holdings(given: str | Upload) -> FundFile:
    """Read the holdings of one fund or of several from a file.

    Args:
        given: `PATH`, or `FUND=PATH` where FUND is the ISIN, ticker or name of the only fund in the file, or
            `FUND@DATE=PATH` where the file does not say of which day it is; or a file that somebody sent.

    Returns:
        Funds and holdings; the weights of a fund and date add to one, what the file leaves out included.

    Raises:
        SourceError: The file cannot be read, is no fund's holdings, or does not say of which fund or day they are; or
            FUND or DATE is said of a data set, which has funds and days of its own.
        OptionError: DATE is no date.
    """
    asked = read_given(given)
    if not isinstance(given, Upload) and (dataset := dataset_of(asked.path)):
        asked.refuse_for_many()
        return dataset.read(asked.path)
    try:
        data = read_source(given if isinstance(given, Upload) else asked.path)
        listed = _listed(data, asked)
    except PortfolioError as error:
        raise SourceError(error.what, where=error.where, mend=error.mend) from error
    labelled = asked.with_unused_day([asked.label_of(one) for one in asked.chosen(listed)])
    return fund_file(labelled, name=asked.name, sha256=hashlib.sha256(data).hexdigest())


def _listed(data: bytes, asked: Asked) -> list[ListedFund]:
    """Ask the readers one by one: those of filings, of JSON, of tables."""
    data = _in_utf8(data)
    if nport.recognises(data):
        return [nport.read(filing, name=asked.name) for filing in nport.filings(data)]
    if thirteen_f.recognises(data):
        return [thirteen_f.read(data, asked)]
    content = _json(data)
    if vanguard.recognises_json(content):
        return vanguard.read_json(content, asked)
    if amundi.recognises(content):
        return amundi.read(content, asked)
    if ishares_json.recognises(content):
        return ishares_json.read(content, asked)
    if top_lists.recognises(content):
        return top_lists.read(content, asked)
    if (owned := json_lists.with_owners(content)) is not content:
        data = json.dumps(owned).encode()
    sheets = Sheets.of(read_grids(data, name=asked.name))
    for layout in LAYOUTS:
        if layout.recognises(sheets):
            return layout.read(sheets, asked)
    return _unknown(sheets, asked)


def _in_utf8(data: bytes) -> bytes:
    """Write XML that somebody saved as UTF-16 in UTF-8, without the declaration that names the other encoding."""
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data
    text = data.decode("utf-16", "replace").lstrip()
    return DECLARATION.sub("", text, count=1).encode() if text.startswith("<") else data


def _unknown(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read a list that no layout knows; the user or the list itself says of which fund and day it is."""
    if asked.fund or sheets.blocks:
        return bare.read(sheets, asked)
    raise SourceError(
        f"'{asked.name}' is no list of a fund's holdings that can be read.",
        where=asked.name,
        mend=f"give FUND@DATE=PATH if it lists one fund, or a table with the columns {plain.COLUMNS}",
    )


def _json(data: bytes) -> Any:
    """Read JSON if the bytes are that; nothing otherwise, and the readers of tables say what is wrong."""
    bare_data = without_boms(data)
    if bare_data.lstrip()[:1] not in {b"{", b"["}:
        return None
    try:
        return json.loads(bare_data)
    except (ValueError, RecursionError):
        return None
