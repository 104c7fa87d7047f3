"""The scores of names against the cores of known spellings, without scoring every pair.

A name is likened to a spelling by rapidfuzz's `token_set_ratio` of their core keys. Two names that reach the threshold
either share words, or differ in so few letters that one of the pieces into which a core is cut stands unchanged in the
other. So words and pieces are looked for in all names at once (Aho-Corasick), and only what they bring together is
scored: the same matches as of all pairs, at a cost that grows with the names and not with names times spellings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

THRESHOLD = 92.0
"""Measured on tests/data/names.csv by scripts/measure_names.py (docs/identity.md)."""
ROOM = THRESHOLD / (100 - THRESHOLD)
"""Letters of shared words beside which one more letter reaches the threshold: 2 x 12 of 2 x 12 + 2 is 0.923."""
MANY = 3
"""Words whose orders can all be listed."""
START, END = "\x02", "\x03"
ENDS = START + END + " "


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreIndex:
    """Cores that names are likened to.

    Attributes:
        cores: One row per core: spelling (its number), core, spelling_length.
        hits: pattern (a word between blanks, or a piece) -> the cores it belongs to, and whether it is a whole word.
    """

    cores: pl.DataFrame
    hits: pl.DataFrame


def index_of(cores: list[str]) -> CoreIndex:
    """Index cores, each of which stands once; their numbers are their places."""
    lengths = [len(" ".join(set(core.split()))) for core in cores]
    table = pl.DataFrame({"spelling": range(len(cores)), "core": cores, "spelling_length": lengths})
    return CoreIndex(cores=table, hits=_hits(table))


def candidates(cores: pl.DataFrame, index: CoreIndex) -> pl.DataFrame:
    """Bring together names and spellings that may reach the threshold.

    Args:
        cores: One row per name: number, core.
        index: What to liken them to.

    Returns:
        number, spelling: each pair once.
    """
    patterns = index.hits.get_column("pattern").unique().to_list()
    bare = [pattern.strip(ENDS) for pattern in patterns]
    words = pl.col("core").str.split(" ").list.unique(maintain_order=True)
    hit = (
        cores.filter(pl.col("core").str.contains_any(bare))
        .select("number", core=words.list.join("  "), length=words.list.join(" ").str.len_chars().cast(pl.Int64))
        .with_columns(pattern=pl.format(f"{START} {{}} {END}", "core").str.extract_many(patterns, overlapping=True))
        .select("number", "length", "pattern")
        .explode("pattern", empty_as_null=False)
        .join(index.hits, on="pattern")
    )
    is_near = (pl.col("length") - pl.col("spelling_length")).abs() <= pl.col("edits")
    return hit.filter(pl.col("is_word") | is_near).select("number", "spelling").unique(maintain_order=True)


def scored(cores: pl.DataFrame, index: CoreIndex, *, threshold: float = THRESHOLD) -> pl.DataFrame:
    """Liken names to spellings.

    Args:
        cores: One row per name: number, core.
        index: What to liken them to.
        threshold: The smallest score that counts, of 100; not below `THRESHOLD`, for which the index is cut.

    Returns:
        number, spelling, score: every pair that reaches the threshold.
    """
    pairs = candidates(cores, index).join(cores, on="number").join(index.cores, on="spelling", suffix="_known")
    if pairs.is_empty():
        return pairs.select("number", "spelling", score=pl.lit(0.0))
    from rapidfuzz.fuzz import token_set_ratio

    scores = [
        token_set_ratio(core, known, score_cutoff=threshold)
        for core, known in pairs.select("core", "core_known").iter_rows()
    ]
    rated = pairs.select("number", "spelling", score=pl.Series(scores, dtype=pl.Float64))
    return rated.filter(pl.col("score") >= threshold)


def _hits(cores: pl.DataFrame) -> pl.DataFrame:
    """Give the patterns of all cores."""
    rows = [
        (pattern, spelling, length, most_edits(length), is_word)
        for spelling, core, length in cores.iter_rows()
        for pattern, is_word in _patterns(sorted(set(core.split())), length)
    ]
    columns = ["pattern", "spelling", "spelling_length", "edits", "is_word"]
    return pl.DataFrame(rows, schema=columns, orient="row").unique(maintain_order=True)


def _patterns(words: list[str], length: int) -> Iterator[tuple[str, bool]]:
    """Give what a name has one of that reaches the threshold: a word, some words and no other, or a piece.

    A name that shares words has the longest, unless it has little beside some of the others; and little is nothing,
    where those are too short for one more letter.
    """
    told: list[str] = []
    rest = sorted(words, key=len)
    while not told or len(" ".join(rest)) >= ROOM or len(rest) > MANY:
        told.append(rest.pop())
    yield from ((f" {word} ", True) for word in told)
    for number in range(1, len(rest) + 1):
        yield from ((f"{START} {'  '.join(some)} {END}", True) for some in permutations(rest, number))
    yield from ((piece, False) for piece in pieces(words, most_edits(length) + 1))


@cache
def most_edits(length: int, threshold: float = THRESHOLD) -> int:
    """Say how many letters at most are put into or taken out of a text of this length where the threshold is reached.

    The score is 100 (1 - edits / (length + other length)), and the other length differs by at most the edits.
    """
    edits = 0
    for other in range(2 * length + 2):
        allowed = int((1 - threshold / 100) * (length + other) + 1e-9)
        if abs(length - other) <= allowed:
            edits = max(edits, allowed - (allowed - abs(length - other)) % 2)
    return edits


def pieces(words: list[str], number: int) -> list[str]:
    """Cut words into `number` pieces, as long as they go; each edit spoils one at most, so one is left whole."""
    cuts = [0] * len(words)
    for _ in range(min(number, sum(map(len, words)))):
        cuts[max(range(len(words)), key=lambda n: len(words[n]) / (cuts[n] + 1))] += 1
    return [piece for word, cut in zip(words, cuts, strict=True) if cut for piece in _even(word, cut)]


def _even(word: str, parts: int) -> list[str]:
    edges = [len(word) * part // parts for part in range(parts + 1)]
    return [word[start:end] for start, end in pairwise(edges)]
