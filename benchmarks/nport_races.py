"""Races of the readers of Form N-PORT: one large filing against edgartools, a quarter of filings against DuckDB."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

from nports import write_filing, write_quarter
from timing import Race

if TYPE_CHECKING:
    from pathlib import Path

SMOKE_LINES, FULL_LINES = 200, 10_000
SMOKE_QUARTER, FULL_QUARTER = 2_000, 1_000_000
LINES_OF_A_FILING = 500

OURS = "from esgscan.sources.holdings import read_holdings; read_holdings({path!r})"
EDGARTOOLS = (
    "from pathlib import Path; from edgar.funds.reports import FundReport;"
    " FundReport(**FundReport.parse_fund_xml(Path({path!r}).read_text())).investment_data()"
)
OUR_QUARTER = (
    "import os, tempfile; from esgscan.funds import add_funds\n"
    "with tempfile.TemporaryDirectory() as folder:\n"
    "    os.environ['ESGSCAN_HOME'] = folder\n"
    "    assert [file.error for file in add_funds([{path!r}])] == [None]"
)
DUCKDB = (
    "import duckdb; from pathlib import Path\n"
    "for file in Path({path!r}).iterdir():\n"
    "    reading = f\"read_csv('{{file}}', delim = '\\t', header = true, quote = '')\"\n"
    "    duckdb.execute(f'CREATE TABLE {{file.stem}} AS SELECT * FROM {{reading}}')"
)


def races(folder: Path, *, is_smoke: bool) -> list[Race]:
    """Write the files and list the races; a rival that is not installed is left out, and that is said."""
    filing, quarter = folder / "primary_doc.xml", folder / "quarter"
    lines = SMOKE_LINES if is_smoke else FULL_LINES
    in_quarter = SMOKE_QUARTER if is_smoke else FULL_QUARTER
    write_filing(filing, lines=lines)
    write_quarter(quarter, filings=in_quarter // LINES_OF_A_FILING, lines=in_quarter)
    found = [
        Race(
            name=f"N-PORT quarter of {in_quarter:,} lines : duckdb.read_csv",
            ours=_python(OUR_QUARTER, quarter),
            theirs=_python(DUCKDB, quarter),
            target=2.0,
        )
    ]
    if importlib.util.find_spec("edgar") is None:
        print("N-PORT XML : edgartools  left out: edgartools is not installed (pip install 'esgscan[sec]')")
        return found
    filed = Race(
        name=f"N-PORT XML of {lines:,} lines : edgartools",
        ours=_python(OURS, filing),
        theirs=_python(EDGARTOOLS, filing),
        target=1 / 3,
    )
    return [filed, *found]


def _python(program: str, path: Path) -> list[str]:
    return [sys.executable, "-c", program.format(path=str(path))]
