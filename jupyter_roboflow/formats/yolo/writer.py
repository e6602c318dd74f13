"""A Manifest as YOLO files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import yaml

from ...archive import NAMES_FILE, ExportNames, Sink
from ...domain.annotation import Annotation
from ...domain.dataset import ImageState, Label, Split
from ...domain.errors import Invalid
from ...domain.manifest import Example, Losses, Manifest
from ...domain.shapes import BBox, Polygon, Shape
from ...domain.shapes.hole_free import bridge_rings, cut_rings, is_one_ring
from ..format import README_FILE, Counts, readme
from .class_names import placeholder

_FOLDERS = {Split.TRAIN: "train", Split.VALID: "val", Split.TEST: "test"}
_KEYS = ("train", "val", "test")
_BOX = "%.10g %.10g %.10g %.10g"


def write_yolo(manifest: Manifest, sink: Sink, *, task: str, holes: str) -> Losses:
    """Write the layout of Ultralytics: `images/<split>/`, `labels/<split>/`, `data.yaml`."""
    losses, names, counts = Losses(), ExportNames(), Counts()
    rows = _RowWriter({label.name: label.index for label in manifest.labels}, task, holes, losses)
    for example in manifest.examples:
        name = names.name_for(example.filename, str(example.metadata.get("media_type", "")))
        folder = _folder(example, losses)
        text = rows.write(example)
        if example.image is not None:
            sink.copy(f"images/{folder}/{name}", example.image)
        if text or example.state is not ImageState.UNLABELED:
            sink.add(f"labels/{folder}/{_stem(name)}.txt", text.encode())
        counts.add(example, text.count("\n"), folder)
        _note_losses(example, losses)
    gaps = _gaps(manifest.labels)
    for number in gaps:
        losses.add("noted", f"class {number}", "the number belongs to no label any more; data.yaml fills the gap")
    sink.add("data.yaml", _data_yaml(manifest.labels, gaps, task, counts))
    if names.renamed:
        sink.add(NAMES_FILE, names.as_csv())
    title = "YOLO segmentation" if task == "segment" else "YOLO detection"
    sink.add(
        README_FILE, readme(title, manifest, _conventions(task, holes, counts, bool(names.renamed)), counts, losses)
    )
    return losses


class _RowWriter:
    """Annotations as rows. Values lie within 0–1 exactly: one above makes Ultralytics drop the whole picture."""

    def __init__(self, numbers: Mapping[str, int], task: str, holes: str, losses: Losses) -> None:
        self._numbers = numbers
        self._segment = task == "segment"
        self._holes = holes
        self._losses = losses
        self._formats: dict[int, str] = {}
        self._boxed = 0  # polygons of the image in hand that became their box

    def write(self, example: Example) -> str:
        """The text of one label file; a row ends in a newline."""
        width, height = float(example.width), float(example.height)
        rows: list[str] = []
        quickly = self._quick_ring if self._segment else self._quick_box
        for annotation in example.annotations:
            number = self._numbers.get(annotation.label)
            if number is None:
                raise _unknown_label(annotation, example)
            if annotation.attributes:
                self._losses.add("dropped", example.filename, "attributes of an annotation")
            quick = quickly(annotation.shape, width, height)
            if quick:
                rows.append(f"{number} {quick}\n")
                continue
            values = self._values(annotation.shape, example)
            rows += [f"{number} {self._format(len(row)) % row}\n" for row in values]
        if self._boxed:
            self._losses.add("changed", example.filename, "a polygon becomes its box (task=detect)", self._boxed)
            self._boxed = 0
        text = "".join(rows)
        return _without_exponents(text) if "e" in text else text

    def _quick_box(self, shape: Shape, width: float, height: float) -> str:
        """The values of a box, or of a polygon's, inside the picture; "" for what takes the long way."""
        if type(shape) is BBox:
            x, y, w, h = shape.x, shape.y, shape.width, shape.height
            if x < 0 or y < 0 or x + w > width or y + h > height:
                return ""
            return _BOX % ((x + w / 2) / width, (y + h / 2) / height, w / width, h / height)
        if not isinstance(shape, Polygon):
            return ""
        x0, y0, x1, y1 = shape.bounds()
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height:
            return ""
        self._boxed += 1
        x0, y0, x1, y1 = x0 / width, y0 / height, x1 / width, y1 / height
        return _BOX % ((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)

    def _quick_ring(self, shape: Shape, width: float, height: float) -> str:
        """The values of a polygon of one ring inside the picture; "" for everything else."""
        if not isinstance(shape, Polygon) or not is_one_ring(shape):
            return ""
        values = list(shape.parts[0].points)
        values[0::2] = [x / width + 0.0 for x in values[0::2]]  # + 0.0 makes -0.0 a plain 0
        values[1::2] = [y / height + 0.0 for y in values[1::2]]
        return self._format(len(values)) % tuple(values) if min(values) >= 0 and max(values) <= 1 else ""

    def _format(self, count: int) -> str:
        found = self._formats.get(count)
        if found is None:
            found = self._formats[count] = " ".join(["%.10g"] * count)
        return found

    def _values(self, shape: Shape, example: Example) -> Iterable[tuple[float, ...]]:
        """The values of the rows of one shape: its box, or one outline a row."""
        if not isinstance(shape, BBox | Polygon):
            self._losses.add("dropped", example.filename, f"a {shape.kind} has no place in YOLO {self._task_name}")
            return ()
        pieces = self._inside(shape, example)
        if self._segment:
            rings = [ring for piece in pieces for ring in self._rings(piece, example)]
            return [_fractions(ring, example) for ring in rings]
        if isinstance(shape, Polygon) and pieces:
            self._losses.add("changed", example.filename, "a polygon becomes its box (task=detect)")
        return [_box_fractions(piece, example) for piece in pieces]

    @property
    def _task_name(self) -> str:
        return "segmentation" if self._segment else "detection"

    def _inside(self, shape: BBox | Polygon, example: Example) -> tuple[BBox, ...] | tuple[Polygon, ...]:
        pieces = shape.clip((example.width, example.height))
        if not pieces:
            self._losses.add("dropped", example.filename, f"a {shape.kind} lies outside the picture")
        elif len(pieces) > 1:
            self._losses.add("split", example.filename, "the picture's border cuts a polygon into pieces")
        elif next(iter(pieces)) is not shape:
            self._losses.add("clipped", example.filename, f"a {shape.kind} reached over the picture's border")
        return pieces

    def _rings(self, piece: BBox | Polygon, example: Example) -> list[tuple[float, ...]]:
        if isinstance(piece, BBox):
            self._losses.add("changed", example.filename, "a box becomes a polygon of four points (task=segment)")
            x0, y0, x1, y1 = piece.bounds()
            return [(x0, y0, x1, y0, x1, y1, x0, y1)]
        if is_one_ring(piece):
            return [piece.parts[0].points]
        if self._holes == "refuse":
            raise Invalid(
                f"{example.filename} has a polygon with holes or several parts, which YOLO cannot hold: choose "
                "holes=bridge or holes=split.",
                code="holes_refused",
            )
        if self._holes == "split":
            self._losses.add("split", example.filename, "a polygon with holes or several parts becomes several rows")
            return cut_rings(piece)
        self._losses.add("changed", example.filename, "holes or parts of a polygon are joined by lines without width")
        return [bridge_rings(piece)]


def _fractions(ring: tuple[float, ...], example: Example) -> tuple[float, ...]:
    width, height = example.width, example.height
    values = list(ring)
    values[0::2] = [min(max(x / width, 0.0), 1.0) + 0.0 for x in ring[0::2]]
    values[1::2] = [min(max(y / height, 0.0), 1.0) + 0.0 for y in ring[1::2]]
    return tuple(values)


def _box_fractions(piece: BBox | Polygon, example: Example) -> tuple[float, ...]:
    x0, y0, x1, y1 = _fractions(piece.bounds(), example)
    return ((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)


def _without_exponents(text: str) -> str:
    """The same rows with `0.00005` for `5e-05`, which not every reader of label files knows."""
    rows = [
        [f"{float(v):.16f}".rstrip("0").rstrip(".") if "e" in v else v for v in row.split(" ")]
        for row in text.splitlines()
    ]
    return "".join(" ".join(row) + "\n" for row in rows)


def _folder(example: Example, losses: Losses) -> str:
    if example.split is None:
        losses.add("noted", example.filename, "images without a split go to train")
    return _FOLDERS[example.split or Split.TRAIN]


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _note_losses(example: Example, losses: Losses) -> None:
    if example.tags:
        losses.add("dropped", example.filename, "tags of an image")
    if example.image is None:
        losses.add("noted", example.filename, "the picture itself is not in this export")


def _unknown_label(annotation: Annotation, example: Example) -> Invalid:
    return Invalid(
        f"{example.filename} has an annotation with the label {annotation.label!r}, which the dataset does not have.",
        code="unknown_label",
    )


def _gaps(labels: Iterable[Label]) -> list[int]:
    """Numbers below the highest that no label has: Ultralytics wants them without a gap."""
    taken = {label.index for label in labels}
    return [n for n in range(max(taken, default=-1) + 1) if n not in taken]


def _data_yaml(labels: Iterable[Label], gaps: list[int], task: str, counts: Counts) -> bytes:
    names = {label.index: label.name for label in labels}
    taken = set(names.values())
    names |= {n: placeholder(n, taken) for n in gaps}
    used = [key for key in _KEYS if counts.images[key]] or ["train"]
    # Ultralytics refuses a file without train or val: a missing one points at the pictures there are.
    folders = {key: key if key in used else used[0] for key in ("train", "val")}
    if "test" in used:
        folders["test"] = "test"
    data = {
        "path": ".",
        **{key: f"images/{folder}" for key, folder in folders.items()},
        "task": task,
        "nc": len(names),
        "names": dict(sorted(names.items())),
    }
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1_000_000).encode()


def _conventions(task: str, holes: str, counts: Counts, renamed: bool) -> list[str]:
    rows = "`class x1 y1 … xn yn`" if task == "segment" else "`class cx cy w h`"
    rules = [
        f"One text file an image in `labels/`, one row an object: {rows}, as fractions (0–1) of the upright image.",
        "Classes are numbered from 0, by the label's fixed index; `data.yaml` names them.",
        "An empty text file is an image without objects; an image without a text file was not labeled.",
        "`path: .` in `data.yaml` is this folder: train from here, or put its full path there.",
    ]
    if task == "segment":
        rules.append(f"Polygons with holes or several parts: {holes}.")
    missing = [key for key in ("train", "val") if not counts.images[key]]
    if missing:
        rules.append(f"There are no {' and no '.join(missing)} images; `data.yaml` points at the ones there are.")
    if renamed:
        rules.append(f"Files that had to be renamed are listed with their original names in `{NAMES_FILE}`.")
    return rules
