"""Which candidates are held under their name by funds that the user keeps: a hint that they are listed, no identity."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.list_changes.identities import full_keys, variants

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from esgscan.reference.list_updates import ListChange

COUNTRIES = ("CN", "HK", "MO", "KY", "BM", "VG")
"""Where companies of greater China issue shares from, as their ISINs begin."""


def with_held(candidates: Sequence[ListChange], held: pl.DataFrame, words: pl.DataFrame) -> list[ListChange]:
    """Note beside candidates without securities which security funds hold under just that name.

    Args:
        candidates: Companies on lists that are not on the watchlist.
        held: name_as_written, isin: names under which funds hold securities.
        words: Data set `name_words`.
    """
    bare = [one for one in candidates if not (one.isins or one.codes)]
    if held.is_empty() or not bare:
        return list(candidates)
    pairs = held.select("name_as_written", "isin").rows()
    printed = {one.entity: variants(one.entity) for one in bare}
    keys = full_keys([*(name for names in printed.values() for name in names), *(name for name, _ in pairs)], words)
    isins: dict[str, set[str]] = {}
    for name, isin in pairs:
        isins.setdefault(keys[name], set()).add(isin)
    return [_noted(one, [keys[name] for name in printed.get(one.entity, ())], isins) for one in candidates]


def _noted(one: ListChange, keys: Sequence[str], isins: dict[str, set[str]]) -> ListChange:
    found = sorted(isin for key in keys if key for isin in isins.get(key, ()))
    return replace(one, held_as=tuple(dict.fromkeys(found))) if found else one
