"""The rungs of the identity ladder, in their order: when each decides, and what it then says.

A rung speaks of columns: those of the line, and those that the key tables added. Evidence is a template whose gaps are
columns too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.terms import Confidence, Kind, MatchedBy, Outcome, Reason

if TYPE_CHECKING:
    from esgscan.securities.keys import IdentityKeys

col, lit = nw.col, nw.lit

DERIVATIVES = [Kind.OPTION, Kind.FUTURE, Kind.SWAP, Kind.FORWARD, Kind.STRUCTURED_NOTE]
NOT_SHARES_OF_A_FUND = [Kind.BOND, Kind.CASH, Kind.MONEY_MARKET, *DERIVATIVES]
NO_SHARES = [Kind.FUND, Kind.BOND, Kind.CASH, Kind.MONEY_MARKET, *DERIVATIVES]
COMPANY_WORDS = (
    " (?:CO|COMPANY|LTD|LIMITED|INC|CORP|CORPORATION|PLC|AG|SA|SPA|NV|SE|AB|ASA|OYJ|BHD|TBK|PT|PJSC|JSC|KK|GMBH|BANK"
    "|BANCO|HOLDING|HOLDINGS|HLDGS?|GROUP|INSURANCE|TELECOM|MOBILE|UNICOM|PETROLEUM|OIL|STEEL|MOTORS?|AIRLINES?|PHARMA"
    "|TECHNOLOGY|TECHNOLOGIES|ELECTRONICS?|SEMICONDUCTOR|RAILWAY|CONSTRUCTION|INDUSTRIES|INDUSTRY|INTL) "
)
"""Words that stand in names of companies and seldom in those of funds."""
INDEX_WORDS = " (?:MSCI|FTSE|STOXX|EMERGING MARKETS?|EMERG MKTS?|EMERGING MKTS?|CSI 300|S P 500|RUSSELL [0-9]+) "
MARKET_WORDS = " (?:CHINA|CHINE|ASIA|ASIEN|ASIE|EMERGING|EMERG|EMERGENTS|EMERGENTES|GLOBAL|WORLD|LIFESTRATEGY|ALL CAP) "
OFFSHORE = ["KY", "BM", "VG", "MO"]
"""Where companies of China are incorporated, which some files print as their country."""
CONNECT_CODE = "^[79][0-9]{4}$"
"""Five digits by which Hong Kong books a share of Shanghai or Shenzhen."""
CASH_LIKE = [Kind.CASH, Kind.MONEY_MARKET]
WRITTEN_AS_NUMBER = "^[0-9]+(?: [0-9]+)+$|^[0-9]+(?: [0-9]+)* ?E ?[0-9]+$"
"""A code that a table kept as a number with a point, a comma or a power: `2,415`, `0.002415`, `2.415E+03`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The columns that a rung takes its answer from."""

    issuer: str = ""
    security: str = ""
    isin: str = ""
    fund: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung: when it decides, and what it then says."""

    when: nw.Expr
    matched_by: MatchedBy
    evidence: str
    confidence: Confidence = Confidence.NONE
    target: Target = Target()
    outcome: Outcome | None = None
    reason: Reason | None = None


def rungs(keys: IdentityKeys) -> list[Rung]:
    """Give the ladder, surest first; the last rung takes what is left."""
    unresolved = _uncovered(
        lit(value=True), "no identifier, and no code with its market", reason=Reason.UNRESOLVED
    )  # fmt: skip
    not_listed = _uncovered(
        col("kind") == Kind.NOT_LISTED, "the list of the fund's holdings ends before", reason=Reason.NOT_PUBLISHED
    )
    return [
        not_listed,
        *_derivative_rungs(),
        *_identifier_rungs(),
        *_code_rungs(),
        *_name_rungs(),
        *_fund_rungs(),
        *_likeness_rungs(),
        _named_like_a_fund(),
        *_other_rungs(keys),
        unresolved,
    ]


