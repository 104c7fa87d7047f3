"""The REST API: the documents of the commands, and problems that say what, where and how to mend."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient


def test_a_scan_is_the_document_of_the_published_schema(client: TestClient, sample: bytes, project: Path) -> None:
    answer = client.post("/api/v1/scan", files={"portfolio": ("p.xlsx", sample)}, data={"as_of": "2026-11-23"})
    assert answer.status_code == 200
    schema = json.loads((project / "docs" / "schema" / "scan-1.json").read_text(encoding="utf-8"))
    jsonschema.validate(answer.json(), schema)
    assert answer.json()["portfolio"]["positions"] == 34


def test_an_inspection_tells_of_each_file(client: TestClient, sample: bytes) -> None:
    files = [("portfolio", ("p.xlsx", sample)), ("portfolio", ("q.csv", b"ISIN,Weight\nUS0378331005,100%\n"))]
    read = client.post("/api/v1/inspect", files=files).json()["files"]
    assert [(one["file_name"], one["kind"]) for one in read] == [("p.xlsx", "portfolio"), ("q.csv", "portfolio")]


def test_holdings_that_are_sent_open_a_fund(client: TestClient) -> None:
    portfolio = b"Name,ISIN,Currency,Market Value\nOur Own Fund,LU0000000009,EUR,100\n"
    lines = b"fund_isin,as_of,name,isin,market_value\nLU0000000009,2026-06-30,Dahua,CNE100000BJ4,25\n"
    lines += b"LU0000000009,2026-06-30,Apple,US0378331005,75\n"
    files = [("portfolio", ("p.csv", portfolio)), ("holdings", ("own.csv", lines))]
    told = client.post("/api/v1/scan", files=files, data={"as_of": "2026-11-23"}).json()
    assert told["exposure"]["indirect"] == pytest.approx(0.25)
    assert [path["route"] for path in told["paths"]] == [["LU0000000009"]]


def test_the_funds_that_hold_an_issuer_are_listed(client: TestClient) -> None:
    told = client.get("/api/v1/holders/hikvision", params={"as_of": "2020-06-01"}).json()
    iemg = next(one for one in told["holders"] if one["fund_id"] == "us-iemg")
    assert iemg["as_of"] == "2020-03-31"
    assert "iShares Core MSCI Emerging Markets ETF" in client.get("/holders/hikvision?as_of=2020-06-01").text
    assert client.get("/api/v1/holders/nobody").status_code == 422


def test_identifiers_are_checked(client: TestClient, project: Path) -> None:
    asked = {"identifier": ["002415 CH", "US0378331005", "2415"], "as_of": "2026-11-23", "investor": "us-person"}
    told = client.get("/api/v1/check", params=asked).json()
    jsonschema.validate(told, json.loads((project / "docs" / "schema" / "check-1.json").read_text(encoding="utf-8")))
    assert [one["answer"] for one in told["answers"]] == ["flagged", "clear", "refused"]
    assert "Hikvision" in client.get("/check", params={"q": "002415 CH"}).text


@pytest.mark.parametrize("content", [b"", b"nothing of use", b"PK\x03\x04broken", b"\x00" * 100])
def test_a_file_that_cannot_be_read_is_a_problem(client: TestClient, content: bytes) -> None:
    answer = client.post("/api/v1/scan", files={"portfolio": ("bad.xlsx", content)})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == 422
    assert told["title"]
    assert "bad.xlsx" in told["where"]
    assert told["mend"]


def test_the_reference_data_is_given_with_its_sources(client: TestClient) -> None:
    assert len(client.get("/api/v1/issuers").json()["issuers"]) == 57
    told = client.get("/api/v1/issuers/Hikvision").json()
    assert told["issuer"]["issuer_id"] == "hikvision"
    assert {row["issuer_id"] for row in told["measures"]} == {"hikvision"}
    assert {row["source_id"] for row in told["sources"]} >= {
        one for m in told["measures"] for one in m["source_ids"].split()
    }
    assert any(
        row["programme_id"] == "us-ofac-ns-cmic" for row in client.get("/api/v1/programmes").json()["programmes"]
    )
    assert client.get("/api/v1/issuers/nobody").status_code == 404


def test_a_request_without_a_file_is_a_problem(client: TestClient) -> None:
    answer = client.post("/api/v1/scan", data={"as_of": "2026-11-23"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "portfolio" in answer.json()["where"]
