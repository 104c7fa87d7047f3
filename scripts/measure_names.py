"""Measure on the labelled names and lines how well they are recognised, and put the figures into docs/identity.md.

Run it from the project's root after a change of names, words or threshold: python scripts/measure_names.py
It also prints the names that are lost and those that are likened to an issuer wrongly.
"""

from __future__ import annotations

import csv
import sys
from datetime import date
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from esgscan.choices import reference_data
from esgscan.engines.memory import Memory
from esgscan.names import name_keys
from esgscan.securities.funds import known_funds
from esgscan.securities.keys import identity_keys, spellings_of_issuers
from esgscan.securities.ladder import resolve
from esgscan.securities.likeness import likenesses
from esgscan.securities.lines import LINE, lines_of
from esgscan.securities.scoring import THRESHOLD
from esgscan.securities.words import add_keys, padded
from esgscan.tables import FUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from esgscan.securities.spellings import Spellings

ROOT = Path(__file__).resolve().parent.parent
NAMES, LINES, DOC = ROOT / "tests/data/names.csv", ROOT / "tests/data/written.csv", ROOT / "docs/identity.md"
BEGIN, END = "<!-- measured:begin -->\n", "<!-- measured:end -->"
LINES_BEGIN, LINES_END = "<!-- lines:begin -->\n", "<!-- lines:end -->"
DAY = date(2026, 11, 26)
SURE = ("confirmed", "probable")
THRESHOLDS = (84.0, 86.0, 88.0, THRESHOLD, 92.0, 94.0, 96.0)
CUTS = (43, 34, 30, 26, 22, 18)
SHORTEST_SLIPPED = 5
"""Letters of a word that is still known with a slip in it."""
Z = 1.959964
"""The normal quantile of a 95 % interval."""


class Labelled(NamedTuple):
    """A name, the issuer it is of (empty for another company), and where it is from."""

    name: str
    issuer_id: str
    origin: str


def main() -> None:
    """Measure, print what is wrong, and write the document."""
    data = reference_data()
    spellings = spellings_of_issuers(data)
    rows = [*labelled(), *made(data["names"], spellings)]
    found = recognised([row.name for row in rows], spellings)
    for row in rows:
        how, issuer = found[row.name]
        if issuer != row.issuer_id:
            print(f"{row.origin}: '{row.name}' of {row.issuer_id or 'nobody'} is {how} {issuer or ''}", file=sys.stderr)
    columns = ["half", "name_as_written", "ticker", "truth", "confidence", "said"]
    for line in written(data).filter(_is_lost() | _is_wrong()).select(columns).iter_rows():
        print("line:", *line, file=sys.stderr)
    text = _put(DOC.read_text(encoding="utf-8"), BEGIN, tables(data), END)
    DOC.write_text(_put(text, LINES_BEGIN, lines_table(data), LINES_END), encoding="utf-8", newline="\n")


def _put(text: str, begin: str, table: str, end: str) -> str:
    return text.split(begin)[0] + begin + table + end + text.split(end)[1]


def tables(data: Mapping[str, pl.DataFrame]) -> str:
    """Give both tables of the document."""
    spellings = spellings_of_issuers(data)
    rows = [*labelled(), *made(data["names"], spellings)]
    return f"{recall_table(rows, spellings)}\n{threshold_table(rows, data)}"


def labelled() -> Iterator[Labelled]:
    """Read the labelled names."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        yield from (Labelled(row["name"], row["issuer_id"], row["from"]) for row in csv.DictReader(file))


def made(names: pl.DataFrame, spellings: Spellings) -> Iterator[Labelled]:
    """Cut legal and former names as vendors do, and put one slip into their longest word of their own."""
    whole = names.filter(pl.col("kind").is_in(["legal", "former"]) & pl.col("name").str.contains(r"^[\x20-\x7E]+$"))
    for issuer, name in whole.select("issuer_id", "name").iter_rows():
        yield from (Labelled(name[:cut].strip(), issuer, "cut short") for cut in CUTS if cut < len(name))
        core = add_keys(pl.DataFrame({"padded": padded(name_keys(pl.Series([name])))}), spellings.words)["core"].item()
        longest = max(core.split(), key=len, default="")
        if len(longest) > SHORTEST_SLIPPED and longest in name.upper():
            yield from (Labelled(name.upper().replace(longest, slip), issuer, "one slip") for slip in slips(longest))


def slips(word: str) -> set[str]:
    """Leave a letter out, write one twice, or part the word, at each place but the first."""
    places = range(1, len(word))
    return {
        cut for n in places for cut in (word[:n] + word[n + 1 :], word[:n] + word[n - 1 :], f"{word[:n]} {word[n:]}")
    }


def recognised(names: list[str], spellings: Spellings) -> dict[str, tuple[str, str]]:
    """Say of each name how it is recognised and as whose: `known`, `cut`, `contained`, `like`, or `not`."""
    named = pl.DataFrame({"name": names}).unique(maintain_order=True)
    keyed = named.with_columns(name_key=name_keys(named["name"]))
    known = spellings.known.filter(~pl.col("is_sound")).unique("name_key", maintain_order=True)
    owner = known.select("issuer_id", known_key="name_key")
    near = likenesses(keyed["name_key"].unique(), spellings)
    found = (
        keyed.join(near, on="name_key", how="left")
        .with_columns(known_key=pl.coalesce("known_key", "name_key"))
        .join(owner, on="known_key", how="left")
    )
    how = pl.when(pl.col("issuer_id").is_not_null()).then(pl.lit("known")).otherwise(pl.col("near_how"))
    rows = found.select("name", how.fill_null("not"), pl.coalesce("issuer_id", "near_issuer").fill_null(""))
    return {name: (said, issuer) for name, said, issuer in rows.iter_rows()}


def written(data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Resolve the labelled lines: their columns, half, truth (empty for another company), confidence, said."""
    table = pl.read_csv(LINES, infer_schema=False)
    ids = pl.int_range(pl.len()).cast(pl.String).alias("line_id")
    read = table.rename({"name": "name_as_written", "issuer_id": "truth"}).with_columns(ids)
    missing = [pl.lit(None, pl.String).alias(name) for name in LINE if name not in read.columns]
    keys = identity_keys(data, known_funds(data, FUNDS.frame()), as_of=DAY)
    lines = lines_of(read.with_columns(missing), "line_id")
    found = Memory().collect(resolve(Memory().frame(lines), keys, engine=Memory()))
    said = found.select("line_id", "confidence", said=pl.coalesce("issuer_id", "candidate"))
    return read.join(said, on="line_id", maintain_order="left")


