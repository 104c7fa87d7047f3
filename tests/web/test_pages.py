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
    from pathlib import Path

    from httpx2 import Response
    from starlette.testclient import TestClient

SCRIPT = "<script>alert(1)</script>"
PLAIN = b"Name,ISIN,Currency,Market Value\nHikvision,CNE100000PM8,EUR,30\nApple,US0378331005,EUR,70\n"


def word_of(client: TestClient, *files: tuple[str, bytes]) -> str:
    page = client.post("/portfolio", files=[("portfolio", one) for one in files])
    assert page.status_code == 200
    word = str(page.url.path.split("/")[2])
    arrived(client, f"/portfolio/{word}", page)
    return word


def reported(client: TestClient, word: str, as_of: str = "2026-11-23") -> str:
    return reported_now(client, word, client.post(f"/portfolio/{word}/scan", data={"as_of": as_of}))


def reported_now(client: TestClient, word: str, page: Response) -> str:
    page = arrived(client, f"/portfolio/{word}/report", page)
    assert page.status_code == 200, page.text
    return str(page.text)


def arrived(client: TestClient, address: str, page: Response) -> Response:
    """Wait as a browser without scripts does."""
    for _ in range(600):
        if "http-equiv" not in page.text:
            break
        time.sleep(0.1)
        page = client.get(address)
    return page


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
    assert 'id="company-dahua"' in page
    assert 'id="company-hikvision"' not in page
    page = client.get(f"/portfolio/{word}/report", params={"programme": "us-fcc-covered-list"}).text
    assert 'id="company-hikvision"' in page
    assert 'id="company-iflytek"' not in page
    page = client.get(f"/portfolio/{word}/report", params={"tag": "genetic-surveillance"}).text
    assert 'id="company-bgi-genomics"' in page
    assert 'id="company-hikvision"' not in page


def test_a_column_that_was_misread_can_be_mended(client: TestClient) -> None:
    content = b"Name,ISIN,Currency,Market Value,Other\nHikvision,CNE100000PM8,EUR,30,1\nApple,US0378331005,EUR,70,3\n"
    word = word_of(client, ("depot.csv", content))
    mended = client.post(f"/portfolio/{word}/read", data={"file": "0", "column:E": "market_value"})
    assert mended.status_code == 200
    assert "25.00% of the portfolio reaches 1 flagged company" in reported(client, word)


def test_what_was_mended_wrongly_can_be_undone(client: TestClient) -> None:
    visit = f"/portfolio/{word_of(client, ('depot.csv', PLAIN))}"
    wrong = client.post(f"{visit}/read", data={"file": "0", "header_row": "90"})
    assert "There is no row 90" in arrived(client, visit, wrong).text
    undone = client.post(f"{visit}/read", data={"file": "0", "reset": "yes"})
    assert "Make the report" in arrived(client, visit, undone).text


def test_a_day_long_ago_is_a_day(client: TestClient) -> None:
    page = reported(client, word_of(client, ("depot.csv", PLAIN)), "0001-01-01")
    assert "As of 0001-01-01" in page


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


def test_the_report_has_its_charts_and_no_style_or_script_that_the_policy_forbids(
    client: TestClient, sample: bytes
) -> None:
    page = reported(client, word_of(client, ("pension_fund.xlsx", sample)))
    charts = page[page.index('id="charts"') : page.index('id="companies"')]
    assert charts.count("<svg") == 2
    assert "0.3208%" in charts
    assert not re.search(r"<style|\bstyle=|<script(?! src=)|\bon\w+=", page)


def test_every_company_that_the_json_has_stands_in_full_on_the_page(client: TestClient, sample: bytes) -> None:
    word = word_of(client, ("pension_fund.xlsx", sample))
    page = reported(client, word)
    told = client.get(f"/portfolio/{word}/report.json").json()
    assert {f"company-{row['issuer_id']}" for row in told["issuers"]} == set(re.findall(r'id="(company-[^"]+)"', page))
    assert page.count("Measures over time") >= 5


def test_a_number_leads_to_the_lines_that_it_is_made_of_and_these_to_the_cells_of_the_file(
    client: TestClient, sample: bytes
) -> None:
    word = word_of(client, ("pension_fund.xlsx", sample))
    page = reported(client, word)
    number = re.search(r'href="([^"]*origin\?of=direct)">([^<]*)</a>', page)
    assert number is not None
    assert number[2] == "0.31%"
    made_of = client.get(number[1]).text
    assert "0.31% of the portfolio, from 1 part." in made_of
    line = re.search(r'href="([^"]*/lines/[^"]*)">([^<]*)</a>', made_of)
    assert line is not None
    assert line[2] == "sheet &#39;Portfolio&#39;, row 23"
    cells = client.get(line[1]).text
    for cell in ("<td>A23</td>", "<td>CNE100000PM8</td>", "<td>F23</td>", "<td>1240000</td>"):
        assert cell in cells
    for unknown in ("origin?of=nothing", "origin?of=weight&issuer=nobody", "origin?of=clear&issuer=dahua", "lines/p99"):
        assert client.get(f"/portfolio/{word}/{unknown}").status_code == 404


def test_of_several_files_a_line_is_shown_from_its_own(client: TestClient) -> None:
    other = b"Name,ISIN,Currency,Market Value\nDahua,CNE100000BJ4,EUR,100\n"
    word = word_of(client, ("one.csv", PLAIN), ("two.csv", other))
    reported(client, word)
    page = client.get(f"/portfolio/{word}/lines/p3").text
    assert "two.csv, row 2" in page
    assert "<td>CNE100000BJ4</td>" in page


