"""YOLO files as a Manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ...archive import Files, original_names, upright_size
from ...domain.dataset import ImageState, Label, default_color
from ...domain.errors import UnreadableImage
from ...domain.manifest import Example, Losses, Manifest
from .class_names import find_class_names, placeholder
from .layout import Layout
from .rows import RowReader

_TASKS = {"detect": "detect", "segment": "segment", "obb": "obb", "pose": "detect"}


def read_yolo(files: Files, task: str) -> Manifest:
    """The dataset as a Manifest; `task` is `auto`, `detect` or `segment`."""
    classes = find_class_names(files)
    layout = Layout(files, classes)
    losses = Losses()
    losses.extend(files.notes)
    losses.extend(layout.notes)
    _check_count(classes.data, classes.names, classes.file, losses)
    unused = _unused(files, layout, classes.names)
    names = {number: name for number, name in classes.names.items() if number not in unused}
    rows = RowReader(
        names,
        losses,
        task=task if task != "auto" else _TASKS.get(str(classes.data.get("task", "")).lower(), ""),
        keypoint_values=_keypoint_values(classes.data),
        proves_segment=lambda: _has_outlines(files, layout),
    )
    labels = tuple(Label(name, default_color(n), n, place) for place, (n, name) in enumerate(names.items()))
    examples = _examples(files, layout, rows, losses, original_names(files, classes.root))
    name = files.title.replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".zip")
    return Manifest(labels, examples, count=len(layout.images), name=name or "dataset", losses=losses)


def _examples(
    files: Files, layout: Layout, rows: RowReader, losses: Losses, originals: Mapping[str, str]
) -> Iterator[Example]:
    for image in layout.images:
        source = files.get(image)
        try:
            width, height = upright_size(source)
        except UnreadableImage as error:
            losses.add("dropped", image, f"the picture cannot be read ({error.code})")
            continue
        label_file = layout.label_file(image)
        if label_file is None:
            losses.add("noted", image, "no label file: the picture counts as unlabeled, not as empty")
            annotations, state = (), ImageState.UNLABELED
        else:
            data = files.read(label_file)
            annotations = rows.read(label_file, data, (width, height))
            state = ImageState.LABELED if data.strip(b"\xef\xbb\xbf \t\r\n") else ImageState.EMPTY
        base = image.rpartition("/")[2]
        yield Example(originals.get(base, base), width, height, annotations, layout.split(image), state, image=source)
    for name, sure in layout.orphans():
        if sure:
            losses.add("dropped", name, "there is no picture of that name, so its size in pixels is unknown")
        else:
            losses.add("noted", name, "a text file that belongs to no picture")


def _check_count(data: Mapping[str, Any], names: Mapping[int, str], file: str, losses: Losses) -> None:
    count = str(data.get("nc", len(names)))
    if count != str(len(names)):
        losses.add("noted", file, f"nc is {count}, but {len(names)} classes are named")


def _keypoint_values(data: Mapping[str, Any]) -> int:
    """How many keypoint values follow the box in a row of a pose dataset."""
    shape = data.get("kpt_shape")
    if not isinstance(shape, list):
        return 0
    numbers = [int(str(v)) for v in cast("list[object]", shape) if str(v).isdecimal() and len(str(v)) < 5]
    return numbers[0] * numbers[1] if len(numbers) == 2 else 0


def _label_rows(files: Files, layout: Layout) -> Iterator[list[bytes]]:
    for image in layout.images:
        name = layout.label_file(image)
        if name is not None:
            for line in files.read(name).removeprefix(b"\xef\xbb\xbf").splitlines():
                yield line.split()


def _has_outlines(files: Files, layout: Layout) -> bool:
    """Whether a row anywhere has three points, or five and more: then rows of four points are polygons too."""
    return any(len(row) >= 7 and len(row) % 2 == 1 and len(row) != 9 for row in _label_rows(files, layout))


def _unused(files: Files, layout: Layout, names: Mapping[int, str]) -> set[int]:
    """Class numbers that only fill a gap: named `unused-<number>` and without a row."""
    wanted = {str(n).encode() for n, name in names.items() if name.rstrip("_") == placeholder(n)}
    if wanted:
        for row in _label_rows(files, layout):
            if row:
                wanted.discard(row[0])
    return {int(n) for n in wanted}
