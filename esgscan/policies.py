"""A user's policy: what counts, what is only reported, how companies are sorted, and which tier each is in.

A policy counts, sorts and shortens; it never leaves a name out of a report.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from difflib import get_close_matches
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl
import tomli

from esgscan.errors import OptionError
from esgscan.portfolio.inputs import read_text
from esgscan.terms import Covered, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from esgscan.portfolio.inputs import Upload

col, lit = pl.col, pl.lit

ALL = "*"
SORTS = ("weight", "tier")
BASES = ("official-determination", "reported")
STATUSES = tuple(status.value for status in Status)
NO_TIER = "no tier"
JUDGED = ("issuer_id", "programme_id", "status", "scope")
"""What a policy looks at in a measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a company must have: one of the programmes in one of the statuses, or one of the tags on one of the bases.

    Attributes:
        programmes: Ids of programmes; `*` is every one.
        tags: Risk tags; `*` is every one.
        statuses: How far a programme's measure must have come.
        basis: What the evidence of a tag must be.
        weight_above: Weight that the company must have more of.
        names_itself: Whether a measure must name the company itself, and not only another entity of its group.
        name: Name of the tier, if it is one.
    """

    programmes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    statuses: tuple[str, ...] = STATUSES
    basis: tuple[str, ...] = BASES
    weight_above: float | None = None
    names_itself: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What counts, and how the companies are told.

    Attributes:
        name: The policy's name.
        count: What makes a company count.
        report_only: Programmes and tags that never make a company count.
        tiers: The first that fits is the company's.
        sort: Order of the companies: weight, or tier and then weight.
        collapse_below: Companies with less are told in brief where a report is short.
    """

    name: str
    count: Rule
    report_only: Rule
    tiers: tuple[Rule, ...] = ()
    sort: str = "weight"
    collapse_below: float = 0.0


def default_policy() -> Policy:
    """Give the policy of a run that asks for none."""
    text = (files("esgscan") / "default_policy.toml").read_text(encoding="utf-8")
    return _policy(tomli.loads(text), where="default_policy.toml")


def read_policy(path: Path | Upload, *, programmes: Collection[str], tags: Collection[str]) -> Policy:
    """Read a policy from a TOML file.

    Args:
        path: The file.
        programmes: Ids of the programmes there are.
        tags: The tags there are.

    Raises:
        OptionError: The file cannot be read, or names what there is not.
    """
    where = f"--policy {path}"
    try:
        document = tomli.loads(read_text(path))
    except OSError as error:
        raise OptionError(f"Cannot read the policy '{path}'.", where=where, mend="name a file that exists") from error
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        what = f"Cannot read the policy '{path}' as TOML: {error}."
        raise OptionError(what, where=where, mend="write it like docs/policies/human-rights.toml, in UTF-8") from error
    policy = _policy(document, where=where)
    for rule in (policy.count, policy.report_only, *policy.tiers):
        _refuse_unknown(rule.programmes, programmes, "programme", where, "see esgscan programmes")
        _refuse_unknown(rule.tags, tags, "tag", where, "see the data set tags in docs/data.md")
    return policy


def _policy(document: Mapping[str, Any], *, where: str) -> Policy:
    _refuse_unknown(document, ("name", "count", "report_only", "view", "tiers"), "part", where)
    if "count" not in document:
        raise OptionError(
            "The policy does not say what counts.", where=where, mend='add [count] with programmes = ["*"]'
        )
    view, tiers = _table(document, "view", where), document.get("tiers", [])
    _refuse_unknown(view, ("sort", "collapse_below"), "setting of [view]", where)
    sort = str(view.get("sort", "weight"))
    _refuse_unknown([sort], SORTS, "order", where)
    if not isinstance(tiers, list):
        raise OptionError("Cannot read the tiers.", where=where, mend="begin each tier with a line [[tiers]]")
    return Policy(
        name=str(document.get("name", "")) or "Policy without a name",
        count=_rule(_table(document, "count", where), f"{where}, [count]"),
        report_only=_rule(_table(document, "report_only", where), f"{where}, [report_only]"),
        tiers=tuple(_tier(tier, f"{where}, tier {number}") for number, tier in enumerate(tiers, start=1)),
        sort=sort,
        collapse_below=_fraction(view.get("collapse_below", 0.0), f"{where}, [view]"),
    )