def test_lines_can_be_searched_and_come_a_page_at_a_time(client: TestClient) -> None:
    rows = "".join(f"Company {number},,EUR,1\n" for number in range(1200))
    word = word_of(client, ("many.csv", f"Name,ISIN,Currency,Market Value\n{rows}".encode()))
    reported(client, word)
    page = client.get(f"/portfolio/{word}/lines").text
    assert "1 to 500 of 1200 lines" in page
    assert "1001 to 1200 of 1200 lines" in client.get(f"/portfolio/{word}/lines?start=1000").text
    assert "1 line as of" in client.get(f"/portfolio/{word}/lines?q=company 1199").text


SENT = {
    "policy_file": ("house.toml", b'name = "House"\n[count]\nprogrammes = ["us-fcc-covered-list"]\n'),
    "watchlist": ("own.csv", b"name,isin,source,from\nApple,US0378331005,https://example.org/a,2020-01-01\n"),
    "fx": ("rates.csv", b"currency,rate,base\nUSD,0.5,EUR\n"),
    "holdings": (
        "fund.csv",
        b"fund_isin,as_of,name,isin,market_value\nLU0000000009,2026-06-30,Dahua,CNE100000BJ4,25\n",
    ),
}


def test_the_options_of_the_form_and_of_the_api_are_those_of_the_scan(client: TestClient) -> None:
    content = b"Name,ISIN,Currency,Market Value\nHikvision,CNE100000PM8,EUR,30\nApple,US0378331005,USD,40\n"
    content += b"Our Own Fund,LU0000000009,EUR,50\n"
    word = word_of(client, ("depot.csv", content))
    page = client.post(f"/portfolio/{word}/scan", data={"as_of": "2026-11-23", "investor": "uk"}, files=SENT)
    assert page.status_code == 200
    reported_now(client, word, page)
    by_page = client.get(f"/portfolio/{word}/report.json").json()
    answer = client.post(
        "/api/v1/scan",
        files=[("portfolio", ("depot.csv", content)), *SENT.items()],
        data={"as_of": "2026-11-23", "investor": "uk"},
    )
    by_api = answer.json()
    # 40 USD are 20 EUR, so the whole is 100 EUR: Hikvision 30, Apple 20 by the own list, the fund 50 in Dahua.
    for told in (by_page, by_api):
        weights = {row["name"].split()[0]: row["weight"] for row in told["issuers"]}
        assert weights == pytest.approx({"Hangzhou": 0.3, "Apple": 0.2, "Zhejiang": 0.5})
        assert told["run"]["options"]["policy"] == "house.toml"
        assert told["run"]["options"]["investor"] == "uk"
        # The covered list names Hikvision and Dahua; the own list does not count by this policy.
        assert told["exposure"]["counted"] == pytest.approx(0.8)
    assert by_page == by_api


@pytest.mark.parametrize("name", ["human-rights", "purchase-bans"])
def test_the_policies_on_the_page_are_the_examples_of_the_documentation(
    client: TestClient, project: Path, name: str
) -> None:
    shipped = project / "esgscan" / "web" / "policies" / f"{name}.toml"
    assert shipped.read_bytes() == (project / "docs" / "policies" / f"{name}.toml").read_bytes()
    answer = client.post(
        "/api/v1/scan", files={"portfolio": ("depot.csv", PLAIN)}, data={"as_of": "2026-11-23", "policy": name}
    )
    assert answer.json()["run"]["options"]["policy"] == f"{name}.toml"
    refused = client.post("/api/v1/scan", files={"portfolio": ("depot.csv", PLAIN)}, data={"policy": "nothing"})
    assert refused.status_code == 422
    assert "nothing" in refused.json()["title"]


def test_a_file_beside_the_portfolio_that_is_wrong_is_told_with_its_name_and_leads_back(client: TestClient) -> None:
    word = word_of(client, ("depot.csv", PLAIN))
    wrong = {"policy_file": ("house.toml", b"[count"), "fx": ("rates.csv", b"a,b\n"), "watchlist": ("own.csv", b"x\n")}
    for name, file in wrong.items():
        page = client.post(f"/portfolio/{word}/scan", files={name: file})
        page = arrived(client, f"/portfolio/{word}/report", page)
        assert page.status_code == 422
        assert file[0] in page.text
        assert f'href="/portfolio/{word}"' in page.text


def test_a_file_of_holdings_may_name_its_fund_in_its_name(client: TestClient) -> None:
    content = b"Name,ISIN,Currency,Market Value\nOur Own Fund,LU0000000009,EUR,100\n"
    lines = b"as_of,name,isin,market_value\n2026-06-30,Dahua,CNE100000BJ4,25\n2026-06-30,Apple,US0378331005,75\n"
    word = word_of(client, ("depot.csv", content))
    page = client.post(f"/portfolio/{word}/scan", files={"holdings": ("LU0000000009=lines.csv", lines)})
    assert "25.00% of the portfolio reaches 1 flagged company" in reported_now(client, word, page)


def test_the_example_is_a_portfolio(client: TestClient) -> None:
    page = client.post("/example")
    page = arrived(client, page.url.path, page)
    assert page.status_code == 200
    assert "example.csv" in page.text
    assert "USD 10,000,000" in page.text


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
    page = arrived(client, f"/portfolio/{word}/report", page)
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
