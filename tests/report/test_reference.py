from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest
from rich.cells import cell_len

from esgscan.errors import OptionError
from esgscan.reference.datasets import dataset_names, edition, load_dataset
from esgscan.report.reference import render_issuer, render_issuers, render_programme, render_programmes

WIDTHS = (56, 80)


@pytest.fixture(scope="module")
def library() -> dict[str, pl.DataFrame]:
    return {name: load_dataset(name) for name in dataset_names()}


@pytest.fixture(scope="module")
def hikvision(library: dict[str, pl.DataFrame]) -> str:
    return render_issuer(library, "hikvision")


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_page(library: dict[str, pl.DataFrame], width: int) -> None:
    texts = [
        render_issuers(library, width=width),
        render_programmes(library, width=width),
        *(render_issuer(library, one, width=width) for one in ("hikvision", "huawei", "sensetime", "bgi-genomics")),
        *(render_programme(library, one, width=width) for one in load_dataset("programmes")["programme_id"]),
    ]
    assert max(cell_len(line) for text in texts for line in text.splitlines()) <= width


def test_the_list_of_issuers_has_every_issuer_and_the_edition(library: dict[str, pl.DataFrame]) -> None:
    text = render_issuers(library)
    for issuer_id in load_dataset("issuers")["issuer_id"]:
        assert re.search(rf"^{issuer_id}\b", text, flags=re.MULTILINE), issuer_id
    assert "XSHE:002415" in text
    assert edition().label in text


def test_everything_known_of_an_issuer_is_there(hikvision: str) -> None:
    for heading in ("NAMES", "LISTINGS", "OWNERSHIP", "IN FORCE", "NOTES", "SUPPLIERS AND HOLDERS", "INDEX EVENTS"):
        assert f"\n{heading}" in hikvision.replace("  IN FORCE", "IN FORCE"), heading
    of_issuer = pl.col("issuer_ids").str.split("; ").list.contains("hikvision")
    for text in load_dataset("notes").filter(of_issuer)["text"]:
        assert flat(text) in flat(hikvision)


def test_each_line_cites_sources_and_each_source_is_listed(hikvision: str) -> None:
    body, listed = hikvision.split("\nSOURCES\n")
    cited = {int(one) for marks in re.findall(r"\[([\d, \n]+)\]", body) for one in marks.split(",")}
    numbers = [int(one) for one in re.findall(r"^ *\[(\d+)\]", listed, flags=re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert cited == set(numbers)
    items = re.split(r"\n(?=- )|\n\n", body)
    assert all(re.search(r"\[[\d, \n]+\]$", item.strip()) for item in items if item.startswith("- "))


def test_what_was_only_considered_does_not_read_as_a_listing(hikvision: str) -> None:
    # The Entity List step was considered from 21 May 2019 and ended when the listing began, on 9 October 2019.
    assert "Entity List (considered only): from 2019-05-21 until 2019-10-09; concerns the company" in flat(hikvision)


def test_the_status_is_that_of_the_day_asked_for(library: dict[str, pl.DataFrame]) -> None:
    text = flat(render_issuer(library, "hikvision", as_of=date(2019, 5, 21)))
    enacted = text[text.index("ENACTED, NOT YET IN EFFECT") : text.index("UNDER CONSIDERATION")]
    assert "Section 889" in enacted


@pytest.mark.parametrize("name", ["HIKVISION", "海康威视", "hangzhou hikvision digital technology co., ltd."])
def test_an_issuer_is_found_by_any_of_its_names(library: dict[str, pl.DataFrame], hikvision: str, name: str) -> None:
    assert render_issuer(library, name) == hikvision


def test_an_unknown_issuer_is_refused_with_the_nearest(library: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(OptionError) as error:
        render_issuer(library, "hikvison")
    assert "hikvison" in error.value.what
    assert "did you mean hikvision" in error.value.mend


def test_a_programme_says_what_it_does_and_whom_it_names(library: dict[str, pl.DataFrame]) -> None:
    text = flat(render_programme(library, "us-ofac-ns-cmic"))
    assert "Hangzhou Hikvision Digital Technology Co., Ltd.: since 2021-08-02" in text
    assert "US persons may not buy or sell" in text
    assert render_programme(library, "NS-CMIC") == render_programme(library, "us-ofac-ns-cmic")


def test_an_unknown_programme_is_refused(library: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(OptionError) as error:
        render_programme(library, "us-ofac")
    assert error.value.where == "esgscan programmes us-ofac"
