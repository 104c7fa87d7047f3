"""Files of publishers, damaged at random: an error of ours, or an answer whose weights add to one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import EsgscanError
from esgscan.sources import nport_datasets
from esgscan.sources.holdings import read_holdings

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 300_000
FOLDERS = ("fund-holdings", "nport", "13f")


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut, overwrite, remove, repeat, or shuffle."""
    at = chance.randrange(len(data))
    lines = data.split(b"\n")
    how = chance.randrange(5)
    if how == 0:
        return data[:at]
    if how == 1:
        changed = bytearray(data)
        for _ in range(20):
            changed[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(changed)
    if how == 2:
        return data[:at] + data[at + chance.randrange(4000) :]
    if how == 3:
        return data[:at] + data[max(0, at - 2000) :]
    chance.shuffle(lines)
    return b"\n".join(lines[: 1 + len(lines) * 4 // 5])


@pytest.mark.specimens
@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_give_errors_of_ours_or_whole_weights(specimens: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same damage each time is the purpose
    files = [p for folder in FOLDERS for p in sorted((specimens / folder).iterdir()) if p.is_file()]
    answers = 0
    for path in (p for p in files if p.stat().st_size < LARGEST):
        copy = tmp_path / path.name
        copy.write_bytes(damaged(path.read_bytes(), chance))
        try:
            file = read_holdings(f"Fund@2024-01-31={copy}")
        except EsgscanError:
            continue
        answers += 1
        for _, lines in file.holdings.group_by("fund_id", "as_of"):
            scale = max(1.0, lines["holding_weight"].abs().sum())
            assert lines["holding_weight"].sum() == pytest.approx(1.0, abs=1e-6 * scale), path.name
    assert answers


def test_an_archive_whose_list_of_members_is_damaged_is_no_data_set(tmp_path: Path) -> None:
    broken = tmp_path / "quarter.zip"
    broken.write_bytes(b"PK\x05\x06" + b"\x00" * 6 + b"\x01\x00\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00")
    assert not nport_datasets.recognises(broken)
