"""Manifests for tests: golden ones, random ones, and what of them must be equal after a round trip."""

from __future__ import annotations

import io
import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from jupyter_roboflow.archive import FolderSink, Sink, ZipSink, open_files
from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import ImageState, Label, Split, default_color
from jupyter_roboflow.domain.manifest import Example, Losses, Manifest
from jupyter_roboflow.domain.shapes import BBox, Part, Polygon, Shape
from jupyter_roboflow.formats import Format
from tests.archive.archives import Bytes

METADATA = {"dataset": "Pets & <friends>", "version": 3, "date": "2026-01-02", "product_version": "1.2.3"}


def picture(width: int, height: int, name: str = "blob", kind: str = "PNG") -> Bytes:
    """A real, tiny picture with a known checksum."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (10, 200, 30)).save(out, kind)
    return Bytes(name, out.getvalue(), zlib.crc32(out.getvalue()))


def header_only(width: int, height: int, name: str = "blob") -> Bytes:
    """A PNG of any size without pixels: enough to ask for its width and height."""
    body = b"IHDR" + struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">L", 13) + body + struct.pack(">L", zlib.crc32(body))
    data += b"\0\0\0\0IDAT" + struct.pack(">L", zlib.crc32(b"IDAT")) + b"\0\0\0\0IEND\xaeB`\x82"
    return Bytes(name, data, zlib.crc32(data))


def labels_of(*names: str, indices: Sequence[int] | None = None) -> tuple[Label, ...]:
    numbers = list(indices or range(len(names)))
    return tuple(Label(name, default_color(n), n, i) for i, (name, n) in enumerate(zip(names, numbers, strict=True)))


def example(
    filename: str = "a.png", *annotations: Annotation, size: tuple[int, int] = (100, 50), **rest: Any
) -> Example:
    """An example with a picture of its size; without annotations it is `empty`."""
    state = ImageState.LABELED if annotations else ImageState.EMPTY
    given = {"split": Split.TRAIN, "state": state, "image": header_only(*size), **rest}
    return Example(filename, *size, annotations, **given)


def manifest(*examples: Example, labels: tuple[Label, ...] = (), **rest: Any) -> Manifest:
    """A Manifest; its labels are those its annotations name, unless given."""
    names = dict.fromkeys(a.label for e in examples for a in e.annotations)
    return Manifest(labels or labels_of(*names), examples, count=len(examples), metadata=METADATA, **rest)


def box(x: float, y: float, width: float, height: float, label: str = "cat", **attributes: Any) -> Annotation:
    return Annotation(BBox(x, y, width, height), label, attributes)


def golden(shapes: Iterable[Shape]) -> Manifest:
    """The dataset of the golden folders: a gap in the class numbers, hard names, an empty and an unlabeled image."""
    cat, dog = "cat", 'dog, <big> & "small"'
    first, *others = shapes
    return manifest(
        Example("one.png", 64, 48, (Annotation(first, cat), *(Annotation(s, dog) for s in others)), Split.TRAIN,
                ImageState.REVIEWED, image=picture(64, 48)),
        Example("two words.jpg", 32, 16, (Annotation(others[0], cat),), Split.VALID,
                image=picture(32, 16, kind="JPEG")),
        Example("nothing.png", 8, 6, (), Split.TEST, ImageState.EMPTY, image=picture(8, 6)),
        Example("sub/later.png", 8, 6, (), Split.TRAIN, ImageState.UNLABELED, image=picture(8, 6)),
        labels=labels_of(cat, dog, indices=[0, 2]),
    )  # fmt: skip


BOXES = (BBox(8, 6, 16, 12), BBox(0, 0, 32, 16), BBox(1.5, 2.25, 10.125, 0.5))
OUTLINES = (Polygon([0, 0, 64, 0, 64, 48]), Polygon([1, 1, 20.5, 2, 10.25, 15]), Polygon([2, 2, 8, 2, 8, 8, 2, 8]))


def write(format: Format, given: Manifest, path: Path, options: dict[str, Any] | None = None) -> Losses:
    """Write to a folder, or to an archive when the path ends in `.zip`."""
    sink: Sink = ZipSink(path) if path.suffix == ".zip" else FolderSink(path)
    with sink:
        return format.write(given, sink, options)


def read(format: Format, path: Path, options: dict[str, Any] | None = None) -> Manifest:
    """Read everything; the examples stay usable as long as the folder is there."""
    with open_files(path) as files:
        found = format.read(files, options)
        return replace(found, examples=list(found.examples))


def tree(path: Path) -> dict[str, bytes]:
    with open_files(path) as files:
        return {name: files.read(name) for name in files.names}


def facts(given: Manifest) -> dict[str, Any]:
    """What must survive: label names and numbers, and of each image its size, split, state and annotations in order."""
    return {
        "labels": [(label.name, label.index) for label in given.labels],
        "images": {
            e.filename: (
                (e.width, e.height),
                e.split or Split.TRAIN,
                ImageState.LABELED if e.state is ImageState.REVIEWED else e.state,
                [(a.label, a.shape.kind, _lengths(a.shape)) for a in e.annotations],
            )
            for e in given.examples
        },
    }


def largest_difference(one: Manifest, other: Manifest) -> float:
    """The largest distance, in pixels, between coordinates of two Manifests whose facts are equal."""
    others = {e.filename: e for e in other.examples}
    pairs = [
        (a, b)
        for e in one.examples
        for mine, yours in zip(e.annotations, others[e.filename].annotations, strict=True)
        for a, b in zip(_coordinates(mine.shape), _coordinates(yours.shape), strict=True)
    ]
    return max((abs(a - b) for a, b in pairs), default=0.0)


def _lengths(shape: Shape) -> list[int]:
    return [len(ring) for ring in shape.rings()] if isinstance(shape, Polygon) else []


def _coordinates(shape: Shape) -> list[float]:
    return [v for ring in shape.rings() for v in ring] if isinstance(shape, Polygon) else list(shape.bounds())


# ---- random ones

_NAMES = (
    "cat",
    "Dog",
    "a b",
    "yes",
    "1",
    "null",
    "ä🙂",
    "a,b;c",
    "<&>]]>",
    '"q"',
    "x: y",
    "# no",
    "- z",
    "unused-7",
    "{}",
)


@st.composite
def boxes(draw: st.DrawFn, width: int, height: int) -> BBox:
    """A box of at least a pixel: Pascal VOC, which counts pixels inclusively, knows no smaller ones."""
    x0 = draw(st.floats(0, width - 1.01))
    y0 = draw(st.floats(0, height - 1.01))
    x1 = draw(st.floats(x0 + 1.001, width))
    y1 = draw(st.floats(y0 + 1.001, height))
    found = BBox.from_bounds((x0, y0, x1, y1)).clip((width, height))
    return found[0]


@st.composite
def stars(draw: st.DrawFn, width: int, height: int) -> Polygon:
    """A polygon that does not cross itself: points around a middle."""
    count = draw(st.integers(3, 9))
    middle = (width / 2, height / 2)
    reach = [draw(st.floats(0.1, 1.0)) for _ in range(count)]
    angles = [(i + 0.5) * 2 * math.pi / count for i in range(count)]
    points = [
        (middle[0] * (1 + r * math.cos(a)), middle[1] * (1 + r * math.sin(a)))
        for r, a in zip(reach, angles, strict=True)
    ]
    return Polygon([v for point in points for v in point])


@st.composite
def several_parts(draw: st.DrawFn, width: int, height: int) -> Polygon:
    """An object in two pieces, left and right."""
    left, right = draw(stars(width, height)), draw(stars(width, height))
    halves = [(left, 0.0), (right, width / 2)]
    return Polygon.of_parts(
        tuple(
            Part(tuple(v / 2 + (shift if i % 2 == 0 else 0.0) for i, v in enumerate(p.parts[0].points)))
            for p, shift in halves
        )
    )


@st.composite
def manifests(draw: st.DrawFn, kinds: Iterable[str], *, parts: bool = False) -> Manifest:
    """A Manifest of shapes inside their pictures, of these kinds only. File names are plain and differ."""
    makers = {"bbox": boxes, "polygon": several_parts if parts and draw(st.booleans()) else stars}
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=5, unique=True))
    numbers = sorted(draw(st.sets(st.integers(0, 12), min_size=len(names), max_size=len(names))))
    examples: list[Example] = []
    for i in range(draw(st.integers(0, 4))):
        size = draw(st.tuples(st.integers(2, 65_000), st.integers(2, 3000)))
        chosen = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=4))
        shapes = [draw(makers[kind](*size)) for kind in chosen]
        annotations = tuple(Annotation(shape, draw(st.sampled_from(names))) for shape in shapes)
        split = draw(st.sampled_from([None, *Split]))
        examples.append(example(f"image {i}.png", *annotations, size=size, split=split))
    return manifest(*examples, labels=labels_of(*names, indices=numbers))