def _table(document: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise OptionError(f"Cannot read '{name}': it is no table.", where=where, mend=f"begin it with a line [{name}]")
    return table


def _tier(table: Any, where: str) -> Rule:
    if not isinstance(table, dict) or not table.get("name"):
        raise OptionError("A tier has no name.", where=where, mend='add name = "watch"')
    return _rule(table, where)


def _rule(table: Mapping[str, Any], where: str) -> Rule:
    _refuse_unknown(table, [field.name for field in fields(Rule)], "setting", where)
    above = table.get("weight_above")
    rule = Rule(
        programmes=_words(table, "programmes", (), where),
        tags=_words(table, "tags", (), where),
        statuses=_words(table, "statuses", STATUSES, where),
        basis=_words(table, "basis", BASES, where),
        weight_above=None if above is None else _fraction(above, where),
        names_itself=table.get("names_itself", False) is True,
        name=str(table.get("name", "")),
    )
    _refuse_unknown(rule.statuses, STATUSES, "status", where)
    _refuse_unknown(rule.basis, BASES, "basis", where)
    return rule


def _words(table: Mapping[str, Any], name: str, default: tuple[str, ...], where: str) -> tuple[str, ...]:
    given = table.get(name, list(default))
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        what = f"Cannot read {name} = {given!r}."
        raise OptionError(what, where=where, mend=f'write a list of words: {name} = ["..."]')
    return tuple(given)


def _fraction(given: Any, where: str) -> float:
    """Read a weight, written as 0.001 or "0.1%"."""
    text = str(given).strip()
    try:
        weight = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        weight = -1.0
    if isinstance(given, bool) or not 0 <= weight <= 1:
        raise OptionError(f"Cannot read the weight '{given}'.", where=where, mend='write 0.001 or "0.1%"')
    return weight


def _refuse_unknown(given: Collection[str], known: Collection[str], kind: str, where: str, more: str = "") -> None:
    for word in given:
        if word != ALL and word not in known:
            near = get_close_matches(word, list(known), n=1)
            meant = f"did you mean '{near[0]}'? " if near else ""
            listed = more or f"use one of {', '.join(known)}"
            raise OptionError(f"There is no {kind} '{word}'.", where=where, mend=f"{meant}{listed}")


def judged(exposures: pl.DataFrame, flags: pl.DataFrame, tags: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Add to the exposures whether each counts, its tier, and whether it is told in brief; in the policy's order.

    Args:
        exposures: issuer_id, weight; of one portfolio or of many.
        flags: What stands on the day (`standing`).
        tags: Data set `tag_evidence` as known on the day.
        policy: What counts.
    """
    counts = _fits(policy.count, flags, tags, without=policy.report_only)
    tier = lit(NO_TIER)
    for rule in reversed(policy.tiers):
        tier = pl.when(_fits(rule, flags, tags)).then(lit(rule.name)).otherwise(tier)
    names = list(dict.fromkeys(rule.name for rule in policy.tiers))
    told = exposures.with_columns(counts=counts, tier=tier, is_brief=col("weight").abs() < policy.collapse_below)
    if policy.sort == "weight":
        return told
    rank = col("tier").replace_strict([*names, NO_TIER], range(len(names) + 1), return_dtype=pl.Int64)
    return told.sort(rank, maintain_order=True)


def standing(flags: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Give what stands against issuers on a day: measures of table FLAGS, and those that reach them by table OWNERS."""
    through = owners.filter(covered=str(Covered.YES)).with_columns(scope=lit("owner"))
    return pl.concat([flags.select(JUDGED), through.select(JUDGED)])


def _fits(rule: Rule, flags: pl.DataFrame, tags: pl.DataFrame, without: Rule | None = None) -> pl.Expr:
    """Say whether an exposure fits a rule."""
    left_out = without or Rule()
    measured = flags.filter(
        _among("programme_id", rule.programmes),
        ~_among("programme_id", left_out.programmes),
        col("status").is_in(rule.statuses),
        col("scope").str.starts_with("issuer") | lit(value=not rule.names_itself),
    )
    tagged = tags.filter(_among("tag", rule.tags), ~_among("tag", left_out.tags), col("basis").is_in(rule.basis))
    fitting = pl.concat([measured.select("issuer_id"), tagged.select("issuer_id")]).unique()
    fits = col("issuer_id").is_in(fitting["issuer_id"].to_list())
    return fits if rule.weight_above is None else fits & (col("weight").abs() > rule.weight_above)


def _among(column: str, words: tuple[str, ...]) -> pl.Expr:
    return lit(value=True) if ALL in words else col(column).is_in(list(words))


def policy_rows(policy: Policy) -> list[dict[str, str]]:
    """Write a policy as the report prints it: setting and value."""
    rows = [("name", policy.name), ("counts", _told(policy.count)), ("reported only", _told(policy.report_only))]
    rows += [(f"tier '{rule.name}'", _told(rule)) for rule in policy.tiers]
    rows += [("sorted by", policy.sort), ("told in brief below", f"{policy.collapse_below:.6%}")]
    return [{"setting": setting, "value": value} for setting, value in rows]


def _told(rule: Rule) -> str:
    """Write a rule in words."""
    parts = [
        f"programmes: {_listed(rule.programmes)} ({', '.join(rule.statuses)})" if rule.programmes else "",
        f"tags: {_listed(rule.tags)} ({', '.join(rule.basis)})" if rule.tags else "",
        "naming the company itself" if rule.names_itself else "",
        f"weight above {rule.weight_above:.6%}" if rule.weight_above is not None else "",
    ]
    return "; ".join(filter(None, parts)) or "nothing"


def _listed(words: tuple[str, ...]) -> str:
    return "every one" if ALL in words else ", ".join(words)