def _confirmed(when: nw.Expr, evidence: str, *, by: MatchedBy, target: Target) -> Rung:
    return Rung(
        when=when,
        matched_by=by,
        evidence=evidence,
        confidence=Confidence.CONFIRMED,
        target=target,
        outcome=Outcome.FLAGGED,
    )


def _possible(when: nw.Expr, evidence: str, *, by: MatchedBy, issuer: str = "") -> Rung:
    return Rung(
        when=when,
        matched_by=by,
        evidence=evidence,
        confidence=Confidence.POSSIBLE,
        target=Target(issuer=issuer),
        outcome=Outcome.UNCOVERED,
        reason=Reason.POSSIBLE,
    )


def _refused(when: nw.Expr, evidence: str, *, issuer: str) -> Rung:
    return Rung(
        when=when,
        matched_by=MatchedBy.NONE,
        evidence=evidence,
        confidence=Confidence.REFUSED,
        target=Target(issuer=issuer),
        outcome=Outcome.UNCOVERED,
        reason=Reason.REFUSED,
    )


def _clear(when: nw.Expr, evidence: str, *, by: MatchedBy = MatchedBy.OTHER_SECURITY) -> Rung:
    return Rung(when=when, matched_by=by, evidence=evidence, outcome=Outcome.CLEAR)


def _uncovered(when: nw.Expr, evidence: str, *, reason: Reason, by: MatchedBy = MatchedBy.NONE) -> Rung:
    return Rung(when=when, matched_by=by, evidence=evidence, outcome=Outcome.UNCOVERED, reason=reason)


def _fund(when: nw.Expr, evidence: str, *, by: MatchedBy, confidence: Confidence, target: Target) -> Rung:
    """Make a rung that ends at a fund; look-through says what becomes of it."""
    return Rung(when=when, matched_by=by, evidence=evidence, confidence=confidence, target=target)


def _is_there(column: str) -> nw.Expr:
    return ~col(column).is_null()


def _differs(known: str) -> nw.Expr:
    """Say whether the line's ISIN is another than the one known; a missing one differs from nothing."""
    return (_is_there("isin") & _is_there(known) & (col("isin") != col(known))).fill_null(value=False)


def _is_share() -> nw.Expr:
    """Say whether a line may be a share: funds, bonds and derivatives have codes and names of their own."""
    return ~col("kind").is_in(NO_SHARES).fill_null(value=False)


def _derivative_rungs() -> list[Rung]:
    """Give the rungs for derivatives on a watchlist security: what they hold is for a person to say."""
    is_derivative = col("kind").is_in(DERIVATIVES).fill_null(value=False)
    on = "{kind} on a security of the issuer, by "
    return [
        _possible(is_derivative & _is_there(column), on + evidence, by=by, issuer=column)
        for column, evidence, by in (
            ("isin_issuer", "{isin_said}", MatchedBy.ISIN),
            ("figi_issuer_id", "FIGI {figi}", MatchedBy.FIGI),
            ("lei_issuer", "LEI {lei}", MatchedBy.LEI),
            ("code_issuer_id", "code {ticker}", MatchedBy.LISTING),
            ("form_issuer_id", "code {ticker}", MatchedBy.LISTING),
            ("name_issuer", "name '{name_as_written}'", MatchedBy.NAME_ONLY),
            ("near_issuer", "name '{name_as_written}', like '{near_name}'", MatchedBy.NAME_ONLY),
        )
    ]


