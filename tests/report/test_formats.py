from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import OptionError
from esgscan.report.formats import FORMATS, FileReporter, encoded, format_of, write_report, write_whole

if TYPE_CHECKING:
    from esgscan.records import Scan

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_scan_gives_the_same_bytes(scan: Scan, name: str) -> None:
    assert FORMATS[name].render(scan) == FORMATS[name].render(scan)


@pytest.mark.parametrize("name", FORMATS)
def test_the_bytes_do_not_depend_on_the_process(scan: Scan, name: str) -> None:
    program = (
        "import sys; from esgscan.report.formats import FORMATS; from tests.fakes_scan import pension_scan; "
        f"sys.stdout.buffer.write(FORMATS[{name!r}].render(pension_scan()))"
    )
    zone = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    command = [sys.executable, "-c", program]
    finished = subprocess.run(command, cwd=ROOT, env={**os.environ, **zone}, capture_output=True, check=True)
    assert finished.stdout == FORMATS[name].render(scan)


@pytest.mark.parametrize(
    ("name", "chosen"), [("a.json", "json"), ("a.b.XLSX", "xlsx"), ("a.csv", "csv"), ("a.txt", "terminal")]
)
def test_the_ending_chooses_the_format(name: str, chosen: str) -> None:
    assert format_of(Path(name)).name == chosen


@pytest.mark.parametrize("name", ["report.docx", "report", ".json"])
def test_another_ending_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(OptionError) as error:
        format_of(Path(name))
    assert name in error.value.what
    assert ".json" in error.value.mend


def test_a_report_replaces_the_one_before_and_leaves_nothing_beside_it(scan: Scan, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    replace(scan, reporter=FileReporter()).write(target)
    assert target.read_bytes() == FORMATS["json"].render(scan)
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_a_link(scan: Scan, tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    write_report(scan, link)
    assert link.is_symlink()
    assert target.read_bytes() == FORMATS["csv"].render(scan)


def test_a_new_file_can_be_read_by_those_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "report.txt", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "report.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("place", ["missing/report.json", "folder.json"])
def test_a_place_that_cannot_be_written_is_said(scan: Scan, tmp_path: Path, place: str) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(OptionError) as error:
        write_report(scan, tmp_path / place)
    assert place in error.value.what
    assert error.value.where.startswith("-o ")
    assert error.value.mend


def test_a_write_that_fails_keeps_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OptionError, match="No space left"):
        write_whole(target, b"new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_half_a_character_in_a_name_can_be_encoded() -> None:
    assert encoded("a\udc80") == b"a\\udc80"


def test_the_terminal_report_loads_neither_charts_nor_workbooks() -> None:
    program = (
        "import sys; from esgscan.report.formats import FORMATS; from tests.fakes_scan import pension_scan; "
        "FORMATS['terminal'].render(pension_scan()); print({'matplotlib', 'openpyxl'} & set(sys.modules))"
    )
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True)
    assert finished.stdout == "set()\n"
