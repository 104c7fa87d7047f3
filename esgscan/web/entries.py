"""An entry of the reference data as sections of a page: written by what writes it for the terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from esgscan.report.page import Page
from esgscan.report.wording import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKS = re.compile(r" \[(\d+(?:, \d+)*)\]")
NUMBERED = re.compile(r"\s*\[(\d+)\] ")
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
FLAGS = "Flags on"


@dataclass(slots=True)
class Item:
    """A line of a section: what stands before it, what it says, and what stands below it."""

    text: Markup
    lead: str = ""
    detail: str = ""
    number: str = ""
    address: str = ""


@dataclass(slots=True)
class EntrySection:
    """A heading and the lines below it; one that is below another heading stands with that one."""

    heading: str
    is_below: bool = False
    items: list[Item] = field(default_factory=list)


class EntryPage(Page):
    """Collects the lines of an entry for a template, where names and numbers of sources lead on.

    Args:
        links: Names that an item may begin with, and the page about each.
    """

    def __init__(self, links: Mapping[str, str]) -> None:
        super().__init__(width=80, color=False)
        self._links = links
        self.name = ""
        self.marks = Markup()
        self.sections = [EntrySection("")]

    def title(self, text: str) -> None:
        """Take the name of the entry, and the numbers of its sources."""
        name, _, numbers = text.partition(" [")
        self.name = plain(name)
        self.marks = _marked(f" [{numbers}") if numbers else Markup()

    def heading(self, text: str) -> None:
        """Begin a section, its heading in small letters."""
        self.sections.append(EntrySection(text.capitalize() if text.isupper() else text))

    def blank(self) -> None:
        """Take nothing: sections stand apart by themselves."""

    def line(self, text: str, *, lead: str = "", indent: int = 0, style: str = "") -> None:  # noqa: ARG002 - a page has no indents
        """Take a line as its place on a page of the terminal tells: an item, a fact, a heading, a source."""
        text, items = plain(text), self.sections[-1].items
        if numbered := NUMBERED.fullmatch(lead):
            items.append(Item(_marked(text), number=numbered[1]))
        elif style == "dim" and ADDRESS.fullmatch(text) and items:
            items[-1].address = text
        elif style == "bold":
            self.sections.append(EntrySection(text.capitalize() if text.isupper() else text, is_below=True))
        elif lead == "effect: " and items:
            items[-1].detail = text
        elif lead in {"", "- "}:
            items.append(Item(self._linked(text)))
        else:
            items.append(Item(_linked_address(text), lead=lead.strip().capitalize()))

    @property
    def in_order(self) -> list[EntrySection]:
        """The sections as a visitor wants them: who it is, then its flags, then the rest."""
        first, *others = (one for one in self.sections if one.items or one.heading.startswith(FLAGS))
        start = next((at for at, one in enumerate(others) if one.heading.startswith(FLAGS)), 0)
        end = next((at for at in range(start + 1, len(others)) if not others[at].is_below), len(others))
        return [first, *others[start:end], *others[:start], *others[end:]] if start else [first, *others]

    def _linked(self, text: str) -> Markup:
        """Let the name that an item begins with lead to the page about it."""
        for name, address in self._links.items():
            if text.startswith((f"{name}:", f"{name} (", f"{name} names ")):
                link = Markup('<a href="{}">{}</a>').format(address, name)
                return link + _marked(text[len(name) :])
        return _marked(text)


def _marked(text: str) -> Markup:
    """Let each number of a source lead to it."""
    parts = []
    at = 0
    for found in MARKS.finditer(text):
        numbers = Markup(", ").join(Markup('<a href="#source-{0}">{0}</a>').format(one) for one in found[1].split(", "))
        parts += [escape(text[at : found.start()]), Markup(' <span class="cite">[{}]</span>').format(numbers)]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])


def _linked_address(text: str) -> Markup:
    if ADDRESS.fullmatch(text):
        return Markup('<a href="{0}" rel="noreferrer noopener">{0}</a>').format(text)
    return _marked(text)
