"""YOLO: one text file an image, one row an object, values as fractions of the picture.

Source of the rules: docs.ultralytics.com/datasets/detect and /segment (Ultralytics 8.3), and darknet's `obj.data`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ...archive import Files, Sink
from ...domain.errors import UnreadableDataset
from ...domain.manifest import Losses, Manifest
from ..format import Format, Option, choose
from .class_names import find_class_names
from .layout import Layout
from .reader import read_yolo
from .writer import write_yolo

__all__ = ["Yolo"]


class Yolo(Format):
    """Reads the layouts of Ultralytics, Roboflow and darknet and flat folders; writes that of Ultralytics."""

    name: ClassVar[str] = "yolo"
    title: ClassVar[str] = "YOLO"
    keeps: ClassVar[frozenset[str]] = frozenset({"bbox", "polygon"})
    """Boxes with `task=detect`, polygons of one ring with `task=segment`."""
    read_options: ClassVar[Mapping[str, Option]] = {
        "task": Option(
            "auto",
            ("auto", "detect", "segment"),
            "What rows of 9 values are: with segment polygons; with detect every outline is read as its box.",
        )
    }
    write_options: ClassVar[Mapping[str, Option]] = {
        "task": Option("detect", ("detect", "segment"), "detect writes boxes, segment writes outlines."),
        "holes": Option(
            "bridge",
            ("bridge", "split", "refuse"),
            "Polygons with holes or several parts: joined into one outline, cut into several rows, or an error.",
        ),
    }

    def detect(self, files: Files) -> str | None:
        try:
            found = find_class_names(files)
        except UnreadableDataset as error:
            return error.message
        layout = Layout(files, found)
        if layout.has_labels():
            return None
        if found.is_yaml and ("train" in found.data or "val" in found.data):
            return None
        return f"{found.file} names classes, but no picture has a label file (.txt) beside it or under labels/"

    def read(self, files: Files, options: Mapping[str, object] | None = None) -> Manifest:
        return read_yolo(files, str(choose(options, self.read_options)["task"]))

    def write(self, manifest: Manifest, sink: Sink, options: Mapping[str, object] | None = None) -> Losses:
        chosen = choose(options, self.write_options)
        return write_yolo(manifest, sink, task=str(chosen["task"]), holes=str(chosen["holes"]))
