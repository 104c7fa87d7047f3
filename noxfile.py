"""What one does with the project: set it up, test, lint, build the documentation, measure. `.ci/run` does all of it.

`nox --list` names the sessions. Each runs in the environment that it is started from (`.venv`), so that an editor, a
commit and continuous integration agree.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "test", "docs"]

EXTRAS = ".[test,docs]"


def program(name: str) -> str:
    """Find a program beside this interpreter, as in an environment that is not active."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or name


@nox.session
def setup(session: nox.Session) -> None:
    """Install the project with all that tests, lint and documentation need; the argument `spark` adds Spark."""
    extras = EXTRAS.replace("]", "," + ",".join(session.posargs) + "]") if session.posargs else EXTRAS
    session.run(sys.executable, "-m", "pip", "install", "--quiet", "-e", extras)


@nox.session
def test(session: nox.Session) -> None:
    """Run the tests; arguments go to pytest."""
    session.run(program("pytest"), *session.posargs)


@nox.session
def spark(session: nox.Session) -> None:
    """Run the stages on Spark a second time, and kill a hundred writers of the holdings store."""
    session.run(program("pytest"), "-q", "-m", "spark", env={"SPARK_TESTS": "required"})
    session.run(program("pytest"), "-q", "tests/store/test_kills.py", env={"ESGSCAN_KILLS": "100"})


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and the directions of imports."""
    session.run(program("ruff"), "check")
    session.run(program("ruff"), "format", "--check")
    session.run(program("mypy"))
    session.run(program("lint-imports"))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into a folder, site/ if none is given; a warning is an error."""
    folder = session.posargs[0] if session.posargs else "site"
    session.run(
        program("mkdocs"), "build", "--strict", "--quiet", "--site-dir", folder, env={"NO_MKDOCS_2_WARNING": "1"}
    )


@nox.session
def write(session: nox.Session) -> None:
    """Write again what is generated: pages, schemas, and what the pages show of the program."""
    session.run(sys.executable, "scripts/build_docs.py")
    for name, module in (("scan-1", "schema"), ("check-1", "check_json")):
        with Path(f"docs/schema/{name}.json").open("w", encoding="utf-8", newline="\n") as file:
            session.run(sys.executable, "-m", f"esgscan.report.{module}", stdout=file)
    session.run(sys.executable, "scripts/docs_console.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Race the program against its rivals; `nox -s bench -- --smoke` only shows that everything still runs."""
    session.run(sys.executable, "benchmarks/run.py", *session.posargs)
