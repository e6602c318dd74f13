"""The pictures of a version, one by one, for whoever trains with them: arrays, tensors, detections."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, NoReturn, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from ..augment import Recipe, to_array
from ..backend import open_backend
from ..backend.backend import Backend
from ..backend.local import LocalBackend
from ..domain.annotation import Annotation
from ..domain.dataset import Split
from ..domain.errors import Invalid
from ..domain.user import User
from ..domain.version import Version, VersionImage
from ..jobs.version_pixels import decode
from ..settings import Settings

T = TypeVar("T")


class Frame:
    """One picture of a version with what is drawn on it; pixels are fetched when they are asked for."""

    def __init__(self, backend: Backend, version: Version, info: VersionImage, drawn: tuple[Annotation, ...]) -> None:
        self._backend, self._version = backend, version
        self.info, self.annotations = info, drawn

    @property
    def filename(self) -> str:
        return self.info.filename

    @property
    def split(self) -> Split | None:
        return self.info.split

    def bytes(self) -> bytes:
        """The file."""
        return self._backend.version_image_bytes(self._version.id, self.info.position)

    def pixels(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB."""
        info = self.info
        return decode(self.bytes(), info.media_type, (info.width, info.height), info.filename)[0]

    def array(self) -> NDArray[Any]:
        """(H, W, 3) RGB: uint8, or float32 where the recipe normalizes."""
        pixels = self.pixels()
        if any(step["step"] == "normalize" for step in self._version.recipe.get("preprocess", ())):
            return to_array(Recipe.from_dict(self._version.recipe), pixels)
        return pixels

    def boxes(self) -> NDArray[np.float64]:
        """(N, 4) float64, pixels, x0 y0 x1 y1: the bounds of everything but points."""
        return np.array([a.shape.bounds() for a in self._areas()], np.float64).reshape(-1, 4)

    def classes(self) -> NDArray[np.int64]:
        """(N,) int64: places in the version's list of labels, in the order of `boxes`."""
        places = {label.name: place for place, label in enumerate(self._version.labels)}
        return np.array([places[a.label] for a in self._areas()], np.int64)

    def areas(self) -> NDArray[np.float64]:
        """(N,) float64, square pixels: of the shapes themselves, in the order of `boxes`."""
        return np.array([a.shape.area() for a in self._areas()], np.float64)

    def _areas(self) -> list[Annotation]:
        return [annotation for annotation in self.annotations if annotation.shape.kind != "point"]

    def __repr__(self) -> str:
        info = self.info
        return f"<Frame {info.filename!r} {info.width}×{info.height}, {info.annotation_count} annotations>"


class Frames(Sequence[Frame]):
    """The pictures of one split of a version, or of all of it; each is fetched when it is asked for."""

    def __init__(self, backend: Backend, version: Version, split: Split | None = None) -> None:
        self._backend, self._version, self._split = backend, version, split
        self._positions: list[int] | None = None
        self._process = os.getpid()

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the classes, in the order of their numbers."""
        return tuple(label.name for label in self._version.labels)

    @property
    def content(self) -> str:
        """Equal for the same pictures with the same annotations, wherever they are read from."""
        return f"{self._version.content_hash} {self._split}"

    @property
    def positions(self) -> list[int]:
        """Where in the version each picture is."""
        if self._positions is None:
            found = self._own_backend().version_examples(self._version.id, self._split)
            self._positions = [image.position for image, _ in found]
        return self._positions

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> list[Frame]: ...
    def __getitem__(self, index: int | slice) -> Frame | list[Frame]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(f"There are {len(self)} pictures, no number {index}.")
        position = self.positions[index]
        backend = self._own_backend()
        found = list(backend.version_examples(self._version.id, after=position - 1, limit=1))
        return Frame(backend, self._version, *found[0])

    def __iter__(self) -> Iterator[Frame]:
        backend = self._own_backend()
        for image, drawn in backend.version_examples(self._version.id, self._split):
            yield Frame(backend, self._version, image, drawn)

    def __reduce__(self) -> tuple[Any, ...]:
        """How it comes into another process, as workers that load data for training are."""
        local = self._local()
        return _reopened, (local.installation.settings, local.user, self._version, self._split)

    def _own_backend(self) -> Backend:
        """The backend; in a process that was forked, which must not use its parent's connections, one of its own."""
        if self._process != os.getpid():
            local = self._local()
            self._backend = open_backend(local.installation.settings).acting_as(local.user)
            self._process = os.getpid()
        return self._backend

    def _local(self) -> LocalBackend:
        if not isinstance(self._backend, LocalBackend):
            raise Invalid(
                "Pictures behind a server are loaded by this process only: use num_workers=0, or export the version.",
                code="not_local",
            )
        return self._backend

    def __repr__(self) -> str:
        return f"<{len(self)} pictures of {self._version.title}>"


def _reopened(settings: Settings, user: User, version: Version, split: Split | None) -> Frames:
    return Frames(open_backend(settings).acting_as(user), version, split)


