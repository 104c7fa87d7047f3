"""Pages of the site about the reference data: one for each issuer and each programme, with its sources.

They are written by what writes `esgscan issuers ID` and `esgscan programmes ID`, on a page of Markdown instead of a
terminal, so the site says nothing that the program does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from esgscan.choices import reference_data
from esgscan.report.catalogue import library_of, with_status
from esgscan.report.markdown import escaped
from esgscan.report.page import Page
from esgscan.report.reference import write_issuer, write_programme
from esgscan.report.wording import plain
from esgscan.terms import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from esgscan.report.catalogue import Library
    from esgscan.report.rows import Row

NEW_ISSUE = "https://github.com/esgscan/esgscan/issues/new"
ISSUERS, PROGRAMMES = "data/issuers", "data/programmes"
MARKS = re.compile(r"\\\[(\d+(?:, \d+)*)\\\]")
NUMBERED = re.compile(r"\s*\[(\d+)\] ")
RULE = "|---|---|---|---:|---:|---:|"
NOT_SEARCHED = "---\nsearch:\n  exclude: true\n---\n"
"""Head of a list, which would hide in a search the pages that it leads to."""
ISSUERS_HEAD = """# Companies

The {count} companies of the reference data, and how many measures stand against each, by their state on {day}. A
company can be here without one: as the owner or a unit of another, or because a source tells of it. What a list does to
an investor stands on the page of its [programme](../programmes/index.md).
"""
PROGRAMMES_HEAD = """# Programmes