def _is_lost() -> pl.Expr:
    is_found = pl.col("confidence").is_in([*SURE, "possible"]) & (pl.col("said") == pl.col("truth"))
    return pl.col("truth").is_not_null() & ~is_found.fill_null(value=False)


def _is_wrong() -> pl.Expr:
    return pl.col("confidence").is_in(SURE) & pl.col("said").ne_missing(pl.col("truth"))


def lines_table(data: Mapping[str, pl.DataFrame]) -> str:
    """Say for each half of the labelled lines how many are found, and how many are taken for a wrong issuer."""
    lines = [
        "| lines | confirmed | probable | possible | found | taken for a wrong issuer |",
        "|---|---|---|---|---|---|",
    ]
    rows = written(data)
    for (half,), some in rows.group_by("half", maintain_order=True):
        own = some.filter(pl.col("truth").is_not_null())
        found, wrong = own.filter(~_is_lost()), some.filter(_is_wrong())
        by = [len(found.filter(pl.col("confidence") == confidence)) for confidence in (*SURE, "possible")]
        counts = " | ".join(map(str, by))
        lines.append(f"| {half} | {counts} | {in_words(len(found), len(own))} | {in_words(len(wrong), len(some))} |")
    return "\n".join([*lines, ""])


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Give the 95 % interval of a proportion (Wilson 1927)."""
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return max(0.0, middle - half), min(1.0, middle + half)


def in_words(part: int, whole: int) -> str:
    """Write a proportion with its interval."""
    low, high = wilson(part, whole)
    return f"{part:,} of {whole:,} = {part / whole:.1%} ({low:.1%} to {high:.1%})"


def recall_table(rows: list[Labelled], spellings: Spellings) -> str:
    """Say for each origin how many names are recognised as their issuer's, and how many of others as anybody's."""
    found = recognised([row.name for row in rows], spellings)
    lines = [
        "| names | as known: probable with a witness | like a known one: possible | together |",
        "|---|---|---|---|",
    ]
    for origin, is_other in dict.fromkeys((row.origin, not row.issuer_id) for row in rows):
        some = [row for row in rows if (row.origin, not row.issuer_id) == (origin, is_other)]
        hits = [found[row.name] for row in some]
        known, near = (
            sum(
                bool(issuer) and (issuer == row.issuer_id or is_other) and (how == "known") is whether
                for row, (how, issuer) in zip(some, hits, strict=True)
            )
            for whether in (True, False)
        )
        title = f"{'other companies' if is_other else 'issuers'}, {origin}"
        lines.append(f"| {title} | {known:,} | {near:,} | {in_words(known + near, len(some))} |")
    return "\n".join([*lines, ""])


def threshold_table(rows: list[Labelled], data: Mapping[str, pl.DataFrame]) -> str:
    """Say for some thresholds what a score brings: names with a slip that are found, and matches that are right."""
    lines = [
        "| threshold | names with a slip found: recall | matches by score that are right: precision |",
        "|---|---|---|",
    ]
    for threshold in THRESHOLDS:
        found = recognised([row.name for row in rows], spellings_of_issuers(data, threshold=threshold))
        slipped = [row for row in rows if row.origin == "one slip"]
        right = sum(found[row.name][1] == row.issuer_id for row in slipped)
        scored = [row for row in rows if found[row.name][0] == "like"]
        true = sum(found[row.name][1] == row.issuer_id for row in scored)
        mark = " (in use)" if threshold == THRESHOLD else ""
        lines.append(f"| {threshold:g}{mark} | {in_words(right, len(slipped))} | {in_words(true, len(scored))} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
