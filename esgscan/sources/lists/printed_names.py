"""Names as notices print them: with aliases, former names and subsidiaries in brackets or behind commas."""

from __future__ import annotations

import re

LAST_BRACKETS = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*[.*†‡]*\s*$")
MARK = re.compile(
    r"^(?:and |including |with )*(?:(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+) )?(?:the following )?"
    r"(?:alias(?:es)?|also known as|formerly(?: known as)?|previously(?: known as)?|[afn]\.?/?k\.?/?a\.?,?)\s*:?\s*",
    re.IGNORECASE,
)
BETWEEN = re.compile(r";\s*(?:and\s+)?|,? and (?:formerly|also) known as\s+|,\s+and\s+", re.IGNORECASE)
TAIL = re.compile(
    r",?\s+and (?:its )?(?:subsidiaries|affiliates|subordinate and affiliated entities)\s*$", re.IGNORECASE
)
HOLDING = re.compile(
    r",?\s+and its (?:\w+ )?(?:[\w-]+-based |wholly[- ]owned )?subsidiar(?:y|ies),?\s+(?:which include\s+)?",
    re.IGNORECASE,
)
LEGAL_FORM = re.compile(r",\s*(Ltd|Limited|Inc|LLC|L\.L\.C|Co|Corp)\b", re.IGNORECASE)
LONGEST = 5000
"""Letters of a cell that are looked at; a name with its aliases needs far fewer."""
GUARD = "\u0001"
YEARS = re.compile(r"^(?:19|20)\d\d$")


def split_names(printed: str) -> tuple[str, list[str], list[str]]:
    """Split what a notice prints into the name, its further names, and the subsidiaries that it names.

    `X Co., Ltd. (also known as Y; and Z) and subsidiaries` is X with the names Y and Z. Brackets inside a name, such as
    `(Hong Kong)`, stay.
    """
    text = " ".join(printed[:LONGEST].split()).rstrip("*†‡ ")
    head, *subsidiaries = HOLDING.split(text, maxsplit=1)
    head = TAIL.sub("", head).strip(" ,;")
    aliases: list[str] = []
    while (found := LAST_BRACKETS.search(head)) and found.start() > 0:
        inner = found[1].strip()
        if not YEARS.match(inner):
            aliases += _parted(MARK.sub("", inner))
        head = head[: found.start()].strip(" ,;")
    return head, list(dict.fromkeys(aliases)), [name for part in subsidiaries for name in _parted(TAIL.sub("", part))]


def _parted(text: str) -> list[str]:
    """Part a list of names; the comma before `Ltd.` parts nothing."""
    guarded = LEGAL_FORM.sub(rf"{GUARD}\1", text)
    parts = BETWEEN.split(guarded)
    if len(parts) > 1 or GUARD in guarded:
        parts = [piece for part in parts for piece in re.split(r",\s+(?!and\b)", part)]
    return [name for part in parts if (name := part.replace(GUARD, ", ").strip(" ,;.'\"‘’“”"))]
