"""The numbers worked out in docs/method.md and docs/identity.md: their arithmetic, and that the program gives them."""

from __future__ import annotations

import ast
import operator
import re
from datetime import date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import esgscan
from esgscan.engines.memory import Memory
from esgscan.identifiers import read_isin
from esgscan.terms import Region
from tests.rows import HIKVISION, IFLYTEK, reading, worst_case_table
from tests.runs import OWN_FUND, own_fund, scan
from tests.test_exposures import flagged, interval, uncovered

DOCS = Path(__file__).resolve().parent.parent / "docs"
METHOD = (DOCS / "method.md").read_text(encoding="utf-8")
IDENTITY = (DOCS / "identity.md").read_text(encoding="utf-8")
WORKED = re.compile(r"`([\d.,]+(?: [-+x/] [\d.,]+)+) = ([\d.,]+)`")
SUM = re.compile(r"[-+]?[\d.,() ]+(?:[-+x/] ?[\d.,() ]+)*")
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
FUND = {"isin": OWN_FUND, "kind": "fund", "name_as_written": "Our Own Fund"}


def worth(text: str) -> float:
    """Work out what is written as `0.05 + 0.10 x 0.03`."""
    return _value(ast.parse(text.replace(",", "").replace(" x ", " * ").strip(), mode="eval").body)


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return float(OPERATORS[type(node.op)](_value(node.left), _value(node.right)))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand) if isinstance(node.op, ast.USub) else _value(node.operand)
    assert isinstance(node, ast.Constant), ast.dump(node)
    return float(node.value)


def section(page: str, title: str) -> str:
    """Give what stands under a heading, down to the next of its kind."""
    marks = re.match(r"#+", title)
    assert marks
    found = page.split(f"\n{title}\n")[1]
    return re.split(rf"^#{{2,{len(marks[0])}}} ", found, maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str, *header: str) -> list[list[str]]:
    """Give the rows of the table with that header."""
    lines = text.split(f"| {' | '.join(header)} |\n")[1].splitlines()[1:]
    rows = takewhile(lambda line: line.startswith("|"), lines)
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


