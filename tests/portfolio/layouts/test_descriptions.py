"""Descriptions of exports: each can be read, knows its own file, and says nothing that the reading does not know."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from esgscan.portfolio.columns import NAMEABLE
from esgscan.portfolio.filekinds import FileKind
from esgscan.portfolio.layouts.descriptions import KnownLayout, expression, expressions_of, known_layouts, read_layout
from esgscan.portfolio.lines import NUMBERS, TEXTS

EXPORTS = Path(__file__).parent / "exports"
DESCRIPTIONS = Path(__file__).parents[3] / "esgscan" / "portfolio" / "layouts"
MEANINGS = {*NAMEABLE, *TEXTS, *NUMBERS}


def test_every_description_has_a_file_that_it_is_tested_with() -> None:
    described = {path.stem for path in DESCRIPTIONS.glob("*.toml")}
    tested = {path.name.split(".")[0] for path in EXPORTS.iterdir()}
    assert described == tested


def test_titles_differ_and_every_description_can_be_recognised() -> None:
    titles = [layout.title for layout in known_layouts()]
    assert len(set(titles)) == len(titles) > 30
    for layout in known_layouts():
        for marks in layout.recognise:
            assert marks.headers or marks.words or marks.format, layout.title


@pytest.mark.parametrize("layout", known_layouts(), ids=lambda layout: layout.title)
def test_a_description_uses_known_words_only(layout) -> None:  # type: ignore[no-untyped-def]
    used = {*layout.columns, *layout.units, *layout.hundredths, *layout.clean, *layout.lone_value}
    for rule in (*layout.left_out, *layout.fill):
        used |= set(rule.where)
    used |= {meaning for rule in layout.left_out for meaning in rule.repeats}
    used |= {meaning for rule in layout.fill for meaning in rule.cells}
    assert used <= MEANINGS
    assert set(layout.units.values()) <= {"left", "right"}
    assert layout.kind in {"", FileKind.TRANSACTIONS, FileKind.LOTS}
    assert layout.decimal in {"", ".", ","}
    for text in expressions_of(layout):
        expression(text)
    for spot in (*layout.date, *layout.account, *layout.total):
        assert bool(spot.pattern) != bool(spot.label)
        assert not spot.pattern or expression(spot.pattern).groups == 1
        assert spot.at in {"right", "below"}
    assert all(spot.forms for spot in layout.date)


def test_a_key_that_descriptions_do_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="colums"):
        read_layout({"title": "Mistyped", "recognise": [{"headers": ["name"]}], "colums": {"name": "name"}})


def test_a_description_needs_no_code() -> None:
    layout = read_layout(
        {
            "title": "Invented",
            "recognise": [{"headers": ["name", "worth"]}],
            "columns": {"market_value": "worth"},
            "sections": {
                "name_at": 0,
                "kind_at": 1,
                "header": "H",
                "line": "L",
                "parts": [{"name": "Positions", "columns": {"a": "Name"}}],
            },
        }
    )
    assert layout.recognise[0].headers == ("name", "worth")
    assert layout.sections is not None
    assert layout.sections.parts[0].name == "Positions"


def test_the_documentation_names_every_export_and_every_key() -> None:
    page = (DESCRIPTIONS.parents[2] / "docs" / "layouts.md").read_text(encoding="utf-8")
    missing = [layout.title for layout in known_layouts() if not all(word in page for word in layout.title.split()[:2])]
    assert not missing
    assert not [one.name for one in fields(KnownLayout) if one.name not in page]
