"""Measure esgscan beside its rivals and print the ratios.

Run from the project's root, in its environment: python benchmarks/run.py [--smoke]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import market_races
import nport_races
from names import have_same_pairs, write_names
from portfolios import write_portfolio
from timing import Race, Result, run_race

SMOKE_LINES, FULL_LINES = 500, 10_000
SMOKE_INSPECTED, FULL_INSPECTED = 500, 100_000
SMOKE_NAMES, FULL_NAMES = 5_000, 250_000
SMOKE_ROUNDS, FULL_ROUNDS = 1, 11
ROUNDS_OF_NAMES = 3


def main() -> int:
    """Run every race; 1 if a command fails or, in a full run, if a target is missed."""
    arguments = read_arguments()
    lines, rounds = (SMOKE_LINES, SMOKE_ROUNDS) if arguments.smoke else (FULL_LINES, FULL_ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        portfolio = Path(folder) / "portfolio.xlsx"
        write_portfolio(portfolio, lines=lines)
        inspected = Path(folder) / "inspected.xlsx"
        write_portfolio(inspected, lines=SMOKE_INSPECTED if arguments.smoke else FULL_INSPECTED)
        names = SMOKE_NAMES if arguments.smoke else FULL_NAMES
        write_names(Path(folder), names)
        try:
            subprocess.run(workbooks("prepare", portfolio, folder), check=True, stderr=subprocess.PIPE)
            all_races = [
                *races(portfolio, lines=lines, names=names, folder=folder),
                race_of_inspection(inspected),
                *nport_races.races(Path(folder), is_smoke=arguments.smoke),
                *market_races.races(Path(folder), is_smoke=arguments.smoke, esgscan=installed_command("esgscan")),
            ]
            results = [announce(run_race(race, rounds=rounds)) for race in all_races]
        except subprocess.CalledProcessError as error:
            print(f"A command failed with status {error.returncode}: {error.cmd}", file=sys.stderr)
            print(error.stderr.decode(errors="replace"), file=sys.stderr)
            return 1
        if not have_same_pairs(Path(folder)):
            print("The index and cdist did not find the same matches, or none.", file=sys.stderr)
            return 1
    return 0 if arguments.smoke or all(result.is_reached for result in results) else 1


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a short run that shows only that everything still works")
    return parser.parse_args()


def races(portfolio: Path, *, lines: int, names: int, folder: str) -> list[Race]:
    """List what is measured, against what, and the ratio to reach."""
    python, esgscan = sys.executable, installed_command("esgscan")
    read = f"import pandas; pandas.read_excel({str(portfolio)!r}, engine='calamine')"
    return [
        Race(
            name="esgscan --help : import click",
            ours=[esgscan, "--help"],
            theirs=[python, "-c", "import click"],
            target=1.5,
        ),
        Race(
            name=f"scan of {lines:,} lines : pandas.read_excel",
            ours=[esgscan, "scan", str(portfolio), "--as-of", "2026-11-23", "--format", "json"],
            theirs=[python, "-c", read],
            target=2.0,
        ),
        Race(
            name=f"workbook of {lines:,} lines : xlsxwriter",
            ours=workbooks("ours", folder),
            theirs=workbooks("theirs", folder),
            target=1.5,
        ),
        race_of_names(portfolio.parent, names),
    ]


def race_of_inspection(workbook: Path) -> Race:
    """Say how a workbook is read, against the bare reading of its cells."""
    read = f"import python_calamine as c; c.load_workbook({str(workbook)!r}).get_sheet_by_index(0).to_python()"
    return Race(
        name="inspection of a workbook : python-calamine",
        ours=[installed_command("esgscan"), "inspect", str(workbook), "--format", "json"],
        theirs=[sys.executable, "-c", read],
        target=2.0,
    )


def race_of_names(folder: Path, names: int) -> Race:
    """Give the race of names against all known spellings; both sides are timed once the keys of the names are made."""
    command = [sys.executable, str(Path(__file__).with_name("names.py"))]
    return Race(
        name=f"{names:,} names by index : rapidfuzz cdist",
        ours=[*command, "index", str(folder)],
        theirs=[*command, "pairs", str(folder)],
        target=1 / 50,
        is_timed_inside=True,
        rounds=ROUNDS_OF_NAMES,
        environment={"POLARS_MAX_THREADS": "1"},  # as a scan sets it
    )


def workbooks(*arguments: Path | str) -> list[str]:
    """Give a command of `workbooks.py`, beside this file."""
    return [sys.executable, str(Path(__file__).with_name("workbooks.py")), *map(str, arguments)]


def installed_command(name: str) -> str:
    """Find a command that is installed beside this interpreter."""
    folder = str(Path(sys.executable).parent)
    path = shutil.which(name, path=folder)
    if path is None:
        sys.exit(f"{name} is not installed in {folder}; install it with: pip install -e '.[test]'")
    return path


def announce(result: Result) -> Result:
    """Print one result on one line."""
    verdict = "reached" if result.is_reached else "missed"
    print(
        f"{result.race.name:<44} {result.ratio:6.3f} x   "
        f"({result.ours:.3f} s : {result.theirs:.3f} s; target {result.race.target:.3g} x, {verdict})",
        flush=True,
    )
    return result


if __name__ == "__main__":
    sys.exit(main())
