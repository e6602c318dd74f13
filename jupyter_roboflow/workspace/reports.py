"""What an import, an export and a health check say when they are shown in a notebook or printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.errors import Invalid
from ..domain.health import Health
from ..domain.health.report import as_html

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought: the detected format, counts, and what was changed, dropped or noted on the way."""

    format: str
    counts: Mapping[str, int]
    losses: tuple[Mapping[str, Any], ...]
    refused: tuple[Mapping[str, str], ...] = ()

    def __str__(self) -> str:
        added = f"{self.counts['images_added']:,} images, {self.counts['annotations_added']:,} annotations"
        known = f"{self.counts['images_known']:,} images, {self.counts['annotations_known']:,} annotations"
        lines = [f"Imported {added} ({self.format}); already there: {known}", *loss_lines(self.losses)]
        lines += [f"  refused {entry['filename']}: {entry['why']}" for entry in self.refused]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """Where an export is, what is in it, and what the format could not hold."""

    path: Path
    format: str
    counts: Mapping[str, int]
    losses: tuple[Mapping[str, Any], ...]
    size: int

    def __str__(self) -> str:
        head = f"Exported {_counted(self.counts)} as {self.format} to {self.path} ({self.size:,} bytes)"
        return "\n".join([head, *loss_lines(self.losses)])

    def __fspath__(self) -> str:
        return str(self.path)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class HealthReport:
    """A dataset's health as data (`data`, `to_dict()`), as sentences (`warnings`) and as plots (`figure()`)."""

    def __init__(self, data: Health) -> None:
        self.data = data

    @property
    def warnings(self) -> Sequence[str]:
        """What deserves a look, each with what to do."""
        return self.data.warnings

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON-ready data."""
        return self.data.to_dict()

    def figure(self, paper: str = "light") -> Figure:
        """Class balance, objects per image, sizes, heat maps as one matplotlib figure on light, dark or clear paper."""
        from ..plots import health_figure

        return health_figure(self.data, paper=paper)

    def save_figure(self, path: Path) -> None:
        """Write the plots to a file; its suffix says what kind: `.png`, `.svg`, `.pdf`."""
        figure, kind = self.figure(), Path(path).suffix.lower().removeprefix(".")
        if kind not in ("png", "svg", "pdf"):
            raise Invalid(f"{path}: plots are written as .png, .svg or .pdf, choose one of them.", code="bad_suffix")
        try:
            figure.savefig(path, dpi=110)  # pyright: ignore[reportUnknownMemberType]
        except OSError as error:
            raise Invalid(f"{path} cannot be written ({error}): choose another place.", code="not_writable") from error

    def __repr__(self) -> str:
        return repr(self.data)

    def __str__(self) -> str:
        return str(self.data)

    def _repr_html_(self) -> str:
        from ..plots import figure_html

        return as_html(self.data) + figure_html(self.figure("clear"))


def loss_lines(losses: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line a kind of loss: what, how often, why, and where first."""
    return [
        f"  {loss['what']} {loss['count']:,}×: {loss['why']}"
        + (f" (first: {', '.join(list(dict.fromkeys(loss['examples']))[:2])})" if loss["examples"] else "")
        for loss in losses
    ]


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counts.items())
