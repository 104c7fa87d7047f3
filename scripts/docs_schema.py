"""Pages of the site about the JSON documents, made of their schemas: one row for each member."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esgscan.report.markdown import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = Path(__file__).resolve().parent.parent / "docs" / "schema"
WRITTEN_BY = {
    "scan-1": "`esgscan scan --format json`, `-o report.json` and `POST /api/v1/scan`",
    "check-1": "`esgscan check --format json` and `GET /api/v1/check`",
    "inspect-1": "`esgscan inspect --format json`; `POST /api/v1/inspect` has one for each file",
}


def schema_pages() -> Iterator[tuple[str, str, str]]:
    """Give path, title and Markdown of the page of each schema."""
    for path in sorted(SCHEMAS.glob("*.json"), reverse=True):
        yield f"reference/json-{path.stem}.md", f"JSON: {path.stem}", _page(path)


def _page(path: Path) -> str:
    schema = json.loads(path.read_text(encoding="utf-8"))
    parts = [_section(name, member) for name, member in schema["properties"].items()]
    head = f"# {schema['title']}: `{path.name}`\n\n{schema['description']} Written by {WRITTEN_BY[path.stem]}."
    always = "A member that is not marked *may be missing* is always there."
    return "\n\n".join([head, f"The schema itself: [{path.name}](../schema/{path.name}). {always}", *parts]) + "\n"


def _section(name: str, member: dict[str, Any]) -> str:
    lines = [f"## `{name}`", "", f"{_type(member)}. {_meaning(member)}".strip()]
    rows = list(_rows(member, ""))
    if rows:
        lines += ["", "| member | type | meaning |", "|---|---|---|", *rows]
    return "\n".join(lines)


def _rows(member: dict[str, Any], path: str) -> Iterator[str]:
    """Give a row for each member inside, and for those inside of it."""
    inner = member.get("items", {}) if "array" in _types(member) else member
    required = inner.get("required", ())
    for name, below in inner.get("properties", {}).items():
        missing = "" if name in required else " *May be missing.*"
        yield f"| `{path}{name}` | {_type(below)} | {_meaning(below)}{missing} |"
        yield from _rows(below, f"{path}{name}.")


def _types(member: dict[str, Any]) -> list[str]:
    """Give the types that a member may have."""
    if "anyOf" in member:
        return [one for inner in member["anyOf"] for one in _types(inner)]
    given = member.get("type", "")
    return [given] if isinstance(given, str) else given


def _type(member: dict[str, Any]) -> str:
    if "const" in member:
        return f"always `{json.dumps(member['const'])}`"
    if "enum" in member:
        return " or ".join(f"`{json.dumps(one)}`" for one in member["enum"])
    names = ["list" if one == "array" else one for one in _types(member)]
    inner = _types(member.get("items", {})) if names == ["list"] else []
    of = f" of {' or '.join(inner)}s" if inner and inner != [""] else ""
    return " or ".join(dict.fromkeys(filter(None, names))) + of or "anything"


def _meaning(member: dict[str, Any]) -> str:
    own = member.get("description", "")
    said = own or next((inner["description"] for inner in member.get("anyOf", ()) if "description" in inner), "")
    return escaped(f"{said[:1].upper()}{said[1:]}." if said else "")
