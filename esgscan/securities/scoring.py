"""The scores of names against the cores of known spellings, without scoring every pair.

A name is likened to a spelling by rapidfuzz's `token_set_ratio` of their core keys. Two names that reach the threshold
either share words, or differ in so few letters that one of the pieces into which a core is cut stands unchanged in the
other. So words and pieces are looked for in all names at once (Aho-Corasick), and only what they bring together is
scored: the same matches as of all pairs, at a cost that grows with the names and not with names times spellings.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

THRESHOLD = 90.9
"""Measured on tests/data/names.csv by scripts/measure_names.py (docs/identity.md)."""
MANY = 3
"""Words whose orders can all be listed."""
LETTERS_OF_A_PIECE = 3
"""Where so many edits are allowed that one piece of them says little, there are more and shorter ones."""
EDGES = (0, 10, 14, 20)
"""Lengths at which names are parted, so that short ones are not looked through for the pieces of long cores."""
START, END = "\x02", "\x03"
ENDS = START + END + " "


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreIndex:
    """Cores that names are likened to.

    Attributes:
        cores: One row per core: spelling (its number), core, spelling_length.
        hits: pattern (a word between blanks, or a piece) -> the cores it belongs to, and whether it is a whole word.
        threshold: The smallest score that counts, of 100.
    """

    cores: pl.DataFrame
    hits: pl.DataFrame
    threshold: float


def index_of(cores: list[str], *, threshold: float = THRESHOLD) -> CoreIndex:
    """Index cores, each of which stands once; their numbers are their places."""
    lengths = [len(core) for core in cores]
    table = pl.DataFrame({"spelling": range(len(cores)), "core": cores, "spelling_length": lengths})
    return CoreIndex(cores=table, hits=_hits(table, threshold), threshold=threshold)


def candidates(cores: pl.DataFrame, index: CoreIndex) -> pl.DataFrame:
    """Bring together names and spellings that may reach the threshold.

    Args:
        cores: One row per name: number, core; a core has each word once.
        index: What to liken them to.

    Returns:
        number, spelling: each pair once.
    """
    length = pl.col("core").str.len_chars()
    edges = [*EDGES, cores.select(length.max()).item() or 0]
    bands = [
        _hit(cores.filter(length > low, length <= high), index.hits.filter(_may_be_near(high)))
        for low, high in pairwise(edges)
    ]
    hit = pl.concat(bands)
    return pl.concat([_sharing(hit, index.threshold), _near(hit)]).unique(maintain_order=True)


def _may_be_near(longest: int) -> pl.Expr:
    """Say which patterns names of at most so many letters may have: a piece tells nothing in a name far too short."""
    return pl.col("is_word") | (pl.col("spelling_length") - pl.col("edits") <= longest)


def _hit(cores: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """Look for patterns in names: number, length, and the columns of `hits`."""
    patterns = hits.get_column("pattern").unique().to_list()
    bare = [pattern.strip(ENDS) for pattern in patterns]
    apart = pl.concat_str(
        pl.lit(f"{START} "), pl.col("core").str.replace_all(" ", "  ", literal=True), pl.lit(f" {END}")
    )
    return (
        cores.filter(pl.col("core").str.contains_any(bare))
        .select("number", length=pl.col("core").str.len_chars().cast(pl.Int64), apart=apart)
        .with_columns(pattern=pl.col("apart").str.extract_many(patterns, overlapping=True).list.unique())
        .select("number", "length", "pattern")
        .explode("pattern", empty_as_null=False)
        .join(hits, on="pattern")
    )


def _sharing(hit: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Keep the pairs whose shared words may be most of the shorter: 2 x shared of shared + shorter is the best."""
    by_pair = hit.filter("is_word").group_by("number", "spelling", maintain_order=True)
    shared = by_pair.agg(pl.col("length", "spelling_length").first(), shared=pl.col("weight").sum())
    shorter = pl.min_horizontal("length", "spelling_length")
    return shared.filter(pl.col("shared") >= threshold / (200 - threshold) * shorter).select("number", "spelling")


def _near(hit: pl.DataFrame) -> pl.DataFrame:
    """Keep the pairs of like length that have as many pieces as the edits must leave whole."""
    is_near = (pl.col("length") - pl.col("spelling_length")).abs() <= pl.col("edits")
    by_pair = hit.filter(~pl.col("is_word") & is_near).group_by("number", "spelling", maintain_order=True)
    found = by_pair.agg(pl.col("needed").first(), pieces=pl.col("weight").sum())
    return found.filter(pl.col("pieces") >= pl.col("needed")).select("number", "spelling")


def scored(cores: pl.DataFrame, index: CoreIndex) -> pl.DataFrame:
    """Liken names to spellings.

    Args:
        cores: One row per name: number, core; a core has each word once.
        index: What to liken them to.

    Returns:
        number, spelling, score: every pair that reaches the threshold.
    """
    each = cores.unique("core", keep="first", maintain_order=True)
    pairs = candidates(each, index).join(each, on="number").join(index.cores, on="spelling", suffix="_known")
    if pairs.is_empty():
        return pairs.select("number", "spelling", score=pl.lit(0.0))
    from rapidfuzz.fuzz import token_set_ratio

    score = partial(token_set_ratio, score_cutoff=index.threshold)
    scores = list(map(score, pairs["core"].to_list(), pairs["core_known"].to_list()))
    rated = pairs.select("core", "spelling", score=pl.Series(scores, dtype=pl.Float64))
    found = rated.filter(pl.col("score") >= index.threshold)
    return cores.join(found, on="core", maintain_order="left_right").select("number", "spelling", "score")


def _hits(cores: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Give the patterns of all cores; the weight of a word is its letters, that of a piece its number."""
    rows = []
    for spelling, core, length in cores.iter_rows():
        words, edits = core.split(), most_edits(length, threshold)
        letters = sum(map(len, words))
        cut = Counter(pieces(words, max(edits + 1, letters // LETTERS_OF_A_PIECE if edits >= MANY else 0)))
        needed = cut.total() - edits
        rows += [(text, spelling, length, edits, True, weight, 0) for text, weight in _words(words, threshold)]
        rows += [(text, spelling, length, edits, False, weight, needed) for text, weight in cut.items()]
    columns = ["pattern", "spelling", "spelling_length", "edits", "is_word", "weight", "needed"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _words(words: list[str], threshold: float) -> Iterator[tuple[str, int]]:
    """Give the words by which a core is found, and the words that count where a name has no other.

    A name that shares words has the longest, unless it has little beside some of the others; and little is nothing,
    where those are too short for one more letter: at 92 they need 12 letters, since 2 x 12 of 2 x 12 + 2 is 0.923.
    Words that are not looked for alone are counted as shared with the longest.
    """
    room = threshold / (100 - threshold)
    told: list[str] = []
    rest = sorted(words, key=len)
    while not told or len(" ".join(rest)) >= room or len(rest) > MANY:
        told.append(rest.pop())
    beside = len("".join(rest)) + len(rest)
    yield from ((f" {word} ", len(word) + 1 + beside) for word in told)
    for number in range(1, len(rest) + 1):
        yield from ((f"{START} {'  '.join(some)} {END}", len("  ".join(words))) for some in permutations(rest, number))


@cache
def most_edits(length: int, threshold: float) -> int:
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
