"""The redacted twin of a scan, in every format and all its parts."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

import esgscan
from esgscan.redaction import band
from esgscan.report.formats import FORMATS
from esgscan.report.letter import LetterOptions, compose_letter, render_letter

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Scan

PORTFOLIO = """Account,Name,ISIN,Currency,Market Value
Ada Quibble 4711,Quibble's Hikvision stake,CNE100000PM8,EUR,1234567.89
Ada Quibble 4711,Zanzibar Private Strategy,LU0000000009,EUR,7654321.98
Bertram Vole 0815,A letter from my aunt,,EUR,333444.55
Bertram Vole 0815,ISHARES MSCI EMERGING MKTS,US4642872349,EUR,2222333.11
"""
HOLDINGS = """Name,ISIN,Weight
Hangzhou Hikvision,CNE100000PM8,0.25
Apple Inc,US0378331005,0.75
"""
OWN_LIST = """name,source,from,isin,tag
Apple Inc,the minutes of our quokka committee,2020-01-01,US0378331005,Quokka watch
"""
DECISIONS = """name_as_written,answer,decided_by,decided_on,comment
A letter from my aunt,none,Clerk Snark,2026-11-20,it is her letter
"""
NAMES = [
    "Quibble",
    "4711",
    "Vole",
    "0815",
    "Zanzibar",
    "aunt",
    "ferret",
    "walrus",
    "quokka committee",
    "okapi",
    "snark",
    "her letter",
]
AMOUNTS = [1_234_567, 7_654_321, 333_444, 2_222_333, 11_444_667]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("okapi")
    written = {
        "ferret.csv": PORTFOLIO,
        "walrus.csv": HOLDINGS,
        "walrus list.csv": OWN_LIST,
        "walrus says.csv": DECISIONS,
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: folder / name for name in written}


def scanned(files: dict[str, Path], *, redact: bool) -> Scan:
    return esgscan.scan(
        files["ferret.csv"],
        as_of="2026-11-23",
        holdings=[f"LU0000000009@2026-10-30={files['walrus.csv']}"],
        watchlist=[files["walrus list.csv"]],
        decisions=[files["walrus says.csv"]],
        redact=redact,
    )


@pytest.fixture(scope="module")
def twin(files: dict[str, Path]) -> Scan:
    return scanned(files, redact=True)


@pytest.fixture(scope="module")
def original(files: dict[str, Path]) -> Scan:
    return scanned(files, redact=False)


def parts(content: bytes) -> str:
    """Everything that a file says, in its members and its metadata."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [name + parts(archive.read(name)) for name in archive.namelist()]
        return "\n".join(members)
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
        outline = str(reader.outline)
        return "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata), xmp, outline])
    return content.decode("utf-8", "replace")


def told(text: str) -> list[str]:
    amounts = [
        written for amount in AMOUNTS for written in (str(amount), f"{amount:,}", f"{amount:,}".replace(",", "."))
    ]
    return [secret for secret in (*NAMES, *amounts) if secret.casefold() in text.casefold()]


@pytest.mark.parametrize("name", FORMATS)
def test_no_part_of_a_redacted_report_holds_an_amount_or_a_name(twin: Scan, original: Scan, name: str) -> None:
    assert told(parts(FORMATS[name].render(original))), "the test would find them"
    assert told(parts(FORMATS[name].render(twin))) == []


@pytest.mark.parametrize("ending", [".docx", ".md"])
def test_a_letter_from_a_redacted_scan_holds_neither(twin: Scan, ending: str) -> None:
    letter = compose_letter(twin, LetterOptions(to="Invented Asset Management"))
    assert told(parts(render_letter(letter, ending, paper="a4"))) == []


def test_weights_dates_and_public_names_stay(twin: Scan, original: Scan) -> None:
    assert (twin.weight, twin.floor, twin.ceiling) == (original.weight, original.floor, original.ceiling)
    assert twin.tables["exposures"]["weight"].to_list() == original.tables["exposures"]["weight"].to_list()
    assert (
        twin.tables["flags"]
        .drop("programme", "programme_id", "measure_id", "note")
        .equals(original.tables["flags"].drop("programme", "programme_id", "measure_id", "note"))
    )
    assert "Hangzhou Hikvision Digital Technology Co., Ltd." in twin.tables["positions"]["name_as_written"]
    assert twin.tables["listings"].equals(original.tables["listings"])


def test_the_size_is_given_as_a_band(twin: Scan) -> None:
    # 1,234,567.89 + 7,654,321.98 + 333,444.55 + 2,222,333.11 = 11,444,667.53
    assert twin.portfolio.market_value is None
    assert twin.portfolio.band == "EUR 10 million to 100 million"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (None, ""),
        (-5.0, ""),
        (999.99, "EUR 100 to 1 thousand"),
        (1_000.0, "EUR 1 thousand to 10 thousand"),
        (400_000_000.0, "EUR 100 million to 1 billion"),
        (2.5e12, "EUR 1000 billion to 10000 billion"),
    ],
)
def test_a_band_lies_between_powers_of_ten(amount: float | None, written: str) -> None:
    assert band(amount, "EUR") == written


def test_pseudonyms_change_with_the_files(files: dict[str, Path], twin: Scan, tmp_path: Path) -> None:
    assert scanned(files, redact=True).portfolio.name == twin.portfolio.name
    other = tmp_path / "ferret.csv"
    other.write_text(PORTFOLIO.replace("333444.55", "333445.55"), encoding="utf-8")
    assert scanned({**files, "ferret.csv": other}, redact=True).portfolio.name != twin.portfolio.name


def test_the_hash_of_the_input_can_be_compared_but_not_used_to_guess_a_name(twin: Scan, original: Scan) -> None:
    import hashlib

    digests = list(original.run.inputs.values())
    assert list(twin.run.inputs.values()) == [hashlib.sha256(digest.encode()).hexdigest() for digest in digests]
    assert not set(digests) & set(twin.run.inputs.values())
