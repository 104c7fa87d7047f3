"""Confirmed updates of the watchlist in the user's data folder: one file per confirmation, each with all that holds.

The newest file counts. Files are written beside their place and moved there, and none is ever changed; without
the newest, the one before it counts again.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from esgscan.errors import SourceError
from esgscan.reference.list_updates import Kind, ListChange, ListSource, ListUpdate
from esgscan.store.folder import only_writer, replaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from _typeshed import DataclassInstance

    Made = TypeVar("Made", bound=DataclassInstance)

VERSION = 1
"""The version of the layout."""
NAME = re.compile(r"update-(\d{4})\.json")
WHAT = "updates of the watchlist"


def read_update(folder: Path) -> ListUpdate | None:
    """Read the newest update; there may be none.

    Raises:
        SourceError: It is damaged, or of a newer esgscan.
    """
    path = _newest(folder)
    if path is None:
        return None
    try:
        content = path.read_bytes()
        document = json.loads(content)
        if document["version"] > VERSION:
            what = f"The update of the watchlist is of version {document['version']}; this esgscan knows {VERSION}."
            raise SourceError(what, where=str(path), mend="use a newer esgscan, or scan with --no-updates")
        return ListUpdate(
            number=document["number"],
            content_hash=hashlib.sha256(content).hexdigest(),
            updated_on=date.fromisoformat(document["updated_on"]),
            sources=tuple(_made(ListSource, one) for one in document["sources"]),
            changes=tuple(_made(ListChange, one) for one in document["changes"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = "The update of the watchlist cannot be read."
        mend = "remove the file and run esgscan watchlist update again, or scan with --no-updates"
        raise SourceError(what, where=str(path), mend=mend) from error


def write_update(
    folder: Path, sources: Sequence[ListSource], changes: Sequence[ListChange], *, updated_on: date, after: int
) -> Path:
    """Write an update with all that holds from now on.

    Args:
        folder: Where the updates lie.
        sources: All files that it rests on.
        changes: All that they said.
        updated_on: The day of the confirmation.
        after: Number of the update that was looked at; 0 for none.

    Raises:
        SourceError: The folder cannot be written to, or another update was confirmed meanwhile.
    """
    document = {
        "version": VERSION,
        "number": after + 1,
        "updated_on": updated_on,
        "sources": [asdict(one) for one in sources],
        "changes": [asdict(one) for one in changes],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    with only_writer(folder, what_is_it=WHAT):
        newest = _newest(folder)
        if _number(newest) != after:
            what = "The watchlist was updated by another run while this one waited for an answer."
            raise SourceError(what, where=str(folder), mend="run the command again")
        path = folder / f"update-{after + 1:04}.json"
        try:
            with replaced(path) as beside:
                beside.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            what = f"Cannot write the update of the watchlist: {error.strerror}."
            raise SourceError(
                what, where=str(path), mend="make room, or name another folder in ESGSCAN_HOME"
            ) from error
    return path


def undo_update(folder: Path) -> Path | None:
    """Take the newest update away; give its file, or None where there is none.

    Raises:
        SourceError: The folder cannot be written to.
    """
    if not folder.is_dir():
        return None
    with only_writer(folder, what_is_it=WHAT):
        path = _newest(folder)
        try:
            if path:
                path.unlink()
        except OSError as error:
            what = f"Cannot remove the update of the watchlist: {error.strerror}."
            raise SourceError(what, where=str(path), mend="remove the file by hand") from error
    return path


def _newest(folder: Path) -> Path | None:
    found = (
        sorted(path for path in folder.glob("update-*.json") if NAME.fullmatch(path.name)) if folder.is_dir() else []
    )
    return found[-1] if found else None


def _number(path: Path | None) -> int:
    found = NAME.fullmatch(path.name) if path else None
    return int(found[1]) if found else 0


def _made(kind: type[Made], told: Mapping[str, Any]) -> Made:
    """Make a record of what was written; text that is a day becomes one, and lists become tuples."""
    days = {one.name for one in fields(kind) if "date" in str(one.type)}
    values = {name: _value(value, is_day=name in days) for name, value in told.items()}
    if "kind" in values:
        values["kind"] = Kind(values["kind"])
    return kind(**values)


def _value(value: Any, *, is_day: bool) -> Any:
    if is_day and value is not None:
        return date.fromisoformat(value)
    return tuple(_value(one, is_day=False) for one in value) if isinstance(value, list) else value
