"""What the documentation shows: every command and every piece of Python is run, and prints what stands below it."""

from __future__ import annotations

import re
import shlex
import sys
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from esgscan.cli import cli

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from docs_console import ROOT, Session, blocks, environment, fits, pages, refreshed, run_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs_console import Shown

PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in pages()}
MOST_LINES = 25
REASONS = ("needs a network", "needs a server", "needs Spark")
ANY_BLOCK = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\s*(?:\$ )?(?:\S*/)?esgscan [a-z]", re.MULTILINE)
INLINE = re.compile(r"`(?:\.venv/bin/)?(esgscan [^`]+)`")


def runs() -> list[str]:
    """Give the pages on which something is run."""
    return [name for name, text in PAGES.items() if any(one.language in ("console", "python") for one in blocks(text))]


@pytest.mark.parametrize("name", runs())
def test_what_a_page_shows_is_what_is_printed(name, tmp_path, monkeypatch):
    for variable, value in environment(tmp_path).items():
        monkeypatch.setenv(variable, value)
    shown = list(run_page(PAGES[name], Session(tmp_path)))
    for one, after in zip(shown, [*shown[1:], None][: len(shown)], strict=True):
        if not one.fits:
            pytest.fail(
                f"of '{one.what}', {name} shows what is not printed any more:\n{difference(one)}", pytrace=False
            )
        told = after is not None and after.what == "echo $?"
        assert one.status == 0 or told, f"{name}: '{one.what}' ends with {one.status}, and the page does not say so"


def difference(one: Shown) -> str:
    """Show where a page and the program part, and how to write the page again."""
    shown, printed = one.expected.splitlines(), one.printed.splitlines()
    lines = list(unified_diff(shown, printed, "shown", "printed", n=1, lineterm=""))[:MOST_LINES]
    return "\n".join([*lines, "If what is printed is right: python scripts/docs_console.py"])


def commands_in_blocks() -> Iterator[tuple[str, str, str]]:
    for name, text in PAGES.items():
        for found in ANY_BLOCK.finditer(text):
            if COMMAND.search(found[3]):
                yield name, found[2], text[: found.start()].rstrip("\n").rpartition("\n")[2]


def test_every_command_shown_is_run_or_says_why_not():
    found = list(commands_in_blocks())
    assert len(found) > 40
    reason = re.compile(rf"<!-- not run: (?:{'|'.join(REASONS)})[^>]*-->|<!-- command: \w+ -->")
    unsaid = [(name, words) for name, words, above in found if words != "console" and not reason.fullmatch(above)]
    assert unsaid == []


def test_few_blocks_are_not_run():
    not_run = [(name, one.reason) for name, text in PAGES.items() for one in blocks(text) if one.reason]
    assert [one for one in not_run if not one[1].startswith(REASONS)] == []
    assert len(not_run) <= 16


def test_every_command_within_a_line_exists_with_its_options():
    found = {(name, one) for name, text in PAGES.items() for one in INLINE.findall(ANY_BLOCK.sub("", text))}
    assert len(found) > 40
    for name, line in sorted(found):
        if not re.match(r"esgscan [A-Z\[]", line):
            parse(line, name)


def parse(line: str, name: str) -> None:
    """Read a command as the program would, without running it."""
    words = shlex.split(line.partition(", then ")[0].replace("…", ""))[1:]
    command: click.Command = cli
    context = click.Context(cli, info_name="esgscan")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        below = command.get_command(context, words[0])
        assert below is not None, f"{name} shows `{line}`, and there is no such command"
        command, words = below, words[1:]
    try:
        command.make_context(line, words, parent=context)
    except (click.MissingParameter, click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        return
    except click.UsageError as error:
        pytest.fail(f"{name} shows `{line}`: {error.format_message()}")


def test_what_was_left_out_stands_for_any_lines():
    assert fits("a\n[...]\nd\n", "a\nb\nc\nd\n")
    assert fits("a\n[...]\n", "a\n")
    assert fits("wrote [...] in 3 s\n", "wrote report.pdf in 3 s\n")
    assert not fits("a\n[...]\nd\n", "a\nb\nc\n")
    assert not fits("a\n", "a\nb\n")
    assert not fits("", "a\n")


def test_the_edition_of_the_data_may_change():
    assert fits("data 2026-11-23+809bcbc5\n", "data 2027-01-01+00000000\n")
    assert not fits("data 2026-11-23\n", "data 2027-01-01\n")


def test_lines_that_were_left_out_stay_left_out_when_a_page_is_written_again():
    assert refreshed("", "a 1\nb 2\n") == "a 1\nb 2\n"
    assert refreshed("a 1\n", "a 2\nb\n") == "a 2\nb\n"
    assert refreshed("a 1\n[...]\nd 4\n", "a 2\nb\nc\nd 5\n") == "a 2\n[...]\nd 5\n"
    assert refreshed("[...]\nd 4\n[...]\n", "a 2\nb\nc\nd 5\ne\n") == "[...]\nd 5\n[...]\n"
    assert refreshed("seal [...]\na 1\n", "seal abc\na 2\n") == "seal [...]\na 2\n"
    assert refreshed("a 1\n[...]\nx 4\n", "a 2\nb\nc\nd 5\n") is None


def test_a_page_that_is_wrong_fails(tmp_path):
    page = "```console\n$ esgscan issuers nobody\nCannot find the issuer 'somebody'.\n[...]\n```\n"
    shown = next(run_page(page, Session(tmp_path)))
    assert not shown.fits
    assert shown.status == 2
