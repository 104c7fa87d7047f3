"""A sealed bundle, checked: members against the manifest, reports against the result, the whole byte for byte."""

from __future__ import annotations

import io
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from esgscan.errors import OptionError
from esgscan.report.bundle import MANIFEST, RESULT, digest, manifest, render_bundle
from esgscan.report.json import render_json
from esgscan.report.scan_file import read_scan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.records import Scan

MOST_BYTES = 1_000_000_000
"""Of a bundle when opened: a larger archive is not one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a check of a bundle found.

    Attributes:
        seal: SHA-256 of the manifest, which stands for all members.
        checked: What was checked, in words.
        problems: What does not agree; none if the bundle is as it was sealed.
        scan: The sealed scan, if it could be read.
    """

    seal: str
    checked: tuple[str, ...]
    problems: tuple[str, ...]
    scan: Scan | None


def verify_bundle(content: bytes, *, version: str) -> Verification:
    """Check a bundle against itself.

    Args:
        content: Bytes of the archive.
        version: Version of the program that checks; reports are only made again if the same made them.

    Raises:
        OptionError: The file is no archive at all.
    """
    members, broken = _members(content)
    problems = [f"{name} is damaged" for name in broken] + _against_manifest(members)
    checked = [f"{len(members)} members against the hashes of the manifest"]
    scan = _sealed(members, problems)
    if scan is not None and not problems:
        if members[MANIFEST] != manifest(scan, {name: members[name] for name in members if name != MANIFEST}):
            problems.append(f"{MANIFEST} does not agree with {RESULT}")
        if scan.run.version == version:
            problems += _against_result(content, members, scan)
            checked.append("every report and table, made again from the result")
        else:
            checked.append(f"no report was made again: esgscan {scan.run.version} made them, and this is {version}")
    seal = digest(members.get(MANIFEST, b""))
    return Verification(seal=seal, checked=tuple(checked), problems=tuple(problems), scan=scan)


def compare_scans(sealed: Scan, again: Scan) -> list[str]:
    """Say in which members the result of the run done again differs from the sealed one."""
    before, after = (json.loads(render_json(one)) for one in (sealed, again))
    return [f"{name} of {RESULT} is another when computed again" for name in before if before[name] != after.get(name)]


def _members(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Take the members out of the archive, and name those that cannot be taken out."""
    try:
        archive = ZipFile(io.BytesIO(content))
    except (BadZipFile, ValueError, NotImplementedError) as error:
        mend = "give a file that `esgscan scan -o NAME.zip` wrote"
        raise OptionError(f"Cannot read the bundle: {error}.", where="BUNDLE", mend=mend) from error
    members: dict[str, bytes] = {}
    broken = []
    room = MOST_BYTES
    with archive:
        for entry in archive.infolist():
            try:
                room -= entry.file_size
                members[entry.filename] = archive.read(entry) if room > 0 else b""
            except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError):
                broken.append(entry.filename)
    return members, broken


def _against_manifest(members: Mapping[str, bytes]) -> list[str]:
    try:
        listed = json.loads(members[MANIFEST])["sha256"]
        hashes = {str(name): str(value) for name, value in listed.items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return [f"{MANIFEST} is missing or damaged"]
    others = {name: content for name, content in members.items() if name != MANIFEST}
    changed = [
        f"{name} is not what was sealed" for name in hashes if name in others and digest(others[name]) != hashes[name]
    ]
    missing = [f"{name} is missing" for name in hashes if name not in others]
    return changed + missing + [f"{name} was not sealed" for name in others if name not in hashes]


def _sealed(members: Mapping[str, bytes], problems: list[str]) -> Scan | None:
    """Read the sealed result; that it cannot be read is a problem."""
    try:
        return read_scan(members.get(RESULT, b""), name=RESULT)
    except OptionError as error:
        problems.append(f"{RESULT} cannot be read: {error.what}")
        return None


def _against_result(content: bytes, members: Mapping[str, bytes], scan: Scan) -> list[str]:
    """Make the bundle again, and name what differs."""
    again = render_bundle(scan)
    if again == content:
        return []
    made, _ = _members(again)
    changed = [f"{name} is another when made again from {RESULT}" for name in made if made[name] != members.get(name)]
    return changed or ["the archive itself was changed, outside its members"]
