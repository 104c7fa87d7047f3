"""The known spellings of issuers and of look-alikes, with what finds each: keys, beginnings, words, Chinese names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING

import polars as pl

from esgscan.names import word_keys
from esgscan.securities.scoring import THRESHOLD, CoreIndex, index_of
from esgscan.securities.words import UNSPACED, Words, add_keys, letters, padded, places_in, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WEAK = frozenset({"CHINA", "CN", "STATE", "HONG", "KONG", "NATIONAL", "PUBLIC", "ZHONGXING"})
"""Words of cores that say nothing without another one; many companies sound like `Zhongxing`, once the name of ZTE."""
BEGIN = 10
"""Letters of a name that may be a known one cut short: vendors cut at 12 and more, and less is a word of many."""
BEGIN_UNSPACED = 4
"""Characters of a name in a script of East Asia that may be a known one cut short: two are a place, and four a name."""
SHORTEST_CORE = 5
"""Letters of a core that may stand inside another name: `BGI` and `360` stand in too many."""
SHORTEST_WHOLE = 7
"""Letters of a whole name of two words or more, `MGI TECHNOLOGY`, by which it stands for a core that is too short."""
LONG_SOUND = 12
"""Letters of a Chinese name in pinyin that may stand before other words; syllables are shared by many."""
OF_ISSUER = pl.col("issuer_id").is_not_null()
OWNER = pl.col("issuer_id").fill_null("")


@dataclass(frozen=True, slots=True)
class Core:
    """A core that names are likened to: issuer_id -> its names that have this core, each with its full key."""

    core: str
    has_place: bool
    names: Mapping[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spellings:
    """What names are likened to.

    Attributes:
        words: What words are taken for.
        known: One row per spelling: name, issuer_id (missing for a look-alike), name_key, is_sound, padded, raw, told,
            full, core.
        known_keys: The name keys that names are found by as they stand.
        full_keys: full -> known_key, where one issuer or one look-alike has it.
        whole_keys: Raw and full keys of all spellings, sorted: what a name cut short begins.
        whole_names: For each of them the issuer (empty for a look-alike) and the spelling.
        begins: The first letters of the whole keys.
        sounds: Chinese name in pinyin -> issuer and name; a name with more behind it begins with them.
        wholes: Words of a name, between blanks -> issuer and name, where the core alone says too little: `LEON
            TECHNOLOGY`.
        index: The cores that names are scored against.
        of_core: The same by number, with what belongs to it.
        marks: Of these texts a name has one at least, before its core is made, if it is like a spelling.
        chinese: Name in a script of East Asia, without legal form -> issuer and name; names are looked through for
            them.
        places: issuer_id -> the provinces and countries that stand in its names.
    """

    words: Words
    known: pl.DataFrame
    known_keys: pl.Series
    full_keys: pl.DataFrame
    whole_keys: Sequence[str]
    whole_names: Sequence[tuple[str, str]]
    begins: pl.Series
    sounds: Mapping[str, tuple[str, str]]
    wholes: Mapping[str, tuple[str, str]]
    index: CoreIndex
    of_core: Sequence[Core]
    marks: list[str]
    chinese: Mapping[str, tuple[str, str]]
    places: Mapping[str, set[str]]


def spellings_of(names: pl.DataFrame, words: pl.DataFrame, *, threshold: float = THRESHOLD) -> Spellings:
    """Index the spellings.

    Args:
        names: name, issuer_id, name_key, is_sound; a look-alike has no issuer, and a name in pinyin is a sound.
        words: Data set `name_words`.
        threshold: The smallest score that counts.
    """
    taken = words_of(words)
    known = add_keys(names.with_columns(padded=padded(names.get_column("name_key"))), taken)
    cores = _cores(known)
    index = index_of(cores, threshold=threshold)
    whole = _whole(known)
    places: dict[str, set[str]] = {}
    for issuer, words_apart in known.filter(OF_ISSUER).select("issuer_id", "padded").iter_rows():
        places.setdefault(issuer, set()).update(places_in(words_apart, taken))
    return Spellings(
        words=taken,
        known=known,
        known_keys=known.filter(~pl.col("is_sound")).get_column("name_key"),
        full_keys=_full_keys(known),
        whole_keys=[key for key, _, _ in whole],
        whole_names=[(issuer, name) for _, issuer, name in whole],
        begins=pl.Series([key[:BEGIN] for key, _, _ in whole], dtype=pl.String).unique(),
        sounds=_sounds(known),
        wholes=_wholes(known),
        index=index,
        of_core=_of_core(known, cores, taken),
        marks=_marks(index, known, taken),
        chinese=_chinese(known),
        places=places,
    )


def _full_keys(known: pl.DataFrame) -> pl.DataFrame:
    """Give full key -> name key, where the key leads to one issuer or to one look-alike, and is not empty.

    A key with which that of another issuer begins is left out: `CHINA ELECTRONIC` may be either, cut short.
    """
    keyed = known.filter(~pl.col("is_sound"), pl.col("full") != "")
    owned = keyed.with_columns(owner=pl.coalesce("issuer_id", "name_key"))
    counted = owned.group_by("full", maintain_order=True).agg(pl.col("owner").n_unique(), pl.col("name_key").first())
    begun = _begun_by_others(sorted(keyed.filter(OF_ISSUER).select("full", "issuer_id").unique().rows()))
    return counted.filter(pl.col("owner") == 1, ~pl.col("full").is_in(begun)).select("full", known_key="name_key")


def _begun_by_others(keys: list[tuple[str, str]]) -> list[str]:
    """Give the keys with which one of another issuer begins; in order, such a one stands behind."""
    begun = []
    for at, (full, issuer) in enumerate(keys, start=1):
        behind = takewhile(partial(_begins, full), islice(keys, at, None))
        if any(of != issuer for _, of in behind):
            begun.append(full)
    return begun


def _begins(full: str, other: tuple[str, str]) -> bool:
    return other[0].startswith(full)


def _whole(known: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Give the keys of whole names, with and without their legal forms, with issuer and name, sorted."""
    with_forms = padded(word_keys(known.get_column("name"))).str.replace_all(" ", "", literal=True)
    rows = known.select("raw", "full", with_forms.alias("written"), OWNER, "name").iter_rows()
    return sorted({(key, issuer, name) for *keys, issuer, name in rows for key in keys if key})


