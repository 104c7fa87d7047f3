"""Fifty uploads at once: no error, no answer mixed up, and what was held is given back. Loopback only, and bounded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx2
import pytest
from stdnum import isin as isin_rules

UPLOADS = 50


def portfolio(number: int) -> bytes:
    """Write a portfolio of its own: its share of Hikvision is `number` in a thousand."""
    body = f"US{number:09d}"
    other = body + str(isin_rules.calc_check_digit(body))
    lines = [f"Hikvision,CNE100000PM8,EUR,{number}", f"Company {number},{other},EUR,{1000 - number}"]
    return "\n".join(["Name,ISIN,Currency,Market Value", *lines]).encode()


def ask(address: str, number: int) -> tuple[int, int, float]:
    files = {"portfolio": (f"portfolio-{number}.csv", portfolio(number))}
    answer = httpx2.post(f"{address}/api/v1/scan", files=files, data={"as_of": "2026-11-23"}, timeout=120)
    told = answer.json()
    return answer.status_code, int(told["portfolio"]["name"].rpartition("-")[2]), told["exposure"]["weight"]


def test_fifty_uploads_at_once_are_answered_each_with_its_own(address: str) -> None:
    with ThreadPoolExecutor(UPLOADS) as threads:
        answers = list(threads.map(partial(ask, address), range(1, UPLOADS + 1)))
    assert [status for status, _, _ in answers] == [200] * UPLOADS
    assert [number for _, number, _ in answers] == list(range(1, UPLOADS + 1))
    assert [weight for _, _, weight in answers] == pytest.approx([n / 1000 for n in range(1, UPLOADS + 1)], abs=1e-12)
