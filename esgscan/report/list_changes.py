"""What publishers' newer lists change, as text for a person who confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.reference.list_updates import Kind
from esgscan.report.page import Page
from esgscan.report.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esgscan.list_changes.comparing import ListComparison, ListCount
    from esgscan.reference.list_updates import ListChange
    from esgscan.reference.listed_entities import ListFile

MOST_CANDIDATES, MOST_NAMES = 40, 4
HEADINGS = {
    Kind.NEW: ("new entry", "new entries", "named by a list, and not so in our data"),
    Kind.ENDED: ("ended entry", "ended entries", "in our data, and no longer on the list"),
    Kind.RENAMED: ("new name", "new names", "a company we know, under a name we do not"),
}
MARKS = {Kind.NEW: "+ ", Kind.ENDED: "- ", Kind.RENAMED: "~ "}


def render_changes(
    comparison: ListComparison, files: Sequence[ListFile], *, width: int = 80, color: bool = False
) -> str:
    """Render what was read, what changes, which companies are candidates, and what cannot be decided.

    Args:
        comparison: What files say that the data do not.
        files: The files.
        width: Width in cells.
        color: Whether to write styles.

    Returns:
        The text, ending in a line feed.
    """
    page = Page(width=width, color=color)
    _write_files(page, files)
    _write_lists(page, comparison.counts)
    for kind, words in HEADINGS.items():
        _write_kind(page, kind, words, [one for one in comparison.changes if one.kind is kind])
    _write_candidates(page, comparison.candidates)
    if comparison.doubts:
        page.heading(f"Left alone: {count(len(comparison.doubts), 'thing')} that cannot be decided here")
        for doubt in comparison.doubts:
            page.line(doubt.what, lead="? ")
            page.line(f"{doubt.where}; {doubt.mend}", indent=2)
    if not comparison.changes:
        page.heading("Nothing has changed for the companies of the watchlist.")
    return page.text()


def _write_files(page: Page, files: Sequence[ListFile]) -> None:
    page.title(f"{count(len(files), 'file')} read")
    for file in files:
        dated = f"of {file.published_on}" if file.published_on else "without a day"
        page.line(f"{file.name}: {file.title}, {dated}", indent=2)
        page.line(file.address, indent=4)
        page.line(f"SHA-256 {file.sha256[:16]}...", indent=4)
        if file.licence and file.publisher == "OpenSanctions":
            page.line(f"Terms of use, as stated: {file.licence}", indent=4)
        for remark in file.remarks:
            page.line(remark, lead="! ", indent=4)


def _write_lists(page: Page, counts: Sequence[ListCount]) -> None:
    """Write the lists that name somebody of the watchlist, or that our data describe; count the others."""
    told = [one for one in counts if one.of_watchlist or not one.programme_id.startswith("list:")]
    page.heading(count(len(counts), "list"))
    cells = [(one.name, f"{one.entities:,}", f"{one.of_watchlist:,}", _day(one)) for one in told]
    if cells:
        page.table(["List", "Organisations", "Of the watchlist", "Day"], cells)
    if left := len(counts) - len(told):
        page.line(f"{count(left, 'further list')} without a company of the watchlist.")


def _day(one: ListCount) -> str:
    return one.day.isoformat() if one.day else "not told"


def _write_kind(page: Page, kind: Kind, words: tuple[str, str, str], changes: Sequence[ListChange]) -> None:
    if not changes:
        return
    page.heading(f"{count(len(changes), words[0], words[1])}: {words[2]}")
    for one in changes:
        page.line(f"{one.issuer} ({one.issuer_id}): {one.programme}", lead=MARKS[kind])
        page.line(_said(one), indent=2)
        page.line(one.where, indent=2)


def _said(one: ListChange) -> str:
    """Say what the list prints, and from when to when."""
    printed = _shown([f"'{name}'" for name in (one.entity, *one.also)])
    if one.kind is Kind.RENAMED:
        return f"printed as {printed}; we have '{one.known_as}'"
    if one.kind is Kind.ENDED:
        return f"{printed}, until {one.in_force_until}. {one.note}"
    of_whom = "" if one.relation == "same" else f"its {one.relation} "
    begins = f", binding from {one.in_force_from}" if one.in_force_from != one.announced_on else ""
    sell = f", to be sold until {one.divest_until}" if one.divest_until else ""
    cited = f" ({one.citation})" if one.citation else ""
    return f"names {of_whom}{printed} on {one.announced_on}{begins}{sell}{cited}. {one.note}".rstrip()


def _write_candidates(page: Page, candidates: Sequence[ListChange]) -> None:
    """Write the candidates of which the lists give securities, one line per company; count the others."""
    listed = [one for one in candidates if one.isins or one.codes]
    if not candidates:
        return
    companies = _by_company(listed)
    others = _by_company(one for one in candidates if not (one.isins or one.codes))
    page.heading(f"{count(len(companies) + len(others), 'candidate')}: on these lists, and not on the watchlist")
    cells = [(name, _securities(those), _lists(those)) for name, those in companies.items()]
    if cells:
        page.table(["Company with securities", "Listed as", "On"], cells[:MOST_CANDIDATES], texts=3)
    if left := len(cells) - MOST_CANDIDATES:
        page.line(f"and {left} more" if left > 0 else "")
    held = {name: those for name, those in others.items() if any(one.held_as for one in those)}
    if held:
        page.line("Held under this name by funds in your store, with an ISIN that no list confirms:")
        cells = [(name, _held(those), _lists(those)) for name, those in held.items()]
        page.table(["Company", "Held as", "On"], cells[:MOST_CANDIDATES], texts=3)
    if others:
        page.line(f"{len(others):,} of greater China of which the lists give no security.")
    _write_alike(page, candidates)
    page.line("--write-candidates FILE.csv writes all of them as a list of your own, to be trimmed.")


def _write_alike(page: Page, candidates: Sequence[ListChange]) -> None:
    """Write how many candidates bear a name like that of a company of the watchlist: they may belong to it."""
    like: dict[str, set[str]] = {}
    for one in candidates:
        if one.known_as:
            like.setdefault(one.known_as, set()).add(one.entity)
    if like:
        page.line("Names like a company of the watchlist, which may be its subsidiaries; nothing was taken from them:")
    for issuer, names in sorted(like.items()):
        page.line(f"{issuer}: {_shown(sorted(names))}", lead="  ", indent=2)


def _shown(names: Sequence[str]) -> str:
    """Give the first names, and how many more there are."""
    more = f", and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return f"{'; '.join(names[:MOST_NAMES])}{more}"


def _by_company(candidates: Iterable[ListChange]) -> dict[str, list[ListChange]]:
    found: dict[str, list[ListChange]] = {}
    for one in candidates:
        found.setdefault(one.entity, []).append(one)
    return found


def _securities(those: Sequence[ListChange]) -> str:
    codes = dict.fromkeys(f"{mic}:{code}" for one in those for mic, code in one.codes)
    isins = dict.fromkeys(isin for one in those for isin in one.isins)
    shown = list(codes) or list(isins)
    return f"{shown[0]}" + (f" +{len(shown) - 1}" if len(shown) > 1 else "")


def _held(those: Sequence[ListChange]) -> str:
    return " ".join(dict.fromkeys(isin for one in those for isin in one.held_as))


def _lists(those: Sequence[ListChange]) -> str:
    return ", ".join(dict.fromkeys(one.programme for one in those))
