"""The site that mkdocs builds: its generated pages are complete, and nothing in it leads nowhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from filelock import FileLock

import esgscan
from esgscan import cli
from esgscan.errors import EsgscanError, OptionError, PortfolioError, SourceError
from esgscan.reference.datasets import load_dataset

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from docs_messages import KINDS, KNOWN_LATER, Catalogue
from docs_schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"[A-Za-z]{2,}")


class Words(HTMLParser):
    """Collects the words, the anchors and the addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.anchors: set[str] = set()
        self.loaded: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.add(given.get("id") or "")
        if tag in ("script", "img", "iframe", "link"):
            self.loaded.add(given.get("src") or given.get("href") or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once for all workers; a warning is an error."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "site"
    with FileLock(shared / "site.lock"):
        if not folder.is_dir():
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
            env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
            done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    return folder


@cache
def page(site: Path, name: str) -> Words:
    words = Words()
    words.feed((site / name).read_text(encoding="utf-8"))
    return words


def text_of(site: Path, name: str) -> str:
    return re.sub(r"\s+", " ", " ".join(page(site, name).words))


def test_no_page_loads_anything_from_elsewhere(site):
    pages = [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    assert len(pages) > 80
    foreign = {one for name in pages for one in page(site, name).loaded if re.match(r"(?:https?:)?//", one)}
    assert foreign == set()


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, f"{path} {name}")


def test_every_command_and_option_is_on_the_page_of_commands(site):
    told = text_of(site, "cli.html")
    found = list(commands(cli.cli, "esgscan"))
    assert len(found) > 15
    for path, command in found:
        assert path in told
        for option in command.params:
            assert [one for one in option.opts if one.startswith("-") and one not in told] == [], path
            assert (getattr(option, "help", None) or "").split(" [")[0] in told, path


def test_every_public_name_is_on_the_page_of_the_library(site):
    anchors = page(site, "api.html").anchors
    assert [name for name in esgscan.__all__ if name != "__version__" and f"esgscan.{name}" not in anchors] == []
    assert "esgscan.Scan.exposures" in anchors


@pytest.mark.parametrize(("dataset", "key"), [("issuers", "issuer_id"), ("programmes", "programme_id")])
def test_every_issuer_and_programme_has_a_page_with_its_sources(site, dataset, key):
    sources = {row["source_id"]: row["title"] for row in load_dataset("sources").iter_rows(named=True)}
    listed = text_of(site, f"data/{dataset}/index.html")
    for row in load_dataset(dataset).iter_rows(named=True):
        told = text_of(site, f"data/{dataset}/{row[key]}.html")
        assert row["name"] in told
        assert row["name"] in listed
        for one in row["source_ids"].split():
            assert re.sub(r"\s+", " ", sources[one]) in told, f"{row[key]} does not show its source {one}"
        assert "Something is wrong" in told


def test_a_name_that_leads_to_a_page_stands_apart_from_what_follows(site):
    told = (site / "data/issuers/hikvision.html").read_text(encoding="utf-8")
    assert '<a href="../programmes/au-camera-removal.html">AU cameras</a> (estate decision)' in told
    assert '<a href="../programmes/us-ofac-ns-cmic.html">NS-CMIC</a>: since 2021-08-02' in told


def members(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    inner = schema.get("items", schema) if schema.get("type") == "array" else schema
    for name, below in inner.get("properties", {}).items():
        yield f"{path}{name}"
        yield from members(below, f"{path}{name}.")


@pytest.mark.parametrize("name", [path.stem for path in sorted(SCHEMAS.glob("*.json"))])
def test_every_member_of_a_schema_is_on_its_page(site, name):
    import json

    words = set(page(site, f"reference/json-{name}.html").words)
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    outer = {path.partition(".")[0] for path in members(schema)}
    inner = {path.partition(".")[2] for path in members(schema) if "." in path}
    assert len(inner) > 20
    assert sorted((outer | inner) - words) == []


def test_every_address_of_the_api_is_on_its_page(site):
    from esgscan.web.app import create_app

    spec = create_app().openapi()
    told = text_of(site, "reference/rest.html")
    for path, ways in spec["paths"].items():
        for way, address in ways.items():
            assert f"{way.upper()} {path}" in told
            assert [one["name"] for one in address.get("parameters", ()) if one["name"] not in told] == []
    forms = [one for name, one in spec["components"]["schemas"].items() if name.startswith("Body_")]
    assert len(forms) >= 2
    assert [name for form in forms for name in form["properties"] if name not in told] == []


def test_the_notebook_is_kept_without_outputs_and_shown_with_them(site, project):
    import json

    kept = json.loads((project / "docs/notebooks/analyst.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in kept["cells"] if cell["cell_type"] == "code"]
    assert len(code) > 8
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"]] == []
    told = text_of(site, "notebooks/analyst.html")
    weight = esgscan.scan(project / "sample_portfolios/pension_fund.xlsx", as_of="2026-11-23").weight
    assert f"weight {weight:.4%}" in told
    assert (site / "notebooks" / "analyst.ipynb").is_file()
    pictures = [one for one in page(site, "notebooks/analyst.html").loaded if one.startswith("analyst_files/")]
    assert len(pictures) == 1
    assert (site / "notebooks" / pictures[0]).read_bytes().startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


def test_every_error_and_finding_in_the_source_says_what_in_words(catalogue, project):
    found = catalogue.messages()
    for message in found:
        for what in message.what:
            assert len(WORD.findall(KNOWN_LATER.sub("", what))) >= 1, f"{message.place} says only {what!r}"
    places = {message.place.rpartition(":")[0] for message in found}
    calls = re.compile(
        rf"(?<!class )\b(?:{'|'.join(KINDS)})\($|(?<!class )\b(?:{'|'.join(KINDS)})\((?![\w.]*\):)", re.MULTILINE
    )
    makers = {
        ".".join(path.relative_to(project).with_suffix("").parts)
        for path in (project / "esgscan").rglob("*.py")
        if calls.search(path.read_text(encoding="utf-8"))
    }
    assert len(makers) > 50
    passing_on = {"esgscan.reference.checks", "esgscan.web.work"}
    assert makers - places - passing_on == set()


def test_every_error_says_how_to_mend_it(catalogue):
    errors = [message for message in catalogue.messages() if message.kind.endswith("Error")]
    assert len(errors) > 120
    assert [message.place for message in errors if not message.mend] == []


def patterns(catalogue: Catalogue, kind: str) -> list[re.Pattern[str]]:
    """Turn each message into a pattern in which anything may stand for what is only known in a run."""
    texts = [what for message in catalogue.messages() if message.kind == kind for what in message.what]
    return [re.compile(".*?".join(map(re.escape, KNOWN_LATER.split(text))), re.DOTALL) for text in texts]


WRONG: list[tuple[type[EsgscanError], Any, dict[str, Any]]] = [
    (PortfolioError, "missing.xlsx", {}),
    (PortfolioError, b"", {}),
    (PortfolioError, b"\x00\x01\x02", {}),
    (PortfolioError, b"%PDF-1.7", {}),
    (PortfolioError, 7, {}),
    (PortfolioError, [], {}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"as_of": "yesterday"}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"investor": "martian"}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"papers": "a4"}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"paper": "a9"}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"max_age": -1}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"watchlist": ["missing.csv"]}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"policy": "missing.toml"}),
    (OptionError, b"name,isin,value\nA,US0378331005,1\n", {"decisions": ["missing.csv"]}),
    (SourceError, b"name,isin,value\nA,US0378331005,1\n", {"holdings": ["missing.csv"]}),
    (SourceError, b"name,isin,value\nA,US0378331005,1\n", {"fx": "missing.csv"}),
]


@pytest.mark.parametrize(("kind", "portfolio", "wishes"), WRONG)
def test_an_error_of_a_run_is_in_the_catalogue(catalogue, kind, portfolio, wishes):
    with pytest.raises(EsgscanError) as raised:
        esgscan.scan(portfolio, **wishes)
    known = patterns(catalogue, type(raised.value).__name__)
    if kind is SourceError:
        known += patterns(
            catalogue, "PortfolioError"
        )  # a file of holdings that cannot be opened says what a portfolio would
    assert [one.pattern for one in known if one.fullmatch(raised.value.what)], (
        f"not in the catalogue: {raised.value.what}"
    )
    assert issubclass(type(raised.value), kind)


def test_findings_of_a_run_are_in_the_catalogue(catalogue, project):
    known = patterns(catalogue, "Finding")
    samples = sorted((project / "sample_portfolios").glob("*.[cx]*"))
    said = [what for path in samples for what in esgscan.scan(path, as_of="2026-11-23").findings["what"]]
    assert len(said) > 3
    assert [what for what in said if not any(one.fullmatch(what) for one in known)] == []
