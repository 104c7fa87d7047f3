"""Pages of the site made of notebooks: each is run when the site is built, and shown with its outputs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient
from nbconvert import MarkdownExporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parent.parent / "docs" / "notebooks"
LONGEST = 120
STYLES = re.compile(r"<style[^>]*>.*?</style>\n?", re.DOTALL)
CLASSES = re.compile(r'<table border="1" class="dataframe">')


def notebook_pages() -> Iterator[tuple[str, str | bytes]]:
    """Run every notebook, and give path and content of its page and of its pictures."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        export = MarkdownExporter()  # type: ignore[no-untyped-call]
        text, pictures = export.from_notebook_node(
            executed(path), resources={"unique_key": path.stem, "output_files_dir": f"{path.stem}_files"}
        )
        yield f"notebooks/{path.stem}.md", CLASSES.sub("<table>", STYLES.sub("", text))
        yield from ((f"notebooks/{name}", content) for name, content in pictures["outputs"].items())


def executed(path: Path) -> NotebookNode:
    """Run a notebook from top to bottom; a cell that fails ends the build."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=LONGEST, kernel_name="python3", resources=folder).execute()
    return notebook
