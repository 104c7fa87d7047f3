"""Updates of the watchlist as a compliance officer makes them: a diff, a confirmation, and every scan after it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner

import esgscan
from esgscan.checks import check_watchlist
from esgscan.cli import cli
from esgscan.errors import OptionError, SourceError
from esgscan.reference.datasets import edition
from esgscan.report.json import render_json
from esgscan.sources.lists.downloads import SOURCES
from esgscan.store.folder import updates_folder
from esgscan.store.list_updates import read_update
from esgscan.updating import UpdateRequest, confirm_update, propose_update
from tests.sources.lists import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CNOOC_LINE = (
    '30926,"CNOOC LIMITED",-0- ,"CMIC-EO13959",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Equity Ticker 00883 HK; Issuer Name '
    "CNOOC Limited; ISIN HK0883013259; Target Type Public Company; Effective Date (CMIC) 02 Aug 2021; Purchase/Sales "
    'For Divestment Date (CMIC) 03 Jun 2022; Listing Date (CMIC) 03 Jun 2021."\n'
)
CCMC_LINE = (
    '30882,"CHINA TELECOM CORPORATION LIMITED",-0- ,"CCMC-EO13959",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"ISIN '
    'CNE1000002V2; Listing Date (CCMC) 08 Jan 2021; Effective Date (CCMC) 09 Mar 2021."\n'
)
"""The first of the two is on OFAC's list of December 2025, the second was on that of January 2021."""
CONS = files.CONS_PRIM + CNOOC_LINE + CCMC_LINE
PORTFOLIO = "name,isin,market value\nCNOOC Ltd,HK0883013259,60\nChina Telecom H,CNE1000002V2,40\n"
TODAY = "1795651200"  # 2026-11-26


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    return tmp_path


@pytest.fixture
def cons(home: Path) -> str:
    path = home / "anything.txt"
    path.write_text(CONS, encoding="utf-8")
    return str(path)


@pytest.fixture
def portfolio(home: Path) -> str:
    path = home / "portfolio.csv"
    path.write_text(PORTFOLIO, encoding="utf-8")
    return str(path)


@pytest.fixture
def run() -> Callable[..., object]:
    return lambda *words, **more: CliRunner().invoke(cli, ["watchlist", "update", *words], **more)


def scanned(portfolio: str, **wishes: object) -> dict:
    return json.loads(render_json(esgscan.scan(portfolio, as_of="2026-11-26", **wishes)))


def flags(document: dict) -> dict[str, set[str]]:
    return {
        one["name"]: {measure["programme"] for measure in one["measures"] if measure["status"] == "in_force"}
        for one in document["issuers"]
    }


