"""The packaged data as terminal text: `esgscan issuers` and `esgscan programmes`, each line with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.reference.editions import edition_of
from esgscan.report.catalogue import Library, NumberedSources, find_issuer, find_programme, library_of, with_status
from esgscan.report.dossier import write_measures, write_tags
from esgscan.report.owners import entity_text, owner_text, owners_of, rule_text
from esgscan.report.page import Page
from esgscan.report.wording import (
    DISCLAIMER,
    count,
    date_of,
    measure_dates,
    measure_kind,
    money,
    percent,
    plain,
)
from esgscan.terms import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from esgscan.report.catalogue import Datasets
    from esgscan.report.rows import Row

PROGRAMME_WORDS = {
    "authority": "run by",
    "jurisdiction": "law of",
    "kind": "kind",
    "restricts": "restricts",
    "names_whom": "names",
    "us_exporters": "US exporters",
    "us_federal_buyers": "US federal buyers",
    "us_person_investors": "US investors",
    "effect_on_investor": "to a holder",
    "official_url": "official page",
    "legal_text_url": "legal text",
}


def render_issuers(data: Datasets, *, width: int = 80, color: bool = False) -> str:
    """Render the watchlist: one line per issuer, with the codes it is listed under."""
    library = library_of(data)
    page, listings = Page(width=width, color=color), library.rows("listings")
    issuers = library.rows("issuers")
    page.title(f"{count(len(issuers), 'issuer')} on the watchlist")
    page.blank()
    codes = {
        row["issuer_id"]: [one["security_id"] for one in listings if one["issuer_id"] == row["issuer_id"]]
        for row in issuers
    }
    cells = [(row["issuer_id"], row["name"], " ".join(codes[row["issuer_id"]])) for row in issuers]
    page.table(["Issuer", "Name", "Listed as"], cells, texts=3)
    page.blank()
    page.line("esgscan issuers ISSUER shows everything known of one, with every source.")
    _write_edition(page, data)
    return page.text()


def render_issuer(
    data: Datasets, wanted: str, *, width: int = 80, color: bool = False, as_of: date | None = None
) -> str:
    """Render everything known of one issuer, each line with its source number, and the numbered sources.

    Args:
        data: The packaged data sets by name, one row per entry.
        wanted: Id of the issuer, or any of its names.
        width: Width in cells.
        color: Whether to write styles.
        as_of: Day for which the status of the measures is given; the day of the edition if not given. Nothing is left
            out that became known later.

    Returns:
        The text, ending in a line feed.

    Raises:
        OptionError: No issuer has that id or name.
    """
    page, library = Page(width=width, color=color), library_of(data, as_of)
    write_issuer(page, library, find_issuer(library, wanted))
    return page.text()


def write_issuer(page: Page, library: Library, issuer: Row) -> None:
    """Write everything known of one issuer on a page of any kind."""
    cited = NumberedSources(library)
    _write_identity(page, library, issuer, cited)
    _write_flags(page, library, issuer["issuer_id"], cited)
    _write_history(page, library, issuer["issuer_id"], cited)
    cited.write(page, cited.rows(), elsewhere="")
    _write_edition(page, library.data)


def render_programmes(data: Datasets, *, width: int = 80, color: bool = False) -> str:
    """Render the programmes: one line each, with what it means to a holder of shares."""
    library = library_of(data)
    page, programmes = Page(width=width, color=color), library.rows("programmes")
    page.title(count(len(programmes), "programme"))
    page.blank()
    cells = [(row["programme_id"], row["short_name"], row["effect_on_investor"]) for row in programmes]
    page.table(["Programme", "Short name", "What it means to a holder of shares"], cells, texts=3)
    page.blank()
    page.line("esgscan programmes PROGRAMME shows what it legally does and whom it names.")
    _write_edition(page, data)
    return page.text()


def render_programme(data: Datasets, wanted: str, *, width: int = 80, color: bool = False) -> str:
    """Render what one programme legally does and whom of the watchlist it names, each line with its source number.

    Raises:
        OptionError: No programme has that id or name.
    """
    page, library = Page(width=width, color=color), library_of(data)
    write_programme(page, library, find_programme(library, wanted))
    return page.text()


def write_programme(page: Page, library: Library, programme: Row) -> None:
    """Write what one programme legally does and whom it names, on a page of any kind."""
    cited = NumberedSources(library)
    page.title(f"{plain(programme['name'])}{cited.mark(cited.numbered(programme))}")
    for column, words in PROGRAMME_WORDS.items():
        if programme[column]:
            page.line(plain(programme[column]), lead=f"{words:<18}", indent=2)
    page.line(date_of(programme, "latest_source_on"), lead=f"{'sources reach':<18}", indent=2)
    rules = [row for row in library.rows("ownership_rules") if row["programme_id"] == programme["programme_id"]]
    _write_items(page, "COMPANIES OWNED BY WHO IS NAMED", rules, rule_text, cited)
    _write_named(page, library, programme["programme_id"], cited)
    cited.write(page, cited.rows(), elsewhere="")
    _write_edition(page, library.data)


def _write_identity(page: Page, library: Library, issuer: Row, cited: NumberedSources) -> None:
    """Write who the issuer is: names, listings, bonds, owners, and whom it is taken for."""
    issuer_id = issuer["issuer_id"]
    page.title(" ".join(filter(None, [plain(issuer["name"]), plain(issuer["name_zh"])])))
    page.line(f"{issuer_id}, {issuer['country']}, {issuer['tier']}{cited.mark(cited.numbered(issuer))}")
    page.line(plain(issuer["description"]))
    for name, value in (("LEI", issuer["lei"]), ("Unified social credit code", issuer["uscc"])):
        if value:
            page.line(f"{name}: {value}")
    _write_items(page, "NAMES", library.about("names", issuer_id), _name, cited)
    _write_items(page, "LISTINGS", library.about("listings", issuer_id), _listing, cited)
    _write_items(
        page, "BONDS", library.about("bonds", issuer_id), lambda row: f"{row['isin']}, {row['obligor']}", cited
    )
    _write_items(page, "OWNERSHIP", library.about("ownership", issuer_id), _owner, cited)
    _write_links(page, library, issuer_id, cited)
    _write_items(
        page, "NOT TO BE TAKEN FOR IT", library.about("lookalikes", issuer_id, "looks_like"), _lookalike, cited
    )


def _write_links(page: Page, library: Library, issuer_id: str, cited: NumberedSources) -> None:
    """Write the other entities that lists name, and the lists that name an owner: neither lists the company."""
    short, measures = library.short_names(), library.measures()
    named = [row for row in library.about("named_entities", issuer_id) if row["relation"] != "same"]
    others = "OTHER ENTITIES THAT THE LISTS NAME"
    _write_items(page, others, named, lambda row: entity_text(row, short, measures), cited)
    heading = f"LISTS THAT NAME AN OWNER, ON {library.as_of} (NO LISTING OF THE COMPANY)"
    _write_items(page, heading, owners_of(library, issuer_id), lambda row: owner_text(row, short), cited)


def _write_flags(page: Page, library: Library, issuer_id: str, cited: NumberedSources) -> None:
    """Write risk tags and measures, as they stand on the day of the edition."""
    labels = {row["tag"]: row for row in library.rows("tags")}
    evidence = [cited.numbered(row) for row in library.about("tag_evidence", issuer_id)]
    programmes = {row["programme_id"]: row for row in library.rows("programmes")}
    measures = [
        with_status(cited.numbered(row), programmes, library.as_of) for row in library.about("measures", issuer_id)
    ]
    if evidence or measures:
        page.heading(f"FLAGS ON {library.as_of}")
    known = [{**row, "label": labels[row["tag"]]["label"], "theme": labels[row["tag"]]["theme"]} for row in evidence]
    write_tags(page, known, cited)
    write_measures(page, measures, cited)
    said = [row for row in known if row["note"]]
    _write_items(page, "EVIDENCE FOR THE TAGS", said, lambda row: f"{row['label']}: {plain(row['note'])}", cited)
    remarks = [row for row in measures if row["note"] or row["citation"]]
    _write_items(page, "REMARKS ON THE MEASURES", remarks, _remark, cited)


def _write_history(page: Page, library: Library, issuer_id: str, cited: NumberedSources) -> None:
    """Write what is dated: notes, context, suppliers and holders, index events."""
    notes = library.about("notes", issuer_id, "issuer_ids")
    context = library.about("notes", issuer_id, "context_for")
    holdings = library.about("reported_holdings", issuer_id)
    _write_items(page, "NOTES", _by_date(notes, "published_on"), _dated("published_on"), cited)
    about_others = "CONTEXT (ABOUT GOVERNMENTS AND COUNTRIES, NOT ABOUT THE COMPANY)"
    _write_items(page, about_others, _by_date(context, "published_on"), _dated("published_on"), cited)
    relationships = library.about("relationships", issuer_id)
    _write_items(page, "SUPPLIERS AND HOLDERS", _by_date(relationships, "as_of"), _dated("as_of"), cited)
    _write_items(page, "REPORTED HOLDINGS", _by_date(holdings, "published_on"), _holding, cited)
    events = library.about("index_events", issuer_id)
    _write_items(page, "INDEX EVENTS", _by_date(events, "effective_on"), _index_event, cited)


def _write_named(page: Page, library: Library, programme_id: str, cited: NumberedSources) -> None:
    """Write whom of the watchlist a programme names."""
    names = {row["issuer_id"]: row["name"] for row in library.rows("issuers")}
    programmes = {row["programme_id"]: row for row in library.rows("programmes")}
    measures = [row for row in library.rows("measures") if row["programme_id"] == programme_id]
    known = [with_status(row, programmes, library.as_of) for row in measures]
    order = sorted(known, key=lambda row: (names[row["issuer_id"]].casefold(), row["in_force_from"] or library.as_of))
    heading = f"WHOM OF THE WATCHLIST IT CONCERNS, ON {library.as_of}"
    _write_items(page, heading, order, lambda row: f"{names[row['issuer_id']]}: {_measure(row)}", cited)


def _write_items(
    page: Page, heading: str, known: list[Row], text: Callable[[Row], str], cited: NumberedSources
) -> None:
    if known:
        page.heading(heading)
    for row in known:
        page.line(f"{text(row)}{cited.mark(cited.numbered(row))}", lead="- ")


def _measure(row: Row) -> str:
    status = {Status.CONSIDERED: "considered, ", Status.ANNOUNCED: "not yet in effect, ", Status.ENDED: "ended, "}
    scope = "" if row["scope"] == "issuer" else f" ({row['scope']}: {plain(row['named_entities'])})"
    return f"{status.get(row['status'], '')}{measure_dates(row)}{measure_kind(row)}{scope}"


def _remark(row: Row) -> str:
    remark = " ".join(filter(None, [plain(row["note"]), plain(row["citation"])]))
    return f"{row['programme']}{measure_kind(row)}, {measure_dates(row)}: {remark}"


def _name(row: Row) -> str:
    until = f", until {date_of(row, 'until')}" if row["until"] else ""
    return f"{plain(row['name'])} ({row['kind']}{until})"


def _listing(row: Row) -> str:
    parts = [row["security_id"], row["share_class"], row["isin"], row["currency"], row["status"], plain(row["note"])]
    return ", ".join(filter(None, parts))


def _owner(row: Row) -> str:
    stake = percent(row["stake"]) if row["stake"] is not None else "stake not given"
    note = f": {plain(row['note'])}" if row["note"] else ""
    return f"{plain(row['holder_name'])}, {stake}, {date_of(row, 'as_of')}{note}"


def _lookalike(row: Row) -> str:
    return f"{', '.join(filter(None, [plain(row['name']), row['security_id'], row['isin']]))}: {plain(row['why'])}"


def _holding(row: Row) -> str:
    amount = f" ({money(row['market_value'], row['currency'] or '')})" if row["market_value"] is not None else ""
    return f"{date_of(row, 'published_on')}  {plain(row['text'])}{amount}"


def _index_event(row: Row) -> str:
    words = f"{row['index'] or row['family']}: {row['event'].replace('-', ' ')}"
    weight = f", weight {percent(row['weight'])}" if row["weight"] is not None else ""
    note = f". {plain(row['note'])}" if row["note"] else ""
    return f"{date_of(row, 'effective_on')}  {words}{weight}{note}"


def _dated(column: str) -> Callable[[Row], str]:
    return lambda row: f"{date_of(row, column)}  {plain(row['text'])}"


def _by_date(known: list[Row], column: str) -> list[Row]:
    """Newest first; what has no date comes last."""
    return sorted(known, key=lambda row: str(row[column] or ""), reverse=True)


def _write_edition(page: Page, data: Datasets) -> None:
    page.blank()
    page.line(f"{DISCLAIMER} Reference data {edition_of(data)}.")
