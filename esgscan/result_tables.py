"""Every table of a result, of a scan and of a check, as reports print it and as the JSON has it."""

from __future__ import annotations

from esgscan.tables import FLAGS, FRACTION, HISTORY, LEGAL_CALENDAR, OWNERS, POSITIONS, B, D, I, N, T, Table, columns_of

RESULT_PATHS = Table(
    "paths",
    "route from a position to a flagged issuer",
    columns_of(
        [
            ("path_id", T, "the route, numbered from the largest"),
            ("position_id", T, "the position the route starts from"),
            ("source_sheet", T, "sheet of that position"),
            ("source_row", I, "row of that position"),
            ("name_as_written", T, "name of that position"),
            ("kind", T, "terms.Kind of that position"),
            ("side", T, "terms.Side of that position"),
            ("route", T, "fund ids from the outermost inwards, joined with ' > '; empty for a direct holding"),
            ("route_names", T, "the same with the names of the funds"),
            ("issuer_id", T, "the issuer reached"),
            ("issuer", T, "its legal name"),
            ("security_id", T, "the security reached"),
            ("isin", T, "its ISIN"),
            ("weight", N, "weight that runs along the route", FRACTION),
            ("market_value", N, "the weight in money", "portfolio currency"),
            ("holdings_as_of", D, "oldest date of the holdings on the route; empty for a direct holding"),
            ("age_days", I, "days from that date to the as-of date", "days"),
            ("is_stale", B, "whether the holdings are older than the largest age allowed"),
            ("matched_by", T, "terms.MatchedBy"),
            ("confidence", T, "terms.Confidence"),
            ("evidence", T, "what was compared"),
            ("source_numbers", T, "sources of the holdings, as numbers joined with ', '"),
        ]
    ),
)

RESULT_FLAGS = Table(
    "flags",
    "flagged issuer and measure known on the date",
    {
        **FLAGS.columns,
        **columns_of(
            [
                ("issuer", T, "legal name of the issuer"),
                ("programme", T, "short name of the programme"),
                ("effect_on_investor", T, "what the programme means to a holder of shares"),
                ("source_numbers", T, "sources, as numbers joined with ', '"),
            ]
        ),
    },
)

