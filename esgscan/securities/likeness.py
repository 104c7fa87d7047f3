"""Which known spelling a name is another way of writing, is cut from, or is like: what is looked for once in each name.

The work is done on the distinct names of a run and joined back, so that it costs the same on every engine.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from esgscan.securities.scoring import scored
from esgscan.securities.spellings import BEGIN, BEGIN_UNSPACED, LONG_SOUND, SHORTEST_CORE, WEAK
from esgscan.securities.words import UNSPACED, add_keys, letters, padded, seats_in, without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from esgscan.securities.spellings import Core, Spellings

WHOLE = 100.0
"""The score of a name that has all the words of a spelling."""
DISTINCT = frozenset({"SMIC", "ZTE"})
"""Short cores that no other company bears: `ZTE (Zhongxing Telecom)` names one, whatever stands beside them."""
WORDS_OF_A_WEAK_NAME = 2
"""`China Electronics` stands in the names of other companies, and `China Electronics Technology Group` in few."""
SHARED_PART = 0.7
"""The part of a spelling's letters that a name with fewer words must have: `Sun` is not `Sun Create`."""
SHORTEST_WORD = 4
"""Letters of a word that counts as one more: `ON Semiconductor` has fewer words than the name of SMIC."""
CHINESE_BOND = r"^(?:[0-9]{2})?(\p{Han}{2,4}?)可?[转轉][债債0-9]$|^[0-9]{2}(\p{Han}{2,4})[A-Z]{0,4}[0-9]{2,3}[A-Z]?$"
"""How exchanges call bonds: `太极转债` is a convertible of 太极股份, `18电科02` the second bond of 2018 of 中国电科."""
MARKED = r"^(?:XD|XR|DR|S?ST|N|C|U)(\p{Han}{3})$"
"""How exchanges mark a share for a day or longer, in place of the last character of its name: `XD海康威`."""
LONGEST_SHORT_NAME = 5
"""Characters of a name that an exchange calls a share by; bonds are called by a part of it."""
LAST = "\U0010ffff"
CUT_OR_CONTAINED = ["cut", "contained"]
"""Ways of being like a spelling that are no matter of degree."""

LIKENESS = pl.Schema(
    {
        "name_key": pl.String,
        "known_key": pl.String,
        "near_issuer": pl.String,
        "near_name": pl.String,
        "near_how": pl.String,
        "near_score": pl.String,
    }
)
"""known_key: name key of the spelling that a name is another way of writing; near_how: `cut`, `contained` or `like`."""


class Likeness(NamedTuple):
    """What a name is like, surest first when sorted."""

    is_cut: bool
    is_equal: bool
    is_short: bool
    score: float
    shared: float
    issuer_id: str
    name: str

    @property
    def how(self) -> str:
        """Say in a word how the name is like the spelling."""
        is_contained = self.score == WHOLE and not self.is_short
        return "cut" if self.is_cut else "contained" if is_contained else "like"


def likenesses(keys: pl.Series, spellings: Spellings) -> pl.DataFrame:
    """Find what names are like.

    Args:
        keys: Name keys, each once.
        spellings: What to liken them to.

    Returns:
        A table with the columns of `LIKENESS`, one row per key that is like a spelling; a key that is known has none.
    """
    keyed = _worth_a_look(keys, spellings)
    if keyed.is_empty():
        return LIKENESS.to_frame()
    same = keyed.join(spellings.full_keys, on="full").select("name_key", "known_key")
    left = keyed.join(same, on="name_key", how="anti").with_row_index("number")
    rows = [
        (key, None, best.issuer_id, best.name, best.how, f"{best.score:.0f}")
        for key, best in _best(left, spellings).items()
    ]
    near = pl.DataFrame(rows, schema=LIKENESS, orient="row")
    return pl.concat([same, near], how="diagonal").select(LIKENESS.names())


def _worth_a_look(keys: pl.Series, spellings: Spellings) -> pl.DataFrame:
    """Keep the new keys that begin like a spelling or bear a mark of one, and add the other keys."""
    names = pl.DataFrame({"name_key": keys, "padded": padded(keys)})
    raw = pl.col("padded").str.replace_all(" ", "", literal=True)
    begins = raw.str.slice(0, BEGIN).is_in(spellings.begins.implode())
    is_marked = pl.col("padded").str.contains_any(spellings.marks) | raw.str.contains(f"{CHINESE_BOND}|{MARKED}")
    is_known = pl.col("name_key").is_in(spellings.known_keys.implode())
    return add_keys(names.filter(begins | is_marked).filter(~is_known), spellings.words)


def _best(names: pl.DataFrame, spellings: Spellings) -> dict[str, Likeness]:
    """Choose for each name what it is most like; a name that is cut from a look-alike's is like nobody."""
    found: dict[str, list[Likeness]] = {}
    is_begun = pl.col("raw").str.slice(0, BEGIN).is_in(spellings.begins.implode())
    keys = names.filter(is_begun).select("name_key", "raw", "full", bare=without_numbers(pl.col("padded")))
    for name, raw, full, bare in keys.iter_rows():
        cut = _cut(raw, spellings) or _cut(full, spellings) or _cut(bare, spellings) or _sounding(raw, spellings)
        if cut:
            found[name] = [cut]
    begun = set(found)
    for name, likeness in chain(
        _holding_chinese(names, spellings), _holding_whole(names, spellings), _like(names, spellings)
    ):
        if name not in begun:
            found.setdefault(name, []).append(likeness)
    return {name: max(likely) for name, likely in found.items() if max(likely).issuer_id}


