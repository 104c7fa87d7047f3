"""A small, complete, invented result: the pension fund that the report tests render.

The arithmetic, on EUR 250,000,000. Two funds are opened: the index fund E is 8% of the portfolio; the balanced fund B
is 16% and holds 25% of E (0.16 x 0.25 = 0.04) and 10% of an Asia fund A that nobody opened (0.16 x 0.10 = 0.016).
E holds 0.1% Hikvision, 0.02% Dahua and 0.00001% iFlytek.

    Hikvision  direct 500,000 / 250 m = 0.002     through E 0.08 x 0.001 = 0.00008     through B > E 0.00004
    Dahua      direct 250,000 / 250 m = 0.001     through E 0.000016                   through B > E 0.000008
    iFlytek    by name  2,500 / 250 m = 0.00001   through E 0.000000008                through B > E 0.000000004
    flagged    0.00301 direct + 0.000144012 through funds = 0.003154012, EUR 788,503
    uncovered  A 0.016, an unopened fund 0.04, a line without identifier 0.0001, a possible match 0.00005 = 0.05615
    clear      1 - 0.003154012 - 0.05615 = 0.940695988, EUR 235,173,997
    ceiling    0.003154012 + 0.016 x 0.002 + 0.04 x 0.004 + 0.0001 + 0.00005 = 0.003496012
    floor      without the name match and without the routes through B, whose list of 2025-06-30 is 511 days old:
               0.00208 + 0.001016 + 0.000000008 = 0.003096008
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from esgscan.records import Coverage, PortfolioSummary, Run, Scan
from esgscan.result_tables import (
    RESULT_ABSENCES,
    RESULT_COVERAGE,
    RESULT_DECISIONS,
    RESULT_EDITIONS,
    RESULT_EXCLUSIONS,
    RESULT_FLAGS,
    RESULT_HISTORY,
    RESULT_INDEX_EVENTS,
    RESULT_INTERVAL,
    RESULT_LEGAL_CALENDAR,
    RESULT_LISTINGS,
    RESULT_NOTES,
    RESULT_OWNERS,
    RESULT_PAI,
    RESULT_PATHS,
    RESULT_POLICY,
    RESULT_POSITIONS,
    RESULT_PROGRAMMES,
    RESULT_RELATIONSHIPS,
    RESULT_REVIEW,
    RESULT_SOURCES,
    RESULT_STEPS,
    RESULT_TAGS,
    RESULT_UNCOVERED,
)
from esgscan.tables import EXPOSURES, FINDINGS

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

AS_OF = date(2026, 11, 23)
TOTAL = 250_000_000.0
HIKVISION = "Hangzhou Hikvision Digital Technology Co., Ltd."
DAHUA = "Zhejiang Dahua Technology Co., Ltd."
IFLYTEK = "Iflytek Co., Ltd."
INJECTION = '=HYPERLINK("http://example.invalid","open me")'
EM_FUND = "Invented Emerging Markets Index Fund"
BALANCED = "Invented Balanced Fund of Funds"
ASIA = "Invented Asia Smaller Companies Fund"


@dataclass(frozen=True, slots=True)
class NoReporter:
    """Stands in where a test renders by itself."""

    def write(self, scan: Scan, path: Path) -> None:
        raise AssertionError(f"not asked to write {scan.as_of} to {path}")

    def plot_weights(self, scan: Scan) -> Axes:
        raise AssertionError(f"not asked to draw {scan.as_of}")


def exposures() -> list[dict[str, Any]]:
    return [
        {
            "issuer_id": "hikvision",
            "name": HIKVISION,
            "name_zh": "杭州海康威视数字技术股份有限公司",
            "weight": 0.00212,
            "direct": 0.002,
            "indirect": 0.00012,
            "long": 0.00212,
            "short": 0.0,
            "market_value": 530_000.0,
            "floor": 0.00208,
            "ceiling": 0.002312,
            "paths": 3,
            "counts": True,
            "tier": "official",
            "is_brief": False,
        },
        {
            "issuer_id": "dahua",
            "name": DAHUA,
            "name_zh": "浙江大华技术股份有限公司",
            "weight": 0.001024,
            "direct": 0.001,
            "indirect": 0.000024,
            "long": 0.001024,
            "short": 0.0,
            "market_value": 256_000.0,
            "floor": 0.001016,
            "ceiling": 0.001074,
            "paths": 3,
            "counts": True,
            "tier": "official",
            "is_brief": False,
        },
        {
            "issuer_id": "iflytek",
            "name": IFLYTEK,
            "name_zh": None,
            "weight": 0.000010012,
            "direct": 0.00001,
            "indirect": 0.000000012,
            "long": 0.000010012,
            "short": 0.0,
            "market_value": 2_503.0,
            "floor": 0.000000008,
            "ceiling": 0.000010012,
            "paths": 3,
            "counts": True,
            "tier": "official",
            "is_brief": False,
        },
    ]


def _direct(number: int, position: str, row: int, name: str, issuer_id: str, weight: float) -> dict[str, Any]:
    names = {"hikvision": HIKVISION, "dahua": DAHUA, "iflytek": IFLYTEK}
    codes = {"hikvision": "XSHE:002415", "dahua": "XSHE:002236", "iflytek": "XSHE:002230"}
    isins = {"hikvision": "CNE100000PM8", "dahua": "CNE100000BJ4", "iflytek": "CNE100000B81"}
    return {
        "path_id": f"path-{number}",
        "position_id": position,
        "source_sheet": "Depot",
        "source_row": row,
        "name_as_written": name,
        "route": "",
        "route_names": "",
        "issuer_id": issuer_id,
        "issuer": names[issuer_id],
        "security_id": codes[issuer_id],
        "isin": isins[issuer_id],
        "weight": weight,
        "market_value": weight * TOTAL,
        "is_stale": False,
        "matched_by": "isin",
        "confidence": "confirmed",
        "evidence": f"ISIN {isins[issuer_id]}",
        "source_numbers": "",
    }


def _through(number: int, issuer_id: str, weight: float, *, balanced: bool) -> dict[str, Any]:
    row = _direct(
        number, "p9" if balanced else "p8", 9 if balanced else 8, BALANCED if balanced else EM_FUND, issuer_id, weight
    )
    as_of = date(2025, 6, 30) if balanced else date(2026, 5, 31)
    return row | {
        "route": "xx-balanced > xx-em" if balanced else "xx-em",
        "route_names": f"{BALANCED} > {EM_FUND}" if balanced else EM_FUND,
        "holdings_as_of": as_of,
        "age_days": (AS_OF - as_of).days,
        "is_stale": balanced,
        "source_numbers": "1, 2" if balanced else "2",
    }


def paths() -> list[dict[str, Any]]:
    by_name = _direct(3, "p10", 10, "科大讯飞 IFLYTEK", "iflytek", 0.00001) | {
        "isin": None,
        "matched_by": "name and witness",
        "confidence": "probable",
        "evidence": "name equals a known spelling; currency CNY agrees",
    }
    return [
        _direct(1, "p6", 6, "HANGZHOU HIKVISION DIGITAL TECHNOLOGY A", "hikvision", 0.002),
        _direct(2, "p7", 7, INJECTION, "dahua", 0.001),
        _through(4, "hikvision", 0.00008, balanced=False),
        _through(5, "hikvision", 0.00004, balanced=True),
        _through(6, "dahua", 0.000016, balanced=False),
        by_name,
        _through(7, "dahua", 0.000008, balanced=True),
        _through(8, "iflytek", 0.000000008, balanced=False),
        _through(9, "iflytek", 0.000000004, balanced=True),
    ]


def _flag(issuer_id: str, programme_id: str, status: str, **rest: Any) -> dict[str, Any]:
    words = {
        "us-bis-entity-list": ("Entity List", "no effect on holding or trading shares"),
        "us-ofac-ns-cmic": ("NS-CMIC", "US persons may not buy or sell; see the dates of the entry"),
        "us-ndaa-889": ("Section 889", "no effect on holding or trading shares"),
        "xx-future-rule": ("Future rule", "invented: no new purchases by funds of that country"),
        "xx-draft-rule": ("Draft rule", "invented: nothing while it is only considered"),
        "us-dod-1237": ("Section 1237", "ended 2 Aug 2021; US securities ban applied from 11 Jan 2021"),
    }
    names = {"hikvision": HIKVISION, "dahua": DAHUA, "iflytek": IFLYTEK}
    base = {
        "issuer_id": issuer_id,
        "issuer": names[issuer_id],
        "measure_id": f"{programme_id}--{issuer_id}{rest.pop('suffix', '')}",
        "programme_id": programme_id,
        "programme": words[programme_id][0],
        "effect_on_investor": words[programme_id][1],
        "kind": "listing",
        "scope": "issuer",
        "named_entities": names[issuer_id],
        "status": status,
        "source_ids": "src-3",
        "source_numbers": "3",
    }
    return base | rest


def flags() -> list[dict[str, Any]]:
    return [
        _flag(
            "hikvision",
            "us-bis-entity-list",
            "in_force",
            announced_on=date(2019, 10, 7),
            in_force_from=date(2019, 10, 9),
            citation="84 FR 54002",
        ),
        _flag(
            "hikvision",
            "us-bis-entity-list",
            "in_force",
            suffix="-2",
            scope="subsidiaries",
            named_entities="Luopu Haishi Dingxin Electronic Technology Co.; Moyu Haishi Electronic Technology Co.",
            in_force_from=date(2023, 3, 28),
            source_numbers="4, 5",
        ),
        _flag("hikvision", "us-ofac-ns-cmic", "in_force", in_force_from=date(2021, 8, 2), source_numbers="6"),
        _flag(
            "hikvision",
            "xx-future-rule",
            "announced",
            announced_on=date(2026, 11, 2),
            in_force_from=date(2027, 3, 1),
            source_numbers="7",
        ),
        _flag(
            "hikvision",
            "xx-draft-rule",
            "considered",
            kind="considered",
            announced_on=date(2026, 10, 5),
            named_entities=None,
        ),
        _flag(
            "hikvision",
            "us-dod-1237",
            "ended",
            in_force_from=date(2020, 6, 24),
            in_force_until=date(2021, 8, 2),
            note="The securities ban of EO 13959 applied from 2021-01-11.",
        ),
        _flag("dahua", "us-bis-entity-list", "in_force", in_force_from=date(2019, 10, 9)),
        _flag("dahua", "us-ndaa-889", "in_force", in_force_from=date(2019, 8, 13), source_numbers="8"),
    ]


def _tag(
    issuer_id: str, tag: str, label: str, theme: str, basis: str, known_from: date, numbers: str
) -> dict[str, Any]:
    return {
        "issuer_id": issuer_id,
        "tag": tag,
        "label": label,
        "theme": theme,
        "evidence_id": f"{issuer_id}--{tag}-{known_from}",
        "basis": basis,
        "known_from": known_from,
        "note": f"An invented source reported on {known_from} on {label.lower()}.",
        "source_numbers": numbers,
    }


def tags() -> list[dict[str, Any]]:
    human, security = "human-rights", "security"
    official, reported = "official-determination", "reported"
    return [
        _tag("hikvision", "mass-surveillance", "Mass surveillance", human, official, date(2019, 10, 9), "3"),
        _tag("hikvision", "mass-surveillance", "Mass surveillance", human, reported, date(2019, 5, 21), "9"),
        _tag("hikvision", "ethnic-profiling", "Ethnic profiling", human, reported, date(2023, 4, 17), "10"),
        _tag(
            "hikvision",
            "network-security",
            "Communications network security risk",
            security,
            official,
            date(2021, 3, 12),
            "8",
        ),
        _tag("dahua", "mass-surveillance", "Mass surveillance", human, official, date(2019, 10, 9), "3"),
        _tag("iflytek", "voice-surveillance", "Voice surveillance", human, reported, date(2017, 10, 22), "11"),
    ]


def notes() -> list[dict[str, Any]]:
    """Ten notes on Hikvision, the newest of 2025-10-01, one context note, one without a full date on Dahua."""
    ten = [
        {
            "issuer_id": "hikvision",
            "note_id": f"n{number:03}",
            "about": "issuer",
            "topic": "contracts",
            "published_on": date(2025, number, 1),
            "text": f"An invented paper reported on {date(2025, number, 1)} that note number {number} exists.",
            "source_numbers": "9",
        }
        for number in range(1, 11)
    ]
    return [
        *ten,
        {
            "issuer_id": "hikvision",
            "note_id": "n020",
            "about": "context",
            "subject": "China (no issuer)",
            "topic": "exports",
            "published_on": date(2019, 5, 21),
            "text": "An invented paper reported on 2019-05-21 on exports of such technology by China.",
            "source_numbers": "12",
        },
        {
            "issuer_id": "dahua",
            "note_id": "n030",
            "about": "issuer",
            "topic": "statement",
            "published_on": date(2020, 2, 29),
            "published_on_as_printed": "2020-02",
            "text": "The company said in February 2020 that it follows the law. "
            "公司表示遵守法律法规，并重视网络安全与隐私保护，持续完善治理。",
            "source_numbers": "13",
        },
    ]


def legal_calendar() -> list[dict[str, Any]]:
    """The purchase ban on Hikvision, whose time to divest is over, and the Entity List, which bars no holder."""

    def row(programme_id: str, state: str, start: date, until: date | None, phase: str, **rest: Any) -> dict[str, Any]:
        when = f" until {until}" if until else f" since {start}"
        return {
            "issuer_id": "hikvision",
            "issuer": HIKVISION,
            "measure_id": f"{programme_id}--hikvision",
            "programme_id": programme_id,
            "kind": "listing",
            "scope": "issuer",
            "named_entities": "Invented Name as Printed Co.",
            "effect_id": f"{programme_id}--{state}",
            "investors": "us-person; us-federal-contractor",
            "state": state,
            "from": start,
            "until": until,
            "phase": phase,
            "text": "An invented rule in plain words.",
            "citation": "EO 13959",
            "said": state if state == "no effect on investors" else state + when,
            "source_numbers": "6, 7",
            **rest,
        }

    banned = {"programme": "NS-CMIC", "source_numbers": "6"}
    divested = date(2022, 6, 3)
    return [
        row("us-ofac-ns-cmic", "purchase barred", date(2021, 8, 2), None, "now", **banned),
        row("us-ofac-ns-cmic", "sale to divest allowed", date(2021, 6, 3), divested, "over", **banned),
        row("us-bis-entity-list", "no effect on investors", date(2019, 10, 9), None, "now", programme="Entity List"),
    ]


def coverage_rows() -> list[dict[str, Any]]:
    return [
        {"outcome": "flagged", "reason": None, "weight": 0.003154012, "market_value": 788_503.0, "positions": 5},
        {"outcome": "clear", "reason": None, "weight": 0.940695988, "market_value": 235_173_997.0, "positions": 5},
        _uncovered("fund without holdings", 0.056, 14_000_000.0, 2),
        _uncovered("line without an identifier", 0.0001, 25_000.0, 1),
        _uncovered("possible match to review", 0.00005, 12_500.0, 1),
    ]


def _uncovered(reason: str, weight: float, market_value: float, positions: int) -> dict[str, Any]:
    return {
        "outcome": "uncovered",
        "reason": reason,
        "weight": weight,
        "market_value": market_value,
        "positions": positions,
    }


def uncovered() -> list[dict[str, Any]]:
    def row(
        position: str, number: int, name: str, weight: float, worst: float, reason: str, **rest: Any
    ) -> dict[str, Any]:
        return {
            "position_id": position,
            "source_sheet": "Depot",
            "source_row": number,
            "name_as_written": name,
            "weight": weight,
            "market_value": weight * TOTAL,
            "reason": reason,
            "worst_case": worst,
            "adds_to_ceiling": weight * worst,
            **rest,
        }

    unopened = "fund without holdings"
    return [
        row(
            "p11",
            11,
            "Other Emerging Fund",
            0.04,
            0.004,
            unopened,
            region="emerging-markets",
            route_names="Other Emerging Fund",
            mend="give the fund's list of holdings: --holdings FILE",
        ),
        row(
            "p12",
            12,
            "+4711 Private Line",
            0.0001,
            1.0,
            "line without an identifier",
            mend="write an ISIN into the line",
        ),
        row(
            "p13",
            13,
            "ZHEJIANG DAHUA TECHNOL",
            0.00005,
            1.0,
            "possible match to review",
            mend="write the ISIN into row 13",
        ),
        row(
            "p9",
            9,
            BALANCED,
            0.016,
            0.002,
            unopened,
            region="asia",
            route_names=f"{BALANCED} > {ASIA}",
            mend="--holdings FILE",
        ),
    ]


def interval() -> list[dict[str, Any]]:
    """What the ceilings of the whole and of Hikvision are made of: 0.003496012 and 0.002312."""

    def could(reason: str, weight: float, worst: float, **rest: Any) -> dict[str, Any]:
        return {"component": "could be there", "reason": reason, "weight": weight, "worst_case": worst} | {
            "adds": weight * worst,
            **rest,
        }

    unopened, hikvision = "fund without holdings", {"issuer_id": "hikvision", "issuer": HIKVISION}
    return [
        {"component": "proven", "adds": 0.003096008},
        {"component": "not proven", "adds": 0.000058004},
        could(unopened, 0.04, 0.004, region="emerging-markets"),
        could("line without an identifier", 0.0001, 1.0),
        could("possible match to review", 0.00005, 1.0),
        could(unopened, 0.016, 0.002, region="asia"),
        {"component": "proven", "adds": 0.00208, **hikvision},
        {"component": "not proven", "adds": 0.00004, **hikvision},
        could(unopened, 0.056, 0.000192 / 0.056, **hikvision),
    ]


def steps() -> list[dict[str, Any]]:
    def row(subject: str, action: str, weight: float, worst: float) -> dict[str, Any]:
        figures = {"weight": weight, "market_value": weight * TOTAL, "adds_to_ceiling": weight * worst}
        return {"subject": subject, "action": f"{action} {subject}", "positions": 1, **figures}

    return [
        row("Other Emerging Fund", "add the holdings of", 0.04, 0.004),
        row("+4711 Private Line", "give the ISIN of", 0.0001, 1.0),
        row("ZHEJIANG DAHUA TECHNOL", "give the ISIN of", 0.00005, 1.0),
        row(ASIA, "add the holdings of", 0.016, 0.002),
    ]


def positions() -> list[dict[str, Any]]:
    def line(
        number: int, name: str, kind: str, value: float, flagged: float, uncovered: float, **rest: Any
    ) -> dict[str, Any]:
        return {
            "position_id": f"p{number}",
            "portfolio": "Invented Pension Fund",
            "source_sheet": "Depot",
            "source_row": number,
            "name_as_written": name,
            "kind": kind,
            "market_value": value,
            "currency": "EUR",
            "side": "long",
            "matched_by": "kind of line",
            "confidence": "none",
            "value": value,
            "flagged": flagged,
            "uncovered": uncovered,
            "clear": value / TOTAL - flagged - uncovered,
            **rest,
        }

    return [
        line(6, "HANGZHOU HIKVISION DIGITAL TECHNOLOGY A", "equity", 500_000.0, 0.002, 0.0, issuer_id="hikvision"),
        line(7, INJECTION, "equity", 250_000.0, 0.001, 0.0, issuer_id="dahua", isin="CNE100000BJ4"),
        line(8, EM_FUND, "fund", 20_000_000.0, 0.000096008, 0.0, fund_id="xx-em"),
        line(9, BALANCED, "fund", 40_000_000.0, 0.000048004, 0.016, fund_id="xx-balanced"),
        line(10, "科大讯飞 IFLYTEK", "equity", 2_500.0, 0.00001, 0.0, issuer_id="iflytek", ticker="-002230"),
        line(11, "Other Emerging Fund", "fund", 10_000_000.0, 0.0, 0.04),
        line(12, "+4711 Private Line", "unknown", 25_000.0, 0.0, 0.0001),
        line(13, "ZHEJIANG DAHUA TECHNOL", "equity", 12_500.0, 0.0, 0.00005, confidence="possible"),
        line(14, "@Government bond 2%\x1b[31m\x07 2035", "bond", 100_000_000.0, 0.0, 0.0),
        line(15, "Cash", "cash", 1_247_500.0, 0.0, 0.0),
        line(16, "Invented World Equity Fund", "fund", 77_962_500.0, 0.0, 0.0),
    ]


def sources() -> list[dict[str, Any]]:
    first = {
        "number": 1,
        "source_id": "user-balanced",
        "title": "balanced.csv",
        "tier": "user",
        "published_on": date(2025, 6, 30),
    }
    return [
        first,
        *(
            {
                "number": number,
                "source_id": f"src-{number}",
                "title": f"Invented source number {number}",
                "publisher": f"Publisher {number}",
                "tier": "press",
                "url": f"https://example.org/{'a-rather-long-part-of-an-address/' * (4 if number == 9 else 1)}{number}",
                "published_on": date(2019, 5, number),
            }
            for number in range(2, 14)
        ),
    ]


def history() -> list[dict[str, Any]]:
    """The balanced fund by two whole lists that are close in time, and by one of its largest lines before."""

    def row(day: date, weight: float, *, not_known: float = 0.0, joins: bool = False) -> dict[str, Any]:
        named = {"fund_id": "fund-balanced", "fund": "Invented Balanced Fund", "source_numbers": "5"}
        known = {"not_known": not_known, "is_whole": not not_known, "joins": joins}
        return {**named, "as_of": day, "invested": 0.2, "weight": weight, **known}

    return [
        row(date(2018, 3, 31), 0.0001, not_known=0.12),
        row(date(2018, 12, 31), 0.0002),
        row(date(2019, 4, 30), 0.00014, joins=True),
    ]


def pai() -> list[dict[str, Any]]:
    """Three indicators, an input for the first, and a tag of the mapping."""
    names = {"10": "Violations", "11": "Lack of processes", "14": "Exposure to controversial weapons"}
    indicators = [
        {"part": "indicator", "indicator": number, "line": name, "remark": "An invented remark.", "source_numbers": "2"}
        for number, name in names.items()
    ]
    sums = {"weight": 0.00314, "direct": 0.003, "indirect": 0.00014, "estimated": 0.00005, "companies": 1}
    official = {"part": "input", "indicator": "10", "line": "official determination", **sums, "remark": HIKVISION}
    mapped = {"part": "mapping", "indicator": "10", "line": "Mass surveillance", "remark": "input for 10: invented."}
    covered = {"part": "coverage", "line": "not covered", "weight": 0.05615, "remark": "no data, and not clean"}
    return [indicators[0], official | {"source_numbers": "3"}, *indicators[1:], covered, mapped]


def findings() -> list[dict[str, Any]]:
    return [
        {
            "severity": "warning",
            "where": "pension.xlsx, sheet 'Depot', row 12",
            "what": "'+4711 Private Line' has no identifier.",
            "mend": "write an ISIN into the line",
        },
        {
            "severity": "info",
            "where": "pension.xlsx, sheet 'Depot', row 17",
            "what": "A total was skipped.",
            "mend": "",
        },
    ]


def pension_scan() -> Scan:
    """The invented pension fund of this module's head."""
    return Scan(
        as_of=AS_OF,
        run=Run(
            version="0.1.0",
            edition="2026-11-23+1a2b3c4d",
            edition_hash="1a2b3c4d" * 8,
            generated_at="2026-11-23T00:00:00Z",
            inputs={"pension.xlsx": "ab" * 32, "balanced.csv": "cd" * 32},
            options={"as_of": "2026-11-23", "holdings": ["balanced.csv"], "fail_above": None},
        ),
        portfolio=PortfolioSummary(name="Invented Pension Fund", positions=11, market_value=TOTAL, currency="EUR"),
        weight=0.003154012,
        direct=0.00301,
        indirect=0.000144012,
        floor=0.003096008,
        ceiling=0.003496012,
        coverage=Coverage(flagged=0.003154012, clear=0.940695988, uncovered=0.05615, looked_through=0.224),
        tables={
            "exposures": EXPOSURES.frame(exposures()),
            "paths": RESULT_PATHS.frame(paths()),
            "flags": RESULT_FLAGS.frame(flags()),
            "tags": RESULT_TAGS.frame(tags()),
            "owners": RESULT_OWNERS.frame(),
            "notes": RESULT_NOTES.frame(notes()),
            "relationships": RESULT_RELATIONSHIPS.frame(
                [
                    {
                        "relationship_id": "r-1",
                        "issuer_id": "hikvision",
                        "counterparty": "Invented Chips Inc.",
                        "type": "supplier",
                        "known_on": date(2019, 10, 7),
                        "text": "The invented supplier said on 7 October 2019 that it sells chips to Hikvision.",
                        "source_numbers": "9",
                    }
                ]
            ),
            "index_events": RESULT_INDEX_EVENTS.frame(
                [
                    {
                        "event_id": "e-1",
                        "issuer_id": "hikvision",
                        "security_id": "XSHE:002415",
                        "family": "MSCI",
                        "index": "MSCI Emerging Markets",
                        "event": "deleted",
                        "announced_on": date(2020, 12, 15),
                        "effective_on": date(2021, 1, 5),
                        "effective_timing": "close",
                        "source_numbers": "9",
                    }
                ]
            ),
            "listings": RESULT_LISTINGS.frame(
                [
                    {
                        "issuer_id": "hikvision",
                        "security_id": "XSHE:002415",
                        "mic": "XSHE",
                        "local_code": "002415",
                        "isin": "CNE100000PM8",
                        "share_class": "A",
                        "currency": "CNY",
                        "status": "listed",
                        "source_numbers": "2",
                    }
                ]
            ),
            "programmes": RESULT_PROGRAMMES.frame(
                [
                    {
                        "programme_id": "us-bis-entity-list",
                        "short_name": "Entity List",
                        "name": "Entity List of the Export Administration Regulations",
                        "authority": "US Department of Commerce, Bureau of Industry and Security",
                        "jurisdiction": "US",
                        "kind": "export control",
                        "restricts": "Exports to the listed entity need a licence.",
                        "us_person_investors": "No effect.",
                        "effect_on_investor": "no effect on holding or trading shares",
                        "latest_source_on": date(2026, 6, 8),
                        "source_numbers": "3",
                    }
                ]
            ),
            "legal_calendar": RESULT_LEGAL_CALENDAR.frame(legal_calendar()),
            "history": RESULT_HISTORY.frame(history()),
            "uncovered": RESULT_UNCOVERED.frame(uncovered()),
            "interval": RESULT_INTERVAL.frame(interval()),
            "steps": RESULT_STEPS.frame(steps()),
            "pai": RESULT_PAI.frame(pai()),
            "coverage_rows": RESULT_COVERAGE.frame(coverage_rows()),
            "positions": RESULT_POSITIONS.frame(positions()),
            "review": RESULT_REVIEW.frame(
                [
                    {
                        "position_id": "p13",
                        "source_sheet": "Depot",
                        "source_row": 13,
                        "name_as_written": "ZHEJIANG DAHUA TECHNOL",
                        "issuer_id": "dahua",
                        "issuer": DAHUA,
                        "confidence": "possible",
                        "evidence": "the name is cut off; no witness",
                        "weight": 0.00005,
                        "mend": "write the ISIN into row 13",
                    }
                ]
            ),
            "decisions": RESULT_DECISIONS.frame(
                [
                    {
                        "position_id": "p12",
                        "source_sheet": "Depot",
                        "source_row": 12,
                        "name_as_written": "DAHUA BANK LTD",
                        "answer": "none",
                        "decided_by": "A. Reader",
                        "decided_on": date(2026, 11, 20),
                        "evidence": "decided by A. Reader on 2026-11-20: no issuer of the watchlist",
                        "weight": 0.00005,
                        "where": "decisions.csv, row 2",
                    }
                ]
            ),
            "absences": RESULT_ABSENCES.frame(
                [
                    {
                        "fund_id": "xx-em",
                        "fund": EM_FUND,
                        "issuer_id": "hikvision",
                        "issuer": HIKVISION,
                        "as_of": date(2026, 5, 31),
                        "text": "Invented: deleted from the index on 2021-01-05, as announced on 2020-12-15.",
                        "source_numbers": "9",
                    }
                ]
            ),
            "exclusions": RESULT_EXCLUSIONS.frame(
                [
                    {
                        "isin": "CNE100000PM8",
                        "local_code": "002415",
                        "mic": "XSHE",
                        "security_id": "XSHE:002415",
                        "kind": "share",
                        "issuer_id": "hikvision",
                        "name": HIKVISION,
                        "measures": "Entity List since 2019-10-09",
                        "effects": "no effect on holding or trading shares",
                        "tags": "Facial recognition",
                        "source_numbers": "3",
                    }
                ]
            ),
            "policy": RESULT_POLICY.frame(
                [
                    {"setting": "name", "value": "Invented policy"},
                    {"setting": "counts", "value": "tags: every one"},
                ]
            ),
            "editions": RESULT_EDITIONS.frame(
                [
                    {"kind": "reference data", "subject": "esgscan reference data", "dated": AS_OF},
                    {"kind": "holdings", "subject": EM_FUND, "dated": date(2026, 5, 31), "source_numbers": "2"},
                    {"kind": "holdings", "subject": BALANCED, "dated": date(2025, 6, 30), "source_numbers": "1"},
                ]
            ),
            "findings": FINDINGS.frame(findings()),
            "sources": RESULT_SOURCES.frame(sources()),
        },
        reporter=NoReporter(),
    )


