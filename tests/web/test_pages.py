"""The journey without scripts: choose, see how it was read, mend, read the report, take it along, forget."""

from __future__ import annotations

import json
import re
import time
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest

import esgscan
from esgscan.report.json import render_json

if TYPE_CHECKING:
    from starlette.testclient import TestClient

SCRIPT = "<script>alert(1)</script>"
PLAIN = b"Name,ISIN,Currency,Market Value\nHikvision,CNE100000PM8,EUR,30\nApple,US0378331005,EUR,70\n"


def word_of(client: TestClient, *files: tuple[str, bytes]) -> str:
    page = client.post("/portfolio", files=[("portfolio", one) for one in files])
    assert page.status_code == 200
    return str(page.url.path.split("/")[2])


def reported(client: TestClient, word: str, as_of: str = "2026-11-23") -> str:
    page = client.post(f"/portfolio/{word}/scan", data={"as_of": as_of})
    for _ in range(300):
        if "http-equiv" not in page.text:
            break
        time.sleep(0.1)
        page = client.get(f"/portfolio/{word}/report")
    assert page.status_code == 200, page.text
    return str(page.text)


def test_the_page_says_how_a_file_was_read(client: TestClient, sample: bytes) -> None:
    page = client.get(f"/portfolio/{word_of(client, ('pension_fund.xlsx', sample))}")
    assert "Kestrel Bay Teachers&#39; Pension Fund" in page.text
    assert "USD 400,000,000" in page.text
    assert "4 lines not read as positions" in page.text
    assert "Make the report" in page.text


def test_the_report_on_the_page_and_its_files_are_those_of_the_library(client: TestClient, sample: bytes) -> None:
    word = word_of(client, ("pension_fund.xlsx", sample))
    page = reported(client, word)
    assert "0.3208% of the portfolio reaches 16 flagged companies" in page
    assert "杭州海康威视数字技术股份有限公司" in page
    downloaded = client.get(f"/portfolio/{word}/report.json").json()
    known = json.loads(render_json(esgscan.scan(sample, as_of="2026-11-23")))
    assert downloaded["exposure"] == known["exposure"]
    assert downloaded["paths"] == known["paths"]
    book = client.get(f"/portfolio/{word}/report.xlsx")
    assert book.headers["content-disposition"] == 'attachment; filename="esgscan-report.xlsx"'
    assert "Summary" in openpyxl.load_workbook(BytesIO(book.content)).sheetnames


def test_every_source_cited_on_the_page_is_listed_there(client: TestClient, sample: bytes) -> None:
    page = reported(client, word_of(client, ("pension_fund.xlsx", sample)))
    cited = set(re.findall(r'href="#source-(\d+)"', page))
    listed = set(re.findall(r'id="source-(\d+)"', page))
    assert cited
    assert cited <= listed


def test_filters_keep_what_was_chosen(client: TestClient, sample: bytes) -> None:
    word = word_of(client, ("pension_fund.xlsx", sample))
    reported(client, word)
    page = client.get(f"/portfolio/{word}/report", params={"issuer": "dahua"}).text
    assert 'id="issuer-dahua"' in page
    assert 'id="issuer-hikvision"' not in page
    page = client.get(f"/portfolio/{word}/report", params={"programme": "us-fcc-covered-list"}).text
    assert 'id="issuer-hikvision"' in page
    assert 'id="issuer-iflytek"' not in page


def test_a_column_that_was_misread_can_be_mended(client: TestClient) -> None:
    content = b"Name,ISIN,Currency,Market Value,Other\nHikvision,CNE100000PM8,EUR,30,1\nApple,US0378331005,EUR,70,3\n"
    word = word_of(client, ("depot.csv", content))
    mended = client.post(f"/portfolio/{word}/read", data={"file": "0", "column:E": "market_value"})
    assert mended.status_code == 200
    assert "25.00% of the portfolio reaches 1 flagged company" in reported(client, word)


def test_several_files_are_one_portfolio(client: TestClient) -> None:
    other = b"Name,ISIN,Currency,Market Value\nDahua,CNE100000BJ4,EUR,100\n"
    page = reported(client, word_of(client, ("one.csv", PLAIN), ("two.csv", other)))
    assert "65.00% of the portfolio reaches 2 flagged companies" in page  # (30 + 100) / 200


def test_a_file_that_cannot_be_read_says_what_where_and_how_to_mend_and_cannot_be_scanned(client: TestClient) -> None:
    page = client.get(f"/portfolio/{word_of(client, ('notes.csv', b'nothing of use'))}").text
    assert "What you can do" in page
    assert "Make the report" not in page


@pytest.mark.parametrize("name", [SCRIPT, f"{SCRIPT}.csv", '"><img src=x onerror=alert(1)>.csv', "../../etc/passwd"])
def test_no_name_of_a_file_and_no_cell_becomes_markup(client: TestClient, name: str) -> None:
    content = f"Name,ISIN,Currency,Market Value\n{SCRIPT},CNE100000PM8,EUR,30\nTotal,{SCRIPT},EUR,30\n".encode()
    word = word_of(client, (name, content))
    for page in (
        client.get(f"/portfolio/{word}").text,
        reported(client, word),
        client.get(f"/portfolio/{word}/lines").text,
    ):
        assert SCRIPT not in page
        assert "<img src=x" not in page
    assert "passwd" not in client.get(f"/portfolio/{word}/report.json").headers["content-disposition"]


def test_what_is_forgotten_is_gone(client: TestClient) -> None:
    word = word_of(client, ("depot.csv", PLAIN))
    reported(client, word)
    assert client.post(f"/portfolio/{word}/forget").url.path == "/"
    for path in ("", "/report", "/report.json", "/lines"):
        gone = client.get(f"/portfolio/{word}{path}", headers={"Accept": "text/html"})
        assert gone.status_code == 404
        assert "not here any more" in gone.text


def test_a_day_that_is_none_is_told_on_a_page(client: TestClient) -> None:
    word = word_of(client, ("depot.csv", PLAIN))
    page = client.post(f"/portfolio/{word}/scan", data={"as_of": "yesterday"})
    assert page.status_code == 422
    assert "Cannot read the date &#39;yesterday&#39;." in page.text


def test_a_form_without_a_file_is_told(client: TestClient) -> None:
    page = client.post("/portfolio", files={"portfolio": ("", b"")}, headers={"Accept": "text/html"})
    assert page.status_code == 422


def test_companies_and_programmes_can_be_looked_up(client: TestClient) -> None:
    found = client.get("/issuers", params={"q": "hikvision"}).text
    assert 'href="/issuers/hikvision"' in found
    assert 'href="/issuers/dahua"' not in found
    assert 'href="/issuers/dahua"' in client.get("/issuers", params={"q": "002236"}).text
    assert "CNE100000PM8" in client.get("/issuers/hikvision").text
    assert "NS-CMIC" in client.get("/programmes/us-ofac-ns-cmic").text
    unknown = client.get("/issuers/nobody")
    assert unknown.status_code == 404
    assert "Cannot find the issuer" in unknown.text
