"""Names of issuers in the manner of vendors, custodians and banks in many languages, and other companies so too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.engines.memory import Memory
from tests.frames import loaded
from tests.securities.conftest import identified

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.securities.keys import IdentityKeys

STYLES = {
    "data vendors": [
        "{up}-A", "{up} ORD A", "{name} Class A", "{up} LTD A", "{stem} (A) (SC SZ)", "{up} A (HK-C)",
        "{stem} Registered Shs Unitary 144A-Reg S", "{stem} (China)", "{stem} A (QFII)", "{stem} (NTH SSE-SEHK)",
    ],
    "custodians": [
        "{up} A COMMON STOCK CNY1.0", "{up} CO LTD 'A'CNY1", "{up} A SHRS CNY1.00", "COM STK {up} CNY 1",
        "{up} SER 'A' NPV", "{up} (RESTRICTED)", "{up} RTS", "{up} TEMP LINE", "{up} XD",
    ],
    "German": ["{name} Registered Shares A YC 1", "{stem} Namens-Aktien A o.N.", "{stem} Inhaber-Aktien"],
    "French": ["{stem} Act. A", "Actions {stem}", "{stem} Act. Nom. -A-"],
    "Italian": ["AZ. {up}", "{stem} Azioni ordinarie A"],
    "Spanish and Portuguese": ["ACC. {up}", "Acciones {stem}", "{stem} Ações A"],
    "Dutch and Nordic": ["{stem} aandelen A", "gewone aandelen {stem}", "{stem} aksjer A", "{stem} aktier"],
    "receipts": ["{up} UNSP ADR", "{up} ADR EACH REPR 2 ORD H", "{up} DEPOSITARY RECEIPT"],
    "notes and bonds": [
        "MACQUARIE BANK LTD ({up}) P-NOTE 12/05/2027", "UBS AG LONDON WTS {up}", "{up} LOW EXERCISE PRICE WTS",
        "{up} 3.500% 15/06/2027", "{stem} YC-Bonds 2022(25)", "{up} CONV BOND 18/24", "EQUITY SWAP {up}",
    ],
    "letters": ["{low}", "{up} ", "{stem}*", "{dashed}"],
}  # fmt: skip
FORM = r"[,\s]+(?:Co\.?,? Ltd\.?|Company Limited|Corporation Limited|Corporation|Limited|Ltd\.?|Inc\.?)$"


def printed(name: str, styles: list[str]) -> list[str]:
    """Print a name in each of the styles."""
    stem = re.sub(FORM, "", name)
    words = re.sub(r"[^\w -]", " ", stem).split()
    forms = {"name": name, "stem": stem, "up": " ".join(words).upper(), "low": stem.lower(), "dashed": "-".join(words)}
    return [style.format(**forms) for style in styles]


@pytest.mark.parametrize("styles", STYLES.values(), ids=STYLES)
def test_the_names_of_listed_issuers_are_found_in_the_style_of(styles: list[str], keys: IdentityKeys) -> None:
    issuers = loaded("issuers")
    listed = issuers[issuers["issuer_id"].isin(loaded("listings")["issuer_id"])]
    lines = [
        (issuer, text)
        for issuer, name in zip(listed["issuer_id"], listed["name"], strict=True)
        for text in printed(name, styles)
    ]
    found = identified([{"name_as_written": text, "country": "China"} for _, text in lines], keys, Memory())
    lost = [
        (text, one.evidence)
        for (issuer, text), one in zip(lines, found, strict=True)
        if issuer not in {one.issuer, one.candidate}
    ]
    assert lost == []


def test_other_companies_are_no_issuer_in_any_style(keys: IdentityKeys, project: Path) -> None:
    names = pl.read_csv(project / "tests/data/names.csv").filter(pl.col("issuer_id").is_null())
    others = names.filter(pl.col("from") == "fund file")["name"].gather_every(20).to_list()
    styles = [style for some in STYLES.values() for style in some]
    lines = [text for name in others for text in printed(name, styles)]
    found = identified([{"name_as_written": text, "country": "China"} for text in lines], keys, Memory())
    assert [(text, one.issuer) for text, one in zip(lines, found, strict=True) if one.issuer] == []
    assert len(lines) > 9_000
    assert sum(bool(one.candidate) for one in found) < len(lines) / 1_000
