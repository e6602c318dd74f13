"""COCO: one JSON file for all images of a split, with boxes, polygons and run-length masks.

Sources of the rules: the data format page of cocodataset.org and the COCO API (`pycocotools`); for Roboflow's variant
its exports.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ...archive import Files, Sink
from ...domain.errors import UnreadableDataset
from ...domain.manifest import Losses, Manifest
from ..format import Format, Option, choose

__all__ = ["Coco"]


class Coco(Format):
    """Detection and instance segmentation; reads the official layout, Roboflow's, and JSON files lying anywhere."""

    name: ClassVar[str] = "coco"
    title: ClassVar[str] = "COCO"
    keeps: ClassVar[frozenset[str]] = frozenset({"bbox", "polygon"})
    """Polygons in several parts too. One with holes becomes a mask: exact along pixel edges, else rounded to them."""
    read_options: ClassVar[Mapping[str, Option]] = {
        "policy": Option(
            "strict",
            ("strict", "lenient"),
            "lenient leaves out, and counts, annotations of unknown images or categories and pictures listed twice.",
        ),
    }
    write_options: ClassVar[Mapping[str, Option]] = {
        "layout": Option(
            "coco",
            ("coco", "roboflow"),
            "coco: annotations/instances_<split>.json; roboflow: <split>/_annotations.coco.json beside the pictures.",
        ),
        "id_base": Option(1, (1, 0), "The first category and image id: 1 as in COCO, 0 as in Roboflow's files."),
    }

    def detect(self, files: Files) -> str | None:
        from .reader import find_coco_files

        try:
            find_coco_files(files)
        except UnreadableDataset as error:
            return error.message
        return None

    def read(self, files: Files, options: Mapping[str, object] | None = None) -> Manifest:
        from .reader import read_coco

        return read_coco(files, lenient=choose(options, self.read_options)["policy"] == "lenient")

    def write(self, manifest: Manifest, sink: Sink, options: Mapping[str, object] | None = None) -> Losses:
        from .writer import write_coco

        chosen = choose(options, self.write_options)
        return write_coco(manifest, sink, layout=str(chosen["layout"]), id_base=int(chosen["id_base"]))
