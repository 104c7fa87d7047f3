"""Stand-ins for the protocols and for the parts of a run that a test does not look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.quotes import Quote
from esgscan.records import Run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from esgscan.quotes import Wanted
    from esgscan.records import FundFile, Scan


@dataclass(frozen=True, slots=True)
class SilentReporter:
    """Renders nothing, and fails where a test makes it render."""

    def write(self, scan: Scan, path: Path) -> None:
        raise AssertionError(f"not asked to write {scan.as_of} to {path}")

    def plot_weights(self, scan: Scan) -> Axes:
        raise AssertionError(f"not asked to draw {scan.as_of}")


INVENTED_RUN = Run(
    version="0.0.0",
    edition="2026-11-23+00000000",
    edition_hash="0" * 64,
    generated_at="2026-11-23T00:00:00Z",
    inputs={},
    options={},
)


@dataclass(slots=True)
class FakeQuotes:
    """A source of quotes that knows what a test wrote down, and refuses after `patience` questions."""

    closes: Mapping[str, tuple[float, str, date]] = field(default_factory=dict)
    patience: int = 1000
    name: str = "Invented Quotes"
    asked: list[str] = field(default_factory=list)

    def rate(self, currency: str, base: str, *, on: date) -> Quote | None:
        return self._answer(f"{currency}{base}", on)

    def price(self, wanted: Wanted, *, on: date) -> Quote | None:
        return self._answer(f"{wanted.code}.{wanted.mic}" if wanted.code else wanted.isin, on)

    def _answer(self, symbol: str, on: date) -> Quote | None:
        self.asked.append(symbol)
        if len(self.asked) > self.patience:
            raise SourceError("Invented Quotes refuses more look-ups for now.", where=symbol, mend="try again later")
        if symbol not in self.closes:
            return None
        value, currency, day = self.closes[symbol]
        assert day <= on
        return Quote(
            symbol=symbol, value=value, currency=currency, day=day, source=self.name, retrieved_on=date(2026, 11, 24)
        )


class FakeHoldings:
    """A publisher of the holdings of a few funds."""

    name = "Invented Holdings"

    def __init__(self, files: Mapping[str, FundFile]) -> None:
        self.files = files
        self.asked: list[str] = []

    def find(self, ticker: str, *, on: date) -> FundFile | None:
        self.asked.append(ticker)
        file = self.files.get(ticker)
        return file if file and file.funds["as_of"][0] <= on else None