def _identifier_rungs() -> list[Rung]:
    by_isin = Target(issuer="isin_issuer", security="isin_security", isin="isin")
    by_figi = Target(issuer="figi_issuer_id", security="figi_security_id", isin="figi_known_isin")
    return [
        *(
            _confirmed(_is_there("isin_issuer") & _is_linked_by(kind), "{isin_said}", by=kind, target=by_isin)
            for kind in (MatchedBy.CUSIP, MatchedBy.SEDOL)
        ),
        _confirmed(_is_there("isin_issuer"), "{isin_said}", by=MatchedBy.ISIN, target=by_isin),
        _possible(
            _is_there("figi_issuer_id") & _differs("figi_known_isin"),
            "FIGI {figi}, but the ISIN {isin} is another; the ISIN known for this FIGI is {figi_known_isin}",
            by=MatchedBy.FIGI,
            issuer="figi_issuer_id",
        ),
        _confirmed(_is_there("figi_issuer_id"), "FIGI {figi}", by=MatchedBy.FIGI, target=by_figi),
        _confirmed(_is_there("lei_issuer"), "LEI {lei}", by=MatchedBy.LEI, target=Target(issuer="lei_issuer")),
    ]


def _is_linked_by(kind: MatchedBy) -> nw.Expr:
    return col("linked_by").str.starts_with(kind.upper()).fill_null(value=False)


def _code_rungs() -> list[Rung]:
    code = Target(issuer="code_issuer_id", security="code_security_id", isin="code_known_isin")
    form = Target(issuer="form_issuer_id", security="form_security_id", isin="form_known_isin")
    both = Target(issuer="meant_issuer", security="both_security_id", isin="both_known_isin")
    has_form = _is_there("form_security_id") & ~col("form_disagrees")
    has_code = _is_there("code_security_id") & ~col("code_disagrees")
    has_both = _is_there("both_security_id") & ~col("name_disagrees") & ~_differs("both_known_isin")
    lost_zeros = _is_there("digits") & (col("digits") < 6)
    is_mainland = col("both_security_id").str.starts_with("XSH")
    is_six = (col("digits") == 6) & col("bare_six").fill_null(value=False) & ~_is_there("code_security_id")
    has_ended = (has_form & ~col("form_is_listed").fill_null(value=True)) | (
        has_code & ~col("code_is_listed").fill_null(value=True)
    )
    return [
        _possible(
            (has_form & _differs("form_known_isin")) | (has_code & _differs("code_known_isin")),
            "code {ticker}, but the ISIN {isin} is another; the ISIN known for this listing is {listed_isin}",
            by=MatchedBy.LISTING,
            issuer="listed_issuer",
        ),
        _possible(
            (has_form | has_code | has_both) & ~_is_share(),
            "code {ticker} is that of a share, but the line is a {kind}",
            by=MatchedBy.LISTING,
            issuer="pointed_issuer",
        ),
        _confirmed(
            has_both & lost_zeros & is_mainland,
            "code {ticker} without its zeros, repaired to {both_security_id} by the name '{name_as_written}'",
            by=MatchedBy.REPAIRED_CODE,
            target=both,
        ),
        _confirmed(
            has_both,
            "code {ticker} and name '{name_as_written}' agree on {both_security_id}",
            by=MatchedBy.CODE_AND_NAME,
            target=both,
        ),
        _possible(
            has_ended,
            "code {ticker} of a listing that had ended; a code can be given again",
            by=MatchedBy.LISTING,
            issuer="listed_issuer",
        ),
        _confirmed(has_form, "code {ticker} is {form_security_id}", by=MatchedBy.LISTING, target=form),
        _confirmed(
            has_code & lost_zeros & col("code_six_digits").fill_null(value=False),
            "code {ticker} without its zeros, repaired to {code_security_id} by {by_witness}",
            by=MatchedBy.REPAIRED_CODE,
            target=code,
        ),
        _confirmed(
            has_code & _is_there("ticker_seat"),
            "code {ticker} is {code_security_id}",
            by=MatchedBy.LISTING,
            target=code,
        ),
        _confirmed(
            has_code,
            "code {ticker} with {witness} is {code_security_id}",
            by=MatchedBy.CODE_AND_MARKET,
            target=code,
        ),
        _possible(
            _is_there("both_security_id") & ~_differs("both_known_isin"),
            "code {ticker} and name '{name_as_written}' agree on {both_security_id}, but the market told is another",
            by=MatchedBy.CODE_AND_NAME,
            issuer="meant_issuer",
        ),
        _refused(
            _is_there("form_security_id") & col("form_disagrees"),
            "code {ticker} is {form_security_id}, but the name '{name_as_written}' is that of another issuer",
            issuer="form_issuer_id",
        ),
        _refused(
            _is_there("code_security_id") & col("code_disagrees"),
            "code {ticker} would be {code_security_id}, but {by_witness} and name '{name_as_written}' do not all agree",
            issuer="code_issuer_id",
        ),
        _refused(
            is_six & col("seat").is_in(["CN", "HK", "US"]) & ~_is_there("isin") & ~col("is_number_in_name"),
            "code {ticker} is that of a mainland listing, but {by_witness} is another market",
            issuer="bare_issuer",
        ),
    ]


