"""Every sentence that a report makes about a company has a source, in every format; our own voice accuses nobody."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import polars as pl
import pytest
from pypdf import PdfReader

import esgscan
from esgscan.reference.sourced import only_sourced
from esgscan.report.compose import compose
from esgscan.report.document import Beside, Cell, Document, Paragraph, Statement, Statements, Table
from esgscan.report.formats import FORMATS
from esgscan.report.letter import LetterOptions, Tone, compose_letter, render_letter
from tests.report.pages import Page
from tests.runs import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from esgscan.records import Scan

SAID = {
    "notes": "text",
    "relationships": "text",
    "tags": "note",
    "programmes": "restricts",
    "absences": "text",
    "legal_calendar": "text",
}
"""Tables of sentences, and the column that holds them."""
ACCUSING = re.compile(
    r"guilt|crimin|complicit|perpetrat|genocid|atrocit|unlawful|illegal|notorious|shameful|villain|evil\b|"
    r"\bcrimes?\b|abus(?:e|es|ed|ive|er)\b|violat(?:or|ed human)|oppress|repress|\bblood\b|slave|torture",
    re.IGNORECASE,
)
NEAR, CLOSE = 600, 40
"""Signs before and after a sentence among which its mark stands."""
TEXT_FORMATS = ["terminal", "html", "pdf", "md", "docx", "letter"]


@pytest.fixture(scope="module")
def real(project: Path) -> Scan:
    return esgscan.scan(project / "sample_portfolios" / "pension_fund.xlsx", as_of="2026-11-23")


@pytest.fixture(scope="module")
def rendered(real: Scan) -> Mapping[str, str]:
    return {name: text_of(name, real) for name in TEXT_FORMATS}


def text_of(name: str, scan: Scan) -> str:
    """What a reader reads in a format, without any blank: lines break where they like."""
    if name in {"docx", "letter"}:
        letter = compose_letter(scan, LetterOptions(to="Nobody", tone=Tone.DIVEST))
        if name == "letter":
            return squeezed(unescaped(render_letter(letter, ".md", paper="a4").decode()))
        made = docx.Document(io.BytesIO(render_letter(letter, ".docx", paper="a4")))
        cells = (cell.text for table in made.tables for row in table.rows for cell in row.cells)
        return squeezed("\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells]))
    content = FORMATS[name].render(scan)
    if name == "pdf":
        pages = (page.extract_text().split("\n") for page in PdfReader(io.BytesIO(content)).pages)
        # The running head and the foot of each page stand between the lines of a sentence.
        head = compose(scan).title
        return squeezed(
            "".join(line for page in pages for line in page if not line.startswith((head, "Information, not")))
        )
    text = content.decode()
    return squeezed(Page(text).text if name == "html" else unescaped(text) if name == "md" else text)


def unescaped(markdown: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]<>#|~!.)+=-])", r"\1", markdown.replace("<!-- -->", "")).replace("**", "")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def sentences(scan: Scan) -> Mapping[str, set[str]]:
    """Each sentence, with the marks that may stand with it: two rows may say one thing by two sources."""
    marks: dict[str, set[str]] = {}
    for table, column in SAID.items():
        for row in scan.tables[table].to_dicts():
            if row[column]:
                marks.setdefault(row[column], set()).add(squeezed(f"[{row['source_numbers']}]"))
    return marks


def names_sources(text: str, marks: set[str]) -> bool:
    """Whether a mark in a text has all the numbers of one row or of several that say the same, and no other."""
    allowed = [set(mark.strip("[]").split(",")) for mark in marks]
    printed = [set(numbers.split(",")) for numbers in re.findall(r"\[([\d,]+)\]", text)]
    return any(one == set().union(*(row for row in allowed if row <= one)) != set() for one in printed)


def test_every_statement_of_a_scan_has_sources_that_are_listed(real: Scan) -> None:
    known = set(real.tables["sources"]["number"])
    sourced = [name for name, table in real.tables.items() if "source_numbers" in table.columns and name != "paths"]
    assert len(sourced) >= 9
    for name in sourced:
        for row in real.tables[name].to_dicts():
            if row.get("kind") == "reference data":
                continue  # the edition itself, which is no statement of anybody
            numbers = [int(number) for number in (row["source_numbers"] or "").split(", ") if number]
            assert numbers, (name, row)
            assert set(numbers) <= known, (name, row)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_each_sentence_of_a_text_stands_with_its_source_numbers(
    real: Scan, rendered: Mapping[str, str], name: str
) -> None:
    text = rendered[name]
    found = 0
    for sentence, marks in sentences(real).items():
        wanted = squeezed(sentence)
        for place in (one.start() for one in re.finditer(re.escape(wanted), text)):
            before, after = text[max(0, place - NEAR) : place], text[place + len(wanted) :]
            stands_before = name != "terminal" and names_sources(before, marks)
            assert stands_before or names_sources(after[:CLOSE], marks), (sentence, marks)
            found += 1
    assert found >= 20, f"only {found} sentences were met"


def walk(document: Document) -> Iterator[Statement | Paragraph | Cell]:
    for section in document.walk():
        for block in section.blocks:
            if isinstance(block, Statements):
                yield from block.items
            elif isinstance(block, Beside):
                yield from (*block.left.items, *block.right.items)
            elif isinstance(block, Table) and section.anchor.startswith(("absences", "company-")):
                yield from (cell for row in block.rows for cell in row)
            elif isinstance(block, Paragraph):
                yield block


def test_every_statement_of_a_document_has_a_source_and_no_paragraph_speaks_of_a_company(real: Scan) -> None:
    names = list(real.tables["exposures"]["name"])
    short = re.compile("|".join(re.escape(name.split(" ")[0]) for name in names if len(name.split(" ")[0]) > 3))
    statements = 0
    for part in walk(compose(real)):
        if isinstance(part, Statement):
            statements += 1
            assert part.sources, part.text
        if isinstance(part, Paragraph):
            assert not short.search(part.text), part.text
    assert statements > 150


def test_a_letter_asks_in_its_own_voice_and_states_with_sources(real: Scan) -> None:
    for part in walk(compose_letter(real, LetterOptions(to="Nobody"))):
        if isinstance(part, Statement) and not part.sources:
            assert part.text.endswith("?"), part.text


@pytest.mark.parametrize("column", ["tags", "in_force", "announced", "considered", "ended"])
def test_each_claim_in_the_flat_file_has_addresses(real: Scan, column: str) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].render(real).decode("utf-8-sig"))))
    assert [row for row in rows if row[column] and "http" not in row["flag_sources"]] == []


def test_each_claim_in_the_workbook_has_source_numbers(real: Scan) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].render(real)))
    claims = {"Exposures": "Risk tags", "Flags": "Flag", "Notes": "Text", "Programmes": "What it restricts"}
    claims |= {"Exclusion list": "Why: measures", "Absences": "Explanation"}
    for title, header in claims.items():
        headers, *rows = book[title].iter_rows(values_only=True)
        claim, source = headers.index(header), headers.index("Sources")
        assert [row for row in rows if row[claim] and not row[source]] == [], title


def test_each_row_of_the_json_that_says_something_has_sources(real: Scan) -> None:
    document = json.loads(FORMATS["json"].render(real))
    lists = [document[name] for name in ("programmes", "absences", "exclusions")]
    lists += [issuer[name] for issuer in document["issuers"] for name in ("tags", "measures", "notes", "context")]
    rows = [row for rows in lists for row in rows]
    assert len(rows) > 200
    assert [row for row in rows if not row["sources"]] == []


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_our_own_voice_accuses_nobody(real: Scan, rendered: Mapping[str, str], name: str) -> None:
    """What is left of a report when every sourced sentence and every title of a source is taken out."""
    text = rendered[name]
    said = list(sentences(real))
    said += [
        cell
        for row in real.tables["sources"].to_dicts()
        for cell in (row["title"], row["url"], row["publisher"])
        if cell
    ]
    for table in ("flags", "index_events", "tags", "notes", "programmes", "relationships"):
        strings = real.tables[table].select(pl.col(pl.String))
        said += [cell for column in strings.columns for cell in strings[column].drop_nulls()]
    for sentence in sorted({squeezed(one) for one in said if len(one) > 12}, key=len, reverse=True):
        text = text.replace(sentence, " ")
    assert ACCUSING.findall(text) == []


def strings_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_template_accuses(project: Path) -> None:
    package = project / "esgscan"
    sources = [*(package / "report").rglob("*.py"), *(package / name for name in ("remarks.py", "result.py", "cli.py"))]
    templates = [path.read_text(encoding="utf-8") for path in (package / "report/templates").iterdir()]
    texts = [*templates, *(text for path in sources for text in strings_of(path))]
    assert len(texts) > 1000
    assert [text for text in texts if ACCUSING.search(text)] == []


def test_a_sentence_that_accuses_is_recognised() -> None:
    assert ACCUSING.search("The company is complicit in crimes.")
    assert not ACCUSING.search("IPVM reported on 2 October 2018 on contracts in Xinjiang.")


def without(source: str) -> Mapping[str, pl.DataFrame]:
    return only_sourced({**DATA, "sources": DATA["sources"].filter(pl.col("source_id") != source)})


def most_cited_alone(data: Mapping[str, pl.DataFrame]) -> str:
    """The source on which most notes about the largest holding rest alone."""
    alone = data["notes"].filter(pl.col("issuer_ids") == "hikvision", ~pl.col("source_ids").str.contains(" "))
    return str(alone["source_ids"].value_counts(sort=True)["source_ids"][0])


def test_removing_a_source_removes_its_sentences_in_every_format(real: Scan, project: Path, monkeypatch: Any) -> None:
    source = most_cited_alone(DATA)
    gone = DATA["sources"].filter(pl.col("source_id") == source).to_dicts()[0]
    lost = DATA["notes"].filter(pl.col("source_ids") == source)["text"].to_list()
    assert lost
    monkeypatch.setattr("esgscan.wiring.reference_data", lambda **_: without(source))
    fewer = esgscan.scan(project / "sample_portfolios" / "pension_fund.xlsx", as_of="2026-11-23")
    for name in TEXT_FORMATS:
        after = text_of(name, fewer)
        assert [text for text in lost if squeezed(text) in after] == []
        assert squeezed(gone["url"]) not in after
    before = text_of("md", real)
    assert [text for text in lost if squeezed(text) in before]
    for name in ("json", "csv", "xlsx"):
        content = FORMATS[name].render(fewer)
        text = content.decode() if name != "xlsx" else cells_of(content)
        assert gone["url"] not in text
        assert [one for one in lost if one in text] == []


def cells_of(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_a_statement_with_a_second_source_stays_with_that_one() -> None:
    two = DATA["notes"].filter(pl.col("source_ids").str.contains(" ")).to_dicts()[0]
    first, second = two["source_ids"].split(" ")[:2]
    kept = without(first)["notes"].filter(pl.col("note_id") == two["note_id"])["source_ids"].to_list()
    assert first not in kept[0].split(" ")
    assert kept[0].split(" ")[0] == second


def test_complete_data_are_left_as_they_are() -> None:
    assert only_sourced(DATA) is DATA
