"""A version as a notebook holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..backend.backend import Backend
from ..domain import version as domain
from ..domain.dataset import Label, Split
from ..domain.version import VersionDiff
from ..plots import thumbnail_strip_html
from .progress import job_bar
from .query import member
from .reports import ExportReport, loss_lines

if TYPE_CHECKING:
    from ..augment import Recipe
    from .frames import Frame, Frames, Mapped

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """Whether a version came out as it was; `libraries` that are others now, each with its version then and now."""

    same: bool
    images: int
    libraries: Mapping[str, tuple[str, str | None]]

    def __bool__(self) -> bool:
        return self.same

    def __str__(self) -> str:
        others = ", ".join(f"{name} {had} → {has or 'gone'}" for name, (had, has) in self.libraries.items())
        told = "byte for byte the same" if self.same else "not the same"
        return f"Rebuilt {self.images:,} images: {told}{f' ({others})' if others else ''}"


class Version:
    """A frozen dataset. Nothing of it ever changes; it can be exported, trained with, rebuilt, compared, deleted."""

    def __init__(self, backend: Backend, info: domain.Version, *, progress: bool = True) -> None:
        self._backend, self.info, self._progress = backend, info, progress

    @property
    def id(self) -> int:
        return self.info.id

    @property
    def number(self) -> int:
        """Its number in the dataset; it is never given out again."""
        return self.info.number

    @property
    def name(self) -> str | None:
        return self.info.name

    @property
    def note(self) -> str | None:
        return self.info.note

    @property
    def recipe(self) -> Recipe:
        """What was done to the images."""
        from ..augment import Recipe

        return Recipe.from_dict(self.info.recipe)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels of this version, as its recipe left them."""
        return self.info.labels

    @property
    def counts(self) -> Mapping[str, int]:
        """`images`, `annotations`, images of `train`, `valid` and `test`, and how many are `augmented` copies."""
        return self.info.counts

    @property
    def losses(self) -> tuple[Mapping[str, Any], ...]:
        """What happened to shapes on the way: what, why, how often, where first."""
        return self.info.losses

    @property
    def refused(self) -> tuple[Mapping[str, Any], ...]:
        """Images that could not be read and were left out, with the reason."""
        return self.info.refused

    @property
    def content_hash(self) -> str:
        """SHA-256 over recipe, seed, labels, libraries and every image with its annotations."""
        return self.info.content_hash

    # looking

    def images(self, split: Split | str | None = None) -> Frames:
        """The pictures of a split, or all of them, with what is drawn on them."""
        from .frames import Frames

        return Frames(self._backend, self.info, member(Split, split, "split") if split else None)

    def __len__(self) -> int:
        return int(self.counts["images"])

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.images())

    def diff(self, other: Version) -> VersionDiff:
        """What was added, removed and changed from this version to another."""
        return self._backend.version_diff(self.id, other.id)

    # using

    def export(
        self, format: str, output: str | Path | None = None, *, progress: bool | None = None, **options: object
    ) -> ExportReport:
        """Write a zip in a format (`coco`, `yolo`, `voc`); the report lists what the format could not hold."""
        with job_bar("Export", shown=self._shown(progress)) as move:
            target, dataset = Path(output or "."), self.info.dataset_id
            made = self._backend.export_to(dataset, format, target, options, move, version=self.id)
        return ExportReport(made.path, format, made.counts, made.losses, made.size)

    def numpy(self, split: Split | str | None = None) -> Mapped[dict[str, Any]]:
        """By place: `image` (H, W, 3) RGB (float32 where the recipe normalizes, else uint8), `boxes` (N, 4) float64
        x0 y0 x1 y1 in pixels, `classes` (N,) int64, `filename`. Loaded when asked for."""
        from .frames import Mapped, as_arrays

        return Mapped(self.images(split), as_arrays)

    def torch(
        self, split: Split | str | None = None, transform: Callable[[Any], Any] | None = None
    ) -> Mapped[tuple[Any, dict[str, Any]]]:
        """A map-style dataset for `torch.utils.data.DataLoader`: (image (3, H, W) float32, target) as torchvision's
        detectors take them, labels from 1 on. `transform` gets such a pair. Loaded when asked for."""
        from .frames import Mapped, as_tensors, wanted

        wanted("torch", "torch")
        return Mapped(self.images(split), as_tensors, transform)

    def to_supervision(self, split: Split | str | None = None) -> Any:
        """A `supervision.DetectionDataset`; pictures are loaded when asked for."""
        from .frames import detections

        return detections(self.images(split))

    def to_hf(self) -> Any:
        """A `datasets.DatasetDict` with a dataset for each split, for Hugging Face's libraries."""
        from .frames import hugging_face

        names = {"train": Split.TRAIN, "validation": Split.VALID, "test": Split.TEST}
        return hugging_face({name: self.images(split) for name, split in names.items()})

    # the version itself

    def rebuild(self, *, progress: bool | None = None) -> RebuildReport:
        """Make it once more from what it was made from, and compare. Pictures missing in the store are there again."""
        with job_bar("Rebuild", shown=self._shown(progress)) as move:
            job = self._backend.rebuild_version(self.id, move)
            result = self._backend.wait(job.id, move).result or {}
        others = {str(name): (had, has) for name, (had, has) in result["libraries"].items()}
        return RebuildReport(result["same"], result["images"], others)

    def delete(self) -> None:
        """Delete the version and its exports."""
        self._backend.delete_version(self.id)

    def _shown(self, progress: bool | None) -> bool:
        return self._progress if progress is None else progress

    def __str__(self) -> str:
        parts = [f"{self.counts[split]:,} {split}" for split in Split if self.counts.get(split)]
        head = f"{self.info.title}: {self.counts['images']:,} images ({', '.join(parts)}; "
        head += f"{self.counts['augmented']:,} augmented), {self.counts['annotations']:,} annotations"
        refused = [f"  left out {entry['filename']}: {entry['why']}" for entry in self.refused]
        return "\n".join([head, *loss_lines(self.losses), *refused])

    def __repr__(self) -> str:
        return f"<Version {self.info.title}: {self.counts['images']:,} images, {self.content_hash[:12]}>"

    def _repr_html_(self) -> str:
        shown = list(islice(self._backend.version_examples(self.id, limit=_SHOWN), _SHOWN))
        thumbnails = [
            (self._backend.version_image_bytes(self.id, image.position, thumbnail=True), image.filename)
            for image, _ in shown
        ]
        note = f"<div>{escape(self.note)}</div>" if self.note else ""
        recipe = f"<details><summary>Recipe</summary><pre>{escape(self.recipe.to_yaml())}</pre></details>"
        return f"<pre>{escape(str(self))}</pre>{note}{thumbnail_strip_html(thumbnails)}{recipe}"
