"""Fifty uploads at once: no error, no answer mixed up, and the memory is given back. Loopback only, and bounded.

The server runs as a user runs it, in processes of its own, so that its memory is its own.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from stdnum import isin as isin_rules

from esgscan.web.app import SECONDS_BETWEEN_SWEEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

UPLOADS = 50
LINES = 3000
"""Lines of one portfolio. A visit of so many takes about 4 MiB (`Reported.size`), so 25 visits that stay are 90 MiB."""
KEEP = 10
MOST_LEFT = 60 * 2**20
"""Bytes by which server and workers may have grown: what allocators keep of the last files, and no upload."""
PROC = Path("/proc")


def portfolio(number: int) -> bytes:
    """Write a portfolio of its own: its share of Hikvision is `number` in a thousand."""
    body = f"US{number:09d}"
    other = body + str(isin_rules.calc_check_digit(body))
    rest = (1000 - number) / LINES
    lines = [
        f"Hikvision,CNE100000PM8,EUR,{number}",
        *(f"Company {number} {i},{other},EUR,{rest!r}" for i in range(LINES)),
    ]
    return "\n".join(["Name,ISIN,Currency,Market Value", *lines]).encode()


def ask(address: str, number: int) -> tuple[int, int, float]:
    """Scan by the API."""
    files = {"portfolio": (f"portfolio-{number}.csv", portfolio(number))}
    answer = httpx2.post(f"{address}/api/v1/scan", files=files, data={"as_of": "2026-11-23"}, timeout=300)
    told = answer.json()
    return answer.status_code, int(told["portfolio"]["name"].rpartition("-")[2]), told["exposure"]["weight"]


def visit(address: str, number: int) -> tuple[int, int, float]:
    """Go the way of the page, and leave without a word."""
    with httpx2.Client(base_url=address, timeout=300, follow_redirects=True) as client:
        page = client.post("/portfolio", files={"portfolio": (f"portfolio-{number}.csv", portfolio(number))})
        visit = page.url.path
        arrived(client, visit, page)
        page = arrived(client, f"{visit}/report", client.post(f"{visit}/scan", data={"as_of": "2026-11-23"}))
        told = client.get(f"{visit}/report.json").json()
        assert f"portfolio-{number}" in page.text
        return page.status_code, int(told["portfolio"]["name"].rpartition("-")[2]), told["exposure"]["weight"]


def upload(address: str, number: int) -> tuple[int, int, float]:
    """Upload by the API or by the page, in turn."""
    return (visit if number % 2 else ask)(address, number)


def arrived(client: httpx2.Client, address: str, page: httpx2.Response) -> httpx2.Response:
    deadline = time.monotonic() + 300
    while "http-equiv" in page.text:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        page = client.get(address)
    return page


@pytest.fixture
def server() -> Iterator[tuple[str, int]]:
    """Serve as a user does, with a short memory; give the address and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        "from esgscan.web.serve import serve; from esgscan.web.settings import Settings; "
        f"serve(Settings(port={port}, workers=2, keep={KEEP}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx2.get(f"{address}/health")
            break
        except httpx2.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield address, process.pid
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) in {0, -signal.SIGTERM}


def test_fifty_uploads_at_once_are_answered_each_with_its_own_and_leave_nothing_behind(
    server: tuple[str, int],
) -> None:
    address, pid = server
    numbers = range(1, UPLOADS + 1)
    # A first round, as large, loads the libraries and lets the allocators take what they keep of so many at once.
    answered(address, range(UPLOADS + 1, 2 * UPLOADS + 1))
    time.sleep(KEEP + SECONDS_BETWEEN_SWEEPS)
    before = settled(pid)
    answers = answered(address, numbers)
    assert [status for status, _, _ in answers] == [200] * UPLOADS
    assert [number for _, number, _ in answers] == list(numbers)
    assert [weight for _, _, weight in answers] == pytest.approx([n / 1000 for n in numbers], abs=1e-12)
    if PROC.is_dir():
        time.sleep(KEEP + SECONDS_BETWEEN_SWEEPS)  # the visits run out of time, and are swept away
        after = settled(pid)
        print(f"\n{before / 2**20:.0f} MiB before, {after / 2**20:.0f} MiB after")
        assert after - before < MOST_LEFT


def answered(address: str, numbers: range) -> list[tuple[int, int, float]]:
    with ThreadPoolExecutor(len(numbers)) as threads:
        return list(threads.map(partial(upload, address), numbers))


def settled(pid: int) -> int:
    """Give the resident bytes of the server and its workers, the least of some looks."""
    found = []
    for _ in range(5):
        found.append(sum(map(resident, [pid, *children(pid)])))
        time.sleep(0.3)
    return min(found)


def children(pid: int) -> list[int]:
    found = []
    for one in PROC.iterdir():
        if one.name.isdigit():
            try:
                parent = int((one / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found += [int(one.name), *children(int(one.name))]
    return found


def resident(pid: int) -> int:
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
