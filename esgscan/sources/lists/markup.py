"""XML of any size, one element after the other; entities are refused and never expanded."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from esgscan.errors import SourceError
from esgscan.sources.lists.asked import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

FIRST_BYTES = 8192
ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
DECLARED = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)


def root_name(content: bytes) -> str:
    """Give the name of the root element, without its namespace; empty where the file is no XML."""
    found = ROOT.search(content[:FIRST_BYTES])
    return found[1].decode("ascii", "replace") if found else ""


def elements(content: bytes, *tags: str, name: str) -> Iterator[tuple[str, Element]]:
    """Give the elements of some names as they end, each without namespaces; what was given is forgotten.

    Raises:
        SourceError: The XML is damaged, or defines entities.
    """
    start = ROOT.search(content[:FIRST_BYTES])
    if DECLARED.search(content[: start.start() if start else FIRST_BYTES]):
        what = f"'{name}' is XML that defines entities, which we do not expand."
        raise SourceError(what, where=name, mend="download the file from its publisher")
    wanted = frozenset(tags)
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(content)):  # noqa: S314  nothing is defined before the root
            element.tag = element.tag.rpartition("}")[2]
            if element.tag in wanted:
                yield element.tag, element
                element.clear()
    except (ElementTree.ParseError, ValueError) as error:
        raise damaged(name, error) from error


def text_of(element: Element | None) -> str:
    """Give all the text inside an element, white space made single; empty where there is none."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def child(element: Element, path: str) -> str:
    """Give the text of the first element at a path; empty where there is none."""
    return text_of(element.find(path))
