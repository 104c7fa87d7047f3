"""The Section 1260H list of the Department of Defense: the PDF, the notice in the Federal Register, or a table.

The department gives the list out as text, one company to a line, subsidiaries below their parents; the Federal Register
prints it as web page, XML and text. A table with starts and ends is how OpenSanctions copies it.
A notice may also name those that were removed: they stand behind a heading that says so.
"""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.reference.listed_entities import SECTION_1260H, ListedEntity, PublishedList
from esgscan.sources.lists.asked import damaged
from esgscan.sources.lists.attributes import read_day
from esgscan.sources.lists.printed_names import split_names
from esgscan.sources.lists.tables import has_columns, rows_below, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from esgscan.portfolio.grids import Grid
    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

PDF = b"%PDF-"
TITLE = "Section 1260H list of Chinese military companies"
PUBLISHER = "US Department of Defense"
HOME = "https://media.defense.gov/"
COLUMNS = ("name", "clean name", "start date", "end date")
ABOUT = re.compile(r"chinese\s+military\s+compan", re.IGNORECASE)
SECTION = re.compile(r"1260H", re.IGNORECASE)
INLINE = frozenset({"a", "b", "i", "em", "strong", "span", "sup", "sub", "u", "e", "su", "font"})
"""Elements inside a line; all others begin a new one."""
NOT_SHOWN = frozenset({"script", "style", "head"})
LONGEST_LINE = 2000
WHITE = re.compile(r"\s+")
DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, 20\d\d"
)
BULLET = re.compile(r"^(?:[•·▪◦o*–—-]\s+|\(?\d{1,3}[.)]\s+)+")
REMOVED = re.compile(r"\b(?:remov|delet|no longer|delist|rescind)", re.IGNORECASE)
HEADING = re.compile(
    r"\b(?:following|entities|companies|list)\b.*:$|^(?:removals?|deletions?|removed\b.*)$", re.IGNORECASE
)
NO_NAME = re.compile(
    r"\b(?:pursuant|section \d|public law|the following|secretary|federal register|determin|accordance|notice|page \d"
    r"|billing code|docket|identified as|department of|satisf|thornberry|requirements|supplementary|for further)\b"
    rf"|^(?:\w+day, )?{DAY.pattern}$",
    re.IGNORECASE,
)
GOES_ON = re.compile(r"^(?:[a-z(]|(?:Co|Ltd|Limited|Inc|Corp|Corporation|Company|Group)\b[.,]?)")
ORGANISATION = re.compile(
    r"\b(?:Co|Company|Ltd|Limited|Inc|Incorporated|Corp|Corporation|LLC|Group|Holdings?|Academy|Institute|Partners)\b"
)
"""Words that make a line the name of an organisation; one without them may be a person or an address."""
OPEN_END = re.compile(r"(?:[,&(]|\b(?:and|of|for|the))$")
LONGEST_NAME, SHORTEST_NAME, LONG_LINE = 200, 4, 30
CAPITALS = 0.6
"""The part of the words of a name that begins with a capital letter or a digit."""


def recognises_text(content: str) -> bool:
    """Say whether text is about the list."""
    return bool(ABOUT.search(content) and SECTION.search(content))


def recognises(grids: Sequence[Grid]) -> bool:
    """Say whether a table is the transcription with starts and ends."""
    return has_columns(grids, *COLUMNS)


def read_table(given: GivenFile, grids: Sequence[Grid]) -> ListFile:
    """Read the transcription; a company that is on the list again has a line for each period.

    Raises:
        SourceError: It names nobody.
    """
    entities = []
    for grid in grids:
        for number, row in rows_below(grid, *COLUMNS):
            printed, clean = text(row["name"]).rstrip("*. "), text(row["clean name"])
            names = [
                printed,
                *split_names(printed)[1],
                *text(row.get("alias")).split(","),
                text(row.get("previous name")),
            ]
            entity = ListedEntity(
                name=clean or printed,
                names=tuple(dict.fromkeys(one.strip() for one in names if one.strip() and one.strip() != clean)),
                country="CN",
                listed_on=read_day(text(row["start date"])),
                in_force_until=read_day(text(row["end date"])),
                where=f"{given.name}, line {number}",
            )
            entities.append(entity)
    return _file(given, entities, f"{TITLE}, transcription", None)


