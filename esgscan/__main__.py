"""The program: `esgscan` and `python -m esgscan`."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from esgscan.cli import main, unwritten

ORDERLY = frozenset({"uvicorn", "pyspark"})
"""What counts on an orderly end of the process: a server and its workers, Spark and its Java."""


def run() -> NoReturn:
    """Run a command, and end the process there and then.

    What the command built need not be taken apart first: freeing the cells of a large portfolio one by one takes a
    twentieth of the whole time.
    """
    try:
        main()
        status: str | int | None = 0
    except SystemExit as stop:
        status = stop.code
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError as error:
        status = unwritten(error)
    if isinstance(status, int) and not ORDERLY & sys.modules.keys():
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    run()