class Mapped(Generic[T]):
    """Frames as something else, by place: what `torch.utils.data.DataLoader` calls a map-style dataset."""

    def __init__(self, frames: Frames, make: Callable[[Frame], T], transform: Callable[[T], Any] | None = None) -> None:
        self.frames, self._make, self._transform = frames, make, transform

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the classes, in the order of their numbers."""
        return self.frames.labels

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, index: int) -> Any:
        made = self._make(self.frames[index])
        return made if self._transform is None else self._transform(made)

    def __iter__(self) -> Iterator[Any]:
        for index in range(len(self)):
            yield self[index]


def as_arrays(frame: Frame) -> dict[str, Any]:
    """`image` (H, W, 3) RGB, `boxes` (N, 4) float64 x0 y0 x1 y1 in pixels, `classes` (N,) int64, `filename`."""
    return {
        "image": frame.array(),
        "boxes": frame.boxes(),
        "classes": frame.classes(),
        "filename": frame.filename,
    }


def as_tensors(frame: Frame) -> tuple[Any, dict[str, Any]]:
    """A picture (3, H, W) float32 and its target as torchvision's detectors take them: label 0 is the background."""
    torch: Any = importlib.import_module("torch")
    array = frame.array()
    scaled = array.astype(np.float32) / 255 if array.dtype == np.uint8 else array
    image = torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1)))
    target = {
        "boxes": torch.from_numpy(frame.boxes().astype(np.float32)),
        "labels": torch.from_numpy(frame.classes() + 1),
        "area": torch.from_numpy(frame.areas().astype(np.float32)),
        "iscrowd": torch.from_numpy(np.zeros(len(frame.classes()), np.int64)),
        "image_id": frame.info.position,
    }
    return image, target


def detections(frames: Frames) -> Any:
    """A `supervision.DetectionDataset` whose pictures (BGR, as its own) are loaded when they are asked for."""
    supervision: Any = wanted("supervision", "supervision")
    fields: dict[str, Any] = {}
    places: dict[str, int] = {}
    for place, frame in enumerate(frames):
        # supervision tells pictures apart by their names, so no two may have one
        name = frame.filename if frame.filename not in fields else f"{frame.info.position}/{frame.filename}"
        places[name] = place
        fields[name] = supervision.Detections(
            xyxy=frame.boxes().astype(np.float32), class_id=frame.classes().astype(int)
        )

    class VersionDetections(supervision.DetectionDataset):
        def _get_image(self, image_path: str) -> NDArray[np.uint8]:
            return np.ascontiguousarray(frames[places[image_path]].pixels()[:, :, ::-1])

        def split(self, *args: Any, **options: Any) -> tuple[Any, Any]:
            parts = supervision.DetectionDataset.split(self, *args, **options)
            return self._same(parts[0]), self._same(parts[1])

        def _same(self, part: Any) -> Any:
            return VersionDetections(part.classes, list(part.image_paths), part.annotations)

    return VersionDetections(list(frames.labels), list(places), fields)


def hugging_face(frames: Mapping[str, Frames]) -> Any:
    """A `datasets.DatasetDict` by split: `image`, `image_id`, `width`, `height`, `objects` with boxes x, y, w, h."""
    datasets: Any = wanted("datasets", "hf")
    made = {
        name: datasets.Dataset.from_generator(_Rows(part), features=_features(datasets, part))
        for name, part in frames.items()
        if len(part)
    }
    return datasets.DatasetDict(made)


class _Rows:
    """The rows of some frames. Told apart by what is in them, not by who reads them: `datasets` keeps what it has read
    under a hash of the pickled generator, and a connection to a server cannot be pickled.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    def __call__(self) -> Iterator[dict[str, Any]]:
        return hf_rows(self._frames)

    def __deepcopy__(self, memo: object) -> _Rows:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (f"{__name__} {self._frames.content}",)


def hf_rows(frames: Frames) -> Iterator[dict[str, Any]]:
    """What the rows of `hugging_face` are made from."""
    for frame in frames:
        boxes = frame.boxes()
        xywh = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        yield {
            "image": {"bytes": frame.bytes(), "path": frame.filename},
            "image_id": frame.info.position,
            "width": frame.info.width,
            "height": frame.info.height,
            "objects": {
                "bbox": xywh.tolist(),
                "category": frame.classes().tolist(),
                "area": frame.areas().tolist(),
            },
        }


def _features(datasets: Any, frames: Frames) -> Any:
    objects = {
        "bbox": [[datasets.Value("float64")]],
        "category": [datasets.ClassLabel(names=list(frames.labels))],
        "area": [datasets.Value("float64")],
    }
    whole = {name: datasets.Value("int64") for name in ("image_id", "width", "height")}
    return datasets.Features({"image": datasets.Image(), **whole, "objects": objects})


def wanted(module: str, extra: str) -> Any:
    """A library that is not part of the product; without it, `Invalid` says how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        _missing(module, extra, error)


def _missing(module: str, extra: str, error: ImportError) -> NoReturn:
    raise Invalid(
        f"{module} is not installed ({error}): pip install 'jupyter-roboflow[{extra}]'.", code="extra_missing"
    ) from error