def _cut(key: str, spellings: Spellings) -> Likeness | None:
    """Find the spelling of one issuer that a key begins."""
    if len(key) < BEGIN:
        return None
    start, end = bisect_left(spellings.whole_keys, key), bisect_left(spellings.whole_keys, key + LAST)
    owners = {issuer for issuer, _ in spellings.whole_names[start:end]}
    if len(owners) != 1:  # `China Electronics` is the whole name of one, and the beginning of another's
        owners = {spellings.whole_names[at][0] for at in range(start, end) if spellings.whole_keys[at] == key}
    if len(owners) != 1:
        return None
    issuer, name = spellings.whole_names[start]
    return Likeness(True, False, False, WHOLE, len(key), issuer, name)


def _sounding(key: str, spellings: Spellings) -> Likeness | None:
    """Find the name in pinyin that a key begins with: `Zhongke Shuguang (AI Server)`."""
    for length in range(len(key) - 1, LONG_SOUND - 1, -1):
        if found := spellings.sounds.get(key[:length]):
            return Likeness(False, False, False, WHOLE, length, *found)
    return None


def _like(names: pl.DataFrame, spellings: Spellings) -> Iterator[tuple[str, Likeness]]:
    """Give what names are like by score, where nothing speaks against it."""
    pairs = scored(names.select("number", "core"), spellings.index).join(
        names.select("number", "name_key", "padded", "core", "full"), on="number"
    )
    for _, spelling, score, name, words_apart, core, full in pairs.iter_rows():
        known = spellings.of_core[spelling]
        places = seats_in(words_apart, spellings.words)
        if not _may_be(core, known, places):
            continue
        is_equal, is_short = _is_equal(core, known.core), letters(known.core) < SHORTEST_CORE
        for issuer in known.names:
            if not are_apart(places, spellings.places.get(issuer, set())):
                nearest, shared = _nearest(full, known.names[issuer])
                yield name, Likeness(False, is_equal, is_short, score, shared, issuer, nearest)


def _holding_chinese(names: pl.DataFrame, spellings: Spellings) -> Iterator[tuple[str, Likeness]]:
    """Give the names of issuers in scripts of East Asia that stand inside names, or that names are cut from."""
    is_chinese = pl.col("full").str.contains(f"[{UNSPACED}]")
    known = spellings.chinese
    bond = pl.coalesce(pl.col("raw").str.extract(CHINESE_BOND, group) for group in (1, 2)).alias("stem")
    marked = pl.col("raw").str.extract(MARKED).alias("marked")
    held = pl.col("full").str.extract_many(list(known), overlapping=True).alias("held")
    begins = _begins(known)
    for key, full, stem, cut, inside in names.filter(is_chinese).select("name_key", "full", bond, marked, held).rows():
        of_bond = [one for one in known if stem in one and len(one) <= LONGEST_SHORT_NAME] if stem else []
        for one in dict.fromkeys((*inside, *of_bond)):
            yield key, Likeness(False, False, False, WHOLE, len(one), *known[one])
        begin = cut or full
        begun = begins.get(begin, {})
        if len(begun) == 1 and (cut or len(full) >= BEGIN_UNSPACED):
            ((issuer, name),) = begun.items()
            yield key, Likeness(True, False, False, WHOLE, len(begin), issuer, name)


def _begins(known: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Give the beginnings of names, with the issuers whose names begin so and the last such name of each."""
    begins: dict[str, dict[str, str]] = {}
    for one, (issuer, name) in known.items():
        for length in range(1, len(one) + 1):
            begins.setdefault(one[:length], {})[issuer] = name
    return begins


def _holding_whole(names: pl.DataFrame, spellings: Spellings) -> Iterator[tuple[str, Likeness]]:
    """Give the names that hold all words of a name whose core alone says too little: `Leon Technology Azioni`."""
    apart = pl.concat_str(pl.lit(" "), "told", pl.lit(" "))
    longest_first = sorted(spellings.wholes, key=len, reverse=True)
    whole = apart.str.extract_many(longest_first, leftmost=True).list.first()
    for key, core, held in names.select("name_key", "core", whole.alias("whole")).drop_nulls().iter_rows():
        issuer, name = spellings.wholes[held]
        if len(held.split()) > WORDS_OF_A_WEAK_NAME or held.split()[0] not in WEAK or set(core.split()) <= WEAK:
            yield key, Likeness(False, False, False, WHOLE, len(held), issuer, name)


def _may_be(core: str, known: Core, places: set[str]) -> bool:
    """Say whether a pair that reached the threshold is one for a person to look at."""
    if _is_equal(core, known.core):
        return letters(known.core) >= SHORTEST_CORE or not known.has_place or bool(places)
    if letters(known.core) < SHORTEST_CORE:
        return known.core in DISTINCT and known.core in core.split()
    words, theirs = set(core.split()), set(known.core.split())
    told = words if theirs <= words else {word for word in words if len(word) >= SHORTEST_WORD}
    return not told < theirs or letters(list(told)) >= SHARED_PART * letters(known.core)


def _is_equal(core: str, known: str) -> bool:
    return set(core.split()) == set(known.split()) or core.replace(" ", "") == known.replace(" ", "")


def are_apart(places: set[str], known: set[str]) -> bool:
    """Say whether a name's places speak against an issuer: another country, or another province than its names have."""
    if any(not place.startswith(("CN", "HK")) for place in places):
        return True
    ours, theirs = ({place for place in some if place.startswith("CN")} for some in (places, known))
    return bool(ours and theirs and not ours & theirs)


def _nearest(full: str, known: dict[str, str]) -> tuple[str, float]:
    """Choose of an issuer's names with one core the one that is most like the name as a whole, and say how much."""
    from rapidfuzz.fuzz import ratio

    name, key = max(known.items(), key=lambda item: (ratio(full, item[1]), item[0]))
    return name, ratio(full, key)
