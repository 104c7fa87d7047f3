"""The templates of the pages, and the words and figures that they write as the reports do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader

import esgscan
from esgscan.reference.datasets import edition
from esgscan.report import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response


def page(request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
    """Fill a template; every value is escaped."""
    keep = round(request.app.state.settings.keep / 60)
    common = {"version": esgscan.__version__, "edition": edition().label, "keep_minutes": keep}
    return HTMLResponse(TEMPLATES.get_template(name).render(**common, **values), status_code=status)


def error_page(request: Request, status: int, what: str, *, where: str = "", mend: str = "") -> Response:
    """Show what is wrong, where, and how to mend it."""
    return page(request, "error.html", status=status, what=what, where=where, mend=mend)


def _measure_scope(row: Mapping[str, Any]) -> str:
    return wording.measure_scope({**row, "named_entities": "; ".join(row["named_entities"])})


def _measure_dates(row: Mapping[str, Any]) -> str:
    days = ("announced_on", "in_force_from", "in_force_until")
    return wording.measure_dates({**row, **{day: row[day] and datetime.fromisoformat(row[day]).date() for day in days}})


TEMPLATES = Environment(loader=PackageLoader("esgscan.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
TEMPLATES.filters |= {
    "percent": wording.percent,
    "money": wording.money,
    "measure_kind": wording.measure_kind,
    "measure_scope": _measure_scope,
    "measure_dates": _measure_dates,
}