def _sounds(known: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Give the names in pinyin that belong to one issuer and are long enough to begin another name."""
    heard = known.filter("is_sound", pl.col("raw").str.len_chars() >= LONG_SOUND).unique("raw", keep="none")
    rows = heard.sort("raw").select("raw", "issuer_id", "name").iter_rows()
    return {raw: (issuer, name) for raw, issuer, name in rows}


def _wholes(known: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Give the names of several words whose core says too little alone, and that belong to one issuer."""
    rows = known.filter(OF_ISSUER, ~pl.col("is_sound"), pl.col("told").str.contains(" ", literal=True))
    wholes: dict[str, tuple[str, str]] = {}
    owners: dict[str, set[str]] = {}
    for told, core, issuer, name in rows.select("told", "core", "issuer_id", "name").iter_rows():
        is_weak = set(core.split()) <= WEAK
        if is_weak or letters(core) < SHORTEST_CORE or not core.isascii():
            owners.setdefault(f" {told} ", set()).add(issuer)
            wholes.setdefault(f" {told} ", (issuer, name))
    return {told: whole for told, whole in wholes.items() if len(owners[told]) == 1 and len(told) > SHORTEST_WHOLE + 2}


def _chinese(known: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Give the names that belong to one issuer in scripts of East Asia; two letters of Korea stand in many words."""
    is_whole = pl.col("full").str.contains(f"^(?:\\p{{Han}}+|[{UNSPACED}]{{3,}})$")
    named = known.filter(OF_ISSUER, is_whole).unique("full", maintain_order=True)
    return {full: (issuer, name) for full, issuer, name in named.select("full", "issuer_id", "name").iter_rows()}


def _of_core(known: pl.DataFrame, cores: list[str], words: Words) -> list[Core]:
    names: dict[str, dict[str, dict[str, str]]] = {}
    placeless: set[str] = set()
    for name, issuer, core, full, words_apart in (
        known.filter(OF_ISSUER).select("name", "issuer_id", "core", "full", "padded").iter_rows()
    ):
        names.setdefault(core, {}).setdefault(issuer, {})[name] = full
        if not places_in(words_apart, words):
            placeless.add(core)
    return [Core(core, core not in placeless, names[core]) for core in cores]


def _cores(known: pl.DataFrame) -> list[str]:
    """Give the cores that names may be likened to: those of issuers, with a word of their own."""
    cores = known.filter(OF_ISSUER).get_column("core").unique().sort().to_list()
    return [core for core in cores if core.isascii() and not set(core.split()) <= WEAK]


def _marks(index: CoreIndex, known: pl.DataFrame, words: Words) -> list[str]:
    """Give the pieces, the words of all cores, and the words that become one of them."""
    own = {f" {word} " for core in known.get_column("core") for word in core.split()}
    become = {word for word, end in words.core.items() if end in own}
    chinese = known.filter(pl.col("full").str.contains(f"[{UNSPACED}]")).get_column("full").str.slice(0, BEGIN_UNSPACED)
    return sorted({*index.hits.get_column("pattern"), *own, *become, *chinese})
