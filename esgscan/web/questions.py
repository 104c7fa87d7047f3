"""What the workers answer without a file: checks before a trade, who holds a company, what is known of a fund."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from esgscan.web.work import Failure, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def check(identifiers: Sequence[str], as_of: str = "", investor: str = "") -> Mapping[str, Any] | Failure:
    """Say of identifiers whether they are flagged, and why."""
    return told(_checked, identifiers, as_of, investor)


def holders(issuer: str, as_of: str = "") -> Mapping[str, Any] | Failure:
    """Give the funds that hold an issuer, of the packaged figures and of the holdings store."""
    return told(_held, issuer, as_of)


def funds(wanted: str) -> Mapping[str, Any] | Failure:
    """List the funds that have the words asked for, and count all that are known."""
    return told(_funds, wanted)


def fund(wanted: str, as_of: str = "") -> Mapping[str, Any] | Failure:
    """Give everything known of one fund; a Failure with status 404 stands for one that is not known."""
    found = told(_found, wanted)
    return replace(found, status=404) if isinstance(found, Failure) else told(_fund, found, as_of)


def _checked(identifiers: Sequence[str], as_of: str, investor: str) -> Mapping[str, Any]:
    from esgscan.checks import check
    from esgscan.report.check_json import render_check_json

    answer = check(*identifiers, as_of=as_of or None, investor=investor or None)
    document: Mapping[str, Any] = json.loads(render_check_json(answer))
    return document


def _held(issuer: str, as_of: str) -> Mapping[str, Any]:
    from esgscan.kept_exposures import kept_holders
    from esgscan.markets import find_issuer_id
    from esgscan.report.rows import rows

    issuer_id, name = find_issuer_id(issuer)
    found = rows(kept_holders(issuer_id, as_of=as_of or None))
    return {"issuer_id": issuer_id, "issuer": name, "holders": [_plain(row) for row in found]}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _funds(wanted: str) -> Mapping[str, Any]:
    from esgscan.fund_entries import listed_entries

    return {"total": len(listed_entries()), "funds": [_plain(row) for row in listed_entries(wanted)]}


def _found(wanted: str) -> str:
    from esgscan.fund_entries import find_fund_id

    return find_fund_id(wanted)


def _fund(wanted: str, as_of: str) -> Mapping[str, Any]:
    from esgscan.fund_entries import fund_entry

    entry: Mapping[str, Any] = orjson.loads(orjson.dumps(fund_entry(wanted, as_of=as_of or None)))
    return entry
