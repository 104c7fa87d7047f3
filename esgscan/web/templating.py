"""The templates of the pages, and the words and figures that they write as the reports do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader

import esgscan
from esgscan.choices import current_edition
from esgscan.report import wording

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

FIELDS = {
    "with --holdings FILE": "under Options, Holdings of funds",
    "--holdings ISIN=": "rename the file to ISIN=",
    "--holdings FUND@": "rename the file to FUND@",
    "give --holdings FUND=PATH": "rename the file to FUND=PATH",
    "with --fx rates.csv": "under Options, Exchange rates",
    "give --sheet one of": "give as Sheet one of",
    "leave --sheet out": "leave Sheet empty",
    "with --header-row": "as Row of the header",
    "--header-row": "Row of the header",
    "with --column MEANING=LETTER": "below, in the table of columns",
    "with --column market_value": "in the table of columns, as market value",
    "--decimal": "Decimal mark",
    "--dates": "Dates",
}
"""Options of the command as messages name them, and what they are called on the page."""


def page(request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
    """Fill a template; every value is escaped."""
    common = {
        "version": esgscan.__version__,
        "edition": current_edition(),
        "keep_minutes": round(request.app.state.settings.keep / 60),
        "here": f"/{request.url.path.split('/')[1]}",
    }
    return HTMLResponse(TEMPLATES.get_template(name).render(**common, **values), status_code=status)


def error_page(
    request: Request,
    status: int,
    what: str,
    *,
    where: str = "",
    mend: str = "",
    back: tuple[str, str] = ("/", "Start again"),
) -> Response:
    """Show what is wrong, where, and how to mend it, and lead back."""
    return page(request, "error.html", status=status, what=what, where=where, mend=mend, back=back)


def _here(text: str) -> str:
    """Name the fields of the page where a text names the options of the command."""
    for option, name in FIELDS.items():
        text = text.replace(option, name)
    return text


TEMPLATES = Environment(loader=PackageLoader("esgscan.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
TEMPLATES.filters |= {
    "exposed": wording.exposed,
    "percent": wording.percent,
    "money": wording.money,
    "here": _here,
}
