"""The pictures of the documentation: taken by the script, of every step, at every width."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

MOST_BYTES = 120_000


@pytest.fixture
def script(project: Path) -> Any:
    spec = importlib.util.spec_from_file_location("take_screenshots", project / "scripts" / "take_screenshots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_takes_the_pictures_that_the_documentation_shows(
    browser: Browser, address: str, script: Any, project: Path, tmp_path: Path
) -> None:
    taken = {path.name for path in script.take(browser, address, tmp_path)}
    there = {path.name for path in (project / "docs" / "screenshots").iterdir()}
    assert taken == there
    shown = set(re.findall(r"screenshots/([\w-]+\.webp)", (project / "docs" / "page.md").read_text(encoding="utf-8")))
    assert shown == there


def test_each_picture_is_as_wide_as_its_name_says_small_and_not_blank(script: Any, project: Path) -> None:
    for path in (project / "docs" / "screenshots").iterdir():
        assert path.stat().st_size < MOST_BYTES, path.name
        with Image.open(path) as picture:
            width = int(path.stem.rpartition("-")[2])
            assert picture.size == (width, script.SIZES[width])
            assert len(picture.convert("L").getcolors() or ()) > 50, path.name