def _name_rungs() -> list[Rung]:
    has_name = col("name_is_unique").fill_null(value=False)
    is_others = has_name & _is_there("near_why") & _is_other_listing()
    probable = Rung(
        when=has_name & col("name_agrees") & ~col("name_disagrees") & ~_is_there("isin"),
        matched_by=MatchedBy.NAME_AND_WITNESS,
        evidence="name '{name_as_written}'{name_said} with {witness}",
        confidence=Confidence.PROBABLE,
        target=Target(issuer="name_issuer"),
        outcome=Outcome.FLAGGED,
    )
    by = MatchedBy.NAME_ONLY
    return [
        _clear(is_others, "another company: {near_why}", by=MatchedBy.LOOKALIKE),
        _possible(
            has_name & _may_be_the_other(),
            "name '{name_as_written}' may be that of another company: {near_why}",
            by=by,
            issuer="name_issuer",
        ),
        _possible(
            has_name & col("kind").is_in([Kind.FUND, *CASH_LIKE]),
            "name '{name_as_written}'{name_said} is that of a company, but the line is a {kind}",
            by=by,
            issuer="name_issuer",
        ),
        probable,
        _possible(
            has_name & _is_there("isin"),
            "name '{name_as_written}'{name_said}, but the ISIN {isin} is not known for this issuer",
            by=by,
            issuer="name_issuer",
        ),
        _possible(
            has_name & col("name_disagrees"),
            "name '{name_as_written}'{name_said}, but {witness} does not agree",
            by=by,
            issuer="name_issuer",
        ),
        _possible(
            has_name,
            "name '{name_as_written}'{name_said} alone, without a market, country or currency",
            by=by,
            issuer="name_issuer",
        ),
        _refused(
            _is_there("name_issuer") & ~has_name,
            "name '{name_as_written}' belongs to more than one issuer",
            issuer="name_issuer",
        ),
    ]


def _may_be_the_other() -> nw.Expr:
    """Say whether a name may be meant of another company that bears it; not where that one has no market."""
    is_elsewhere = _is_there("near_seat") & (col("seat") != col("near_seat")).fill_null(value=False)
    return _is_there("near_why") & ~is_elsewhere


