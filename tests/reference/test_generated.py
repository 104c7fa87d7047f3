"""Data sets that a script writes: each is what its script writes today."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "esgscan" / "reference" / "data"


@pytest.mark.parametrize("name", ["markets", "name_forms", "name_words"])
def test_a_generated_data_set_is_what_its_script_writes(name: str) -> None:
    script = ROOT / "scripts" / f"build_{name}.py"
    assert runpy.run_path(str(script))["text"]() == (DATA / name / "entries.csv").read_text(encoding="utf-8")
