"""What the documentation shows of the program: its commands and Python, run in order, with what they print.

A page is run in a folder of its own that holds `sample_portfolios` and the policies. In it

- a block `console` has commands after `$ ` and below each what it prints; a line `[...]` stands for any lines, and
  `[...]` in a line for anything in it. A command that does not end with status 0 is followed by `$ echo $?`;
- a block with `title="NAME"` is written to the file of that name first;
- a block `python` is run in one namespace for the page; what a `text` block below it shows is what it prints;
- a block after `<!-- not run: REASON -->` is not run.

Run it from the project's root to write what is printed now into the pages: python scripts/docs_console.py [PAGE...]
Lines that were left out stay left out.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?(?P<indent> *)```(?P<language>[\w-]+)"
    r'(?: title="(?P<title>[^"\n]+)")?\n(?P<body>.*?)^(?P=indent)```$',
    re.MULTILINE | re.DOTALL,
)
CUT = "[...]"
EDITION = re.compile(r"\d{4}-\d\d-\d\d\+[0-9a-f]{8}")
TODAY = "1795392000"
"""23 November 2026, for commands that ask for today."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page, and where its body stands."""

    language: str
    title: str
    reason: str
    body: str
    start: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that is run: what a page shows of its output, where that stands, and what was printed."""

    what: str
    expected: str
    printed: str
    start: int
    status: int = 0

    @property
    def fits(self) -> bool:
        """Whether what was printed is what is shown."""
        return fits(self.expected, self.printed)


@dataclass(slots=True)
class Session:
    """A folder in which the blocks of one page run."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    status: int = 0

    def __post_init__(self) -> None:
        """Lay out what every page may use."""
        shutil.copytree(ROOT / "sample_portfolios", self.folder / "sample_portfolios")
        shutil.copytree(ROOT / "docs" / "policies", self.folder / "docs" / "policies")

    def write(self, name: str, content: str) -> None:
        """Write a file that the page shows."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")

    def command(self, line: str) -> str:
        """Run a command, and give what it prints on both its channels."""
        if line == "echo $?":
            last, self.status = self.status, 0
            return f"{last}\n"
        program, *words = shlex.split(line)
        if program == "cat":
            return "".join((self.folder / word).read_text(encoding="utf-8-sig") for word in words)
        assert program == "esgscan", f"'{line}' is not a command of esgscan"  # noqa: S101
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "esgscan", *words],
            cwd=self.folder,
            env={**os.environ, **environment(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.status = done.returncode
        return done.stdout.removeprefix("\ufeff")

    def python(self, code: str) -> str:
        """Run Python where the page is, and give what it prints; a last expression is printed as a prompt would."""
        tree = ast.parse(code)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(tree, "page", "exec"), self.names)  # noqa: S102 - our own page
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "page", "eval"), self.names)  # noqa: S307
                if value is not None:
                    print(repr(value))
        return printed.getvalue()


def environment(folder: Path) -> dict[str, str]:
    """Give the settings under which output is the same everywhere."""
    home = str(folder / "home")
    return {"ESGSCAN_HOME": home, "COLUMNS": "80", "SOURCE_DATE_EPOCH": TODAY, "PYTHONUTF8": "1", "MPLBACKEND": "Agg"}


def blocks(text: str) -> list[Block]:
    """Give the fenced blocks of a page that name their language."""
    return [
        Block(found["language"], found["title"] or "", found["reason"] or "", found["body"], found.start("body"))
        for found in BLOCK.finditer(text)
    ]


def run_page(text: str, session: Session) -> Iterator[Shown]:
    """Run a page from top to bottom, and give what each part printed."""
    last: tuple[str, str] = ("", "")
    for block in blocks(text):
        if block.title:
            session.write(block.title, block.body)
        elif block.reason:
            continue
        elif block.language == "console":
            yield from _run_console(block, session)
        elif block.language == "python":
            last = (block.body, session.python(block.body))
            continue
        elif block.language == "text" and last[0]:
            yield Shown(last[0], block.body, last[1], block.start)
        last = ("", "")


def _run_console(block: Block, session: Session) -> Iterator[Shown]:
    place = block.start
    parts = re.split(r"^(\$ (?:.*\\\n)*.*\n)", block.body, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block begins with a command, not with {parts[0]!r}"  # noqa: S101
    place += len(parts[0])
    for line, expected in zip(parts[1::2], parts[2::2], strict=True):
        place += len(line)
        command = line.removeprefix("$ ").replace("\\\n", " ").strip()
        yield Shown(command, expected, session.command(command), place, session.status)
        place += len(expected)


def fits(expected: str, printed: str) -> bool:
    """Whether what is shown is what was printed, but for what was left out and for the edition of the data."""
    shown = [_line_pattern(line) for line in _neutral(expected).splitlines()]
    return bool(re.fullmatch("".join(shown), "".join(f"{line}\n" for line in _neutral(printed).splitlines())))


def _line_pattern(line: str) -> str:
    if line.strip() == CUT:
        return r"(?:.*\n)*?"
    return ".*?".join(re.escape(part) for part in line.split(CUT)) + r"\n"


def _neutral(text: str) -> str:
    return "\n".join(line.rstrip() for line in EDITION.sub("EDITION", text).splitlines())


def refreshed(expected: str, printed: str) -> str | None:
    """Show what is printed now, with the same lines left out; None where the place of what is left cannot be found.

    What follows lines that were left out is found again by its first line, in which numbers may have changed.
    """
    if not expected.strip():
        return printed
    lines, shown, place = printed.splitlines(), [], 0
    parts = re.split(r"^(\[\.\.\.\])\n", expected, flags=re.MULTILINE)
    for part in parts:
        wanted = part.splitlines()
        if part == CUT:
            shown.append(part)
            continue
        start = place if not shown else _found(lines, wanted, place)
        if start is None:
            return None
        place = start + len(wanted)
        now = lines[start:place] if len(parts) > 1 else lines
        shown += [_kept(before, line) for before, line in zip_longest(wanted[: len(now)], now, fillvalue="")]
    return "".join(f"{line}\n" for line in shown)


def _kept(before: str, now: str) -> str:
    """Keep a line in which something was left out, where it still fits."""
    return before if CUT in before and re.fullmatch(_line_pattern(before), f"{now}\n") else now


def _found(lines: list[str], wanted: list[str], place: int) -> int | None:
    first = next((n for n, line in enumerate(wanted) if line.strip()), None)
    if first is None:
        return place
    shape = _shape(wanted[first])
    return next((n - first for n in range(place + first, len(lines)) if _shape(lines[n]) == shape), None)


def _shape(line: str) -> str:
    return re.sub(r"[\d.,%]+", "0", line)


def pages() -> list[Path]:
    """Give every page that a reader may follow."""
    samples = ROOT / "sample_portfolios" / "README.md"
    return [ROOT / "README.md", samples, *sorted((ROOT / "docs").rglob("*.md"))]


def main() -> int:
    """Run the pages that were named, or all, and write what they print."""
    stale = 0
    for path in [Path(one).resolve() for one in sys.argv[1:]] or pages():
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            found = [one for one in run_page(text, Session(Path(folder))) if not one.fits]
        for one in reversed(found):
            now = refreshed(one.expected, one.printed)
            if now is None:
                stale += 1
                print(f"{path.name}: what '{one.what}' shows is not printed any more:\n{one.printed}", file=sys.stderr)
                continue
            text = text[: one.start] + now + text[one.start + len(one.expected) :]
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path.relative_to(ROOT)}: {len(found)} changed")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
