"""Hook of mkdocs: adds the pages that are made of the code and of the reference data, and names them in its menu."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent))

from docs_data import ISSUERS, PROGRAMMES, data_pages
from docs_messages import messages_page
from docs_notebooks import notebook_pages
from docs_rest import rest_page
from docs_schema import schema_pages

ROOT = Path(__file__).resolve().parent.parent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    Page = tuple[str, str, str]


def generated_pages() -> Iterator[Page]:
    """Give path, title and Markdown of every page that is made when the site is built."""
    yield from data_pages()
    yield from schema_pages()
    yield "reference/messages.md", "Every error and finding", messages_page()
    yield "reference/rest.md", "REST API", rest_page()
    for name in ("contributing", "changelog"):
        text = (ROOT / f"{name.upper()}.md").read_text(encoding="utf-8")
        yield f"project/{name}.md", name.capitalize(), text


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the pages, and name those of companies and programmes below their lists."""
    config.extra["generated"] = made = list(generated_pages())
    _name_below(config.nav or [], made)
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages to those that are written by hand."""
    for path, _, text in config.extra["generated"]:
        files.append(File.generated(config, path, content=text))
    for path, content in notebook_pages():
        files.append(File.generated(config, path, content=content))
    return files


def _name_below(nav: list[Any], made: list[Page]) -> None:
    """Put into each section that begins with a list of companies or programmes the pages of that list."""
    for entry in nav:
        for inner in entry.values() if isinstance(entry, dict) else ():
            if isinstance(inner, list):
                _name_below(inner, made)
                if inner[:1] in ([f"{ISSUERS}/index.md"], [f"{PROGRAMMES}/index.md"]):
                    folder = inner[0].rpartition("/")[0]
                    inner += [{title: path} for path, title, _ in made if path.startswith(folder) and path != inner[0]]
