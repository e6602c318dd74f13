"""What is measured of each contender."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error

from ..browser import PATIENCE

PROBE = Path(__file__).parent / "page" / "probe.js"

ROWS: Mapping[str, str] = {
    "open": "open to all shapes painted",
    "pan": "frame while panning",
    "drag": "frame while dragging a shape",
    "latency": "input to paint",
    "save": "finished box to row committed",
    "next": "next image, loaded ahead",
    "next-cold": "next image, not loaded ahead",
}

FRAMES: Mapping[str, str] = {row: ROWS[row] for row in ("pan", "drag")}


class GaveUp(Exception):
    """A step took longer than anybody waits: what follows on the same page is not tried."""


@dataclass(slots=True)
class Found:
    """Milliseconds by row; a row without any has a reason."""

    ms: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    why: dict[str, str] = field(default_factory=dict[str, str])
    canvas: tuple[int, int] | None = None
    gave_up: str = ""

    def add(self, row: str, value: float) -> None:
        self.extend(row, [value])

    def extend(self, row: str, values: list[float]) -> None:
        self.ms.setdefault(row, []).extend(values)

    @contextmanager
    def step(self, row: str) -> Generator[None]:
        """Ends the measurement of this contender when it takes too long."""
        try:
            yield
        except (TimeoutError, Error) as error:
            late = isinstance(error, TimeoutError) or "Timeout" in str(error)
            self.why[row] = f"did not finish in {PATIENCE} s" if late else str(error).splitlines()[0][:200]
            self.gave_up = row
            raise GaveUp(row) from error
