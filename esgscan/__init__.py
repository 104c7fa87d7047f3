"""Find listed surveillance companies in a portfolio, directly and through funds, with every source.

    import esgscan

    scan = esgscan.scan("pension.xlsx", as_of="2026-11-23")
    scan.exposures  # one row per company that is reached

Everything public is named in `__all__`, and loads when it is first used.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from esgscan.checks import check, check_table
    from esgscan.errors import EsgscanError, OptionError, PortfolioError, ReferenceDataError, SourceError
    from esgscan.records import Check, CheckedTable, Finding, Reading, Scan
    from esgscan.wiring import inspect, scan

__version__ = "0.1.0"

HAS_SET_THREADS = "polars" not in sys.modules and "POLARS_MAX_THREADS" not in os.environ
if HAS_SET_THREADS:
    # Sums of fractions depend on their order, and threads change it: with one, the same input gives the same bytes.
    os.environ["POLARS_MAX_THREADS"] = "1"

__all__ = [
    "Check",
    "CheckedTable",
    "EsgscanError",
    "Finding",
    "OptionError",
    "PortfolioError",
    "Reading",
    "ReferenceDataError",
    "Scan",
    "SourceError",
    "__version__",
    "check",
    "check_table",
    "inspect",
    "scan",
]

_HOMES = {
    "scan": "wiring",
    "inspect": "wiring",
    "check": "checks",
    "check_table": "checks",
    **dict.fromkeys(("Check", "CheckedTable", "Finding", "Reading", "Scan"), "records"),
    **dict.fromkeys(("EsgscanError", "OptionError", "PortfolioError", "ReferenceDataError", "SourceError"), "errors"),
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'esgscan' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"esgscan.{_HOMES[name]}"), name)
