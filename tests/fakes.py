"""Stand-ins for the protocols and for the parts of a run that a test does not look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.records import Run

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from esgscan.records import Scan


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
