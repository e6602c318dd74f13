"""Pascal VOC: one XML file an image, boxes in pixels, and polygons by a common extension.

Source of the rules: the development kit of the challenge (VOCdevkit 2012, sections 3 and 8): boxes count pixels from 1
and include the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ...archive import Files, Sink
from ...domain.manifest import Losses, Manifest
from ..format import Format, Option, choose
from .documents import annotation_files, is_annotation
from .layout import find_tree
from .reader import read_voc
from .writer import write_voc

__all__ = ["PascalVoc"]

_ORIGIN = Option(
    1,
    (0, 1),
    "1: boxes count pixels from 1 and include the last one, as the development kit says. "
    "0: boxes are plain edges, from 0 to the picture's width and height, as many programs write them.",
)


class PascalVoc(Format):
    """Reads `Annotations/` + `JPEGImages/` + `ImageSets/` and XML files beside their pictures; writes the former."""

    name: ClassVar[str] = "voc"
    title: ClassVar[str] = "Pascal VOC"
    keeps: ClassVar[frozenset[str]] = frozenset({"bbox", "polygon"})
    read_options: ClassVar[Mapping[str, Option]] = {"origin": _ORIGIN}
    write_options: ClassVar[Mapping[str, Option]] = {
        "origin": _ORIGIN,
        "integers": Option(False, (False, True), "Round coordinates to whole pixels, for readers that want integers."),
        "holes": Option(
            "bridge",
            ("bridge", "split", "refuse"),
            "Polygons with holes: joined into one outline, cut into several polygons of the object, or an error.",
        ),
    }

    def detect(self, files: Files) -> str | None:
        names = annotation_files(files)
        if find_tree(files) is not None:
            return None
        if not names:
            return "no .xml files and no ImageSets/Main"
        if any(is_annotation(files, name) for name in names[:5]):
            return None
        return f"{names[0]} is XML, but not an <annotation> of Pascal VOC"

    def read(self, files: Files, options: Mapping[str, object] | None = None) -> Manifest:
        return read_voc(files, int(choose(options, self.read_options)["origin"]))

    def write(self, manifest: Manifest, sink: Sink, options: Mapping[str, object] | None = None) -> Losses:
        chosen = choose(options, self.write_options)
        return write_voc(
            manifest,
            sink,
            origin=int(chosen["origin"]),
            integers=bool(chosen["integers"]),
            holes=str(chosen["holes"]),
        )
