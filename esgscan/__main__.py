"""The program: `esgscan` and `python -m esgscan`."""

from __future__ import annotations

from esgscan.cli import main

if __name__ == "__main__":
    main()