def _fund_rungs() -> list[Rung]:
    trades_in_us = (col("exchange_seat") == "US") | (col("form") != col("fund_code"))
    is_fund = col("kind") == Kind.FUND
    has_code = _is_there("code_fund") & ~_is_there("isin")
    by_code = Target(fund="code_fund", region="code_region")
    unknown = _uncovered(
        is_fund, "a fund, and not one of those known", reason=Reason.NO_HOLDINGS, by=MatchedBy.KIND
    )  # fmt: skip
    return [
        _fund(
            _is_there("isin_fund"),
            "{isin_said}",
            by=MatchedBy.ISIN,
            confidence=Confidence.CONFIRMED,
            target=Target(fund="isin_fund", region="isin_region"),
        ),
        _fund(
            _is_there("lei_fund") & ~col("kind").is_in(NOT_SHARES_OF_A_FUND).fill_null(value=False),
            "LEI {lei}",
            by=MatchedBy.LEI,
            confidence=Confidence.CONFIRMED,
            target=Target(fund="lei_fund", region="lei_region"),
        ),
        _fund(
            has_code & trades_in_us,
            "ticker {ticker} on a market of the United States",
            by=MatchedBy.FUND_CODE,
            confidence=Confidence.CONFIRMED,
            target=by_code,
        ),
        _fund(
            has_code & (col("name_fund") == col("code_fund")),
            "ticker {ticker} and name '{name_as_written}' agree",
            by=MatchedBy.FUND_CODE,
            confidence=Confidence.CONFIRMED,
            target=by_code,
        ),
        _fund(
            _is_there("name_fund") & ~_is_there("isin"),
            "fund name '{name_as_written}'",
            by=MatchedBy.FUND_NAME,
            confidence=Confidence.PROBABLE,
            target=Target(fund="name_fund", region="name_region"),
        ),
        _fund(
            has_code & is_fund,
            "ticker {ticker} of a line that is a fund",
            by=MatchedBy.FUND_CODE,
            confidence=Confidence.PROBABLE,
            target=by_code,
        ),
        unknown,
    ]


def _likeness_rungs() -> list[Rung]:
    """Give the rungs for names that are like a known one: always lines to review.

    A name that only scores high needs that nothing speaks against it. One that is cut short or holds a known name stays
    a line to review, unless it has the whole code of another listing in China.
    """
    is_open = _is_there("near_issuer") & ~_is_there("why") & ~col("kind").is_in(CASH_LIKE).fill_null(value=False)
    is_offshore = col("country_seat").is_in(OFFSHORE).fill_null(value=False)
    is_other_listing = _is_other_listing()
    speaks_against = (col("name_disagrees_alone") & ~is_offshore) | _is_there("isin") | col("is_placed_elsewhere")
    by = MatchedBy.NAME_ONLY
    return [
        _possible(
            is_open & (col("near_how") == "cut") & ~is_other_listing,
            "name '{name_as_written}' may be '{near_name}' cut short",
            by=by,
            issuer="near_issuer",
        ),
        _possible(
            is_open & (col("near_how") == "contained") & ~is_other_listing,
            "name '{name_as_written}' contains the name of a watchlist issuer, '{near_name}'",
            by=by,
            issuer="near_issuer",
        ),
        _possible(
            is_open & (col("near_how") == "like") & ~speaks_against,
            "name '{name_as_written}' is like '{near_name}', {near_score} of 100",
            by=by,
            issuer="near_issuer",
        ),
    ]


def _is_other_listing() -> nw.Expr:
    """Say whether a line has the whole code of another listing in China; a bond has one of its own beside the share."""
    is_bond = (col("kind") == Kind.BOND).fill_null(value=False)
    is_in_hong_kong = (col("market") == "XHKG") & ~col("number").str.contains(CONNECT_CODE)
    return col("is_placed_elsewhere") & ((col("digits") == 6) | is_in_hong_kong) & ~is_bond


def _named_like_a_fund() -> Rung:
    return _uncovered(
        _is_named_like_a_fund() & ~_is_there("isin_issuer"),
        "the name '{name_as_written}' reads like that of a fund, and not one of those known",
        reason=Reason.NO_HOLDINGS,
        by=MatchedBy.NAME_ONLY,
    )


def _is_named_like_a_fund() -> nw.Expr:
    """Say whether a name reads like a fund's: an index or a kind of market in it, and no form of a company."""
    padded = nw.when(_is_share()).then(nw.concat_str(lit(" "), col("fund_key"), lit(" ")))
    has_no_kind = ~_is_there("kind") | (col("kind") == Kind.UNKNOWN)
    is_of_fund_seat = col("isin").str.contains("^(?:LU|IE)").fill_null(value=False)
    names_market = nw.when(has_no_kind).then(padded).str.contains(MARKET_WORDS)
    is_mainland = col("isin").str.starts_with("CNE").fill_null(value=False)
    may_be = padded.str.contains(INDEX_WORDS) | (names_market & ~is_mainland) | (is_of_fund_seat & has_no_kind)
    is_company = nw.when(may_be).then(padded).str.contains(COMPANY_WORDS)
    return (may_be & ~is_company).fill_null(value=False)


