"""The one interface that all hosts talk to. Each method checks what the acting user may do, and raises otherwise."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..assist.prompt import Prompt
from ..domain.annotation import Annotation, AnnotationSet
from ..domain.dataset import Dataset, Image, ImageState, Label, Split
from ..domain.export import Export
from ..domain.health import Health
from ..domain.job import Job
from ..domain.page import ImageFilter, Page
from ..domain.preview import PreviewItem
from ..domain.shapes import Shape
from ..domain.user import DatasetRole, User
from ..domain.version import Version, VersionDiff, VersionImage
from ..ingest.report import UploadReport
from .changes import ChangedImages, Relabeled, RelabelUndo
from .changes import ImageChange as ImageChange

OnProgress: TypeAlias = "Callable[[float, float, str], None]"
"""Told (done, total, message) from time to time; total is 0 while it is not known."""

XY: TypeAlias = "tuple[float, float]"
"""A point in pixels of the upright image."""

EVERY_IMAGE = ImageFilter()


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """An export in a file of one's own; `size` is in bytes."""

    path: Path
    size: int
    counts: Mapping[str, int]
    losses: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LabelWish:
    """A label as it should be: the one with this id, or a new one; without a colour it keeps or gets one."""

    name: str
    color: str | None = None
    id: int | None = None


