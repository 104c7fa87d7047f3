"""Liken 250,000 names to all known spellings: by the index, or by rapidfuzz's `cdist` over all pairs.

Run by run.py, each way in a process of its own: python names.py index|pairs FOLDER. Both ways make the same keys of the
same names first, and print the seconds of what follows, on one thread. They write the pairs that reach the threshold;
run.py compares them.
"""

from __future__ import annotations

import csv
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from esgscan.choices import reference_data
from esgscan.names import name_keys
from esgscan.securities.keys import spellings_of_issuers
from esgscan.securities.scoring import THRESHOLD, scored
from esgscan.securities.words import add_keys, padded

if TYPE_CHECKING:
    from esgscan.securities.spellings import Spellings

SEED = 20261126
NAMES, PAIRS = "names.csv", "pairs_{}.csv"
LABELLED = Path(__file__).resolve().parent.parent / "tests/data/names.csv"
ROWS_AT_A_TIME = 5_000
ONE_IN = 4
"""Of so many names one is a labelled name with a slip; the others are made of two names and a word of their own."""
SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fal",
    "gu",
    "hol",
    "ji",
    "kan",
    "lo",
    "mer",
    "nov",
    "pre",
    "quan",
    "ri",
    "sun",
    "tao",
    "vi",
    "xu",
)


def write_names(folder: Path, count: int) -> None:
    """Write distinct names: the labelled ones, and names made of their words and letters."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        labelled = [row["name"] for row in csv.DictReader(file)]
    chance = random.Random(SEED)  # noqa: S311 - the same names each time are the purpose
    names = dict.fromkeys(labelled[:count])
    while len(names) < count:
        one, other = chance.choice(labelled), chance.choice(labelled)
        is_slipped = chance.randrange(ONE_IN) == 0
        names[slipped(one, chance) if is_slipped else crossed(one, other, chance)] = None
    pl.DataFrame({"name": list(names)}).write_csv(folder / NAMES)


def slipped(name: str, chance: random.Random) -> str:
    """Take a letter out, put one in or turn two around, as typing does, and number the result."""
    place = chance.randrange(len(name))
    cut = chance.choice((name[:place] + name[place + 1 :], name[:place] + name[place : place + 1] + name[place:]))
    return f"{cut} {chance.randrange(10_000)}"


def crossed(one: str, other: str, chance: random.Random) -> str:
    """Join the first word of one name, a word of its own, as companies have one, and the end of another."""
    own = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
    theirs = other.split()
    return " ".join([one.split()[0], own, *theirs[len(theirs) // 2 :]])


def cores(folder: Path, spellings: Spellings) -> pl.DataFrame:
    """Read the names and make their core keys: number, core; both ways begin with this."""
    keys = name_keys(pl.read_csv(folder / NAMES)["name"])
    keyed = add_keys(pl.DataFrame({"padded": padded(keys)}), spellings.words)
    return keyed.with_row_index("number").select("number", "core")


def by_index(folder: Path) -> None:
    """Score what the index brings together, and give each match for every spelling with its core."""
    spellings = spellings_of_issuers(reference_data())
    names, theirs = cores(folder, spellings), known(spellings)
    start = time.perf_counter()
    matched = scored(names, spellings.index).join(spellings.index.cores, on="spelling").join(theirs, on="core")
    print(time.perf_counter() - start)
    write_pairs(folder, "index", matched)


def by_pairs(folder: Path) -> None:
    """Score every name against every spelling with `cdist`."""
    import numpy as np
    from rapidfuzz import fuzz, process

    spellings = spellings_of_issuers(reference_data())
    names, theirs = cores(folder, spellings)["core"].to_list(), known(spellings)["core"].to_list()
    found = []
    start = time.perf_counter()
    for first in range(0, len(names), ROWS_AT_A_TIME):
        part = names[first : first + ROWS_AT_A_TIME]
        scores = process.cdist(part, theirs, scorer=fuzz.token_set_ratio, score_cutoff=THRESHOLD)
        rows, columns = np.nonzero(scores >= THRESHOLD)
        found.append(pl.DataFrame({"number": rows + first, "known": columns}))
    print(time.perf_counter() - start)
    write_pairs(folder, "pairs", pl.concat(found))


def known(spellings: Spellings) -> pl.DataFrame:
    """Give every known spelling whose core may be likened: known (its number), core."""
    likened = spellings.known.filter(pl.col("core").is_in(spellings.index.cores["core"].implode()))
    return likened.filter(pl.col("issuer_id").is_not_null()).with_row_index("known").select("known", "core")


def write_pairs(folder: Path, way: str, pairs: pl.DataFrame) -> None:
    """Write the pairs in their order, so that two files are equal if the matches are."""
    columns = [pl.col(name).cast(pl.Int64) for name in ("number", "known")]
    pairs.select(columns).sort("number", "known").write_csv(folder / PAIRS.format(way))


def have_same_pairs(folder: Path) -> bool:
    """Say whether both ways found the same matches, and any at all."""
    ours, theirs = (pl.read_csv(folder / PAIRS.format(way)) for way in ("index", "pairs"))
    return ours.equals(theirs) and not ours.is_empty()


if __name__ == "__main__":
    {"index": by_index, "pairs": by_pairs}[sys.argv[1]](Path(sys.argv[2]))
