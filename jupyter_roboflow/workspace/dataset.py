"""A dataset as a notebook holds it: a thin handle over the Backend."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from ..backend.backend import Backend
from ..domain import dataset as domain
from ..domain import version as domain_version
from ..domain.dataset import ImageState, Label, Split
from ..domain.errors import Invalid, NotFound
from ..domain.user import DatasetRole
from ..ingest.report import UploadReport
from .images import Image, Images, images_by_id
from .progress import job_bar, progress_bar
from .query import Where, image_filter, member
from .reports import ExportReport, HealthReport, ImportReport
from .version import Version

if TYPE_CHECKING:
    from ..assist import Assistant, Outliner
    from ..augment import Recipe
    from ..widgets.annotator import Annotator
    from ..widgets.augmentation_preview import AugmentationPreview
    from ..widgets.keys import Keys
    from ..widgets.proposals import Proposals, Proposer


class Dataset:
    """Labels, images and annotations under one name. Everything is saved as soon as a call returns."""

    def __init__(self, backend: Backend, info: domain.Dataset, *, progress: bool = True) -> None:
        self._backend = backend
        self._id = info.id
        self._name = info.name
        self._progress = progress

    @property
    def id(self) -> int:
        return self._id

    @property
    def name(self) -> str:
        return self._name

    @property
    def info(self) -> domain.Dataset:
        """Name, owner, one's own role and the counts, as they are now."""
        return self._backend.get_dataset(self._id)

    # bringing things in

    def upload(
        self, sources: Any, *, split: Split | str | None = None, tags: Sequence[str] = (), progress: bool | None = None
    ) -> UploadReport:
        """Add pictures; the report says what was added, known already, or refused and why.

        Sources: a path, a glob (`"images/*.jpg"`, `**` goes into folders), a folder, a zip, an open file, bytes, a
        numpy array (H, W[, 3 or 4], RGB), a Pillow image, an allowed URL, or any iterable of these.
        """
        with progress_bar("Upload", shown=self._shown(progress), unit=" images") as move:
            return self._backend.upload(
                self._id, sources, split=member(Split, split, "split") if split else None, tags=tags, on_progress=move
            )

    def import_(
        self, path: str | Path, format: str | None = None, *, progress: bool | None = None, **options: object
    ) -> ImportReport:
        """Import a folder or zip with images and annotations; the format is detected unless it is given.

        A COCO file by itself (`instances.json`) brings in what it lists; its pictures are sought in the folder around.
        All or nothing: an error names the file and line, and the dataset is as before. Importing again changes nothing.
        """
        with job_bar("Import", shown=self._shown(progress)) as move:
            job = self._backend.start_import(self._id, Path(path), format, options, move)
            result = self._backend.wait(job.id, move).result or {}
        return ImportReport(result["format"], result["counts"], tuple(result["losses"]), tuple(result["refused"]))

    # looking

    def images(self, *, sort: str = "id", **where: Unpack[Where]) -> Images:
        """The images that fit: `label=`, `state=`, `split=` ("none": without), `tag=`, `name=` (part of the file name),
        `min_width=`, `max_width=`, `min_height=`, `max_height=`, `min_objects=`, `max_objects=`, `ids=`.

        All but the bounds take a list too: an image has every label, tag and part of the name, any of the states,
        splits and ids. With `exclude_` in front they leave images out, as in
        `ds.images(label="WBC", exclude_tag=["bad", "old"])`; so do `exclude_objects=`, `exclude_width=`,
        `exclude_height=` (5, "2..5", "6.." or "..5") and `exclude_size="640x480"`. `box="32..63"` asks for an
        annotation whose box is as large as a square of that side, `at="12,5,WBC"` for one of that label whose middle
        is in that column and row of the heat map in `health()`.
        """
        return Images(self._backend, self._id, image_filter(where), sort)

    def __len__(self) -> int:
        return self.info.image_count

    def __iter__(self) -> Iterator[Image]:
        return iter(self.images())

    def __getitem__(self, key: int | str) -> Image:
        """An image by its id or its file name."""
        if isinstance(key, int):
            info = self._backend.get_image(key)
            if info.dataset_id != self._id:
                raise NotFound(f"No image {key} in {self.name!r}.")
            return Image(self._backend, info)
        found = [image for image in self.images(name=key) if image.filename == key]
        if not found:
            raise NotFound(f"No image called {key!r} in {self.name!r}.")
        return found[0]

    def health(self) -> HealthReport:
        """What is in the dataset and what deserves a look, as data and as plots."""
        return HealthReport(self._backend.health(self._id))

    def to_dataframe(self, **where: Unpack[Where]) -> Any:
        """One row an annotation, as a pandas DataFrame: image, label, kind, box in pixels, area, attributes, shape."""
        pandas: Any = importlib.import_module("pandas")
        rows = (
            (image.id, image.filename, image.split, a.id, a.label, a.shape.kind)
            + a.shape.bounds()
            + (a.shape.area(), dict(a.attributes), a.shape)
            for image, annotations in self._backend.examples(self._id, image_filter(where))
            for a in annotations
        )
        columns = ["image_id", "filename", "split", "annotation_id", "label", "kind"]
        columns += ["x0", "y0", "x1", "y1", "area", "attributes", "shape"]
        return pandas.DataFrame(rows, columns=columns)

    # annotating

    def annotate(
        self,
        images: Any = None,
        *,
        labels: Iterable[str | Label] | None = None,
        height: int = 560,
        assist: Outliner | Assistant | None = None,
        keys: Keys | None = None,
    ) -> Annotator:
        """The annotator in a notebook cell: draws and edits, and saves by itself.

        `images` are those to show, in their order: `ds.images(state="unlabeled")`, Images, or ids; all without it.
        `labels` are added to the dataset if they are missing. `height` is in CSS pixels. `assist` finds outlines for
        the smart polygon in the place of OpenCV: a function from a picture (H, W, 3) uint8 RGB and an `rf.BBox` in its
        pixels to a polygon, points (N, 2) or a mask (H, W). `keys` gives actions other keys: `{"tool-box": "q"}`.
        """
        from ..assist import assistant_of
        from ..widgets.annotator import Annotator, check_images
        from ..widgets.dataset_source import DatasetSource

        known = {label.name for label in self.labels} if labels else set[str]()
        for label in labels or ():
            name, color = (label.name, label.color) if isinstance(label, Label) else (label, None)
            if name not in known:
                self.add_label(name, color)
        chosen = None if images is None else self._ids_of(images)
        source = DatasetSource(self._backend, self._id, chosen, None if assist is None else assistant_of(assist))
        check_images(source.image_ids())
        return Annotator(source, height=height, keys=keys)

    def prelabel(self, fn: Proposer, images: Any = None, *, progress: bool | None = None) -> Proposals:
        """What a function proposes for images (`annotate` says which); `.annotate()` shows it to be judged.

        `fn` gets a picture (H, W, 3) uint8 RGB and gives (label, shape, score) for everything it finds: the shape in
        the picture's pixels, the score from 0 to 1.
        """
        from ..widgets.proposals import propose

        ids = self._ids_of(self.images() if images is None else images)
        chosen = images_by_id(self._backend, self._id, ids)
        with progress_bar("Prelabel", shown=self._shown(progress), unit=" images") as move:
            return propose(self._backend, self._id, [(image.id, image.array) for image in chosen], fn, move)

    def _ids_of(self, images: Any) -> list[int]:
        if isinstance(images, Images):
            return images.ids
        ids = [image.id if isinstance(image, Image) else int(image) for image in images]
        known = set(self.images().ids)
        if missing := [i for i in ids if i not in known]:
            raise NotFound(f"No image {missing[0]} in {self.name!r}.")
        return list(dict.fromkeys(ids))

    # splits

    def split(
        self,
        train: float = 0.7,
        valid: float = 0.2,
        test: float = 0.1,
        *,
        seed: int = 0,
        group: str | Callable[[Image], str] | None = None,
        stratify: bool = True,
    ) -> dict[str, int]:
        """Give every image a split; how many got which. The same seed gives the same splits.

        `group` keeps images together (a patient, a video): a function of the image, or a regular expression whose first
        group in the file name is the key. `stratify` keeps each label's share in every split.
        """
        groups = {image.id: _group_key(image, group) for image in self} if group else None
        fractions = {Split.TRAIN: train, Split.VALID: valid, Split.TEST: test}
        counts = self._backend.split_images(self._id, fractions, seed=seed, groups=groups, stratify=stratify)
        return {str(split): counts.get(split, 0) for split in Split}

    # labels

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels in display order. `index` is a label's number in exports: it never changes."""
        return self._backend.labels(self._id)

    def add_label(self, name: str, color: str | None = None) -> Label:
        """A new label; without a colour (`#rrggbb`) it gets one that differs from its neighbours."""
        return self._backend.add_label(self._id, name, color)

    def rename_label(self, name: str, new_name: str) -> Label:
        """Change a label's name everywhere at once."""
        return self._backend.edit_label(self._id, name, new_name=new_name)

    def recolor_label(self, name: str, color: str) -> Label:
        """Change a label's colour (`#rrggbb`)."""
        return self._backend.edit_label(self._id, name, color=color)

    def reorder_labels(self, names: Sequence[str]) -> tuple[Label, ...]:
        """Change the display order; numbers in exports stay."""
        return self._backend.reorder_labels(self._id, names)

    def merge_labels(self, source: str, into: str) -> int:
        """Give all annotations of one label to another and delete it; how many were moved."""
        return self._backend.merge_labels(self._id, source, into)

    def delete_label(self, name: str, *, reassign_to: str | None = None) -> None:
        """Delete a label. One that is in use is refused unless its annotations go to another."""
        self._backend.delete_label(self._id, name, reassign_to)

    # versions

    def preview(
        self, recipe: Recipe | Mapping[str, Any] | Iterable[Any] = (), *, images: Any = None, side: int = 640
    ) -> AugmentationPreview:
        """A widget to try out a recipe: a few images beside their copies, and a slider for every setting.

        `images` says which (see `annotate`; at most 12), otherwise six spread over the dataset. The widget's `recipe`
        is what the sliders say. `side` is the longest side of the pictures in pixels.
        """
        from ..widgets.augmentation_preview import AugmentationPreview
        from .recipes import as_recipe

        ids = None if images is None else self._ids_of(images)
        return AugmentationPreview(self._backend, self._id, as_recipe(recipe), ids, side)

    def generate(
        self,
        recipe: Recipe | Mapping[str, Any] | Iterable[Any],
        *,
        splits: Mapping[str, float] | None = None,
        name: str | None = None,
        note: str | None = None,
        on_error: str = "fail",
        include_unlabeled: bool = False,
        quality: int = 95,
        progress: bool | None = None,
    ) -> Version:
        """Freeze the dataset by a recipe (`rf.Recipe`, its plain data, or a list of steps), as its next version.

        `splits` (`{"train": 0.7, "valid": 0.2, "test": 0.1}`) hold for this version alone; without them images keep
        theirs, and those without one train. `on_error="skip"` leaves out pictures that cannot be read, and says which.
        `quality` is that of JPEGs that are written anew.
        """
        from .recipes import as_recipe

        recipe = as_recipe(recipe)
        shares = {member(Split, split, "split"): share for split, share in splits.items()} if splits else None
        options = {"on_error": on_error, "include_unlabeled": include_unlabeled, "quality": quality}
        with job_bar("Generate", shown=self._shown(progress)) as move:
            job = self._backend.create_version(
                self._id, recipe.as_dict(), splits=shares, name=name, note=note, options=options, on_progress=move
            )
            result = self._backend.wait(job.id, move).result or {}
        return self._version_of(self._backend.get_version(result["version_id"]))

    def versions(self) -> list[Version]:
        """The versions of the dataset, the newest first."""
        return [self._version_of(info) for info in self._backend.versions(self._id)]

    def version(self, number: int) -> Version:
        """The version of that number."""
        found = [version for version in self.versions() if version.number == number]
        if not found:
            raise NotFound(f"{self.name!r} has no version {number}.")
        return found[0]

    def _version_of(self, info: domain_version.Version) -> Version:
        return Version(self._backend, info, progress=self._progress)

    # taking things out

    def export(
        self,
        format: str,
        output: str | Path | None = None,
        *,
        include_unlabeled: bool = False,
        progress: bool | None = None,
        **options: object,
    ) -> ExportReport:
        """Write a zip in a format (`coco`, `yolo`, `voc`); the report lists what the format could not hold.

        Images nobody looked at are left out unless `include_unlabeled`; empty ones are background examples.
        """
        with job_bar("Export", shown=self._shown(progress)) as move:
            asked = {**options, "include_unlabeled": include_unlabeled}
            made = self._backend.export_to(self._id, format, Path(output or "."), asked, move)
        return ExportReport(made.path, format, made.counts, made.losses, made.size)

    # the dataset itself

    def rename(self, name: str) -> None:
        """Change the dataset's name."""
        self._name = self._backend.update_dataset(self._id, name=name).name

    def delete(self) -> None:
        """Delete the dataset with its images, annotations, versions and exports.

        It is gone at once, its name is free again. The storage of a large one is freed by a job in the background.
        """
        self._backend.delete_dataset(self._id)

    def share(self, username: str, role: DatasetRole | str = DatasetRole.ANNOTATOR) -> None:
        """Let another user in, as `admin`, `annotator` or `viewer`."""
        self._backend.set_collaborator(self._id, username, member(DatasetRole, role, "role"))

    def unshare(self, username: str) -> None:
        """Take a collaborator's access away."""
        self._backend.remove_collaborator(self._id, username)

    @property
    def collaborators(self) -> Mapping[str, DatasetRole]:
        return dict(self._backend.collaborators(self._id))

    def _shown(self, progress: bool | None) -> bool:
        return self._progress if progress is None else progress

    def __repr__(self) -> str:
        info = self.info
        return f"<Dataset {info.name!r}: {info.image_count:,} images, {info.annotation_count:,} annotations>"

    def _repr_html_(self) -> str:
        labels = "".join(
            f'<span style="border-left:0.8em solid {label.color};padding:0 0.8em 0 0.3em">{escape(label.name)}</span>'
            for label in self.labels
        )
        states = ", ".join(
            f"{len(self.images(state=state)):,} {state}" for state in ImageState if len(self.images(state=state))
        )
        head = f"<b>{escape(self.name)}</b> – {self.info.annotation_count:,} annotations; {states or 'no images yet'}"
        return f"<div>{head}</div><div>{labels}</div>{self.images().to_html()}"


def _group_key(image: Image, group: str | Callable[[Image], str]) -> str:
    if callable(group):
        return str(group(image))
    try:
        found = re.search(group, image.filename)
    except re.error as error:
        raise Invalid(f"The group pattern {group!r} is no regular expression: {error}.", code="bad_group") from None
    if found is None or not found.groups():
        raise Invalid(
            f"The group pattern {group!r} finds nothing in {image.filename!r}: it needs a (group) that every name has.",
            code="bad_group",
        )
    return found.group(1)