class Backend(ABC):
    """Everything a person or program can ask for, for one acting user.

    A dataset the user may not see raises `NotFound`, an action the user may not take raises `NotAllowed`.
    """

    @property
    @abstractmethod
    def user(self) -> User:
        """Who is acting."""

    @abstractmethod
    def close(self) -> None:
        """Let go of connections and child processes."""

    # datasets

    @abstractmethod
    def create_dataset(self, name: str, metadata: Mapping[str, Any] | None = None) -> Dataset: ...

    @abstractmethod
    def list_datasets(self, search: str | None = None, page: int = 1, limit: int = 100) -> Page[Dataset]: ...

    @abstractmethod
    def get_dataset(self, dataset_id: int) -> Dataset: ...

    @abstractmethod
    def find_dataset(self, name: str) -> Dataset:
        """The dataset of that name, one's own before those of others."""

    @abstractmethod
    def update_dataset(
        self, dataset_id: int, *, name: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> Dataset: ...

    @abstractmethod
    def delete_dataset(self, dataset_id: int) -> Job | None:
        """Delete a dataset with its images, annotations, versions and exports. The audit log stays.

        It is gone for everybody at once. A large one's storage is freed by the job that is returned; None: all is done.
        """

    @abstractmethod
    def collaborators(self, dataset_id: int) -> tuple[tuple[str, DatasetRole], ...]: ...

    @abstractmethod
    def set_collaborator(self, dataset_id: int, username: str, role: DatasetRole) -> None: ...

    @abstractmethod
    def remove_collaborator(self, dataset_id: int, username: str) -> None: ...

    @abstractmethod
    def audit(self, dataset_id: int, page: int = 1, limit: int = 100) -> Page[Mapping[str, Any]]: ...

    @abstractmethod
    def health(self, dataset_id: int) -> Health: ...

    # labels

    @abstractmethod
    def labels(self, dataset_id: int) -> tuple[Label, ...]:
        """The labels in their display order."""

    @abstractmethod
    def add_label(self, dataset_id: int, name: str, color: str | None = None) -> Label: ...

    @abstractmethod
    def edit_label(
        self, dataset_id: int, name: str, *, new_name: str | None = None, color: str | None = None
    ) -> Label: ...

    @abstractmethod
    def reorder_labels(self, dataset_id: int, names: Sequence[str]) -> tuple[Label, ...]:
        """Change the display order; export numbers stay."""

    @abstractmethod
    def set_labels(self, dataset_id: int, wanted: Sequence[LabelWish]) -> tuple[Label, ...]:
        """Bring the labels to exactly these, in this order, in one step; one that is not named and in use is a
        `Conflict`."""

    @abstractmethod
    def merge_labels(self, dataset_id: int, source: str, target: str) -> int:
        """Give all annotations of one label to another and delete it; how many were moved."""

    @abstractmethod
    def delete_label(self, dataset_id: int, name: str, reassign_to: str | None = None) -> None: ...

    # images

    @abstractmethod
    def upload(
        self,
        dataset_id: int,
        sources: Any,
        *,
        split: Split | None = None,
        tags: Sequence[str] = (),
        on_progress: OnProgress | None = None,
    ) -> UploadReport:
        """Add pictures; one bad file never stops the rest. Sources: see `ingest.sources`."""

    @abstractmethod
    def images(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, page: int = 1, limit: int = 100, sort: str = "id"
    ) -> Page[Image]: ...

    @abstractmethod
    def image_ids(self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, sort: str = "id") -> list[int]: ...

    @abstractmethod
    def known_images(self, dataset_id: int, sha256s: Sequence[str]) -> Mapping[str, int]:
        """Which of these hashes (hex SHA-256 of original files) the dataset has already, and as which images."""

    @abstractmethod
    def get_image(self, image_id: int) -> Image: ...

    @abstractmethod
    def image_bytes(self, image_id: int) -> bytes:
        """The original file, untouched."""

    @abstractmethod
    def thumbnails(self, image_ids: Sequence[int]) -> list[bytes]:
        """Small upright pictures, longest side 256 pixels, in the order of the ids."""

    @abstractmethod
    def update_images(self, dataset_id: int, image_ids: Sequence[int], change: ImageChange) -> None: ...

    @abstractmethod
    def delete_images(self, dataset_id: int, image_ids: Sequence[int]) -> int: ...

    @abstractmethod
    def change_images_where(
        self, dataset_id: int, where: ImageFilter, change: ImageChange, *, expected: int | None = None
    ) -> ChangedImages:
        """Change every image that fits, all or none. `Conflict` (`other_images`) if they are not as many as expected:
        somebody added, changed or deleted some since they were counted."""

    @abstractmethod
    def delete_images_where(self, dataset_id: int, where: ImageFilter, *, expected: int | None = None) -> int:
        """Delete every image that fits; how many. `expected` as in `change_images_where`."""

    @abstractmethod
    def relabel_images_where(
        self,
        dataset_id: int,
        where: ImageFilter,
        target: str,
        *,
        source: str | None = None,
        expected: int | None = None,
    ) -> Relabeled:
        """Give annotations of the label `source` (None: of any label) on the images that fit the label `target`."""

    @abstractmethod
    def undo_relabeling(self, dataset_id: int, undo: Sequence[RelabelUndo]) -> Relabeled:
        """Give annotations the label they had before `relabel_images_where`, all or none; those that somebody has
        changed since stay as they are. How many got it back."""

    @abstractmethod
    def tags(self, dataset_id: int) -> Mapping[str, int]:
        """Every tag in use, in alphabetical order, and how many images have it."""

    @abstractmethod
    def split_images(
        self,
        dataset_id: int,
        fractions: Mapping[Split, float],
        *,
        seed: int = 0,
        groups: Mapping[int, str] | None = None,
        stratify: bool = False,
    ) -> Mapping[Split, int]:
        """Give every image a split; how many got which. The same seed gives the same splits.

        `groups` maps image ids to a key: images of one key stay together. `stratify` keeps each label's share.
        """

    # annotations

    @abstractmethod
    def annotations(self, image_id: int) -> AnnotationSet: ...

    @abstractmethod
    def annotation_counts(self, dataset_id: int, image_ids: Sequence[int]) -> Mapping[int, int]:
        """How many annotations each of these images has; `NotFound` names one that is not in the dataset."""

    @abstractmethod
    def save_annotations(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, *, state: ImageState | None = None
    ) -> AnnotationSet:
        """Replace the set that was loaded at `revision`; a stale revision raises `Conflict` with the current set."""

    @abstractmethod
    def add_annotation(self, image_id: int, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        """The set with one more annotation, its last; with a revision only if the set is still that of it."""

    @abstractmethod
    def change_annotation(self, annotation: Annotation, revision: int | None = None) -> AnnotationSet:
        """The set with this in place of the annotation of the same id, at the same place in z-order."""

    @abstractmethod
    def delete_annotation(self, annotation_id: str, revision: int | None = None) -> AnnotationSet:
        """The set without the annotation of that id."""

    @abstractmethod
    def examples(
        self, dataset_id: int, where: ImageFilter = EVERY_IMAGE, *, after: int = 0, limit: int | None = None
    ) -> Generator[tuple[Image, tuple[Annotation, ...]]]:
        """Every image that fits with its annotations, in the order of ids, a chunk in memory at a time.

        Only ids higher than `after`, and `limit` images if it is given.
        """

    # help with drawing

    @abstractmethod
    def suggest_outline(self, image_id: int, prompt: Prompt) -> tuple[Shape, ...]:
        """The outline of what a box or strokes point at, the likeliest first; empty when nothing is found."""

    @abstractmethod
    def suggest_path(self, image_id: int, start: XY, end: XY) -> tuple[XY, ...]:
        """Points along an edge from one point to another, both included; asked again as the end moves it is quick."""

    # versions

    @abstractmethod
    def preview_recipe(
        self,
        dataset_id: int,
        recipe: Mapping[str, Any],
        *,
        image_ids: Sequence[int] | None = None,
        count: int = 6,
        copies: int = 1,
        side: int = 640,
    ) -> list[PreviewItem]:
        """What a recipe (plain data) would make of a few images, small. Without `image_ids` it is `count` of them, at
        most 12, evenly spread; `copies` up to 4; no side is longer than `side` (64 to 1024 pixels)."""

    @abstractmethod
    def create_version(
        self,
        dataset_id: int,
        recipe: Mapping[str, Any],
        *,
        splits: Mapping[Split, float] | None = None,
        name: str | None = None,
        note: str | None = None,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job:
        """Freeze the dataset by a recipe (plain data). `splits` are shares for this version alone; without them images
        keep theirs, and those without one train. Options: `on_error` (fail, skip), `include_unlabeled`, `quality`."""

    @abstractmethod
    def rebuild_version(self, version_id: int, on_progress: OnProgress | None = None) -> Job:
        """Make a version once more from what it was made from. The job's result says whether it is the `same`."""

    @abstractmethod
    def versions(self, dataset_id: int) -> tuple[Version, ...]:
        """The versions of a dataset, the newest first."""

    @abstractmethod
    def get_version(self, version_id: int) -> Version: ...

    @abstractmethod
    def delete_version(self, version_id: int) -> None:
        """Delete a version with its exports. Its number is not given out again."""

    @abstractmethod
    def version_examples(
        self, version_id: int, split: Split | None = None, *, after: int = 0, limit: int | None = None
    ) -> Generator[tuple[VersionImage, tuple[Annotation, ...]]]:
        """The images of a version at positions higher than `after`, with their annotations, in order.

        An annotation's id is that of the dataset's annotation it came from.
        """

    @abstractmethod
    def version_image_bytes(self, version_id: int, position: int, *, thumbnail: bool = False) -> bytes:
        """The file of the picture at a position, or a small JPEG of it."""

    @abstractmethod
    def version_diff(self, before_id: int, after_id: int) -> VersionDiff:
        """What was added, removed and changed from one version to another."""

    # jobs

    @abstractmethod
    def start_import(
        self,
        dataset_id: int,
        path: Path,
        format: str | None = None,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Job: ...

    @abstractmethod
    def start_export(
        self,
        dataset_id: int,
        format: str,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
        *,
        version: int | None = None,
    ) -> Job:
        """Write the dataset, or a version of it, in a format."""

    @abstractmethod
    def export_to(
        self,
        dataset_id: int,
        format: str,
        path: Path,
        options: Mapping[str, object] | None = None,
        on_progress: OnProgress | None = None,
        *,
        version: int | None = None,
    ) -> ExportedFile:
        """Export to a file of one's own, whole or not at all; in a folder it gets a name made of dataset and format."""

    @abstractmethod
    def job(self, job_id: int) -> Job: ...

    @abstractmethod
    def jobs(self, dataset_id: int | None = None, page: int = 1, limit: int = 100) -> Page[Job]:
        """The jobs of a dataset, whoever started them, or all of one's own; the newest first."""

    @abstractmethod
    def cancel_job(self, job_id: int) -> None: ...

    @abstractmethod
    def wait(self, job_id: int, on_progress: OnProgress | None = None) -> Job:
        """The job once it succeeded; `JobCancelled`, `JobFailed` or the job's own error otherwise."""

    @abstractmethod
    def exports(self, dataset_id: int) -> tuple[Export, ...]:
        """The finished exports of a dataset that are kept for download, the newest first."""

    @abstractmethod
    def get_export(self, export_id: int) -> Export: ...

    @abstractmethod
    def save_export(self, export_id: int, path: Path) -> Path:
        """Copy a finished export to a file, whole or not at all."""
