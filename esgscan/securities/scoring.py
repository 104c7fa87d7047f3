"""The scores of names against the cores of known spellings, without scoring every pair.

A name is likened to a spelling by rapidfuzz's `token_set_ratio` of their core keys. Two names that reach the threshold
either share words, or differ in so few letters that one of the pieces into which a core is cut stands unchanged in the
other. So words and pieces are looked for in all names at once (Aho-Corasick), and only what they bring together is
scored: the same matches as of all pairs, at a cost that grows with the names and not with names times spellings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

THRESHOLD = 92.0
"""Measured on tests/data/names.csv by scripts/measure_names.py (docs/identity.md)."""
SHARED_LETTERS = THRESHOLD / (200 - THRESHOLD)
"""The part of the shorter core that shared words must make up, where the lengths are too far apart for the whole."""


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
    apart = pl.concat_str(pl.lit(" "), pl.col("core").str.replace_all(" ", "  ", literal=True), pl.lit(" "))
    hit = (
        cores.with_columns(apart=apart)
        .filter(pl.col("apart").str.contains_any(patterns))
        .with_columns(pattern=pl.col("apart").str.extract_many(patterns, overlapping=True).list.unique())
        .select("number", "pattern", length=_unique_length())
        .explode("pattern")
        .join(index.hits, on="pattern")
        .group_by("number", "spelling", maintain_order=True)
        .agg(
            pl.col("length", "spelling_length", "edits").first(),
            shared=pl.when("is_word").then(pl.col("pattern").str.len_chars().cast(pl.Int64) - 1).sum() - 1,
        )
    )
    is_near = (pl.col("length").cast(pl.Int64) - pl.col("spelling_length")).abs() <= pl.col("edits")
    is_part = pl.col("shared") >= SHARED_LETTERS * pl.min_horizontal("length", "spelling_length")
    return hit.filter(is_near | is_part).select("number", "spelling")


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
    """Give the words and the pieces of all cores."""
    rows = [
        (pattern, spelling, length, most_edits(length), is_word)
        for spelling, core, length in cores.iter_rows()
        for pattern, is_word in _patterns(core, length)
    ]
    return pl.DataFrame(
        rows, schema=["pattern", "spelling", "spelling_length", "edits", "is_word"], orient="row"
    ).unique(maintain_order=True)


def _patterns(core: str, length: int) -> Iterator[tuple[str, bool]]:
    words = sorted(set(core.split()))
    yield from ((f" {word} ", True) for word in words)
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
    """Cut words into `number` pieces, or more, as even as they go; each edit spoils one, so one is left whole."""
    cuts = [1] * len(words)
    while sum(cuts) < number and any(len(word) > cut for word, cut in zip(words, cuts, strict=True)):
        longest = max(range(len(words)), key=lambda n: len(words[n]) / cuts[n] if len(words[n]) > cuts[n] else 0)
        cuts[longest] += 1
    return [piece for word, cut in zip(words, cuts, strict=True) for piece in _even(word, cut)]


def _even(word: str, parts: int) -> list[str]:
    edges = [len(word) * part // parts for part in range(parts + 1)]
    return [word[start:end] for start, end in pairwise(edges)]


def _unique_length() -> pl.Expr:
    return pl.col("core").str.split(" ").list.unique().list.join(" ").str.len_chars()
