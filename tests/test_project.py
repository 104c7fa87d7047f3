"""The project around the code: what its pages promise, and what must not stand in its files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from esgscan import errors, tables
from esgscan.terms import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_OURS = {"__pycache__", "build", "dist", "node_modules", "site"}
HIDDEN_BUT_OURS = {".ci", ".github"}


def files_of(folder: Path) -> Iterator[Path]:
    """Walk the project's files, without environments, caches and what is built."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f not in NOT_OURS and (f[0] != "." or f in HIDDEN_BUT_OURS)]
        yield from (Path(parent, name) for name in names)


def readme_command(project: Path, name: str) -> list[str]:
    """Give the lines of the block that the README marks as the command `name`."""
    readme = (project / "README.md").read_text(encoding="utf-8")
    block = re.search(rf"^<!-- command: {name} -->\n```\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert block, f"the README has no block marked as the command {name}"
    return block[1].splitlines()


def all_tables() -> dict[str, tables.Table]:
    return {name: value for name, value in vars(tables).items() if isinstance(value, tables.Table)}


@pytest.mark.parametrize(("name", "ending"), [("scan", "--as-of 2026-11-23"), ("test", ".venv/bin/pytest")])
def test_readme_has_each_command_on_one_line_that_makes_its_own_environment(project, name, ending):
    lines = readme_command(project, name)
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert lines[0].endswith(ending)


def test_links_of_the_readme_lead_to_files(project):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (project / "README.md").read_text(encoding="utf-8"))
    assert len(links) >= 8
    assert [link for link in links if not (project / link).is_file()] == []


def test_imports_point_downwards_and_the_contract_names_every_module(project):
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command, "lint-imports is not installed beside this interpreter"
    done = subprocess.run([command, "--no-cache"], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_generated_pages_are_up_to_date(project):
    command = [sys.executable, "scripts/build_docs.py", "--check"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("table", all_tables().values(), ids=list(all_tables()))
def test_every_table_and_column_is_documented(project, table):
    page = (project / "docs" / "tables.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {table.name}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert section, f"docs/tables.md has no section {table.name}"
    assert [name for name in table.columns if f"| `{name}` |" not in section[1]] == []


def test_every_data_set_has_a_card_and_is_documented(project):
    page = (project / "docs" / "data.md").read_text(encoding="utf-8")
    folders = sorted(path.parent for path in (project / "esgscan/reference/data").glob("*/entries.csv"))
    assert len(folders) >= 20
    for folder in folders:
        assert (folder / "card.yml").is_file(), f"{folder.name} has no card"
        assert (folder / "MAINTAIN.md").is_file(), f"{folder.name} does not say how it is maintained"
        assert f"{{ #{folder.name} }}" in page, f"docs/data.md does not describe {folder.name}"


def test_every_error_and_every_reason_for_uncovered_money_is_documented(project):
    page = (project / "docs" / "errors.md").read_text(encoding="utf-8")
    kinds = [kind.__name__ for kind in errors.EsgscanError.__subclasses__() if kind.__module__ == errors.__name__]
    assert len(kinds) == 4
    assert [kind for kind in kinds if f"`{kind}`" not in page] == []
    assert [reason for reason in Reason if f"| {reason} |" not in page] == []


def command_paths(command: click.Command, path: str = "esgscan") -> Iterator[str]:
    """Give the path of every command below a group, such as `esgscan watchlist check`."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from command_paths(below, f"{path} {name}")


def test_every_command_is_documented(project):
    from esgscan import cli

    groups = [value for value in vars(cli).values() if isinstance(value, click.Group)]
    outermost = max(groups, key=lambda group: len(list(command_paths(group))))
    pages = "\n".join(page.read_text(encoding="utf-8") for page in (project / "docs").glob("*.md"))
    assert [path for path in command_paths(outermost) if path not in pages] == []


# A folder of somebody's machine: /home/ada/..., /Users/ada/..., C:\Users\...; but not the path of a web address.
MACHINE_PATH = re.compile(rb"(?<![\w.%~/-])/(?:work|home|root|Users|tmp)/\w|[A-Z]:\\Users\\")


@pytest.mark.parametrize("text", ["see /home/ada/portfolio.xlsx", "'/Users/ada'", r"C:\Users\Ada", "(/home/x)"])
def test_a_path_of_a_machine_is_recognised(text):
    assert MACHINE_PATH.search(text.encode())


@pytest.mark.parametrize("text", ["https://example.org/home/news", "docs/work/plan.md", "the /home/ page"])
def test_an_address_is_no_path_of_a_machine(text):
    assert not MACHINE_PATH.search(text.encode())


def test_no_file_names_a_folder_of_somebodys_machine(project):
    this = Path(__file__).resolve()
    found = [path for path in files_of(project) if path.resolve() != this and MACHINE_PATH.search(path.read_bytes())]
    assert [str(path.relative_to(project)) for path in found] == []


def test_text_files_end_their_lines_as_unix_does(project):
    ours = [
        p for p in files_of(project) if p.suffix in {".py", ".md", ".yml", ".toml", ".json"} or p.name == "entries.csv"
    ]
    assert len(ours) > 50
    assert [str(path.relative_to(project)) for path in ours if b"\r" in path.read_bytes()] == []


def test_the_pages_of_companies_lead_to_an_issue_template_that_has_the_field_they_fill(project):
    import yaml

    folder = project / ".github" / "ISSUE_TEMPLATE"
    templates = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yml")}
    assert {"wrong-fact.yml", "wrong-match.yml", "unread-file.yml"} <= set(templates)
    for name, template in templates.items():
        if name != "config.yml":
            assert {"name", "description", "body"} <= set(template), name
    fields = [field.get("id") for field in templates["wrong-fact.yml"]["body"]]
    asked = (project / "scripts" / "docs_data.py").read_text(encoding="utf-8")
    assert '"template": "wrong-fact.yml"' in asked
    assert "entry" in fields
    assert '"entry": name_id' in asked


def test_continuous_integration_runs_the_sessions_that_a_contributor_is_told_of(project):
    import ast

    tree = ast.parse((project / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list}
    told = set(re.findall(r"nox -s (\w+)", (project / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    in_ci = set(re.findall(r"nox -s (\w+)", (project / ".ci/run").read_text(encoding="utf-8")))
    on_github = set(re.findall(r"nox -s (\w+)", (project / ".github/workflows/ci.yml").read_text(encoding="utf-8")))
    assert {"setup", "test", "lint", "docs", "bench"} <= told <= sessions
    assert {"lint", "docs", "bench"} <= in_ci <= sessions
    assert {"test", "lint", "docs", "bench"} <= on_github <= sessions
