"""Who may ask, from where and how much; and what no answer lacks."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import OptionError
from esgscan.web.guards import HEADERS
from esgscan.web.settings import Settings, check_reach
from tests.web.conftest import client_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

TOKEN = "a word that nobody can guess"  # noqa: S105 - of this test


@pytest.mark.parametrize("path", ["/", "/issuers", "/health", "/static/style.css", "/nowhere", "/api/v1/openapi.json"])
def test_every_answer_has_the_headers_that_keep_it_to_itself(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "access-control-allow-origin" not in headers
    assert "set-cookie" not in headers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "[::2]"])
def test_a_host_that_is_not_ours_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8321", "127.0.0.1:8321", "[::1]:8321", "LOCALHOST"])
def test_the_names_of_this_machine_are_ours(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_that_another_site_sends_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/portfolio/x/forget", headers=headers).status_code == 403
    own = client.post("/portfolio/x/forget", headers={"Origin": "http://localhost"}, follow_redirects=False)
    assert own.status_code == 303


def test_an_upload_that_says_it_is_too_large_is_refused_unread(client: TestClient) -> None:
    answer = client.post("/api/v1/inspect", content=b"x", headers={"Content-Length": str(2**30)})
    assert answer.status_code == 413
    assert answer.json()["title"] == "The upload is larger than 1 MiB."


def test_an_upload_that_is_larger_than_it_says_is_refused(client: TestClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="portfolio"; filename="a.csv"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(40):
            yield b"a" * 2**16

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post("/api/v1/inspect", content=body(), headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_uploads_that_together_are_more_than_there_is_room_for_are_refused_and_leave_no_trace() -> None:
    file = {"portfolio": ("a.csv", b"Name,ISIN\n" + b"x" * 3000)}
    with client_of(max_memory=2000) as client:
        for _ in range(3):
            answer = client.post("/api/v1/inspect", files=file)
            assert answer.status_code == 503
            assert answer.json()["title"] == "There is no room for another upload now."
            assert answer.headers["retry-after"] == "60"
        small = {"portfolio": ("a.csv", b"Name,ISIN,Market Value\nApple,US0378331005,1\n")}
        for _ in range(20):  # each gives its room back, else twenty would fill it
            assert client.post("/api/v1/inspect", files=small).status_code == 200


def test_what_lies_too_long_is_forgotten_without_anybody_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esgscan.web.app.SECONDS_BETWEEN_SWEEPS", 0.05)
    with client_of(keep=0.2) as client:
        client.post("/portfolio", files={"portfolio": ("a.csv", b"Name,ISIN,Market Value\nApple,US0378331005,1\n")})
        desk = client.app.state.desk  # type: ignore[attr-defined]
        for _ in range(100):
            if not desk._slips:
                break
            time.sleep(0.05)
        assert not desk._slips


def test_with_a_token_nobody_else_is_answered() -> None:
    with client_of(token=TOKEN) as client:
        assert client.get("/health").status_code == 200
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic !"}, {"Authorization": TOKEN}):
            refused = client.get("/", headers=headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"].startswith("Basic ")
        assert client.get("/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.get("/", auth=("anybody", TOKEN)).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])  # noqa: S104 - refused
def test_without_a_token_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(OptionError, match="no token"):
        check_reach(Settings(host=host))
    assert check_reach(Settings(host=host, token=TOKEN)).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.0.1"])
def test_the_loopback_needs_no_token(host: str) -> None:
    assert check_reach(Settings(host=host)).token == ""


def test_a_token_is_the_first_line_of_a_file_and_long_enough(tmp_path: Path) -> None:
    from esgscan.web.serve import read_token

    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\nsecond line\n", encoding="utf-8")
    assert read_token(path) == TOKEN
    path.write_text("short\n", encoding="utf-8")
    with pytest.raises(OptionError, match="has 5 characters"):
        read_token(path)
    with pytest.raises(OptionError, match="Cannot read the token"):
        read_token(tmp_path / "none")


def test_the_log_tells_no_names_no_holdings_and_no_secret_word(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    content = b"Name,ISIN,Market Value\nSecret Holding,US0378331005,12345\n"
    with caplog.at_level(logging.INFO):
        page = client.post("/portfolio", files={"portfolio": ("my secret.csv", content)})
    word = page.url.path.split("/")[2]
    lines = [record.getMessage() for record in caplog.records if record.name == "esgscan.web"]
    assert json.loads(lines[0]) | {"ms": 0} == {"method": "POST", "path": "/portfolio", "status": 303, "ms": 0}
    assert json.loads(lines[1])["path"] == "/portfolio/{word}"
    for secret in ("secret", "Secret", "US0378331005", "12345", word):
        assert not any(secret in line for line in lines)