def _other_rungs(keys: IdentityKeys) -> list[Rung]:
    """Give the rungs for lines that are neither: what they are, or why that is not known."""
    has_name = _is_there("name_as_written")
    has_identifier = _is_there("isin") | _is_there("figi") | _is_there("lei")
    is_named = has_name | (_is_there("kind") & (col("kind") != Kind.UNKNOWN))
    has_letters = _is_there("form") & ~_is_there("digits")
    is_elsewhere = _is_there("seat") & ~col("seat").is_in(["CN", "HK"])
    is_placed = _is_there("form") & (_is_there("market") | is_elsewhere | _is_there("exchange_seat"))
    is_loose = ~_is_there("market") & (~_is_there("exchange_seat") | (col("exchange_seat") == "CN")) & ~is_elsewhere
    is_bare_number = _is_there("bare_issuer") & _is_there("digits") & ~_is_there("isin")
    holds_code = col("form").str.replace_all(" ", "").str.contains(keys.written) | col("form").str.contains(
        keys.written_in_hong_kong
    )
    is_guessed = (~_is_there("exchange_market") & (col("exchange_seat") == "CN") & (col("digits") < 6)).fill_null(
        value=False
    )
    return [
        _clear(col("kind").is_in(CASH_LIKE), "cash, or a line that holds nothing else", by=MatchedBy.KIND),
        _refused(
            is_bare_number & (is_loose | is_guessed),
            "the number {ticker} alone is not an identity",
            issuer="bare_issuer",
        ),
        _clear(_is_there("why"), "another company: {why}", by=MatchedBy.LOOKALIKE),
        _refused(
            col("form").str.contains(WRITTEN_AS_NUMBER) & ~has_identifier & ~col("kind").is_in(DERIVATIVES),
            "{ticker} is written as a number, and not as a code",
            issuer="bare_issuer",
        ),
        _uncovered(
            col("kind").is_in(DERIVATIVES),
            "{kind}, its underlying not read",
            reason=Reason.DERIVATIVE,
            by=MatchedBy.KIND,
        ),
        _clear(has_identifier & is_named, "{identifier} is another security"),
        _possible(
            col("form").str.contains(f"^(?:{keys.letter_codes})$") & ~_is_there("seat") & ~_is_there("isin"),
            "code {ticker} is that of a watchlist security on one market, and the market is not told",
            by=MatchedBy.LISTING,
            issuer="bare_issuer",
        ),
        _refused(
            holds_code & ~_is_there("isin") & ~is_elsewhere,
            "code {ticker} holds that of a watchlist security, in a way that is not known",
            issuer="bare_issuer",
        ),
        _uncovered(
            _is_there("code_fund") & ~_is_there("isin") & ((col("kind") == Kind.UNKNOWN) | ~_is_there("kind")),
            "ticker {ticker} is that of a fund, and the name '{name_as_written}' does not say so",
            reason=Reason.KIND_UNKNOWN,
        ),
        _clear(is_placed & is_named, "code {ticker} with {by_witness} is another security"),
        _clear(has_letters & has_name, "ticker {ticker} and name '{name_as_written}' are another security"),
        _clear(has_name & is_elsewhere, "name '{name_as_written}' with {witness} is no name we know"),
        _uncovered(
            has_identifier | has_letters | is_placed,
            "not on the watchlist, but it may be a fund: the file gives neither name nor asset class",
            reason=Reason.KIND_UNKNOWN,
        ),
    ]
