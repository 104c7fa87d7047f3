"""Which publisher's list a file is, by what is in it and never by its name; zip archives are opened."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.errors import EsgscanError, SourceError
from esgscan.sources.lists import (
    bis,
    dod,
    fcc,
    ofac_advanced,
    ofac_classic,
    ofac_csv,
    ofac_enhanced,
    opensanctions,
    screening_list,
    uflpa,
)
from esgscan.sources.lists.asked import damaged
from esgscan.sources.lists.markup import root_name
from esgscan.sources.lists.tables import read_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

LARGEST = 256 * 2**20
JSON = re.compile(rb'[{\[]\s*["{\[}\]]')
ZIP = b"PK\x03\x04"
WORKBOOK = "[Content_Types].xml"
MOST_MEMBERS = 50
XML: Mapping[str, Callable[[GivenFile], ListFile]] = {
    ofac_classic.ROOT: ofac_classic.read,
    ofac_advanced.ROOT: ofac_advanced.read,
    ofac_enhanced.ROOT: ofac_enhanced.read,
}
KNOWN = (
    "the US Consolidated Screening List (CSV, JSON), OFAC (XML, CSV), the Entity List (CSV), "
    "Section 1260H (PDF, web page, text), UFLPA and FCC Covered List (web page, CSV), OpenSanctions (CSV, JSON)"
)


def read_list_files(files: Sequence[GivenFile]) -> tuple[list[ListFile], list[EsgscanError]]:
    """Read files of publishers' lists; one that cannot be read stops no other.

    OFAC's CSV files without a header line belong together: names, addresses and comments go with the entries that are
    given beside them.

    Returns:
        The files that were read, in their order, and what is wrong with the others.
    """
    read: list[ListFile] = []
    failed: list[EsgscanError] = []
    parts: list[ofac_csv.Part] = []
    for given in files:
        try:
            for one in _opened(given):
                if part := ofac_csv.recognise(one):
                    parts.append(part)
                else:
                    read.append(_read(one))
        except EsgscanError as error:
            failed.append(error)
    try:
        read += ofac_csv.read(parts) if parts else []
    except EsgscanError as error:
        failed.append(error)
    return read, failed


def _opened(given: GivenFile) -> Iterator[GivenFile]:
    """Give the file, or the files in it if it is an archive.

    Raises:
        SourceError: It is larger than we read, empty, or damaged.
    """
    _refuse_large(len(given.content), given.name)
    if not given.content.strip():
        raise SourceError(f"'{given.name}' is empty.", where=given.name, mend="download the file again")
    if not given.content.startswith(ZIP):
        yield given
        return
    try:
        with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if any(one.filename == WORKBOOK for one in members):
                yield given
                return
            _refuse_large(sum(one.file_size for one in members), given.name)
            for one in members[:MOST_MEMBERS]:
                with archive.open(one) as stream:
                    content = stream.read(LARGEST + 1)
                _refuse_large(len(content), given.name)
                yield replace(given, name=one.filename.rpartition("/")[2], content=content)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise damaged(given.name, error) from error


def _refuse_large(size: int, name: str) -> None:
    if size > LARGEST:
        what = f"'{name}' is larger than {LARGEST // 2**20} MiB."
        raise SourceError(what, where=name, mend="give the file of one list, not of all of them")


def _read(given: GivenFile) -> ListFile:
    """Read a file by what is in it.

    Raises:
        SourceError: It is no file of a list we know, or damaged.
        OptionError: It needs a licence that was not stated.
    """
    if given.content.startswith(dod.PDF):
        return _about(given, dod.pdf_text(given))
    head = given.content[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")
    if JSON.match(head):
        return _document(given)
    if head[:1] == b"<" and (reader := XML.get(root_name(given.content))):
        return reader(given)
    header = _header(head)
    if screening_list.is_table(header):
        return screening_list.read_table(given)
    if opensanctions.is_table(header):
        return opensanctions.read_table(given)
    return _page_or_table(given)


def _header(head: bytes) -> list[str]:
    """Give the cells of the first line."""
    line = re.split(rb"[\r\n]", head, maxsplit=1)[0].decode("utf-8", "replace")
    delimiter = max(",\t;", key=line.count)
    return next(csv.reader([line], delimiter=delimiter), [])


def _document(given: GivenFile) -> ListFile:
    first = given.content.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    if b'"schema"' in first and b'"properties"' in first:
        return opensanctions.read_entities(given)
    document = screening_list.parsed(given)
    if screening_list.is_document(document):
        return screening_list.read_document(given, document)
    raise _unknown(given)


def _page_or_table(given: GivenFile) -> ListFile:
    grids = read_tables(given)
    if bis.recognises(grids):
        return bis.read(given, grids)
    if fcc.recognises(grids):
        return fcc.read(given, grids)
    if dod.recognises(grids):
        return dod.read_table(given, grids)
    if uflpa.recognises(grids):
        return uflpa.read(given, grids)
    return _about(given, given.text())


def _about(given: GivenFile, content: str) -> ListFile:
    if dod.recognises_text(content):
        return dod.read_text(given, content)
    raise _unknown(given)


def _unknown(given: GivenFile) -> SourceError:
    what = f"'{given.name}' is no file of a list that we know."
    return SourceError(what, where=given.name, mend=f"give a file of {KNOWN}; a list of your own goes to --watchlist")
