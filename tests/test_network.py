"""A scan touches no network.

The interpreter reports every use of a socket to its audit hooks, whoever asked for it. Here the hook ends the process
at once, so that no handler can hide the attempt.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

REFUSED = 97

GUARD = f"""
import os, sys

TOUCHES = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.getnameinfo", "socket.sendto",
           "socket.sendmsg", "socket.bind", "urllib.Request")

def refuse(event, arguments):
    if event.startswith(TOUCHES):
        os.write(2, f"network touched: {{event}} {{arguments[-1]!r}}".encode())
        os._exit({REFUSED})

sys.addaudithook(refuse)
"""

RUN = """
from esgscan.__main__ import main

try:
    status = main()
except SystemExit as ended:
    status = ended.code
fetchers = {"aiohttp", "curl_cffi", "httpx", "requests", "urllib3", "yfinance"} & set(sys.modules)
sys.exit(f"loaded although nothing is to be fetched: {sorted(fetchers)}" if fetchers else status)
"""


def run_guarded(program: str, *arguments: str, cwd=None) -> subprocess.CompletedProcess[str]:
    """Run a program in an interpreter that dies when it touches the network."""
    command = [sys.executable, "-c", GUARD + program, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.socket().connect_ex(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 443)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "try:\n    import socket; socket.create_connection(('127.0.0.1', 9))\nexcept BaseException:\n    pass",
    ],
)
def test_the_guard_stops_an_attempt_to_connect(attempt):
    done = run_guarded(attempt)
    assert done.returncode == REFUSED, done.stderr
    assert "network touched" in done.stderr


def test_the_guard_lets_other_work_pass():
    assert run_guarded("import socket; print(sum(range(4)))").stdout == "6\n"


def test_a_library_that_fetches_is_noticed():
    loads = "sys.modules['requests'] = sys; main = lambda: 0"
    done = run_guarded(RUN.replace("from esgscan.__main__ import main", loads))
    assert done.returncode == 1
    assert "['requests']" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "sample_portfolios/pension_fund.xlsx", "--as-of", "2026-11-23"],
        ["inspect", "sample_portfolios/broker_export.csv"],
        ["issuers", "hikvision"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_touches_no_network(project, arguments):
    done = run_guarded(RUN, *arguments, cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_writing_reports_touches_no_network(project, tmp_path):
    reports = [tmp_path / "report.xlsx", tmp_path / "report.json"]
    options = [option for report in reports for option in ("-o", str(report))]
    scan = ["scan", "sample_portfolios/pension_fund.xlsx", "--as-of", "2026-11-23"]
    done = run_guarded(RUN, *scan, *options, cwd=project)
    assert done.returncode == 0, done.stderr
    assert all(report.stat().st_size > 1000 for report in reports)


def test_going_online_loads_nothing_where_nothing_is_wanting(project):
    scan = ["scan", "sample_portfolios/pension_fund.xlsx", "--as-of", "2026-11-23", "--online"]
    done = run_guarded(RUN, *scan, cwd=project)
    assert done.returncode == 0, done.stderr
