"""What a model proposes, until somebody accepts or rejects it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from ..backend.backend import Backend, OnProgress
from ..domain.annotation import Annotation, make_annotation_id
from ..domain.errors import Invalid
from ..domain.shapes import Shape
from .annotator import Annotator
from .dataset_source import DatasetSource

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Proposer = Callable[["NDArray[np.uint8]"], "Iterable[tuple[str, Shape, float]]"]
"""From a picture (H, W, 3) uint8 RGB to (label, shape in its pixels, score from 0 to 1)."""

WAITING, ACCEPTED, REJECTED = "waiting", "accepted", "rejected"


@dataclass(slots=True)
class Proposal:
    """An annotation that somebody may take over. `verdict` is waiting, accepted or rejected."""

    annotation: Annotation
    score: float
    provenance: str
    verdict: str = field(default=WAITING)


class Proposals:
    """Proposals on images of a dataset. Nothing is saved before it is accepted: by `Y`, or all above a score."""

    def __init__(self, backend: Backend, dataset_id: int, found: Mapping[int, Sequence[Proposal]]) -> None:
        self._backend = backend
        self._dataset_id = dataset_id
        self._found = found

    def annotate(self, *, height: int = 560) -> Annotator:
        """The annotator on these images, proposals dashed: `Y` accepts, `X` rejects, a slider takes all above."""
        source = DatasetSource(self._backend, self._dataset_id, list(self._found))
        return Annotator(source, proposed=self, height=height)

    def __len__(self) -> int:
        return sum(len(proposals) for proposals in self._found.values())

    def __getitem__(self, image_id: int) -> tuple[Proposal, ...]:
        return tuple(self._found[image_id])

    @property
    def accept_rate(self) -> dict[str, float]:
        """The share of the judged proposals that were accepted, by label; a label with none judged is left out."""
        judged, accepted = Counter[str](), Counter[str]()
        for proposal in self._all():
            judged[proposal.annotation.label] += proposal.verdict != WAITING
            accepted[proposal.annotation.label] += proposal.verdict == ACCEPTED
        return {label: accepted[label] / count for label, count in judged.items() if count}

    def counts(self) -> dict[str, dict[str, int]]:
        """How many are waiting, accepted and rejected, by label."""
        counted: dict[str, dict[str, int]] = {}
        for proposal in self._all():
            of = counted.setdefault(proposal.annotation.label, {WAITING: 0, ACCEPTED: 0, REJECTED: 0})
            of[proposal.verdict] += 1
        return counted

    def _all(self) -> Iterable[Proposal]:
        return (proposal for proposals in self._found.values() for proposal in proposals)

    def wire(self, image_id: int) -> list[dict[str, Any]]:
        """What is still waiting on an image, as it goes to the view."""
        return [
            {
                "id": proposal.annotation.id,
                "label": proposal.annotation.label,
                "shape_type": proposal.annotation.shape.kind,
                "geometry": proposal.annotation.shape.geometry(),
                "attributes": dict(proposal.annotation.attributes),
                "score": proposal.score,
                "provenance": proposal.provenance,
            }
            for proposal in self._found.get(image_id, ())
            if proposal.verdict == WAITING
        ]

    def judge(self, image_id: int, annotated: Iterable[str], waiting: Iterable[str]) -> None:
        """Takes over what the view shows: ids among the annotations are accepted, ids nowhere are rejected."""
        taken, left = set(annotated), set(waiting)
        for proposal in self._found.get(image_id, ()):
            key = proposal.annotation.id
            proposal.verdict = ACCEPTED if key in taken else WAITING if key in left else REJECTED

    def __repr__(self) -> str:
        rates = ", ".join(f"{label} {rate:.0%}" for label, rate in self.accept_rate.items())
        return f"<{len(self):,} proposals on {len(self._found):,} images; accepted: {rates or 'none judged yet'}>"

    def _repr_html_(self) -> str:
        head = "<tr><th>Label</th><th>Proposed</th><th>Accepted</th><th>Rejected</th><th>Accept rate</th></tr>"
        rates = self.accept_rate
        rows = "".join(
            f"<tr><td>{escape(label)}</td><td>{sum(of.values()):,}</td><td>{of[ACCEPTED]:,}</td>"
            f"<td>{of[REJECTED]:,}</td><td>{f'{rates[label]:.0%}' if label in rates else '–'}</td></tr>"
            for label, of in self.counts().items()
        )
        return f"<table>{head}{rows}</table>"


def propose(
    backend: Backend,
    dataset_id: int,
    images: Sequence[tuple[int, Callable[[], NDArray[np.uint8]]]],
    fn: Proposer,
    on_progress: OnProgress | None = None,
) -> Proposals:
    """What a function proposes for images, given as ids and what loads their pixels."""
    labels = {label.name for label in backend.labels(dataset_id)}
    name = str(getattr(fn, "__qualname__", "") or type(fn).__name__)
    found: dict[int, list[Proposal]] = {}
    for done, (image_id, pixels) in enumerate(images):
        picture = pixels()
        size_wh = (picture.shape[1], picture.shape[0])
        found[image_id] = [
            piece for given in fn(picture) for piece in _proposals(given, labels, size_wh, name, image_id)
        ]
        if on_progress is not None:
            on_progress(done + 1, len(images), "")
    return Proposals(backend, dataset_id, found)


def _proposals(
    given: object, labels: set[str], size_wh: tuple[int, int], provenance: str, image_id: int
) -> list[Proposal]:
    """A proposal clipped to its picture: none, one or several."""
    label, shape, score = _checked(given, image_id)
    if label not in labels:
        raise Invalid(
            f"Image {image_id}: {label!r} is no label of the dataset: `add_label` it first.", code="unknown_label"
        )
    pieces = shape.clip(size_wh)
    return [Proposal(Annotation(piece, label, {}, make_annotation_id()), score, provenance) for piece in pieces]


def _checked(given: Any, image_id: int) -> tuple[str, Shape, float]:
    is_list = type(given) in (tuple, list)
    triple: tuple[Any, ...] = tuple(given) if is_list else ()
    if len(triple) != 3 or not isinstance(triple[0], str) or not isinstance(triple[1], Shape):
        raise Invalid(
            f"Image {image_id}: the function gives (label, shape, score), such as ('cat', rf.BBox(1, 2, 3, 4), 0.9), "
            f"not {str(given)[:80]}.",
            code="bad_proposal",
        )
    score = float(triple[2])
    if not 0 <= score <= 1:
        raise Invalid(f"Image {image_id}: a score is from 0 to 1, not {score:g}.", code="bad_proposal")
    return triple[0], triple[1], score