def day(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone


def digits(printed: str) -> float:
    """Half a unit of the last digit that is printed."""
    return 0.5 * 10.0 ** -len(printed.partition(".")[2])


def test_arithmetic_written_in_a_line_is_right() -> None:
    found = WORKED.findall(METHOD)
    assert len(found) >= 3
    for sums, result in found:
        assert worth(sums) == pytest.approx(worth(result), abs=digits(result)), f"{sums} = {result}"


def test_arithmetic_written_in_a_table_is_right() -> None:
    worked = [
        *((row[1], row[2]) for row in table(METHOD, "number", "arithmetic", "result")),
        *((row[1], row[2]) for row in table(METHOD, "part", "arithmetic", "weight")),
    ]
    assert len(worked) == 9
    for sums, result in worked:
        assert worth(sums) == pytest.approx(worth(result), abs=digits(result)), f"{sums} = {result}"


def numbers_of(text: str) -> tuple[list[float], float]:
    """Give the numbers of the one sum that a text works out, and its result."""
    (found,) = WORKED.findall(text)
    return [worth(number) for number in re.findall(r"[\d.,]+", found[0])], worth(found[1])


def test_weights_come_from_values_and_not_from_the_printed_per_cent() -> None:
    (value, whole), result = numbers_of(section(METHOD, "## Weights"))
    lines = (
        {"isin": IFLYTEK, "kind": "equity", "market_value": value, "weight": 0.0002},
        {"kind": "cash", "name_as_written": "All others", "market_value": whole - value, "weight": 0.9998},
    )
    assert scan(reading(*lines)).weight == pytest.approx(result, abs=5e-10)
    printed = re.search(r"prints ([\d.]+) per cent for it, a third more than the ([\d.]+) per cent", METHOD)
    assert printed
    assert float(printed[2]) / 100 == pytest.approx(result, abs=5e-7)
    assert float(printed[1]) / float(printed[2]) == pytest.approx(4 / 3, abs=0.01)


def test_look_through_multiplies_along_the_route() -> None:
    text = section(METHOD, "## Look-through")
    (first, second) = WORKED.findall(text)
    share, held = (worth(number) for number in re.findall(r"[\d.]+", first[0]))
    lines = ({**FUND, "market_value": share}, {"kind": "cash", "name_as_written": "Cash", "market_value": 1.0 - share})
    fund = own_fund(
        {"isin": IFLYTEK, "kind": "equity", "holding_weight": held}, {"kind": "cash", "holding_weight": 1.0 - held}
    )
    assert scan(reading(*lines), fund).weight == pytest.approx(worth(first[1]), abs=5e-11)

    outer, inner = (worth(number) for number in re.findall(r"[\d.]+", second[0]))
    inside = "LU0000000017"
    feeder = own_fund(
        {"isin": inside, "kind": "fund", "holding_weight": outer}, {"kind": "cash", "holding_weight": 1 - outer}
    )
    master = own_fund(
        {"isin": IFLYTEK, "kind": "equity", "holding_weight": inner},
        {"kind": "cash", "holding_weight": 1.0 - inner},
        file="master.csv",
        fund=inside,
        isin=inside,
        name="The Master Fund",
    )
    found = scan(reading({**FUND, "market_value": 100.0}), feeder, master)
    assert found.weight == pytest.approx(worth(second[1]), abs=5e-11)


def test_the_interval_is_the_one_worked_out() -> None:
    printed = {row[0]: worth(row[2]) for row in table(METHOD, "number", "arithmetic", "result")}
    worst = worst_case_table([(Region.EMERGING_MARKETS, None, 0.03), (Region.EMERGING_MARKETS, "dahua", 0.03)])
    rows = [
        flagged("dahua", 0.04),
        flagged("dahua", 0.01, confidence="probable"),
        uncovered("fund without holdings", 0.10, region="emerging-markets"),
        uncovered("line without an identifier", 0.005, region="unknown"),
        {"weight": 0.845, "outcome": "clear"},
    ]
    assert sum(row["weight"] for row in rows) == pytest.approx(1.0)
    whole = interval(Memory(), rows, worst)[""]
    assert {name: whole[name] for name in printed} == pytest.approx(printed)


def test_exposure_over_time_is_the_one_worked_out() -> None:
    rows = table(METHOD, "list of", "reaches flagged companies", "arithmetic")
    assert len(rows) == 2
    lines = ({**FUND, "market_value": 0.4}, {"kind": "cash", "name_as_written": "Cash", "market_value": 0.6})
    files = []
    for when, _, sums in rows:
        held = worth(sums.split(" x ")[1])
        cash = {"kind": "cash", "holding_weight": 1.0 - held}
        share = {"isin": HIKVISION, "kind": "equity", "holding_weight": held}
        files.append(own_fund(share, cash, as_of=day(when), file=f"{when}.csv"))
    told = scan(reading(*lines), *files).history
    own = told[told["fund_id"].notna() & (told["fund_id"] != "")]
    found = dict(zip(own["as_of"], own["weight"], strict=True))
    for when, percent, sums in rows:
        assert worth(percent.strip("%")) / 100 == pytest.approx(worth(sums))
        assert found[day(when)] == pytest.approx(worth(sums))


def hikvision_on(as_of: date, **wishes: Any) -> pd.DataFrame:
    return scan(reading({"isin": HIKVISION, "kind": "equity", "market_value": 100.0}), as_of=as_of, **wishes).flags


STATUS_ROWS = table(METHOD, "status", "means", "Hikvision, for example")
LISTS = {
    "Entity List": "us-bis-entity-list",
    "section 889": "us-ndaa-889",
    "Section 1237 list": "us-dod-1237",
}


@pytest.mark.parametrize("row", STATUS_ROWS, ids=[row[0] for row in STATUS_ROWS])
def test_each_state_of_a_measure_is_that_of_the_day_named(row) -> None:
    named = re.match(r"(.+?) (?:on|from) (\d+ \w+ \d{4})", row[2])
    assert named
    flags = hikvision_on(day(named[2]))
    states = set(flags[flags["programme_id"] == LISTS[named[1]]]["status"])
    assert row[0].replace(" ", "_") in states


def test_an_interval_includes_its_first_day_and_excludes_its_last() -> None:
    first = day("9 October 2019")
    for when, state in ((first - timedelta(days=1), "announced"), (first, "in_force")):
        flags = hikvision_on(when)
        assert state in set(flags[flags["programme_id"] == "us-bis-entity-list"]["status"])


def test_the_two_times_answer_as_the_table_says() -> None:
    rows = table(METHOD, "asked", "answer")
    asked = [[date.fromisoformat(one) for one in re.findall(r"\d{4}-\d\d-\d\d", row[0])] for row in rows]
    assert [len(days) for days in asked] == [1, 2, 2]

    def list_1237(as_of: date, known_on: date | None = None) -> tuple[str, Any]:
        flags = hikvision_on(as_of, **({"known_on": known_on} if known_on else {}))
        one = flags[flags["programme_id"] == "us-dod-1237"].iloc[0]
        return one["status"], one["in_force_until"]

    status, until = list_1237(*asked[0])
    assert status == "in_force"
    assert pd.isna(until)
    end = re.search(r"until (\d+ \w+ \d{4})", rows[1][1])
    assert end
    assert list_1237(*asked[1]) == ("in_force", day(end[1]))
    assert "idx-msci" not in set(hikvision_on(asked[2][0], known_on=asked[2][1])["programme_id"])
    assert "idx-msci" in set(hikvision_on(asked[2][0])["programme_id"])


def test_the_legal_calendar_is_the_one_worked_out() -> None:
    rows = table(METHOD, "state", "from", "until", "arithmetic")
    assert len(rows) == 4
    given = [row for row in rows if " + " in row[3]]
    assert len(given) == 2
    for _, from_, until, sums in given:
        start, days = re.match(r"(\d+ \w+ \d{4}) \+ (\d+) days", sums).groups()  # type: ignore[union-attr]
        assert day(start) + timedelta(days=int(days)) == day(until or from_)
    calendar = scan(
        reading({"isin": HIKVISION, "kind": "equity", "market_value": 100.0}), investor="us-person"
    ).legal_calendar
    cmic = calendar[calendar["programme_id"] == "us-ofac-ns-cmic"]
    found = {one["state"]: (one["from"], one["until"]) for one in cmic.to_dict("records")}
    for state, from_, until, _ in rows:
        assert found[state][0] == day(from_)
        assert (None if pd.isna(found[state][1]) else found[state][1]) == (day(until) if until else None)


def test_the_absences_are_those_of_the_table() -> None:
    events = {}
    for row in scan(reading({"isin": HIKVISION, "kind": "equity", "market_value": 100.0})).index_events.to_dict(
        "records"
    ):
        if "delet" in row["event"] and row["issuer_id"] == "hikvision":
            events.setdefault(row["family"], (row["announced_on"], row["effective_on"]))
    for case, said in [row for row in table(METHOD, "case", "what is said") if "announced" in row[1]]:
        provider = re.match(r"(\w+)", said)
        assert provider, case
        announced, effective = (day(one) for one in re.findall(r"\d+ \w+ \d{4}", said))
        family = next(name for name in events if name.startswith(provider[1]))
        assert events[family] == (announced, effective)


def test_the_check_digit_is_the_one_worked_out() -> None:
    text = section(IDENTITY, "## Check digits")
    isin = re.search(r"`([A-Z]{2}\w{10})`", text)
    assert isin
    letters = "".join(str(int(char, 36)) for char in isin[1][:-1])
    assert [int(char, 36) for char in isin[1][:-1]] == [
        int(n) for n in re.findall(r"becomes `([\d ]+)`", text)[0].split()
    ]
    assert letters == re.findall(r"that is `([\d ]+)`", text)[0].replace(" ", "")
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(letters))]
    summed = [int(digit) for number in reversed(doubled) for digit in str(number)]
    printed = re.search(r"`([\d +]+) = (\d+)`, and (\d+) \+ (\d) = (\d+)\. The digit is (\d)", text)
    assert printed
    assert [int(number) for number in printed[1].split(" + ")] == summed
    assert int(printed[2]) == int(printed[3]) == sum(summed)
    assert (int(printed[3]) + int(printed[4])) % 10 == 0
    assert printed[4] == printed[6] == isin[1][-1]
    assert read_isin(isin[1]) == isin[1]
    assert read_isin(isin[1][:-1] + str((int(isin[1][-1]) + 1) % 10)) is None


WITNESS = {" and China": ", CN", " and Shenzhen": ", Shenzhen", " and a name that agrees": " Hikvision"}
"""What the table calls a witness, as `esgscan check` takes it."""
RUNGS = [row for row in table(IDENTITY, "rung", "example", "confidence") if row[1]]


@pytest.mark.parametrize("row", RUNGS, ids=[row[0][:40] for row in RUNGS])
def test_each_rung_gives_the_confidence_that_the_page_names(row) -> None:
    wanted = re.match(r"confirmed|probable|possible|refused", row[2])
    assert wanted
    for one in re.split(r"; |, ", row[1].replace("`", "")):
        asked = re.sub(r" and .+", lambda found: WITNESS[found[0]], one)
        answers = esgscan.check(asked, as_of="2026-11-23").answers
        assert wanted[0] in set(answers["confidence"]), f"{asked}: {answers.to_dict('records')}"
