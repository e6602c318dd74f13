"""A Manifest as Pascal VOC files. Written by template: five times as fast as any tree builder."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from ...archive import NAMES_FILE, ExportNames, Sink
from ...domain.annotation import Annotation
from ...domain.dataset import ImageState, Split
from ...domain.errors import Invalid
from ...domain.manifest import Example, Losses, Manifest
from ...domain.shapes import BBox, Bounds, Polygon, Shape
from ...domain.shapes.hole_free import bridge_rings, cut_rings
from ..format import README_FILE, Counts, readme
from .documents import LABELS_FILE, labels_csv
from .objects import DEFAULT_POSE, FLAGS

_SETS = {Split.TRAIN: "train", Split.VALID: "val", Split.TEST: "test"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_HEAD = """<annotation>
	<folder>JPEGImages</folder>
	<filename>{filename}</filename>
	<source>
		<database>{database}</database>
	</source>
	<size>
		<width>{width}</width>
		<height>{height}</height>
		<depth>3</depth>
	</size>
	<segmented>{segmented}</segmented>
"""
_PLAIN = "\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n\t\t<difficult>0</difficult>\n"
_BOX = (
    "\t\t<bndbox>\n\t\t\t<xmin>%.12g</xmin>\n\t\t\t<ymin>%.12g</ymin>\n"
    "\t\t\t<xmax>%.12g</xmax>\n\t\t\t<ymax>%.12g</ymax>\n\t\t</bndbox>\n"
)
"""Twelve digits hold a millionth of a pixel in the widest picture."""


def write_voc(manifest: Manifest, sink: Sink, *, origin: int, integers: bool, holes: str) -> Losses:
    """Write `Annotations/`, `JPEGImages/` and `ImageSets/Main/`."""
    losses, names, counts = Losses(), ExportNames(), Counts()
    objects = _ObjectWriter(manifest, losses, origin=origin, integers=integers, holes=holes)
    database = _xml(str(manifest.metadata.get("dataset") or manifest.name))
    sets: dict[str, list[str]] = {"train": [], "val": [], "test": [], "trainval": []}
    for example in manifest.examples:
        name = names.name_for(example.filename, str(example.metadata.get("media_type", "")))
        stem = name.rpartition(".")[0] or name
        which = _set(example, losses)
        _enter(sets, which, stem)
        text, count = objects.write(example)
        if example.image is not None:
            sink.copy(f"JPEGImages/{name}", example.image)
        if count or example.state is not ImageState.UNLABELED:
            head = _HEAD.format(
                filename=_xml(name),
                database=database,
                width=example.width,
                height=example.height,
                segmented=int("<polygon>" in text),
            )
            sink.add(f"Annotations/{stem}.xml", f"{head}{text}</annotation>\n".encode())
        counts.add(example, count, which)
        _note_losses(example, losses)
    for which, stems in sets.items():
        sink.add(f"ImageSets/Main/{which}.txt", "".join(f"{stem}\n" for stem in stems).encode())
    sink.add(LABELS_FILE, labels_csv(manifest.labels))
    if names.renamed:
        sink.add(NAMES_FILE, names.as_csv())
    conventions = _conventions(origin, integers, holes, bool(names.renamed))
    sink.add(README_FILE, readme("Pascal VOC", manifest, conventions, counts, losses))
    return losses


class _ObjectWriter:
    """Annotations as `<object>` elements."""

    def __init__(self, manifest: Manifest, losses: Losses, *, origin: int, integers: bool, holes: str) -> None:
        self._labels = {label.name: _xml(label.name) for label in manifest.labels}
        self._losses = losses
        self._origin = origin
        self._integers = integers
        self._holes = holes
        self._templates: dict[int, str] = {}

    def write(self, example: Example) -> tuple[str, int]:
        """The objects of one image, and how many they are."""
        objects: list[str] = []
        for annotation in example.annotations:
            label = self._labels.get(annotation.label)
            if label is None:
                raise Invalid(
                    f"{example.filename} has an annotation with the label {annotation.label!r}, which the dataset "
                    "does not have.",
                    code="unknown_label",
                )
            about = self._attributes(annotation, example) if annotation.attributes else _PLAIN
            objects += [
                f"\t<object>\n\t\t<name>{label}</name>\n{about}{self._box(piece, example)}"
                f"{self._polygons(piece, example)}\t</object>\n"
                for piece in self._inside(annotation.shape, example)
            ]
        return "".join(objects), len(objects)

    def _inside(self, shape: Shape, example: Example) -> tuple[BBox, ...] | tuple[Polygon, ...]:
        if type(shape) is BBox:
            x, y, width, height = shape.x, shape.y, shape.width, shape.height
            if x >= 0 and y >= 0 and x + width <= example.width and y + height <= example.height:
                return (shape,)
        if not isinstance(shape, BBox | Polygon):
            self._losses.add("dropped", example.filename, f"a {shape.kind} has no place in Pascal VOC")
            return ()
        pieces = shape.clip((example.width, example.height))
        if not pieces:
            self._losses.add("dropped", example.filename, f"a {shape.kind} lies outside the picture")
        elif len(pieces) > 1:
            self._losses.add("split", example.filename, "the picture's border cuts a polygon into pieces")
        elif next(iter(pieces)) is not shape:
            self._losses.add("clipped", example.filename, f"a {shape.kind} reached over the picture's border")
        return pieces

    def _attributes(self, annotation: Annotation, example: Example) -> str:
        given = annotation.attributes
        lines = [f"\t\t<pose>{_xml(str(given.get('pose') or DEFAULT_POSE))}</pose>\n"]
        for flag in FLAGS:
            value = given.get(flag, 0)
            if not isinstance(value, bool | int | float):
                self._losses.add("changed", example.filename, f"the attribute {flag} is no number; it becomes 1")
                value = 1
            if value or flag != "occluded":
                lines.append(f"\t\t<{flag}>{_text(float(value))}</{flag}>\n")
        if others := given.keys() - {"pose", *FLAGS}:
            self._losses.add("dropped", example.filename, f"the attribute {min(others)} of an annotation")
        return "".join(lines)

    def _box(self, piece: BBox | Polygon, example: Example) -> str:
        x0, y0, x1, y1 = piece.bounds()
        origin = self._origin
        if self._integers:
            x0, y0, x1, y1 = self._whole((x0, y0, x1, y1), example)
        elif origin and (x1 - x0 < 1 or y1 - y0 < 1):
            x0, y0, x1, y1 = self._one_pixel((x0, y0, x1, y1), piece, example)
        return _BOX % (x0 + origin, y0 + origin, x1, y1)

    def _one_pixel(self, bounds: Bounds, piece: BBox | Polygon, example: Example) -> Bounds:
        """The bounds, at least a pixel wide and high: counted inclusively, less would put the last before the first."""
        x0, y0, x1, y1 = bounds
        if isinstance(piece, BBox):
            self._losses.add("changed", example.filename, "a box less than a pixel wide or high becomes one pixel")
        if x1 - x0 < 1:
            x0 = min(x0, example.width - 1.0)
            x1 = x0 + 1
        if y1 - y0 < 1:
            y0 = min(y0, example.height - 1.0)
            y1 = y0 + 1
        return x0, y0, x1, y1

    def _whole(self, bounds: Bounds, example: Example) -> Bounds:
        """The bounds on whole pixels, at least one wide and high, within the picture."""
        x0 = min(float(round(bounds[0])), example.width - 1.0)
        y0 = min(float(round(bounds[1])), example.height - 1.0)
        whole = (x0, y0, max(float(round(bounds[2])), x0 + 1), max(float(round(bounds[3])), y0 + 1))
        if whole != bounds:
            self._losses.add("changed", example.filename, "a box is rounded to whole pixels (integers=true)")
        return whole

    def _polygons(self, piece: BBox | Polygon, example: Example) -> str:
        if isinstance(piece, BBox):
            return ""
        rings = self._rings(piece, example)
        if self._integers and any(not value.is_integer() for ring in rings for value in ring):
            self._losses.add("changed", example.filename, "a polygon is rounded to whole pixels (integers=true)")
        return "".join([self._template(len(ring)) % self._moved(ring) for ring in rings])

    def _template(self, count: int) -> str:
        found = self._templates.get(count)
        if found is None:
            pairs = (f"\t\t\t<x{n}>%.12g</x{n}>\n\t\t\t<y{n}>%.12g</y{n}>\n" for n in range(1, count // 2 + 1))
            found = self._templates[count] = f"\t\t<polygon>\n{''.join(pairs)}\t\t</polygon>\n"
        return found

    def _moved(self, ring: tuple[float, ...]) -> tuple[float, ...]:
        origin = self._origin
        return tuple([round(v) + origin for v in ring] if self._integers else [v + origin for v in ring])

    def _rings(self, piece: Polygon, example: Example) -> list[tuple[float, ...]]:
        parts = piece.parts
        if not any(part.holes for part in parts):
            return [part.points for part in parts]
        if self._holes == "refuse":
            raise Invalid(
                f"{example.filename} has a polygon with holes, which Pascal VOC cannot hold: choose holes=bridge or "
                "holes=split.",
                code="holes_refused",
            )
        if self._holes == "split":
            self._losses.add("split", example.filename, "a polygon with holes is cut into several polygons")
            return cut_rings(piece)
        self._losses.add("changed", example.filename, "holes of a polygon are joined to its outline by lines")
        return [bridge_rings(Polygon.trusted((part,))) for part in parts]


def _text(value: float) -> str:
    """A number as people write it: twelve digits at the most, no decimals where there are none."""
    return f"{value:.12g}"


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub(" ", text))


def _set(example: Example, losses: Losses) -> str:
    if example.split is None:
        losses.add("noted", example.filename, "images without a split go to train")
    return _SETS[example.split or Split.TRAIN]


def _enter(sets: dict[str, list[str]], which: str, stem: str) -> None:
    sets[which].append(stem)
    if which != "test":
        sets["trainval"].append(stem)


def _note_losses(example: Example, losses: Losses) -> None:
    if example.tags:
        losses.add("dropped", example.filename, "tags of an image")
    if example.image is None:
        losses.add("noted", example.filename, "the picture itself is not in this export")


def _conventions(origin: int, integers: bool, holes: str, renamed: bool) -> list[str]:
    frame = (
        "Boxes count pixels of the upright image from 1 and include the last one: the first pixel alone is 1, 1, 1, 1."
        if origin
        else "Boxes are edges in pixels of the upright image (origin=0): the first pixel alone is 0, 0, 1, 1."
    )
    rules = [
        frame,
        f"Points of `<polygon>` (x1, y1, x2, y2, …) are edges plus {origin}; several are one object.",
        f"Polygons with holes: {holes}.",
        "Coordinates are rounded to whole pixels." if integers else "Coordinates have up to six decimals.",
        "An XML file without objects is an image without objects; an image without an XML file was not labeled.",
        f"`ImageSets/Main` lists the splits, `{LABELS_FILE}` the labels with their fixed index.",
    ]
    if renamed:
        rules.append(f"Files that had to be renamed are listed with their original names in `{NAMES_FILE}`.")
    return rules
