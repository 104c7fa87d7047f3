"""The checks of the packaged data: each is broken once, in a copy, and the problem is named with file and line."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from esgscan.reference.cell_checks import plain_word_problems
from esgscan.reference.checks import check_datasets

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.reference.problems import Problem

DATA = Path(__file__).parents[2] / "esgscan" / "reference" / "data"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(tree: Path, dataset: str, change: Callable[[list[list[str]]], None]) -> None:
    """Change the lines of a data set; line 1, the header, is lines[0]."""
    path = tree / dataset / "entries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    change(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def set_cell(tree: Path, dataset: str, key: str, column: str, value: str) -> int:
    """Write one cell of the row whose first cell is `key`, and return the line of the row."""
    found = 0

    def change(lines: list[list[str]]) -> None:
        nonlocal found
        number = next(number for number, line in enumerate(lines) if line[0] == key)
        lines[number][lines[0].index(column)] = value
        found = number + 1

    edit(tree, dataset, change)
    return found


def replace_in_card(tree: Path, dataset: str, old: str, new: str) -> None:
    path = tree / dataset / "card.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def problem_at(tree: Path, where: str) -> Problem:
    """Return the problem at a place, which must be there once."""
    found = [problem for problem in check_datasets(tree) if problem.where == where]
    assert len(found) == 1, check_datasets(tree)
    return found[0]


def test_the_packaged_data_has_no_problem() -> None:
    assert [str(problem) for problem in check_datasets()] == []


def test_a_copy_of_the_packaged_data_has_no_problem(tree: Path) -> None:
    assert check_datasets(tree) == []


def test_a_problem_says_what_where_and_how_to_mend_it(tree: Path) -> None:
    line = set_cell(tree, "bonds", "XS1401816761", "obligor", "")
    problem = problem_at(tree, f"reference/data/bonds/entries.csv, line {line}, column obligor")
    assert str(problem) == (
        "Cannot use an empty cell: ''.\n"
        f"  where: reference/data/bonds/entries.csv, line {line}, column obligor\n"
        "  mend:  fill it: Legal entity that owes the bond."
    )


def test_columns_in_another_order_than_on_the_card_are_a_problem(tree: Path) -> None:
    def swap(lines: list[list[str]]) -> None:
        lines[0][1], lines[0][2] = lines[0][2], lines[0][1]

    edit(tree, "bonds", swap)
    problem = problem_at(tree, "reference/data/bonds/entries.csv, line 1")
    assert "isin,obligor,issuer_id" in problem.what
    assert "isin,issuer_id,obligor" in problem.mend


def test_a_line_with_too_few_cells_is_a_problem(tree: Path) -> None:
    edit(tree, "bonds", lambda lines: lines[4].pop())
    assert "4 cells" in problem_at(tree, "reference/data/bonds/entries.csv, line 5").what


@pytest.mark.parametrize(
    ("dataset", "key", "column", "value", "what"),
    [
        ("measures", "us-ndaa-889--dahua", "in_force_from", "13.08.2019", "Cannot read '13.08.2019' as date."),
        ("measures", "us-ndaa-889--dahua", "in_force_from", "20190813", "Cannot read '20190813' as date."),
        ("ownership", "hikvision--parent-cetc-2017-12-31", "stake", "41,55 %", "Cannot read '41,55 %' as number."),
        ("fund_snapshots", "us-vt@2026-05-31", "lines", "10068.0", "Cannot read '10068.0' as integer."),
        ("measures", "us-ndaa-889--dahua", "named_entities", "Dahua; ", "Cannot read 'Dahua; ' as list."),
        ("measures", "us-ndaa-889--dahua", "kind", "ban", "Cannot use the word 'ban'"),
    ],
)
def test_a_cell_that_is_not_of_its_type_is_a_problem(
    tree: Path, dataset: str, key: str, column: str, value: str, what: str
) -> None:
    line = set_cell(tree, dataset, key, column, value)
    assert what in problem_at(tree, f"reference/data/{dataset}/entries.csv, line {line}, column {column}").what


def test_a_key_that_is_there_twice_is_a_problem(tree: Path) -> None:
    edit(tree, "lookalikes", lambda lines: lines.insert(2, lines[1]))
    problem = problem_at(tree, "reference/data/lookalikes/entries.csv, line 3, column lookalike_id")
    assert "is there twice" in problem.what
    assert "line 2" in problem.mend


def test_a_row_out_of_order_is_a_problem(tree: Path) -> None:
    edit(tree, "lookalikes", lambda lines: lines.insert(1, lines.pop(5)))
    assert "order" in problem_at(tree, "reference/data/lookalikes/entries.csv, line 3, column lookalike_id").what


def test_the_tenth_position_comes_after_the_ninth() -> None:
    with (DATA / "fund_weights" / "entries.csv").open(encoding="utf-8", newline="") as file:
        positions = [row["position"] for row in csv.DictReader(file) if row["snapshot_id"] == "us-vt@2026-05-31"]
    assert positions == [str(number) for number in range(1, 22)]


def test_a_row_that_is_missing_is_a_problem(tree: Path) -> None:
    edit(tree, "bonds", lambda lines: lines.pop())
    assert "15 rows: the card allows 16 to 48" in problem_at(tree, "reference/data/bonds/entries.csv").what


@pytest.mark.parametrize(
    ("dataset", "key", "column", "value"),
    [
        ("listings", "XSHE:002415", "isin", "CNE100000PM9"),
        ("listings", "XSHE:002415", "composite_figi", "BBG000Q844N4"),
        ("issuers", "cec", "lei", "300300PV91RY9GH3CT17"),
    ],
)
def test_a_wrong_check_digit_is_a_problem(tree: Path, dataset: str, key: str, column: str, value: str) -> None:
    line = set_cell(tree, dataset, key, column, value)
    problem = problem_at(tree, f"reference/data/{dataset}/entries.csv, line {line}, column {column}")
    assert f"'{value}': its check digit is wrong" in problem.what


def test_a_reference_to_nothing_is_a_problem(tree: Path) -> None:
    line = set_cell(tree, "listings", "XSHE:002415", "issuer_id", "hikvison")
    problem = problem_at(tree, f"reference/data/listings/entries.csv, line {line}, column issuer_id")
    assert problem.what == "Cannot find 'hikvison' among issuers.issuer_id."


def test_a_source_that_is_not_among_the_sources_is_a_problem(tree: Path) -> None:
    line = set_cell(tree, "bonds", "XS1401816761", "source_ids", "copy-ofac-consolidated-non-sdn-list-2025 hearsay")
    problem = problem_at(tree, f"reference/data/bonds/entries.csv, line {line}, column source_ids")
    assert problem.what == "Cannot find 'hearsay' among sources.source_id."


def test_an_address_of_another_source_is_a_problem(tree: Path) -> None:
    line = set_cell(tree, "bonds", "XS1401816761", "source_url", "https://example.org/")
    problem = problem_at(tree, f"reference/data/bonds/entries.csv, line {line}, column source_url")
    assert "it is not that of the source" in problem.what


def test_a_source_that_is_not_on_the_web_is_a_problem(tree: Path) -> None:
    with (DATA / "sources" / "entries.csv").open(encoding="utf-8", newline="") as file:
        key = next(row["source_id"] for row in csv.DictReader(file))
    line = set_cell(tree, "sources", key, "url", "C:/sources/page.html")
    problems = [problem for problem in check_datasets(tree) if problem.what.startswith("Cannot open the address")]
    assert [problem.where for problem in problems] == [f"reference/data/sources/entries.csv, line {line}, column url"]


def test_a_data_set_without_sources_is_a_problem(tree: Path) -> None:
    edit(tree, "bonds", lambda lines: [line.pop() for line in lines] and None)
    replace_in_card(tree, "bonds", "  source_url:", "  # source_url:")
    assert "lacks one of the columns" in problem_at(tree, "reference/data/bonds/entries.csv, line 1").what


def test_a_period_that_ends_before_it_begins_is_a_problem(tree: Path) -> None:
    line = set_cell(tree, "measures", "us-dod-1260h--megvii", "in_force_until", "2024-01-31")
    problem = problem_at(tree, f"reference/data/measures/entries.csv, line {line}, column in_force_until")
    assert "from '2024-01-31' until '2024-01-31'" in problem.what


def test_periods_of_one_issuer_under_one_programme_that_overlap_are_a_problem(tree: Path) -> None:
    first = set_cell(tree, "fund_indexes", "us-vwo", "until", "2016-01-01")  # was 2015-11-02, when the next began
    problems = [problem for problem in check_datasets(tree) if "overlap" in problem.what]
    assert [problem.where for problem in problems] == [
        f"reference/data/fund_indexes/entries.csv, line {first + 2}, column from"
    ]
    assert f"line {first}" in problems[0].mend


def test_a_listing_that_is_entered_again_while_open_is_a_problem(tree: Path) -> None:
    def again(lines: list[list[str]]) -> None:
        number = next(number for number, line in enumerate(lines) if line[0] == "us-ofac-ns-cmic--yitu")
        lines.insert(number + 1, ["us-ofac-ns-cmic--yitu-2", *lines[number][1:]])

    edit(tree, "measures", again)
    assert [problem.what for problem in check_datasets(tree)] == [
        "Cannot use two periods of 'yitu, us-ofac-ns-cmic, issuer, YITU LIMITED' that overlap."
    ]


@pytest.mark.parametrize("column", ["cusip", "sedol_as_printed", "wkn"])
def test_a_column_of_numbers_under_licence_is_a_problem(tree: Path, column: str) -> None:
    edit(tree, "bonds", lambda lines: [line.insert(1, column if line is lines[0] else "x") for line in lines] and None)
    replace_in_card(tree, "bonds", "  issuer_id:", f"  {column}: {{type: text, meaning: x}}\n  issuer_id:")
    assert "under licence" in problem_at(tree, f"reference/data/bonds/entries.csv, line 1, column {column}").what


def test_a_word_that_judges_is_a_problem(tree: Path) -> None:
    line = set_cell(tree, "issuers", "dahua", "description", "Camera maker complicit in surveillance.")
    problem = problem_at(tree, f"reference/data/issuers/entries.csv, line {line}, column description")
    assert problem.what == "Cannot say 'complicit' in our own voice."


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("The company was accused of selling cameras.", False),
        ("The company was accused by IPVM of selling cameras.", True),
        ("IPVM said on 2018-10-02 that the company won the contract.", True),
        ('The lawyer wrote that officials "may be complicit".', True),
        ("A notorious company.", False),
    ],
)
def test_judging_words_count_in_our_own_voice_only(text: str, is_plain: bool) -> None:
    assert (not list(plain_word_problems("notes", 2, "text", text))) is is_plain


def test_a_card_that_cannot_be_read_is_a_problem(tree: Path) -> None:
    replace_in_card(tree, "bonds", "key: [isin]", "key: [isbn]")
    assert "'bonds'" in problem_at(tree, "reference/data/bonds/card.yml").what


def test_a_type_that_is_none_is_a_problem_of_the_card(tree: Path) -> None:
    replace_in_card(tree, "bonds", "obligor: {type: text", "obligor: {type: string")
    assert "'string'" in problem_at(tree, "reference/data/bonds/card.yml").what


def test_a_check_that_is_none_is_a_problem_of_the_card(tree: Path) -> None:
    replace_in_card(tree, "bonds", "isin_check_digit", "isin_checksum")
    assert "there is no such check" in problem_at(tree, "reference/data/bonds/card.yml").what


def test_entries_that_are_missing_are_a_problem(tree: Path) -> None:
    (tree / "bonds" / "entries.csv").unlink()
    assert "'bonds'" in problem_at(tree, "reference/data/bonds/entries.csv").what


def test_entries_that_are_not_utf8_are_a_problem(tree: Path) -> None:
    path = tree / "bonds" / "entries.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert "write the file as UTF-8" in problem_at(tree, "reference/data/bonds/entries.csv").mend


def test_a_data_set_without_a_guide_is_a_problem(tree: Path) -> None:
    (tree / "bonds" / "MAINTAIN.md").unlink()
    assert "no MAINTAIN.md" in problem_at(tree, "reference/data/bonds/MAINTAIN.md").what


def test_an_edition_that_is_no_day_is_a_problem(tree: Path) -> None:
    (tree / "EDITION").write_text("autumn\n", encoding="utf-8")
    assert "autumn" in problem_at(tree, "reference/data/EDITION").what