The {count} laws, official lists and decisions of institutions that the data knows, what each means to a holder of
shares, and how many companies of the data it ever concerned, itself or through another entity of the group.
"""
ADDRESS = re.compile(r"https?://[^\s<>]+")


class MarkdownPage(Page):
    """Collects the lines of a page as Markdown, where numbers of sources lead to the list of sources.

    Args:
        links: Names that an item may begin with, and the page about each.
        below_title: Markdown that stands under the title.
    """

    def __init__(self, links: Mapping[str, str], below_title: str) -> None:
        super().__init__(width=80, color=False)
        self._links = links
        self._below_title = below_title
        self._parts: list[str] = []
        self._in_list = False

    def title(self, text: str) -> None:
        """Write the heading of the page, and what stands under it."""
        name, _, numbers = text.partition(" [")
        self._parts += [f"# {escaped(name)}", self._below_title]
        if numbers:
            self._parts.append(f"Sources: {_marked(escaped('[' + numbers))}")

    def heading(self, text: str) -> None:
        """Write a heading, in small letters."""
        self._add(f"## {escaped(text.capitalize())}")

    def blank(self) -> None:
        """Write nothing: paragraphs stand apart by themselves."""

    def line(self, text: str, *, lead: str = "", indent: int = 0, style: str = "") -> None:  # noqa: ARG002 - as Page has it
        """Write a paragraph, an item, a heading or a source, as its place on a page of the terminal tells."""
        text = plain(text)
        if numbered := NUMBERED.fullmatch(lead):
            self._add(f'- <span id="source-{numbered[1]}"></span>**{numbered[1]}.** {_marked(escaped(text))}')
        elif style == "dim" and ADDRESS.fullmatch(text):
            self._parts[-1] += f"<br><{text}>"
        elif style == "bold":
            self._add(f"### {escaped(text.capitalize() if text.isupper() else text)}")
        elif lead == "- ":
            self._add(f"- {self._linked(text)}")
        elif lead == "effect: ":
            self._parts[-1] += f"<br>*Effect on a holder:* {escaped(text)}"
        elif lead:
            self._add(f"- **{escaped(lead[:1].upper() + lead[1:].strip())}:** {_with_addresses(text)}")
        else:
            self._add(_marked(escaped(text)))

    def text(self) -> str:
        """Everything written so far."""
        return "\n\n".join(self._parts) + "\n"

    def _add(self, part: str) -> None:
        """Add a part; the items of one list stand on neighbouring lines."""
        if part.startswith("- ") and self._parts[-1].startswith("- "):
            self._parts[-1] += f"\n{part}"
        else:
            self._parts.append(part)

    def _linked(self, text: str) -> str:
        """Write an item, and lead from the name that it begins with to the page about it."""
        for name, page in self._links.items():
            if text.startswith((f"{name}:", f"{name} (", f"{name} names ")):
                after = text[len(name) :]
                blank = " " if after.startswith(" ") else ""
                return f"[{escaped(name)}]({page}){blank}{_marked(escaped(after))}"
        return _marked(escaped(text))


def _marked(text: str) -> str:
    """Let each number of a source lead to it."""
    return MARKS.sub(
        lambda found: "\\[" + ", ".join(f"[{one}](#source-{one})" for one in found[1].split(", ")) + "\\]", text
    )


def _with_addresses(text: str) -> str:
    return f"<{text}>" if ADDRESS.fullmatch(text) else _marked(escaped(text))


def data_pages() -> Iterator[tuple[str, str, str]]:
    """Give path, title in the navigation and Markdown of every page: both lists, each issuer, each programme."""
    library = library_of(reference_data())
    yield f"{ISSUERS}/index.md", "Companies", _issuer_list(library)
    short = {row["short_name"]: f"../programmes/{row['programme_id']}.md" for row in library.rows("programmes")}
    for row in _sorted(library.rows("issuers"), "name"):
        page = MarkdownPage(short, _correction(row["issuer_id"], row["name"]))
        write_issuer(page, library, row)
        yield f"{ISSUERS}/{row['issuer_id']}.md", row["name"], page.text()
    yield f"{PROGRAMMES}/index.md", "Programmes", _programme_list(library)
    names = {row["name"]: f"../issuers/{row['issuer_id']}.md" for row in library.rows("issuers")}
    for row in _sorted(library.rows("programmes"), "short_name"):
        page = MarkdownPage(names, _correction(row["programme_id"], row["name"]))
        write_programme(page, library, row)
        yield f"{PROGRAMMES}/{row['programme_id']}.md", row["short_name"], page.text()


def _sorted(found: Sequence[Row], column: str) -> list[Row]:
    return sorted(found, key=lambda row: row[column].casefold())


def _correction(name_id: str, name: str) -> str:
    """Say where to ask for a correction of what stands on a page."""
    asked = urlencode({"template": "wrong-fact.yml", "title": f"Wrong fact: {name}", "entry": name_id})
    return (
        f"Entry `{name_id}`. What stands here is what the numbered sources say. "
        f"[Something is wrong]({NEW_ISSUE}?{asked}) · [How corrections work](../../corrections.md)"
    )


def _issuer_list(library: Library) -> str:
    programmes = {row["programme_id"]: row for row in library.rows("programmes")}
    lines = [_issuer_line(library, row, programmes) for row in _sorted(library.rows("issuers"), "name")]
    head = ISSUERS_HEAD.format(count=len(lines), day=library.as_of)
    return "\n".join(
        [NOT_SEARCHED, head, "| company | country | listed as | in force | to come | ended |", RULE, *lines, ""]
    )


def _issuer_line(library: Library, issuer: Row, programmes: dict[str, Row]) -> str:
    issuer_id = issuer["issuer_id"]
    states = [with_status(row, programmes, library.as_of)["status"] for row in library.about("measures", issuer_id)]
    counts = [
        sum(state in some for state in states)
        for some in ((Status.IN_FORCE,), (Status.ANNOUNCED, Status.CONSIDERED), (Status.ENDED,))
    ]
    codes = ", ".join(row["security_id"] for row in library.about("listings", issuer_id))
    zh = f"<br>{escaped(issuer['name_zh'])}" if issuer["name_zh"] else ""
    cells = [f"[{escaped(issuer['name'])}]({issuer_id}.md){zh}", issuer["country"] or "", codes]
    return f"| {' | '.join([*cells, *(str(number or '') for number in counts)])} |"


def _programme_list(library: Library) -> str:
    named: dict[str, set[str]] = {}
    for row in library.rows("measures"):
        named.setdefault(row["programme_id"], set()).add(row["issuer_id"])
    lines = []
    for row in _sorted(library.rows("programmes"), "short_name"):
        link = f"[{escaped(row['short_name'])}]({row['programme_id']}.md)<br>{escaped(row['name'])}"
        cells = [link, row["jurisdiction"], escaped(row["effect_on_investor"])]
        lines.append(f"| {' | '.join(cells)} | {len(named.get(row['programme_id'], ()))} |")
    head = PROGRAMMES_HEAD.format(count=len(lines))
    return "\n".join(
        [NOT_SEARCHED, head, "| programme | of | to a holder of shares | companies |", "|---|---|---|---:|", *lines, ""]
    )
