"""What a scan may be asked for beside its files: the fields of the form and of the API, as wishes of a scan."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException
from starlette.datastructures import UploadFile

from esgscan.portfolio.inputs import Upload
from esgscan.terms import Investor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.datastructures import FormData

INVESTORS = {
    Investor.US_PERSON: "US person",
    Investor.US_FEDERAL_CONTRACTOR: "US federal contractor",
    Investor.EU: "European Union",
    Investor.UK: "United Kingdom",
    Investor.CA: "Canada",
    Investor.OTHER: "elsewhere",
}
POLICIES = {
    "human-rights": "Human rights: findings on rights count, index and procurement rules are reported only",
    "purchase-bans": "Purchase bans: only bans on buying or dealing count",
}
"""The policies that lie beside this module, and what they count."""
SEVERAL = ("holdings", "watchlist", "decisions")
"""Fields that take files, as many as are sent."""
ONE = ("fx", "identifiers", "policy_file")
"""Fields that take one file."""
FILES = (*SEVERAL, *ONE)


async def uploads(given: Sequence[UploadFile]) -> list[Upload]:
    """Take the bytes of the files that were sent; an empty field of a form is no file."""
    return [Upload(one.filename or "portfolio", await one.read()) for one in given if one.filename or one.size]


async def wishes_of(sent: Mapping[str, Sequence[UploadFile]], *, policy: str, investor: str) -> dict[str, Any]:
    """Make wishes, as `wiring.ScanRequest` names them, of what was sent.

    Args:
        sent: Files by field; `policy_file` goes before the policy that is named.
        policy: Name of a policy that is here; empty for the one that a scan takes by itself.
        investor: Kind of investor; empty for any.

    Raises:
        HTTPException: There is no such policy, or there are two files where one is taken.
    """
    files = {name: await uploads(sent.get(name, ())) for name in FILES}
    for name in ONE:
        if len(files[name]) > 1:
            raise HTTPException(422, f"There are two files for {name.removesuffix('_file')}, and one is taken.")
    first = {name: next(iter(files[name]), None) for name in ONE}
    own = first.pop("policy_file")
    return {
        **{name: files[name] for name in SEVERAL},
        **first,
        "investor": investor or None,
        "policy": own or named_policy(policy),
    }


def files_of(form: FormData) -> dict[str, list[UploadFile]]:
    """Take the files of a form by field."""
    return {name: [one for one in form.getlist(name) if isinstance(one, UploadFile)] for name in FILES}


def text_of(form: FormData, name: str) -> str:
    """Take the text of a field; empty where there is none."""
    given = form.get(name, "")
    return given.strip() if isinstance(given, str) else ""


def named_policy(name: str) -> Upload | None:
    """Give the policy of that name; None stands for the one that a scan takes by itself.

    Raises:
        HTTPException: There is none.
    """
    if not name:
        return None
    if name not in POLICIES:
        raise HTTPException(422, f"There is no policy '{name}'; there are {', '.join(POLICIES)}.")
    return Upload(f"{name}.toml", (files("esgscan.web") / "policies" / f"{name}.toml").read_bytes())


def size_of(wishes: Mapping[str, Any]) -> int:
    """Bytes of the files among the wishes."""
    given = [*(one for name in SEVERAL for one in wishes[name]), wishes["fx"], wishes["identifiers"], wishes["policy"]]
    return sum(len(one.content) for one in given if one)
