"""What formats read and write: labels and a stream of examples, and a record of what did not survive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Protocol, runtime_checkable

from .annotation import Annotation
from .dataset import ImageState, Label, Split


@runtime_checkable
class ByteSource(Protocol):
    """A picture's bytes, wherever they lie: a file, a zip member, a stored blob."""

    @property
    def name(self) -> str:
        """Where the bytes are, for messages: a path within the folder or archive."""
        ...

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    @property
    def crc32(self) -> int | None:
        """CRC-32 of the bytes when it is already known, so that a zip need not read them twice."""
        ...

    def open(self) -> IO[bytes]:
        """A new stream at the first byte; the caller closes it."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """One image with its annotations. Width and height are pixels of the upright image.

    `image` is None where a format lists a picture that is not there (or an export leaves the pixels out).
    """

    filename: str
    width: int
    height: int
    annotations: tuple[Annotation, ...] = ()
    split: Split | None = None
    state: ImageState = ImageState.LABELED
    tags: tuple[str, ...] = ()
    image: ByteSource | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that did not survive: `what` is clipped, split, changed, dropped or noted."""

    what: str
    where: str
    why: str


class Losses:
    """A counted record of losses that stays small: every (what, why) is counted, the first few are kept in full."""

    kept_examples = 20

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.examples: dict[tuple[str, str], list[str]] = {}

    def add(self, what: str, where: str, why: str, times: int = 1) -> None:
        key = (what, why)
        self.counts[key] += times
        kept = self.examples.setdefault(key, [])
        if len(kept) < self.kept_examples:
            kept += [where] * min(times, self.kept_examples - len(kept))

    def extend(self, other: Losses) -> None:
        """Take over what another record counted."""
        self.counts.update(other.counts)
        for key, places in other.examples.items():
            kept = self.examples.setdefault(key, [])
            kept.extend(places[: self.kept_examples - len(kept)])

    def __iter__(self) -> Iterator[Loss]:
        for (what, why), places in self.examples.items():
            for where in places:
                yield Loss(what, where, why)

    def __len__(self) -> int:
        return self.counts.total()

    def total(self, what: str) -> int:
        """How many losses of one kind there were."""
        return sum(count for (kind, _), count in self.counts.items() if kind == what)

    def as_list(self) -> list[dict[str, Any]]:
        """Plain data, most frequent first: `[{"what", "why", "count", "examples"}, …]`."""
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return [
            {"what": what, "why": why, "count": count, "examples": self.examples[what, why]}
            for (what, why), count in ordered
        ]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Labels and a stream of examples that can be walked once. `losses` fills while the stream is walked."""

    labels: tuple[Label, ...]
    examples: Iterable[Example]
    count: int | None = None
    name: str = "dataset"
    losses: Losses = field(default_factory=Losses)
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
