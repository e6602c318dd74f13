"""What became of an upload, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, Self

from ..domain.errors import RoboflowError

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """A picture that is in the dataset now, under this id."""

    filename: str
    image_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was not taken, the stable code of the reason, and the reason for people."""

    filename: str
    code: str
    why: str


@dataclass(slots=True)
class UploadReport:
    """What was added, what the dataset had already (same bytes), what was refused and why.

    `skipped` counts files of folders and zips that are no pictures by their suffix, e.g. `{".txt": 12}`. `in_order` has
    everything that was added, known or refused in the order of the sources; it is not part of `as_dict`.
    """

    added: list[Accepted] = field(default_factory=list[Accepted])
    known: list[Accepted] = field(default_factory=list[Accepted])
    refused: list[Refused] = field(default_factory=list[Refused])
    skipped: Counter[str] = field(default_factory=Counter[str])
    in_order: list[Accepted | RoboflowError] = field(
        default_factory=list["Accepted | RoboflowError"], compare=False, repr=False
    )

    def add(self, filename: str, image_id: int) -> None:
        """Note a new picture."""
        self.added.append(Accepted(filename, image_id))
        self.in_order.append(self.added[-1])

    def know(self, filename: str, image_id: int) -> None:
        """Note a picture whose bytes were there already, as the image with this id."""
        self.known.append(Accepted(filename, image_id))
        self.in_order.append(self.known[-1])

    def refuse(self, filename: str, error: RoboflowError) -> None:
        """Note something that was not taken."""
        self.refused.append(Refused(filename, error.code, error.message))
        self.in_order.append(error)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each: `{"added", "known", "refused", "skipped"}`."""
        return {
            "added": len(self.added),
            "known": len(self.known),
            "refused": len(self.refused),
            "skipped": self.skipped.total(),
        }

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON-ready data."""
        lists = {name: [asdict(entry) for entry in getattr(self, name)] for name in ("added", "known", "refused")}
        return {**lists, "skipped": dict(self.skipped)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The report that `as_dict` described."""
        return cls(
            [Accepted(**entry) for entry in data["added"]],
            [Accepted(**entry) for entry in data["known"]],
            [Refused(**entry) for entry in data["refused"]],
            Counter(data["skipped"]),
        )

    def __str__(self) -> str:
        return "\n".join([self._headline(), *(f"  refused {line}" for line in self._refused_lines())])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(line)}</li>" for line in self._refused_lines())
        return f"<p>{escape(self._headline())}</p>" + (f"<ul>{items}</ul>" if items else "")

    def _headline(self) -> str:
        counts = self.counts
        text = f"{counts['added']:,} added, {counts['known']:,} known already, {counts['refused']:,} refused"
        if self.skipped:
            kinds = ", ".join(f"{count:,} × {suffix or 'no suffix'}" for suffix, count in self.skipped.most_common(5))
            text += f", {counts['skipped']:,} skipped as no pictures ({kinds})"
        return text

    def _refused_lines(self) -> list[str]:
        lines = [f"{entry.filename} ({entry.code}): {entry.why}" for entry in self.refused[:SHOWN]]
        rest = len(self.refused) - SHOWN
        return [*lines, f"… and {rest:,} more, all in `refused`"] if rest > 0 else lines
