"""The invented scans that every report test renders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes_scan import clean_scan, pension_scan

if TYPE_CHECKING:
    from esgscan.records import Scan


@pytest.fixture(scope="session")
def scan() -> Scan:
    return pension_scan()


@pytest.fixture(scope="session")
def clean() -> Scan:
    return clean_scan()