RESULT_TAGS = Table(
    "tags",
    "issuer, tag and evidence known on the date",
    columns_of(
        [
            ("issuer_id", T, "the issuer"),
            ("tag", T, "risk tag"),
            ("label", T, "the tag in words"),
            ("theme", T, "human-rights, security, or own: a tag of the user's own list"),
            ("evidence_id", T, "the evidence"),
            ("basis", T, "official-determination or reported"),
            ("known_from", D, "day the evidence was published"),
            ("known_from_as_printed", T, "the same as the source gives it, where it is not a full date"),
            ("note", T, "what the evidence says"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_NOTES = Table(
    "notes",
    "issuer and dated note known on the date",
    columns_of(
        [
            ("issuer_id", T, "the issuer"),
            ("note_id", T, "the note"),
            ("about", T, "issuer, or context: about a government or a country, not about the issuer"),
            ("subject", T, "whom a context note is about"),
            ("topic", T, "subject matter"),
            ("published_on", D, "day of the note"),
            ("published_on_as_printed", T, "the date as the source gives it, where it is not a full date"),
            ("text", T, "the note"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_RELATIONSHIPS = Table(
    "relationships",
    "supplier, holder or divestment known on the date; history at its date, never a listing",
    columns_of(
        [
            ("relationship_id", T, "the relationship"),
            ("issuer_id", T, "the issuer"),
            ("counterparty", T, "the supplier or holder"),
            ("type", T, "supplier, holder, divested and the like"),
            ("known_on", D, "date of the statement"),
            ("known_on_as_printed", T, "the same as the source gives it, where it is not a full date"),
            ("text", T, "the statement"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_INDEX_EVENTS = Table(
    "index_events",
    "index event known on the date",
    columns_of(
        [
            ("event_id", T, "the event"),
            ("issuer_id", T, "the issuer"),
            ("security_id", T, "the listing concerned"),
            ("family", T, "index provider"),
            ("index", T, "index"),
            ("event", T, "added, deleted, kept-in-parallel or member-observed"),
            ("announced_on", D, "day it was announced"),
            ("effective_on", D, "day it takes effect"),
            ("effective_timing", T, "open or close of that day"),
            ("note", T, "what a reader must know"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_LISTINGS = Table(
    "listings",
    "listing of a flagged issuer",
    columns_of(
        [
            ("issuer_id", T, "the issuer"),
            ("security_id", T, "MIC:code"),
            ("mic", T, "market, ISO 10383"),
            ("local_code", T, "code on that market"),
            ("isin", T, "ISIN"),
            ("share_class", T, "A, H, B, ADR"),
            ("currency", T, "trading currency"),
            ("status", T, "listed or delisted on the as-of date"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_PROGRAMMES = Table(
    "programmes",
    "programme that a flag names",
    columns_of(
        [
            ("programme_id", T, "the programme"),
            ("short_name", T, "name for a narrow table"),
            ("name", T, "full name"),
            ("authority", T, "who runs it"),
            ("jurisdiction", T, "whose law"),
            ("kind", T, "export control, investment ban and the like"),
            ("restricts", T, "what it restricts"),
            ("us_person_investors", T, "what it means to investors"),
            ("effect_on_investor", T, "the same in one clause"),
            ("latest_source_on", D, "latest date the sources cover"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_LEGAL_CALENDAR = Table(
    "legal_calendar",
    "measure and effect on an investor; information, not legal advice",
    {
        **{name: column for name, column in LEGAL_CALENDAR.columns.items() if name != "source_ids"},
        **columns_of(
            [
                ("issuer", T, "legal name of the issuer"),
                ("programme", T, "short name of the programme"),
                ("said", T, "state and date in one clause"),
                ("source_numbers", T, "sources, as numbers joined with ', '"),
            ]
        ),
    },
)

RESULT_HISTORY = Table(
    "history",
    HISTORY.one_row_per,
    {
        **{name: column for name, column in HISTORY.columns.items() if name != "source_id"},
        **columns_of(
            [
                ("fund", T, "name of the fund"),
                ("source_numbers", T, "sources, as numbers joined with ', '"),
            ]
        ),
    },
)

RESULT_UNCOVERED = Table(
    "uncovered",
    "route that ends in money we cannot speak about",
    columns_of(
        [
            ("position_id", T, "the position"),
            ("source_sheet", T, "sheet of that position"),
            ("source_row", I, "row of that position"),
            ("name_as_written", T, "name of that position"),
            ("kind", T, "terms.Kind of that position"),
            ("side", T, "terms.Side of that position"),
            ("route_names", T, "funds on the way, outermost first"),
            ("weight", N, "uncovered weight", FRACTION),
            ("market_value", N, "the weight in money", "portfolio currency"),
            ("reason", T, "terms.Reason"),
            ("region", T, "what the fund invests in, terms.Region"),
            (
                "worst_case",
                N,
                "most of the part that could be watchlist issuers: the highest weight recorded for one fund of that "
                "region, less what the fund is known to hold where part of it is known; 1 where nothing is known",
                "fraction",
            ),
            ("adds_to_ceiling", N, "weight x worst case, less what is counted already", FRACTION),
            ("mend", T, "what would narrow the interval"),
        ]
    ),
)

RESULT_INTERVAL = Table(
    "interval",
    "issuer, or the portfolio as a whole, and component of its ceiling; the components of one add to its ceiling",
    columns_of(
        [
            ("issuer_id", T, "the issuer; empty for the portfolio as a whole"),
            ("issuer", T, "its legal name"),
            ("component", T, "proven, not proven, rounding or could be there: terms.Component"),
            ("reason", T, "terms.Reason of what could be there"),
            ("region", T, "what the funds concerned invest in, terms.Region"),
            ("weight", N, "uncovered weight concerned", FRACTION),
            (
                "worst_case",
                N,
                "what it adds, as a fraction of that weight",
                "fraction",
            ),
            ("adds", N, "what the component adds", FRACTION),
            ("market_value", N, "the same in money", "portfolio currency"),
        ]
    ),
)

RESULT_STEPS = Table(
    "steps",
    "action that would narrow the interval, the one that narrows it most first",
    columns_of(
        [
            ("subject", T, "the fund or line concerned"),
            ("action", T, "what to do"),
            ("weight", N, "uncovered weight it would settle", FRACTION),
            ("market_value", N, "the same in money", "portfolio currency"),
            ("adds_to_ceiling", N, "what that adds to the ceiling", FRACTION),
            ("positions", I, "number of positions concerned"),
        ]
    ),
)

RESULT_PAI = Table(
    "pai",
    "line of the workpaper for the EU statement on principal adverse impacts (PAI)",
    columns_of(
        [
            ("part", T, "indicator, input, statement, coverage or mapping"),
            ("indicator", T, "number of the indicator in Annex I, Table 1; empty where a line belongs to none"),
            ("line", T, "what the line is about"),
            ("weight", N, "share of the portfolio; empty means no data", FRACTION),
            ("direct", N, "part of it held directly", FRACTION),
            ("indirect", N, "part of it held through funds", FRACTION),
            (
                "estimated",
                N,
                "part of it that rests on probable identities or on holdings older than allowed",
                FRACTION,
            ),
            ("companies", I, "companies in it"),
            ("remark", T, "what the data say, or why not"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_COVERAGE = Table(
    "coverage_rows",
    "outcome and reason; weights add to one",
    columns_of(
        [
            ("outcome", T, "flagged, clear or uncovered"),
            ("reason", T, "why uncovered; empty otherwise"),
            ("weight", N, "weight", FRACTION),
            ("market_value", N, "the weight in money", "portfolio currency"),
            ("positions", I, "number of positions concerned"),
        ]
    ),
)

RESULT_POSITIONS = Table(
    "positions",
    "position: as read, as resolved, and where its weight ended",
    {
        **POSITIONS.columns,
        **columns_of(
            [
                ("security_id", T, "the security it was resolved to"),
                ("issuer_id", T, "the watchlist issuer, if it is one"),
                ("fund_id", T, "the fund, if it is one"),
                ("matched_by", T, "terms.MatchedBy"),
                ("confidence", T, "terms.Confidence"),
                ("evidence", T, "what was compared"),
                ("value", N, "market value in the portfolio's currency", "portfolio currency"),
                ("flagged", N, "part that reaches flagged issuers", FRACTION),
                ("clear", N, "part screened and clear", FRACTION),
                ("uncovered", N, "part uncovered", FRACTION),
            ]
        ),
    },
)

RESULT_REVIEW = Table(
    "review",
    "line whose identity a person should settle",
    columns_of(
        [
            ("position_id", T, "the position"),
            ("source_sheet", T, "sheet"),
            ("source_row", I, "row"),
            ("name_as_written", T, "name as written"),
            ("kind", T, "terms.Kind of that position"),
            ("side", T, "terms.Side of that position"),
            ("issuer_id", T, "the issuer it might be"),
            ("issuer", T, "its legal name"),
            ("confidence", T, "possible or refused"),
            ("evidence", T, "for and against"),
            ("weight", N, "weight of the line", FRACTION),
            ("mend", T, "what would settle it"),
        ]
    ),
)

RESULT_DECISIONS = Table(
    "decisions",
    "position whose identity a person settled",
    columns_of(
        [
            ("position_id", T, "the position"),
            ("source_sheet", T, "sheet"),
            ("source_row", I, "row"),
            ("name_as_written", T, "name as written"),
            ("answer", T, "issuer_id, or `none`"),
            ("issuer", T, "legal name of the issuer"),
            ("decided_by", T, "who decided"),
            ("decided_on", D, "when"),
            ("comment", T, "why, if they said so"),
            ("evidence", T, "the decision, and what the other rungs say"),
            ("weight", N, "weight of the line", FRACTION),
            ("where", T, "file and row of the decision"),
        ]
    ),
)

CHECK_ANSWERS = Table(
    "answers",
    "identifier that was asked about",
    columns_of(
        [
            ("number", I, "its place among those asked about, from 1"),
            ("identifier", T, "the identifier as it was given"),
            ("answer", T, "terms.Answer"),
            ("issuer_id", T, "the issuer it is, or might be"),
            ("issuer", T, "its legal name"),
            ("name_zh", T, "its legal name in Chinese"),
            ("security_id", T, "MIC:code of a known listing, else the ISIN, else empty"),
            ("isin", T, "ISIN, given or known"),
            ("matched_by", T, "terms.MatchedBy"),
            ("confidence", T, "terms.Confidence of the identity"),
            ("evidence", T, "what was compared"),
            ("why", T, "the answer in one sentence"),
            ("mend", T, "what would make it surer"),
        ]
    ),
)

CHECK_ROWS = Table(
    "check rows",
    "row of a table that was checked",
    columns_of(
        [
            ("issuer_id", T, "the issuer it is, or might be"),
            ("confidence", T, "terms.Confidence"),
            ("matched_by", T, "terms.MatchedBy"),
            ("evidence", T, "what was compared"),
            ("security_id", T, "MIC:code of a known listing, else the ISIN, else empty"),
            ("answer", T, "flagged, possible or refused; else other"),
        ]
    ),
)

CHECK_MEASURES = Table(
    "check measures",
    "issuer that an identifier is or might be, and measure known on the date",
    {
        **RESULT_FLAGS.columns,
        **columns_of(
            [
                ("prohibits_holding", T, "whether the programme forbids holding: as in `programmes`"),
                (
                    "effect",
                    T,
                    "what it does to the investor asked about: `said` of the legal calendar, joined with '; '",
                ),
            ]
        ),
    },
)

RESULT_OWNERS = Table(
    "owners",
    "owner of an issuer, and programme that names the owner on the date, which is no listing of the issuer",
    {
        **OWNERS.columns,
        **columns_of(
            [
                ("programme", T, "short name of the programme"),
                ("source_numbers", T, "sources, as numbers joined with ', '"),
            ]
        ),
    },
)

RESULT_ABSENCES = Table(
    "absences",
    "issuer that a reader would expect in a fund, or with an owner, and that the whole list of it does not have",
    columns_of(
        [
            ("fund_id", T, "the fund or owner"),
            ("fund", T, "its name"),
            ("issuer_id", T, "the issuer"),
            ("issuer", T, "its legal name"),
            ("as_of", D, "date of the holdings"),
            ("left_on", D, "day on which an index that the fund may follow dropped it, where that is why"),
            ("announced_by", T, "index provider that announced it"),
            ("announced_on", D, "day of the announcement of what the provider did"),
            ("held_on", D, "day of the newest earlier list that had it"),
            ("text", T, "the explanation"),
            ("later", T, "what the index provider announced for many securities later, such as a return"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_POLICY = Table(
    "policy",
    "setting of the policy of the run",
    columns_of([("setting", T, "the setting"), ("value", T, "its value in words")]),
)

RESULT_EDITIONS = Table(
    "editions",
    "thing with a date of its own that the answer rests on: which edition of what was used",
    columns_of(
        [
            ("kind", T, "reference data, newer list, programme text or holdings"),
            ("subject", T, "the data, the programme or the fund"),
            ("dated", D, "day of the data or of the list; for a programme the newest day its sources cover"),
            ("note", T, "what a reader must know of the date"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_EXCLUSIONS = Table(
    "exclusions",
    "security of an issuer flagged on the date, held or not",
    columns_of(
        [
            ("isin", T, "ISIN"),
            ("local_code", T, "code on the market"),
            ("mic", T, "market, ISO 10383"),
            ("security_id", T, "MIC:code, or the ISIN of a bond"),
            ("kind", T, "share or bond"),
            ("issuer_id", T, "the issuer"),
            ("name", T, "its legal name"),
            ("name_zh", T, "legal name in Chinese"),
            ("measures", T, "measures that have not ended, joined with '; '"),
            ("effects", T, "what they mean to a holder of shares, joined with '; '"),
            ("tags", T, "risk tags in words, joined with '; '"),
            ("until", D, "day on which the last measure ends; empty while no end is known"),
            ("source_numbers", T, "sources, as numbers joined with ', '"),
        ]
    ),
)

RESULT_SOURCES = Table(
    "sources",
    "source cited",
    columns_of(
        [
            ("number", I, "its number in this result"),
            ("source_id", T, "the source"),
            ("title", T, "title"),
            ("publisher", T, "publisher"),
            ("tier", T, "official, court, company, exchange, index-provider, ngo, press, law-firm, data or user"),
            ("url", T, "address; empty for a file the user gave"),
            ("published_on", D, "date of the source"),
        ]
    ),
)

RESULT = {
    table.name: table
    for table in (
        RESULT_PATHS,
        RESULT_FLAGS,
        RESULT_TAGS,
        RESULT_OWNERS,
        RESULT_NOTES,
        RESULT_RELATIONSHIPS,
        RESULT_INDEX_EVENTS,
        RESULT_LISTINGS,
        RESULT_PROGRAMMES,
        RESULT_LEGAL_CALENDAR,
        RESULT_HISTORY,
        RESULT_UNCOVERED,
        RESULT_INTERVAL,
        RESULT_STEPS,
        RESULT_PAI,
        RESULT_COVERAGE,
        RESULT_POSITIONS,
        RESULT_REVIEW,
        RESULT_DECISIONS,
        RESULT_ABSENCES,
        RESULT_EXCLUSIONS,
        RESULT_POLICY,
        RESULT_EDITIONS,
        RESULT_SOURCES,
    )
}
