"""What the terminal says of the effects that listings have on an investor; information, not legal advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.rows import Row, source_numbers
from esgscan.report.wording import plain
from esgscan.terms import LegalState, Phase

if TYPE_CHECKING:
    from esgscan.report.citations import Citations
    from esgscan.report.page import Page

HEADING = "WHAT A LISTING DOES TO {} (information, not legal advice)"
WITHOUT_BAR = (LegalState.NO_EFFECT, LegalState.NOT_BOUND)
"""States that bar nothing: their programmes are named in one line each."""
INVESTORS = {
    "us-person": "US persons",
    "us-federal-contractor": "US federal contractors",
    "eu": "EU investors",
    "uk": "UK investors",
    "ca": "Canadian investors",
    "other": "other investors",
}
EVERYBODY = "every investor"


def write_legal_calendar(page: Page, calendar: list[Row], cited: Citations) -> None:
    """Write what bars or allows something, companies with the same dates together; then what has no effect.

    Args:
        page: Where it is written.
        calendar: Rows of table LEGAL_CALENDAR with the words of the result.
        cited: The sources that the page leads to.
    """
    if not calendar:
        return
    kinds = {row["investors"] for row in calendar}
    asked = kinds.pop() if len(kinds) == 1 else ""
    page.heading(HEADING.format(investors_of(asked).upper() if asked else "AN INVESTOR"))
    for (programme, investors, told), group in _alike(calendar).items():
        numbers = dict.fromkeys(str(number) for row in group for number in source_numbers(row))
        whom = "" if investors == asked else f", {investors_of(investors)}"
        page.line(f"{plain(programme)}{whom}: {told}{cited.mark({'source_numbers': ', '.join(numbers)})}", lead="- ")
        page.line("; ".join(dict.fromkeys(_company(row) for row in group)), indent=2)
    for state in WITHOUT_BAR:
        of_state = [row for row in calendar if row["state"] == state]
        names = [_named(row, asked) for row in of_state if not row["owner"]] + _through_owners(of_state)
        if names:
            page.line("; ".join(dict.fromkeys(names)), lead=f"{state[:1].upper()}{state[1:]}: ")


def bars(row: Row) -> bool:
    """Say whether an effect bars or allows something, so that it is told at length."""
    return row["state"] not in WITHOUT_BAR


def investors_of(investors: str) -> str:
    """Name the kinds of investor a rule speaks of."""
    kinds = [kind for kind in INVESTORS if kind in investors.split("; ")]
    return EVERYBODY if len(kinds) == len(INVESTORS) else ", ".join(INVESTORS[kind] for kind in kinds)


def _alike(calendar: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    """Put the companies together of which a programme says the same."""
    entries: dict[tuple[str, str, str], list[Row]] = {}
    for row in calendar:
        if bars(row):
            entries.setdefault((row["measure_id"], row["programme"], row["investors"]), []).append(row)
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for (_, programme, investors), of_measure in entries.items():
        told = "; ".join(_told(row) for row in of_measure)
        groups.setdefault((programme, investors, told), []).extend(of_measure)
    return groups


def _told(row: Row) -> str:
    return f"{row['said']} (over)" if row["phase"] == Phase.OVER else str(row["said"])


def _company(row: Row) -> str:
    """Name the company; where the list names another entity, that is said beside it."""
    is_itself = row["owner"] or (row["scope"] or "issuer").startswith("issuer")
    return plain(row["issuer"]) + ("" if is_itself else f" (named: {plain(row['named_entities'])})")


def _named(row: Row, asked: str) -> str:
    """Name a programme; where it binds some and not others, say whom it does not bind."""
    whom = investors_of(row["investors"])
    is_whole = row["state"] == LegalState.NO_EFFECT or whom == EVERYBODY or row["investors"] == asked
    return plain(row["programme"]) + ("" if is_whole else f" ({whom})")


def _through_owners(calendar: list[Row]) -> list[str]:
    """Name the companies that are reached through an owner, with the programmes that name the owner."""
    reached: dict[tuple[str, str], list[str]] = {}
    for row in calendar:
        if row["owner"]:
            reached.setdefault((row["issuer"], row["owner"]), []).append(plain(row["programme"]))
    return [
        f"for {plain(issuer)} through its owner {plain(owner)}: {', '.join(dict.fromkeys(programmes))}"
        for (issuer, owner), programmes in reached.items()
    ]
