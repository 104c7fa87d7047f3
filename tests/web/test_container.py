"""The Dockerfile: its command, run as it says, without rights and with nothing to write on but /tmp."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx2
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "a word that nobody can guess"  # noqa: S105 - of this test
SCRATCH = "/tmp"  # noqa: S108 - of the container
ALONE = """
set -e
mount --bind / /
mount -o remount,bind,ro /
for place in "$@"; do
  mount --bind "$place" "$place"
  mount -o remount,bind,ro "$place"
done
mount -t tmpfs -o size=64m,nosuid,nodev,noexec tmpfs /tmp
umask 077
printf '%s\\n' "$TOKEN" > "$TMPDIR/token"
for place in / /etc "$@"; do
  if touch "$place/esgscan-wrote-here" 2>/dev/null; then echo "can write to $place" >&2; exit 9; fi
done
cd /
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all $COMMAND
"""
"""Shuts a process off: every file read-only, a small /tmp, no capability, and no way to gain one."""


@pytest.fixture(scope="module")
def dockerfile(project: Path) -> str:
    return (project / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def test_it_runs_as_a_plain_user_from_an_image_with_a_version(dockerfile: str) -> None:
    last = dockerfile[dockerfile.rindex("\nFROM ") :]
    uid = re.search(r"useradd --uid (\d+)", last)
    assert uid is not None
    assert int(uid[1]) >= 10000
    assert re.search(rf"^USER {uid[1]}:{uid[1]}$", last, re.MULTILINE)
    assert all(re.search(r":\d", image) for image in re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    assert "ADD " not in dockerfile
    assert not re.search(r"apt-get|curl|wget|sudo", dockerfile)


def test_what_it_copies_is_there_and_not_hidden_from_it(dockerfile: str, project: Path) -> None:
    shown = {line[1:] for line in (project / ".dockerignore").read_text(encoding="utf-8").split() if line[0] == "!"}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE) for name in line.split()
    }
    assert {name.removeprefix("./") for name in copied} == shown
    assert all((project / name).exists() for name in shown)


@pytest.fixture
def page(dockerfile: str, project: Path) -> Iterator[str]:
    """Start the command of the Dockerfile, shut off; give its address."""
    if not (shutil.which("unshare") and shutil.which("setpriv") and _may_unshare()):
        pytest.skip("this system does not let a process be shut off: unshare, setpriv")
    entry = re.search(r"^ENTRYPOINT \[(.+)\]$", dockerfile, re.MULTILINE)
    env = re.search(r"^ENV (.+)$", dockerfile, re.MULTILINE)
    assert entry is not None
    assert env is not None
    words = [word.strip(' "') for word in entry[1].split(",")]
    assert words[:2] == ["esgscan", "serve"]
    words[words.index("--token") + 1] = f"{SCRATCH}/token"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "esgscan", *words[1:], "--port", str(port)]
    given = dict(pair.split("=", 1) for pair in env[1].split() if not pair.startswith("PATH="))
    environment = {**os.environ, **given, "COMMAND": " ".join(command), "TOKEN": TOKEN, "TMPDIR": SCRATCH}
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    places = dict.fromkeys(map(str, (project, sys.prefix)))
    process = subprocess.Popen(
        ["unshare", *user, "--mount", "--propagation", "private", "sh", "-c", ALONE, "sh", *places], env=environment
    )
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None
        try:
            httpx2.get(f"{address}/health")
            break
        except httpx2.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) in {0, -signal.SIGTERM}


def test_it_scans_with_nothing_to_write_on_and_no_rights(page: str, project: Path) -> None:
    content = (project / "sample_portfolios" / "pension_fund.xlsx").read_bytes()
    sent = {"files": {"portfolio": ("p.xlsx", content)}, "data": {"as_of": "2026-11-23"}, "timeout": 120}
    assert httpx2.post(f"{page}/api/v1/scan", **sent).status_code == 401  # type: ignore[arg-type]
    with httpx2.Client(base_url=page, auth=("", TOKEN), timeout=120, follow_redirects=True) as client:
        assert client.post("/api/v1/scan", **sent).json()["portfolio"]["positions"] == 34  # type: ignore[arg-type]
        visit = client.post("/portfolio", files=sent["files"]).url.path  # type: ignore[arg-type]
        report = client.post(f"{visit}/scan", data=sent["data"])  # type: ignore[arg-type]
        for _ in range(300):
            if "http-equiv" not in report.text:
                break
            time.sleep(0.2)
            report = client.get(f"{visit}/report")
        assert "of the portfolio reaches 16 flagged companies" in report.text
        assert client.get(f"{visit}/report.pdf").content.startswith(b"%PDF")
        assert client.get("/funds/EEM").status_code == 200


def _may_unshare() -> bool:
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    tried = ["unshare", *user, "--mount", "--propagation", "private", "mount", "--bind", "/", "/"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0
