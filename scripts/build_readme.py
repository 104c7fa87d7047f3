"""Put a run of the README's own command, cut to its beginning and its coverage, into the README.

Run it from the project's root after a change of the report or of the data: python scripts/build_readme.py
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- run:begin -->\n", "<!-- run:end -->"
COMMAND = ["scan", "sample_portfolios/pension_fund.xlsx", "--as-of", "2026-11-23"]
CUT = "[...]"
LINES_OF_A_MEASURE = 2


def main() -> None:
    """Run the command and write the README."""
    run = [sys.executable, "-m", "esgscan", *COMMAND]
    printed = subprocess.run(run, cwd=README.parent, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603
    text = README.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    shown = "\n".join([f"$ esgscan {' '.join(COMMAND)}", *excerpt(printed)])
    README.write_text(f"{before}{BEGIN}```text\n{shown}\n```\n{END}{after}", encoding="utf-8", newline="\n")


def excerpt(printed: list[str]) -> list[str]:
    """Keep the head, the largest company with two of its measures, and the coverage."""
    table = _at(printed, "Flagged company")
    company = _at(printed, "Hangzhou Hikvision Digital Technology Co., Ltd. ", table)
    measures = _at(printed, "  IN FORCE", company)
    ban = _at(printed, "    - NS-CMIC", measures)
    coverage = _at(printed, "COVERAGE", ban)
    return [
        *printed[: table + 12],
        CUT,
        "",
        *printed[company : company + 9],
        CUT,
        *printed[measures : measures + 1 + LINES_OF_A_MEASURE],
        CUT,
        *printed[ban : ban + LINES_OF_A_MEASURE],
        CUT,
        "",
        *printed[coverage : _at(printed, "WHAT THE CEILING", coverage) - 1],
    ]


def _at(printed: list[str], start: str, first: int = 0) -> int:
    return next(n for n in range(first, len(printed)) if printed[n].startswith(start))


if __name__ == "__main__":
    main()