def pdf_text(given: GivenFile) -> str:
    """Take the text out of a PDF.

    Raises:
        SourceError: It is damaged, locked, or holds pictures instead of text.
    """
    import logging

    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        pages = pypdf.PdfReader(io.BytesIO(given.content)).pages
        found = "\n".join(page.extract_text() for page in pages)
    except (PyPdfError, ValueError, KeyError, OSError) as error:
        raise damaged(given.name, error) from error
    if not found.strip():
        what = f"'{given.name}' is a PDF without text: pictures of pages."
        raise SourceError(what, where=given.name, mend="give the notice of the Federal Register instead")
    return found


def read_text(given: GivenFile, content: str) -> ListFile:
    """Read the text of the list or of a notice.

    Raises:
        SourceError: It names nobody.
    """
    published = next((day for found in DAY.finditer(content) if (day := read_day(found[0]))), None)
    entities = list(_entities(_lines(content), given, published or given.published_on))
    remarks = ["The list is read from running text: look at what is new and what has ended before you confirm."]
    return _file(given, entities, TITLE, published, remarks)


def _file(
    given: GivenFile, entities: Sequence[ListedEntity], title: str, published: date | None, remarks: Sequence[str] = ()
) -> ListFile:
    whole = PublishedList(programme_id=SECTION_1260H, name=TITLE, authority=PUBLISHER, entities=tuple(entities))
    return given.of([whole], title=title, publisher=PUBLISHER, home=HOME, published_on=published, remarks=remarks)


def _lines(content: str) -> Iterator[str]:
    """Give the lines, those of markup by its blocks; one that goes on is put together, an endless one left out."""
    if "<" in content and ">" in content:
        blocks = _Blocks()
        blocks.feed(content)
        content = "".join(blocks.parts)
    kept = ""
    for line in content.splitlines():
        words = " ".join(line.split()) if len(line) <= LONGEST_LINE else ""
        if kept and words and _goes_on(kept, words):
            kept = f"{kept} {words}"
            continue
        if kept:
            yield kept
        kept = words
    if kept:
        yield kept


class _Blocks(HTMLParser):
    """Collects the text of a page, each block on a line of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.hidden += tag in NOT_SHOWN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in NOT_SHOWN))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(WHITE.sub(" ", data))

    def _break(self, tag: str) -> None:
        if tag not in INLINE:
            self.parts.append("\n")


def _goes_on(kept: str, words: str) -> bool:
    """Whether a line goes on with the one before: that one is open, or long and no whole name yet."""
    if kept.endswith(":") or len(kept) > LONGEST_NAME:
        return False
    is_open = kept.count("(") > kept.count(")") or bool(OPEN_END.search(kept))
    is_cut = len(kept) >= LONG_LINE and not ORGANISATION.search(kept) and bool(ORGANISATION.search(words))
    return is_open or is_cut or bool(GOES_ON.match(words))


def _entities(lines: Iterator[str], given: GivenFile, published: date | None) -> Iterator[ListedEntity]:
    """Take the lines that are names; those behind a heading about removals have ended."""
    is_removed = False
    for number, line in enumerate(lines, start=1):
        if HEADING.search(line):
            is_removed = bool(REMOVED.search(line))
        elif name := _name(line):
            bare, names, _ = split_names(name)
            yield ListedEntity(
                name=bare,
                names=tuple(dict.fromkeys([name, *names])),
                country="CN" if ORGANISATION.search(name) else None,
                in_force_until=published if is_removed else None,
                where=f"{given.name}, text line {number}",
            )


def _name(line: str) -> str:
    """Give a line that is a name, without bullet and footnote marks; else nothing."""
    bare = BULLET.sub("", line).rstrip("*†‡; ")
    if not SHORTEST_NAME <= len(bare) <= LONGEST_NAME or bare.endswith(":") or NO_NAME.search(bare):
        return ""
    words = [word for word in re.split(r"[\s(]+", bare) if word and word[0].isalnum()]
    capital = sum(word[0].isupper() or word[0].isdigit() for word in words)
    return bare if words and capital >= CAPITALS * len(words) and any(word[0].isupper() for word in words) else ""
