"""The words of the field as types: identifiers and closed vocabularies."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

Isin = NewType("Isin", str)
Lei = NewType("Lei", str)
Figi = NewType("Figi", str)
Cusip = NewType("Cusip", str)
Sedol = NewType("Sedol", str)


class Kind(StrEnum):
    """What a line of a portfolio or of a fund is."""

    EQUITY = "equity"
    DEPOSITARY_RECEIPT = "depositary-receipt"
    FUND = "fund"
    BOND = "bond"
    CASH = "cash"
    MONEY_MARKET = "money-market"
    OPTION = "option"
    FUTURE = "future"
    SWAP = "swap"
    FORWARD = "forward"
    STRUCTURED_NOTE = "structured-note"
    NOT_LISTED = "not-listed"
    OTHER = "other"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """Whether a line is owned or owed."""

    LONG = "long"
    SHORT = "short"


class Confidence(StrEnum):
    """How sure an identity is; the ladder of docs/identity.md."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    REFUSED = "refused"
    NONE = "none"


class MatchedBy(StrEnum):
    """Which rung of the identity ladder decided."""

    DECISION = "decision of a person"
    ISIN = "isin"
    CUSIP = "cusip"
    SEDOL = "sedol"
    FIGI = "figi"
    LEI = "lei"
    LISTING = "listing code"
    CODE_AND_MARKET = "code and market"
    CODE_AND_NAME = "code and name"
    REPAIRED_CODE = "repaired code"
    NAME_AND_WITNESS = "name and witness"
    FUND_CODE = "fund code"
    FUND_NAME = "fund name"
    RECORDED = "recorded weight"
    NAME_ONLY = "name only"
    LOOKALIKE = "known look-alike"
    OTHER_SECURITY = "another security"
    KIND = "kind of line"
    NONE = "none"


class Outcome(StrEnum):
    """Where money ends: each cent in exactly one of these."""

    FLAGGED = "flagged"
    CLEAR = "clear"
    UNCOVERED = "uncovered"


class Reason(StrEnum):
    """Why money is uncovered."""

    NO_HOLDINGS = "fund without holdings"
    NOT_PUBLISHED = "part of a fund that its holdings leave out"
    POSSIBLE = "possible match to review"
    REFUSED = "identity refused"
    UNRESOLVED = "line without an identifier"
    KIND_UNKNOWN = "not known whether share or fund"
    DERIVATIVE = "derivative or structured product not opened"
    CYCLE = "funds that hold one another"
    DEPTH = "funds nested deeper than was asked"
    NOT_IN_FILE = "weights of the file add to less than the whole"
    NO_VALUE = "line without a value"
    STALE = "holdings older than the age allowed"


class Component(StrEnum):
    """What a ceiling is made of."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    ROUNDING = "rounding"
    POSSIBLE = "could be there"


class Status(StrEnum):
    """How far a measure had come on a date."""

    CONSIDERED = "considered"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    ENDED = "ended"


class Answer(StrEnum):
    """What can be said of one identifier on one day."""

    FLAGGED = "flagged"
    POSSIBLE = "possible"
    REFUSED = "refused"
    CLEAR = "clear"
    UNKNOWN = "unknown"


class Investor(StrEnum):
    """For whom the effect of a programme is given."""

    US_PERSON = "us-person"
    US_FEDERAL_CONTRACTOR = "us-federal-contractor"
    EU = "eu"
    UK = "uk"
    CA = "ca"
    OTHER = "other"


class LegalState(StrEnum):
    """What a listing does to an investor; the gravest first."""

    DEALINGS_BARRED = "dealings barred"
    FUNDS_FROZEN = "funds frozen"
    PURCHASE_BARRED = "purchase barred"
    DIVESTMENT_ALLOWED = "sale to divest allowed"
    SALE_BARRED = "sale barred"
    MAY_HOLD = "may hold"
    NOT_SETTLED = "not settled here"
    NOT_BOUND = "not bound"
    NO_EFFECT = "no effect on investors"


class Phase(StrEnum):
    """Where the as-of date lies to a period."""

    AHEAD = "ahead"
    NOW = "now"
    OVER = "over"


class Covered(StrEnum):
    """Whether a programme that names an owner reaches the company owned; it is never a listing of that company."""

    YES = "covered"
    NO = "not covered"
    NOT_KNOWN = "not known"


class Cause(StrEnum):
    """Why an exposure changed, in the order of substitution."""

    TRADING = "trading"
    PRICE = "price"
    FUND_DRIFT = "fund drift"
    LISTS = "list changes"
    COVERAGE = "coverage"
    IDENTITY = "identity corrections"


class Step(StrEnum):
    """Where a scan is on its way."""

    READING = "reading"
    IDENTITIES = "identities"
    LOOK_THROUGH = "look-through"
    REPORT = "report"


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Region(StrEnum):
    """What an unopened fund is known to invest in; the kinds of the stated worst case."""

    EMERGING_MARKETS = "emerging-markets"
    CHINA = "china"
    ASIA = "asia"
    GLOBAL = "global"
    DEVELOPED = "developed"
    EX_CHINA = "ex-china"
    OTHER = "other"
    UNKNOWN = "unknown"
