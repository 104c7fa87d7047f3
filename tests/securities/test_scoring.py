"""The index of cores: the same matches as scoring all pairs, whatever the names."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.fuzz import token_set_ratio

from esgscan.names import name_keys
from esgscan.securities.keys import spellings_of_issuers
from esgscan.securities.scoring import THRESHOLD, candidates, index_of, most_edits, pieces, scored
from esgscan.securities.words import add_keys, padded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.securities.scoring import CoreIndex

NAMES = Path(__file__).parents[1] / "data" / "names.csv"


def all_pairs(cores: Sequence[str], index: CoreIndex) -> set[tuple[int, int]]:
    """Score every pair: the answer that the index must give."""
    return {
        (number, spelling)
        for number, core in enumerate(cores)
        for spelling, known in index.cores.select("spelling", "core").iter_rows()
        if token_set_ratio(core, known) >= index.threshold
    }


def indexed(cores: Sequence[str], index: CoreIndex) -> set[tuple[int, int]]:
    table = pl.DataFrame({"core": cores}, schema={"core": pl.String}).with_row_index("number")
    return set(scored(table, index).select("number", "spelling").iter_rows())


def slipped(core: str, chance: random.Random) -> str:
    """Take letters out, put some in, and mix the words."""
    letters = list(core)
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(letters) + 1)
        if chance.random() < 0.5 and letters:
            del letters[min(place, len(letters) - 1)]
        else:
            letters.insert(place, chance.choice("AEINST "))
    words = list(dict.fromkeys("".join(letters).split()))
    chance.shuffle(words)
    return " ".join(words)


def test_the_index_finds_what_scoring_all_pairs_finds_among_real_names(data: Mapping[str, pl.DataFrame]) -> None:
    spellings = spellings_of_issuers(data)
    with NAMES.open(encoding="utf-8", newline="") as file:
        keys = name_keys(pl.Series([row["name"] for row in csv.DictReader(file)]))
    cores = add_keys(pl.DataFrame({"padded": padded(keys)}), spellings.words)["core"].to_list()
    expected = all_pairs(cores, spellings.index)
    assert len(expected) > 200
    assert indexed(cores, spellings.index) == expected


@pytest.mark.parametrize("threshold", [84.0, THRESHOLD, 96.0])
def test_the_index_finds_what_scoring_all_pairs_finds_among_names_with_slips(
    data: Mapping[str, pl.DataFrame], threshold: float
) -> None:
    index = spellings_of_issuers(data, threshold=threshold).index
    chance = random.Random(17)  # noqa: S311
    known = index.cores["core"].to_list()
    cores = [slipped(f"{core} {chance.choice(['', '', core[:3], 'CHINA'])}".strip(), chance) for core in known * 20]
    expected = all_pairs(cores, index)
    assert len(expected) > len(known)
    assert indexed(cores, index) == expected


WORD = st.text("ABC", min_size=1, max_size=6)
CORES = st.lists(st.lists(WORD, min_size=1, max_size=4, unique=True).map(" ".join), min_size=1, max_size=6, unique=True)


@settings(deadline=None)  # the first look of a process builds what later ones reuse
@given(known=CORES, names=CORES)
def test_the_index_loses_no_match_of_any_names(known: list[str], names: list[str]) -> None:
    index = index_of(known)
    assert indexed(names, index) == all_pairs(names, index)


def test_few_pairs_are_scored(data: Mapping[str, pl.DataFrame]) -> None:
    index = spellings_of_issuers(data).index
    names = pl.DataFrame({"core": [f"{first} MOTORS" for first in ("NISSAN", "FORD", "TESLA", "BYD", "GEELY")]})
    assert len(candidates(names.with_row_index("number"), index)) <= 2
    assert indexed([], index) == set()


@pytest.mark.parametrize(("length", "edits"), [(4, 0), (5, 1), (9, 1), (10, 2), (20, 4)])
def test_as_many_edits_are_allowed_as_the_score_leaves_room_for(length: int, edits: int) -> None:
    # 100 (1 - edits / (length + length + edits)) where letters are only put in: 1 of 5 + 6 is 90.91, 2 of 10 + 12 too,
    # and so is 4 of 20 + 24
    assert most_edits(length, THRESHOLD) == edits


def test_pieces_are_as_long_as_they_go_and_stand_in_the_words() -> None:
    assert pieces(["HIKVISION"], 2) == ["HIKV", "ISION"]
    assert pieces(["CHINA", "TRANSINFO"], 2) == ["CHINA", "TRANSINFO"]
    assert pieces(["CHINA", "TRANSINFO"], 3) == ["CHINA", "TRAN", "SINFO"]
    assert pieces(["AB"], 5) == ["A", "B"]
