"""Exports of brokers and custodians that say less than a reader needs: one small description per file, no code.

A description has a `title`, the `headers` (phrases as in header_words.toml, units left out) that must all stand in
the header row, and what the file leaves out: the `currency` of its values, or `columns` (meaning -> header) where the
header words mislead.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from esgscan.portfolio.headers import core_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLayout:
    """One broker's export."""

    title: str
    headers: frozenset[str]
    currency: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@cache
def known_layouts() -> tuple[KnownLayout, ...]:
    """Load the descriptions, in the order of their file names."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    texts = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".toml")]
    return tuple(
        KnownLayout(
            title=text["title"],
            headers=frozenset(text["headers"]),
            currency=text.get("currency", ""),
            columns=text.get("columns", {}),
        )
        for text in texts
    )


def find_layout(header: Sequence[str]) -> KnownLayout | None:
    """Find the export that a header row is of; the description with most headers wins."""
    cores = {core_of(text) for text in header if text}
    fitting = [layout for layout in known_layouts() if layout.headers <= cores]
    return max(fitting, key=lambda layout: len(layout.headers), default=None)
