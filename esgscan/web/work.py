"""What the workers do, each piece in a process of its own: read, scan, render. One bad file stops one piece of work.

Values go in and come out pickled, so an error becomes a `Failure`.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from esgscan.errors import EsgscanError, OptionError, PortfolioError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from esgscan.portfolio.inputs import Upload
    from esgscan.portfolio.reading import ReadingOptions


Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a piece of work could not be done.

    Attributes:
        what: One sentence.
        where: File, sheet or option.
        mend: What the reader can do about it.
        status: Status of the HTTP answer.
    """

    what: str
    where: str
    mend: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for, as plain values.

    Attributes:
        as_of: The day the answer is for; today if empty.
        uploads: The portfolio files.
        reading: How each is to be read, by its place in `uploads`.
        options: Other wishes of `wiring.ScanRequest`, by name.
    """

    uploads: Sequence[Upload]
    as_of: str = ""
    reading: Mapping[int, ReadingOptions] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A result: the document of its JSON, and the scan itself for the other formats."""

    document: Mapping[str, Any]
    scan: bytes


def read(uploads: Sequence[Upload], reading: Mapping[int, ReadingOptions]) -> list[Mapping[str, Any] | Failure]:
    """Say of each file how it is read; a file that cannot be read has its failure in its place."""
    return [_told(_audit, one, reading.get(at)) for at, one in enumerate(uploads)]


def scan(wish: Wish) -> Scanned | Failure:
    """Scan the files together as one portfolio."""
    return _told(_scanned, wish)


def check(identifiers: Sequence[str], as_of: str = "", investor: str = "") -> Mapping[str, Any] | Failure:
    """Say of identifiers whether they are flagged, and why."""
    return _told(_checked, identifiers, as_of, investor)


def holders(issuer: str, as_of: str = "") -> Mapping[str, Any] | Failure:
    """Give the funds that hold an issuer, of the packaged figures and of the holdings store."""
    return _told(_held, issuer, as_of)


def render(scan: bytes, name: str) -> bytes | Failure:
    """Render a result in the format of that name."""
    return _told(_rendered, scan, name)


def _told(work: Callable[..., Done], *given: Any) -> Done | Failure:
    try:
        return work(*given)
    except EsgscanError as error:
        status = 422 if isinstance(error, PortfolioError | OptionError) else 500
        return Failure(what=error.what, where=error.where, mend=error.mend, status=status)


def _audit(upload: Upload, options: ReadingOptions | None) -> Mapping[str, Any]:
    from esgscan.report.inspect import render_audit_json
    from esgscan.wiring import inspect

    document: Mapping[str, Any] = json.loads(render_audit_json(inspect(upload, options=options)))
    return document


def _checked(identifiers: Sequence[str], as_of: str, investor: str) -> Mapping[str, Any]:
    from esgscan.report.check_json import render_check_json
    from esgscan.wiring import check

    answer = check(*identifiers, as_of=as_of or None, investor=investor or None)
    document: Mapping[str, Any] = json.loads(render_check_json(answer))
    return document


def _held(issuer: str, as_of: str) -> Mapping[str, Any]:
    from esgscan.markets import find_issuer_id, holders_of
    from esgscan.report.rows import rows

    issuer_id, name = find_issuer_id(issuer)
    found = rows(holders_of(issuer_id, as_of=as_of or None))
    return {"issuer_id": issuer_id, "issuer": name, "holders": [_plain(row) for row in found]}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _rendered(scan: bytes, name: str) -> bytes:
    from esgscan.report.formats import render_report

    return render_report(pickle.loads(scan), name)  # noqa: S301 - our own bytes, from our own worker


def _scanned(wish: Wish) -> Scanned:
    from esgscan.report.json import document
    from esgscan.wiring import ScanRequest, inspect, scan

    readings = [inspect(one, options=wish.reading.get(at)) for at, one in enumerate(wish.uploads)]
    found = scan(readings, request=ScanRequest(as_of=wish.as_of or None, **wish.options))
    return Scanned(document=document(found), scan=pickle.dumps(found))
