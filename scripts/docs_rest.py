"""The page of the site about the REST API, made of its OpenAPI description."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from esgscan.report.markdown import escaped
from esgscan.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """# REST API

`esgscan serve` answers programs at these addresses. What the page keeps, how others are let in, and three lines of
Python that call it: [the page and the API](../page.md). The same description for a program, in OpenAPI, is at
`/api/v1/openapi.json` of a running server. A form is sent as `multipart/form-data`."""


def rest_page() -> str:
    """Write the page: each address with what it takes and what it answers."""
    spec = create_app().openapi()
    parts = [part for path, ways in spec["paths"].items() for way in ways for part in _address(spec, path, way)]
    return "\n\n".join([HEAD, *parts, *_problems(spec)]) + "\n"


def _address(spec: dict[str, Any], path: str, way: str) -> Iterator[str]:
    told = spec["paths"][path][way]
    yield f"## {told['summary']} {{ #{told['operationId']} }}"
    yield f"`{way.upper()} {path}`"
    yield escaped(told.get("description", ""))
    if rows := [*_parameters(told), *_fields(spec, told)]:
        yield "\n".join(["| name | in | type | needed | meaning |", "|---|---|---|---|---|", *rows])
    yield _answers(told)


def _parameters(told: dict[str, Any]) -> Iterator[str]:
    for one in told.get("parameters", ()):
        yield _row(one["name"], one["in"], one["schema"], is_needed=one["required"], says=one.get("description", ""))


def _fields(spec: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    """Give a row for each field of the form that is sent."""
    for body in told.get("requestBody", {}).get("content", {}).values():
        form = _resolved(spec, body["schema"])
        for name, field in form["properties"].items():
            is_needed = name in form.get("required", ())
            yield _row(name, "form", _resolved(spec, field), is_needed=is_needed, says=field.get("description", ""))


def _row(name: str, where: str, schema: dict[str, Any], *, is_needed: bool, says: str) -> str:
    return f"| `{name}` | {where} | {_type(schema)} | {'yes' if is_needed else ''} | {escaped(says)} |"


def _type(schema: dict[str, Any]) -> str:
    """Name a type; what may be left out is said elsewhere."""
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if schema.get("type") == "array":
        return f"{_type(schema['items'])}, may repeat"
    is_file = "contentMediaType" in schema or schema.get("format") == "binary"
    return "file" if is_file else str(schema.get("type", "anything"))


def _resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = spec["components"]["schemas"][name] if name else schema
    return found


def _answers(told: dict[str, Any]) -> str:
    """Say what comes back, and lead to the page of its schema."""
    said = told["responses"]["200"]["description"]
    name = said.rpartition("/")[2].removesuffix(".json")
    good = f"[the document {name}](json-{name}.md)" if said.startswith("schema:") else "JSON"
    failures = ", ".join(code for code in told["responses"] if code != "200")
    return f"Answers 200 with {good}" + (f"; or a [problem](#problems) with {failures}." if failures else ".")


def _problems(spec: dict[str, Any]) -> Iterator[str]:
    """Describe what an error looks like, and the words that parameters take."""
    problem = spec["paths"]["/api/v1/scan"]["post"]["responses"]["422"]["content"]
    example = json.dumps(problem["application/problem+json"]["example"], indent=2)
    yield "## Problems { #problems }"
    yield "An error is `application/problem+json` (RFC 9457): what in `title`, and `where` and `mend` beside it."
    yield f"```json\n{example}\n```"
    for name, schema in spec["components"]["schemas"].items():
        if "enum" in schema:
            yield f"## The words of `{name}` {{ #{name.lower()} }}"
            yield ", ".join(f"`{one}`" for one in schema["enum"])
