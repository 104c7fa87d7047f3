"""What an identifier was resolved to x who is flagged -> the answer a person gets, in one word and one sentence.

Clear is said of what was identified: as another company, another security, or an issuer that nothing flags on the day.
A name or code that nobody knows is unknown, never clear; and so is a fund, of which only its holdings can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from esgscan.terms import Answer, Confidence, MatchedBy, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

    from esgscan.securities.written import WrittenLine

Row = dict[str, Any]

UNSURE = {Confidence.POSSIBLE: Answer.POSSIBLE, Confidence.REFUSED: Answer.REFUSED}
RANK = {Answer.POSSIBLE: 3, Answer.REFUSED: 4, Answer.CLEAR: 5, Answer.UNKNOWN: 6}
CONFIRMED, PROBABLE, SURELY_OTHER = 0, 1, 2
"""Ranks of what is identified, and of what is known to be another company though its name resembles one."""
MENDS = {
    Answer.POSSIBLE: "give the ISIN, or the code with its market",
    Answer.REFUSED: "give the ISIN, or the code with its market",
    Answer.UNKNOWN: "give the ISIN, the code with its market, or the name with its country",
}
REFUSED = "What was given does not tell which security it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What answers draw on.

    Attributes:
        as_of: The day the answer is for.
        issuers: The watchlist by issuer_id.
        flagged: Issuers flagged on the day, each with why if it is through an owner alone.
        funds: Names of the known funds by fund_id.
    """

    as_of: date
    issuers: Mapping[str, Row]
    flagged: Mapping[str, str]
    funds: Mapping[str, str]


def answer_of(line: WrittenLine, row: Row, known: Known) -> Row:
    """Give the answer for one way to read an identifier.

    Args:
        line: The way to read it.
        row: Its row of table SECURITIES.
        known: What answers draw on.

    Returns:
        A row of table ANSWERS, and its `rank`: of several ways to read an identifier the lowest counts.
    """
    issuer_id = row["issuer_id"] or row["candidate"]
    issuer = known.issuers.get(issuer_id, {})
    word = _word(line, row, known)
    named = {"issuer_id": issuer_id, "issuer": issuer.get("name"), "name_zh": issuer.get("name_zh")}
    resolved = {name: row[name] for name in ("security_id", "isin", "matched_by", "confidence", "evidence")}
    if word is Answer.UNKNOWN and not row["fund_id"]:
        compared = "compared with all identifiers, codes and names that are known"
        resolved |= {"evidence": compared, "matched_by": MatchedBy.NONE}
    why = _why(word, row, issuer.get("name") or "", known)
    return {**named, **resolved, "answer": word, "why": why, "mend": MENDS.get(word), "rank": _rank(word, row)}


def misspelled(text: str, kind: str) -> Row:
    """Give the answer for an identifier whose check digit is wrong."""
    return {
        "answer": Answer.REFUSED,
        "confidence": Confidence.REFUSED,
        "matched_by": MatchedBy.NONE,
        "evidence": f"the check digit of the {kind} '{text}' is wrong",
        "why": "An identifier with a slip in it names nothing.",
        "mend": f"copy the {kind} again from its source",
        "rank": RANK[Answer.REFUSED],
    }


def nothing() -> Row:
    """Give the answer for an identifier in which there is nothing to read."""
    said = {"confidence": Confidence.NONE, "matched_by": MatchedBy.NONE, "evidence": "no letter and no digit"}
    why = "There is nothing to compare."
    return {**said, "answer": Answer.UNKNOWN, "why": why, "mend": MENDS[Answer.UNKNOWN], "rank": RANK[Answer.UNKNOWN]}


def through_owners(owners: pl.DataFrame) -> str:
    """Say that no list names a company, and which programmes reach it through whom.

    Args:
        owners: Table OWNERS of one company with `issuer` and `programme`, only what is certain to reach it.
    """
    names = owners["programme"].unique(maintain_order=True).to_list()
    verbs = ("names", "reaches") if len(names) == 1 else ("name", "reach")
    held = " and ".join(owners["owner"].unique(maintain_order=True))
    return (
        f"No list names {owners['issuer'][0]}; {' and '.join(names)} {verbs[0]} its owner {held} "
        f"and {verbs[1]} it through ownership."
    )


def _word(line: WrittenLine, row: Row, known: Known) -> Answer:
    if row["confidence"] in UNSURE:
        return UNSURE[row["confidence"]]
    if row["outcome"] == Outcome.FLAGGED:
        return Answer.FLAGGED if row["issuer_id"] in known.flagged else Answer.CLEAR
    is_known_other = row["matched_by"] in {MatchedBy.LOOKALIKE, MatchedBy.DECISION}
    is_clear = row["outcome"] == Outcome.CLEAR and (is_known_other or line.tells_security)
    return Answer.CLEAR if is_clear else Answer.UNKNOWN


def _rank(word: Answer, row: Row) -> int:
    """Rank an answer: what is identified wins over what may be, a company known to be another over a resemblance."""
    if row["outcome"] == Outcome.FLAGGED or row["matched_by"] == MatchedBy.DECISION:
        return PROBABLE if row["confidence"] == Confidence.PROBABLE else CONFIRMED
    return SURELY_OTHER if row["matched_by"] == MatchedBy.LOOKALIKE else RANK[word]


def _why(word: Answer, row: Row, issuer: str, known: Known) -> str:
    """Say the answer in one sentence; who lists the company, and since when, stands in the measures."""
    if word is Answer.FLAGGED:
        through = known.flagged[row["issuer_id"]]
        return through or f"Measures or reports stand against {issuer} on {known.as_of}."
    if word is Answer.POSSIBLE:
        return f"It may be {issuer}; nothing settles it." if issuer else "It may be a company of the watchlist."
    if word is Answer.REFUSED:
        return f"What was given does not tell whether it is {issuer}; it is not taken for it." if issuer else REFUSED
    if word is Answer.UNKNOWN:
        fund = known.funds.get(row["fund_id"] or "")
        if row["fund_id"]:
            return f"It is a fund ({fund or row['fund_id']}); what it holds is for a scan to say."
        return "Nothing that is known has this name or code, which says nothing of the company."
    if row["outcome"] == Outcome.FLAGGED:
        return f"It is {issuer}, which the reference data knows and nothing flags on {known.as_of}."
    if row["matched_by"] == MatchedBy.OTHER_SECURITY:
        return "It is a security of no watchlist company; if it is a fund, what it holds was not looked at."
    return "It is no company of the watchlist."