def clean_scan() -> Scan:
    """A portfolio without exposure: 97.2% screened and clear, 2.8% in a fund that nobody opened."""
    scan = pension_scan()
    empty = {
        name: scan.tables[name].clear()
        for name in [
            "exposures",
            "paths",
            "flags",
            "tags",
            "notes",
            "relationships",
            "index_events",
            "listings",
            "programmes",
            "legal_calendar",
            "review",
            "decisions",
            "absences",
            "exclusions",
        ]
    }
    rows = [
        {"outcome": "clear", "reason": None, "weight": 0.972, "market_value": 243_000_000.0, "positions": 10},
        _uncovered("fund without holdings", 0.028, 7_000_000.0, 1),
    ]
    unopened = uncovered()[0] | {"weight": 0.028, "market_value": 7_000_000.0, "adds_to_ceiling": 0.000112}
    return replace(
        scan,
        weight=0.0,
        direct=0.0,
        indirect=0.0,
        floor=0.0,
        ceiling=0.000112,
        coverage=Coverage(flagged=0.0, clear=0.972, uncovered=0.028, looked_through=0.2),
        tables={
            **scan.tables,
            **empty,
            "coverage_rows": RESULT_COVERAGE.frame(rows),
            "uncovered": RESULT_UNCOVERED.frame([unopened]),
            "interval": RESULT_INTERVAL.frame([interval()[0] | {"adds": 0.0}, interval()[2] | {"adds": 0.000112}]),
            "steps": RESULT_STEPS.frame(steps()[:1]),
            "findings": FINDINGS.frame(),
            "sources": RESULT_SOURCES.frame(),
        },
    )
