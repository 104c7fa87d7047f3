from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from esgscan.report.markdown import escaped, render_markdown
from tests.fakes_scan import INJECTION

if TYPE_CHECKING:
    from esgscan.records import Scan


def test_each_row_of_a_table_has_as_many_cells_as_its_header(scan: Scan) -> None:
    name = "A | B \\| C"
    text = render_markdown(replace(scan, portfolio=replace(scan.portfolio, name=name)))
    blocks = [block.split("\n") for block in text.split("\n\n") if block.startswith("|")]
    assert len(blocks) >= 6
    for block in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block}) == 1, block[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", "a\\|b"),
        ("<img src=x>", "\\<img src=x\\>"),
        ("[x](javascript:1)", "\\[x\\](javascript:1)"),
        ("*b* _i_ `c`", "\\*b\\* \\_i\\_ \\`c\\`"),
        ("two\nlines", "two lines"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("0.31% of it", "0.31% of it"),
        ("---", "\\---"),
        ("https://example.invalid", "http<!-- -->s://example.invalid"),
        ("@somebody", "@<!-- -->somebody"),
    ],
)
def test_every_character_stands_for_itself(text: str, written: str) -> None:
    assert escaped(text) == written


def test_a_name_of_the_user_makes_no_link(scan: Scan) -> None:
    text = render_markdown(scan)
    assert "open me" in text
    assert INJECTION not in text
    assert re.findall(r"(?<!\\)\]\(", text) == []


def test_headings_skip_no_level_and_sources_are_listed(scan: Scan) -> None:
    text = render_markdown(scan)
    levels = [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    cited = {int(number) for group in re.findall(r"\\\[([\d, ]+)\\\]", text) for number in group.split(", ")}
    listed = {int(number) for number in re.findall(r"^\| (\d+) \| .* \| [\w ]+ \| [\d-]* \|$", text, re.MULTILINE)}
    assert cited == listed
