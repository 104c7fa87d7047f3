"""Zip archives that are the same for the same content: one date, one order, nothing of the machine."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"


def archive(members: Mapping[str, bytes], at: datetime) -> bytes:
    """Write members into an archive, in their order, all of one date."""
    written = BytesIO()
    stamp = max(at.timetuple()[:6], EARLIEST_ZIP_DATE)
    with ZipFile(written, "w", ZIP_DEFLATED) as target:
        for name, content in members.items():
            info = ZipInfo(name, date_time=stamp)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, content)
    return written.getvalue()


def settled(unsettled: BytesIO, at: datetime, changes: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """Write an Office file again with one date: saving stamps the clock into it.

    Args:
        unsettled: The file as its library saved it.
        at: The date of every member, and of the last change.
        changes: What to make of a member, by its name.
    """
    change = {CORE: lambda content: _with_modified(content, at), **(changes or {})}
    with ZipFile(unsettled) as old:
        members = {one.filename: change.get(one.filename, bytes)(old.read(one)) for one in old.infolist()}
    return archive(members, at)


def _with_modified(core: bytes, at: datetime) -> bytes:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, core)
