"""Pictures in memory or in files, without any dataset: annotations live as long as the kernel."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..backend.assistance import Assistance
from ..backend.backend import XY, Prompt
from ..domain.annotation import Annotation, AnnotationSet, is_annotation_id, make_annotation_id
from ..domain.dataset import ImageState, Label, check_color, clean_name, default_color
from ..domain.errors import Conflict, Invalid, NotFound, UnreadableImage
from ..domain.shapes import Shape, check_within
from .showable import file_of, read_file, showable, size_wh, thumbnail
from .source import Source

if TYPE_CHECKING:
    from ..assist import Assistant


@dataclass(frozen=True, slots=True)
class Loose:
    """A picture that is kept nowhere: its place in the list stands for its bytes."""

    sha256: str
    media_type: str
    filename: str
    width: int
    height: int


class PictureSource(Source):
    """Paths and arrays (H, W[, 3]) uint8 RGB; their ids are their places in the list, from 0."""

    def __init__(
        self, pictures: Sequence[object], labels: Iterable[str | Label] = (), assistant: Assistant | None = None
    ) -> None:
        self._files = [_reader(picture, place) for place, picture in enumerate(pictures)]
        self._names = [_name(picture, place) for place, picture in enumerate(pictures)]
        self._sizes: dict[int, tuple[int, int]] = {}
        self._sets = {i: AnnotationSet(i, 0, ()) for i in range(len(self._files))}
        self._labels: list[Label] = []
        self._assistance = Assistance(lambda place: self._files[int(place)](), assistant=assistant)
        self.title = self._names[0] if len(self._names) == 1 else f"{len(self._names)} images"
        for label in labels:
            self.add_label(*(label.name, label.color) if isinstance(label, Label) else (label,))

    @property
    def place(self) -> Mapping[str, Any]:
        return {"kind": "pictures", "id": 0}

    def image_ids(self) -> Sequence[int]:
        return range(len(self._files))

    def images(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        return [self._image(i) for i in ids if i in self._sets]

    def _image(self, image_id: int) -> dict[str, Any]:
        name, kept = self._names[image_id], self._sets[image_id]
        kind = mimetypes.guess_type(name)[0] or "image/png"
        width, height = self._size_or_none(image_id)
        size = {"width": width, "height": height}
        return {"id": image_id, "filename": name, **size, "state": kept.state, "media_type": kind}

    def _size_or_none(self, image_id: int) -> tuple[int, int]:
        try:
            return self.size_wh(image_id)
        except UnreadableImage:  # the others are shown nevertheless, and this one says what is wrong
            return (1, 1)

    def labels(self) -> Sequence[Label]:
        return tuple(self._labels)

    def add_label(self, name: str, color: str | None = None) -> Label:
        """As in a dataset: names are trimmed, a taken one is a `Conflict`, colours differ from their neighbours."""
        name = clean_name(name, "label")
        if any(label.name == name for label in self._labels):
            raise Conflict(f"There is a label {name!r} already.", code="label_exists")
        index = len(self._labels)
        label = Label(name, check_color(color) if color else default_color(index), index, index, index + 1)
        self._labels.append(label)
        return label

    def annotations(self, image_id: int) -> AnnotationSet:
        if image_id not in self._sets:
            raise NotFound(f"There is no image {image_id}: there are {len(self._sets)}, the first is 0.")
        return self._sets[image_id]

    def save(
        self, image_id: int, annotations: Iterable[Annotation], revision: int, state: ImageState | None = None
    ) -> AnnotationSet:
        kept = self.annotations(image_id)
        if revision != kept.revision:
            raise Conflict("Somebody else saved this image in between.", code="stale_revision", revision=kept.revision)
        wanted = tuple(self._checked(image_id, annotation) for annotation in annotations)
        known = ImageState(kept.state)
        asked = state or (known if bool(wanted) == (known in (ImageState.LABELED, ImageState.REVIEWED)) else None)
        saved = AnnotationSet(image_id, revision + 1, wanted, asked or ("labeled" if wanted else "unlabeled"))
        self._sets[image_id] = saved
        return saved

    def _checked(self, image_id: int, annotation: Annotation) -> Annotation:
        if all(label.name != annotation.label for label in self._labels):
            raise Invalid(f"There is no label {annotation.label!r}: add it first.", code="unknown_label")
        check_within(annotation.shape, self.size_wh(image_id))
        return annotation if is_annotation_id(annotation.id) else replace(annotation, id=make_annotation_id())

    def size_wh(self, image_id: int) -> tuple[int, int]:
        if image_id not in self._sizes:
            self._sizes[image_id] = size_wh(self._files[image_id](), self._names[image_id])
        return self._sizes[image_id]

    def picture(self, image_id: int) -> bytes:
        self.annotations(image_id)
        return showable(self._files[image_id](), self._names[image_id])

    @property
    def assists(self) -> bool:
        return True

    def outline(self, image_id: int, prompt: Prompt) -> Sequence[Shape]:
        return self._assistance.outline(self._loose(image_id), prompt)

    def path(self, image_id: int, start: XY, end: XY) -> Sequence[XY]:
        return [(float(x), float(y)) for x, y in self._assistance.path(self._loose(image_id), start, end)]

    def _loose(self, image_id: int) -> Loose:
        self.annotations(image_id)
        name = self._names[image_id]
        kind = mimetypes.guess_type(name)[0] or "image/png"
        return Loose(str(image_id), kind, name, *self.size_wh(image_id))

    def thumbnails(self, ids: Sequence[int]) -> list[bytes]:
        return [thumbnail(self._files[i](), self._names[i]) for i in ids]


def _reader(picture: object, place: int) -> Callable[[], bytes]:
    """What gives the picture's file. A path is read when it is shown, an array is copied now."""
    if isinstance(picture, str | Path):
        path = Path(picture).expanduser()
        if not path.is_file():
            raise Invalid(f"There is no file {path}.", code="no_such_file")
        return lambda: read_file(path)
    if not hasattr(picture, "__array__"):
        raise Invalid(
            f"Picture {place} is a {type(picture).__name__}: give a path, an array (H, W, 3) of uint8, or a list of "
            "these.",
            code="bad_picture",
        )
    data = file_of(picture)
    return lambda: data


def _name(picture: object, place: int) -> str:
    return Path(picture).name if isinstance(picture, str | Path) else f"image {place}"