def test_nothing_is_written_without_a_terminal_and_without_yes(run, cons: str) -> None:
    answer = run(cons)
    assert answer.exit_code == 1
    assert "Nothing was written." in answer.output
    assert not updates_folder().exists()


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)])
def test_a_person_at_a_terminal_is_asked_and_no_is_the_default(
    run, cons: str, monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    monkeypatch.setattr("esgscan.cli_watchlist._has_terminal", lambda: True)
    given = run(cons, input=f"{answer}\n")
    assert "Keep 1 change(s) and the record of these files?" in given.output
    assert given.exit_code == status
    assert (read_update(updates_folder()) is not None) == (status == 0)


def test_the_diff_names_what_is_new_its_days_and_the_candidates_and_keeps_to_80_columns(run, cons: str) -> None:
    text = run(cons).stdout
    assert "1 new entry" in text
    assert "China Telecom Corporation Limited (china-telecom)" in text
    assert "on 2021-01-08, binding from" in text
    assert "CNOOC LIMITED" in text
    assert "XHKG:0883" in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_was_confirmed_counts_in_later_scans_and_its_edition_is_named(run, cons: str, portfolio: str) -> None:
    before = scanned(portfolio)
    answer = run(cons, "--yes", "--with-candidates")
    assert answer.exit_code == 0, answer.output
    after = scanned(portfolio)
    assert flags(before).keys() == {"China Telecom Corporation Limited"}
    assert "Consolidated (non-SDN) list [CCMC-EO13959]" in flags(after)["China Telecom Corporation Limited"]
    assert flags(after)["CNOOC LIMITED"] == {"NS-CMIC"}
    assert after["exposure"]["weight"] == pytest.approx(1.0)
    assert before["exposure"]["weight"] == pytest.approx(0.4)
    told = [one["what"] for one in after["findings"] if "reference data is of" in one["what"]]
    assert "but for the lists confirmed in 2026-11-26+" in told[0]
    label = after["run"]["edition"]
    assert label.startswith(f"{edition().label}, lists updated 2026-11-26+")
    assert after["run"]["edition_hash"] != before["run"]["edition_hash"]
    newer = [one for one in after["editions"] if one["kind"] == "newer list"]
    assert [(one["dated"], "anything.txt" in one["note"]) for one in newer] == [("2026-11-26", True)]
    assert any("SHA-256" in source["title"] and source["tier"] == "official" for source in after["sources"])


def test_a_scan_without_updates_is_that_of_the_packaged_data_to_the_byte(run, cons: str, portfolio: str) -> None:
    as_of = "2026-11-26"
    before = render_json(esgscan.scan(portfolio, as_of=as_of, updates=False))
    run(cons, "--yes", "--with-candidates")
    assert render_json(esgscan.scan(portfolio, as_of=as_of, updates=False)) == before
    twice = [render_json(esgscan.scan(portfolio, as_of=as_of)) for _ in range(2)]
    assert twice[0] == twice[1] != before


def test_the_same_file_again_is_nothing_new_and_undo_takes_it_back(run, cons: str, portfolio: str) -> None:
    before = scanned(portfolio)
    run(cons, "--yes", "--with-candidates")
    again = run(cons, "--yes")
    assert again.exit_code == 0
    assert "nothing to confirm" in again.output
    assert [path.name for path in sorted(updates_folder().glob("*.json"))] == ["update-0001.json"]
    assert run("--undo").exit_code == 0
    assert scanned(portfolio) == before
    assert "no update" in run("--undo").output


def test_an_update_keeps_what_was_confirmed_before(run, cons: str, home: Path) -> None:
    run(cons, "--yes")
    (home / "uflpa.html").write_text(files.UFLPA_PAGE, encoding="utf-8")
    assert run(str(home / "uflpa.html"), "--published", "2026-11-20", "--yes").exit_code == 0
    update = read_update(updates_folder())
    assert update is not None
    assert update.number == 2
    assert [source.name for source in update.sources] == ["anything.txt", "uflpa.html"]
    assert "china-telecom" in {change.issuer_id for change in update.changes}
    assert update.sources[1].published_on == date(2026, 11, 20)
    told, problems = check_watchlist(None)
    assert f"1 change from newer lists ({update.label}), no problem." in told
    assert list(problems) == []


def test_two_runs_that_wait_for_an_answer_do_not_overwrite_each_other(cons: str) -> None:
    first, second = (propose_update(UpdateRequest(files=[cons])) for _ in range(2))
    confirm_update(first)
    with pytest.raises(SourceError, match="another run"):
        confirm_update(second)


def test_candidates_become_a_list_of_ones_own_that_counts(run, cons: str, portfolio: str, home) -> None:
    own = home / "candidates.csv"
    answer = run(cons, "--write-candidates", str(own))
    assert f"wrote {own}" in answer.output
    told, problems = check_watchlist(own)
    assert (told, list(problems)) == ("2 entries, no problem.", [])
    document = scanned(portfolio, watchlist=[str(own)])
    assert flags(document)["CNOOC LIMITED"] == {"NS-CMIC"}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ([], 2, "--online"),
        (["{missing}"], 2, "check the path"),
        (["{unknown}"], 4, "no file of a list"),
        (["{licensed}"], 2, "CC BY-NC"),
        (["{cons}", "--published", "2027-01-01"], 2, "yet to come"),
        (["--online", "--source", "nobody"], 2, "ofac-consolidated"),
        (["{cons}", "--write-candidates", "{cons}"], 2, "end it with .csv"),
        (["{licensed}", "--write-candidates", "{licensed}"], 2, "would overwrite"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_status(home: Path, cons: str, words, status: int, said: str) -> None:
    import subprocess
    import sys

    (home / "unknown.csv").write_text("isin,weight\nUS0378331005,1\n", encoding="utf-8")
    (home / "licensed.csv").write_text(files.OPENSANCTIONS_CSV, encoding="utf-8")
    names = {name: str(home / f"{name}.csv") for name in ("missing", "unknown", "licensed")} | {"cons": cons}
    command = [sys.executable, "-m", "esgscan", "watchlist", "update", *(word.format(**names) for word in words)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == status, answer.stderr
    assert said in answer.stderr


def test_opensanctions_stands_in_the_source_with_its_terms(run, home: Path, portfolio: str) -> None:
    path = home / "data.csv"
    text = files.OPENSANCTIONS_CSV.replace("91330000733796106P;CNE100000PM8", "HK0883013259").replace(
        "Hangzhou Hikvision Digital Technology Co., Ltd.", "CNOOC LIMITED"
    )
    path.write_text(text.replace("Hikvision;杭州海康威视数字技术股份有限公司", ""), encoding="utf-8")
    assert run(str(path), "--licence", "licence 7", "--yes", "--with-candidates").exit_code == 0
    document = scanned(portfolio)
    (source,) = [one for one in document["sources"] if "licence 7" in one["title"]]
    assert source["publisher"] == "OpenSanctions"
    assert source["title"].endswith("licence 7")
    assert source["tier"] == "data"


def test_a_damaged_update_is_told_and_a_scan_without_it_goes_on(run, cons: str, portfolio: str) -> None:
    run(cons, "--yes")
    path = updates_folder() / "update-0001.json"
    path.write_text(path.read_text(encoding="utf-8")[:200], encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read") as told:
        esgscan.scan(portfolio)
    assert "--no-updates" in told.value.mend
    assert esgscan.scan(portfolio, updates=False).weight == pytest.approx(0.4)
    path.write_text(json.dumps({"version": 99}), encoding="utf-8")
    with pytest.raises(SourceError, match="version 99"):
        esgscan.scan(portfolio)


ANSWERS = {
    "data.trade.gov": files.CSL_CSV,
    "sanctionslistservice.ofac.treas.gov": files.CLASSIC.format(namespace="", count=2),
    "www.dhs.gov": files.UFLPA_PAGE,
    "www.fcc.gov": files.FCC_PAGE,
}
NOTICES = {
    "results": [
        {"title": "Something else", "raw_text_url": "https://www.federalregister.gov/no.txt"},
        {
            "title": "Notice of Availability of Designation of Chinese Military Companies",
            "raw_text_url": "https://www.federalregister.gov/documents/full_text/text/2026/06/10/2026-11000.txt",
        },
    ]
}


def network(broken: tuple[str, ...] = ()) -> httpx.Client:
    """Give a client whose network is a table of answers; nothing is asked of anybody."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host in broken:
            raise httpx.ConnectError("no route", request=request)
        if request.url.path.endswith("documents.json"):
            return httpx.Response(200, json=NOTICES)
        if request.url.path.endswith("2026-11000.txt"):
            return httpx.Response(200, text="\n".join(files.DOD_LINES))
        return (
            httpx.Response(200, text=ANSWERS[request.url.host]) if request.url.host in ANSWERS else httpx.Response(404)
        )

    return httpx.Client(transport=httpx.MockTransport(answer))


def test_online_reads_every_publisher_and_keeps_address_day_and_hash(home: Path) -> None:
    proposed = propose_update(UpdateRequest(online=True), using=network())
    assert proposed.failed == ()
    assert len(proposed.files) == len(SOURCES)
    assert {file.address.split("/")[2] for file in proposed.files} == {*ANSWERS, "www.federalregister.gov"}
    assert all(file.published_on and len(file.sha256) == 64 for file in proposed.files)
    confirm_update(proposed)
    update = read_update(updates_folder())
    assert update is not None
    assert {source.retrieved_on for source in update.sources} == {date(2026, 11, 26)}


def test_a_publisher_that_fails_is_told_and_stops_no_other(home: Path) -> None:
    proposed = propose_update(UpdateRequest(online=True), using=network(broken=("www.fcc.gov", "data.trade.gov")))
    assert len(proposed.files) == len(SOURCES) - 2
    assert ["no route" in str(error) for error in proposed.failed] == [True, True]
    every = propose_update(UpdateRequest(online=True), using=network(broken=(*ANSWERS, "www.federalregister.gov")))
    assert every.files == ()


def test_another_address_is_asked_where_one_fails_and_too_much_is_refused(monkeypatch, home: Path) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return (
            httpx.Response(503)
            if len(asked) == 1
            else httpx.Response(200, text=files.CLASSIC.format(namespace="", count=2))
        )

    wanted = UpdateRequest(online=True, sources=["ofac-consolidated"])
    using = httpx.Client(transport=httpx.MockTransport(answer))
    assert propose_update(wanted, using=using).files[0].address == asked[1]
    monkeypatch.setattr("esgscan.sources.lists.downloads.fetch.__kwdefaults__", {"largest": 100})
    (error,) = propose_update(wanted, using=network()).failed
    assert "more than" in str(error)


def test_a_contact_is_sent_to_publishers(monkeypatch: pytest.MonkeyPatch) -> None:
    from esgscan.sources.lists.downloads import client

    monkeypatch.setenv("ESGSCAN_CONTACT", "officer@example.org")
    with client("1.0") as using:
        assert using.headers["From"] == "officer@example.org"
        assert using.headers["User-Agent"].startswith("esgscan/1.0 ")
        assert using.timeout.connect is not None


def test_online_of_an_unknown_source_asks_nobody(home: Path) -> None:
    with pytest.raises(OptionError, match="no source"):
        propose_update(UpdateRequest(online=True, sources=["x"]), using=network())


def test_a_candidate_that_funds_of_the_store_hold_under_its_name_is_shown_with_that_isin(run, home: Path) -> None:
    fund = "fund name,as of,name,isin,market value\nA Fund,2026-10-31,Example Silicon Co Ltd,CNE1EXAMPLE0,100\n"
    (home / "fund.csv").write_text(fund, encoding="utf-8")
    added = CliRunner().invoke(cli, ["funds", "add", f"A Fund@2026-10-31={home / 'fund.csv'}"])
    assert added.exit_code == 0, added.output
    page = files.UFLPA_PAGE.replace("Xinjiang&nbsp;Zhonghe Co., Ltd.", "Example Silicon Company Limited")
    (home / "uflpa.html").write_text(page, encoding="utf-8")
    answer = run(str(home / "uflpa.html"), "--write-candidates", str(home / "own.csv"))
    assert "Held under this name by funds in your store" in answer.stdout
    assert "CNE1EXAMPLE0" in answer.stdout
    (row,) = [line for line in (home / "own.csv").read_text(encoding="utf-8").splitlines() if "Silicon Company" in line]
    assert row.split(",")[1] == "", "a name alone is no identity"
    assert "CNE1EXAMPLE0" in row
