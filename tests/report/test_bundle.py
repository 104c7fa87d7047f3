from __future__ import annotations

import json
import random
import zipfile
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

import esgscan
from esgscan.errors import OptionError
from esgscan.given_scans import verify
from esgscan.report.archives import archive
from esgscan.report.bundle import MANIFEST, RESULT, digest, render_bundle
from esgscan.report.verification import verify_bundle

if TYPE_CHECKING:
    from pathlib import Path

FLIPS = 12
HEAD_OF_AN_ENTRY = 30


@pytest.fixture(scope="module")
def portfolio(project: Path) -> Path:
    return project / "sample_portfolios" / "direct_china.xlsx"


@pytest.fixture(scope="module")
def sealed(portfolio: Path) -> bytes:
    return render_bundle(esgscan.scan(portfolio, as_of="2026-11-23"))


def problems(content: bytes) -> tuple[str, ...]:
    return verify_bundle(content, version=esgscan.__version__).problems


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_bundle_is_as_it_was_sealed(sealed: bytes) -> None:
    found = verify_bundle(sealed, version=esgscan.__version__)
    assert found.problems == ()
    assert found.seal == digest(members(sealed)[MANIFEST])
    assert "every report and table, made again from the result" in found.checked


def test_the_manifest_says_what_made_the_bundle(sealed: bytes, portfolio: Path) -> None:
    said = json.loads(members(sealed)[MANIFEST])
    assert said["inputs"] == {portfolio.name: digest(portfolio.read_bytes())}
    assert (said["as_of"], said["version"]) == ("2026-11-23", esgscan.__version__)
    assert said["options"]["as_of"] == "2026-11-23"
    assert set(said["sha256"]) == set(members(sealed)) - {MANIFEST}


def test_one_flipped_byte_anywhere_is_found(sealed: bytes) -> None:
    places = random.Random(20261123).sample(range(len(sealed)), FLIPS)  # noqa: S311 - the same places each time
    for place in [HEAD_OF_AN_ENTRY // 3, *places]:
        changed = bytearray(sealed)
        changed[place] ^= 1
        try:
            assert problems(bytes(changed)), place
        except OptionError as error:
            assert "Cannot read the bundle" in error.what  # noqa: PT017 - a flip may break the archive's own directory


@pytest.mark.parametrize("name", [RESULT, "report.html", "report.pdf", "tables/paths.csv"])
def test_the_member_that_was_changed_is_named(sealed: bytes, name: str) -> None:
    changed = members(sealed)
    changed[name] = changed[name][:-1] + bytes([changed[name][-1] ^ 1])
    [first, *_] = problems(archive(changed, datetime(2026, 11, 23)))  # noqa: DTZ001
    assert first == f"{name} is not what was sealed"


def test_a_member_that_was_taken_out_or_put_in_is_named(sealed: bytes) -> None:
    changed = members(sealed)
    del changed["report.md"]
    changed["extra.txt"] = b"x"
    found = problems(archive(changed, datetime(2026, 11, 23)))  # noqa: DTZ001
    assert "report.md is missing" in found
    assert "extra.txt was not sealed" in found


def test_a_figure_sealed_anew_disagrees_with_the_portfolio(sealed: bytes, portfolio: Path, tmp_path: Path) -> None:
    from esgscan.report.scan_file import read_scan

    result = json.loads(members(sealed)[RESULT])
    result["exposure"]["weight"] *= 0.5
    forged = render_bundle(read_scan(json.dumps(result).encode(), name=RESULT))
    target = tmp_path / "forged.zip"
    target.write_bytes(forged)
    assert verify(str(target)).problems == ()
    assert verify(str(target), [portfolio]).problems == (f"exposure of {RESULT} is another when computed again",)


def test_the_portfolio_gives_the_sealed_result_again(sealed: bytes, portfolio: Path, tmp_path: Path) -> None:
    target = tmp_path / "bundle.zip"
    target.write_bytes(sealed)
    found = verify(str(target), [portfolio])
    assert found.problems == ()
    assert "the scan, made again from the portfolio" in found.checked


def test_another_version_compares_hashes_and_says_so(sealed: bytes) -> None:
    found = verify_bundle(sealed, version="99.0")
    assert found.problems == ()
    assert any("no report was made again" in line for line in found.checked)


@pytest.mark.parametrize("content", [b"", b"PK", b"name,isin\n"])
def test_what_is_no_bundle_is_said(content: bytes) -> None:
    with pytest.raises(OptionError, match="Cannot read the bundle"):
        problems(content)


def test_an_archive_of_something_else_is_no_bundle() -> None:
    found = problems(archive({"a.txt": b"a"}, datetime(2026, 11, 23)))  # noqa: DTZ001
    assert f"{MANIFEST} is missing or damaged" in found
