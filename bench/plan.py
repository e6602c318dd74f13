"""What is measured: sections of jobs, each on one input with its contenders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EXPORTS: Mapping[str, str] = {
    "export-coco": "COCO",
    "export-yolo": "YOLO detect (boxes)",
    "export-yolo-segment": "YOLO segment (polygons)",
    "export-voc": "VOC",
}
INGEST: Mapping[str, str] = {
    "ingest-1": "pictures in, one core",
    "ingest-2": "pictures in, two cores",
    "import-pixels": "COCO folder in: pictures and annotations",
}
IMPORT: Mapping[str, str] = {"import": "annotations in"}

AUGMENT: Mapping[str, str] = {
    "augment-few": "the first 100 of them, one worker (for the memory)",
    "augment-1": "augmented from file to file, one worker",
    "augment-2": "augmented from file to file, two workers",
    "version-1": "a version with one copy of each: a job with one worker",
    "version-2": "a version with one copy of each: a job with two workers",
    "thumbnails-1": "a thumbnail of each file, one worker",
    "thumbnails-2": "a thumbnail of each file, two workers",
}
ASSIST: Mapping[str, str] = {
    "assist-first": "outline from a box, picture not read yet",
    "assist-outline": "outline from a box, once more",
    "assist-path": "path along an edge from a new point",
    "assist-move": "path along an edge, the pointer moved",
}

PEER_JOBS: Mapping[str, frozenset[str]] = {
    "datumaro": frozenset({"export-coco", "export-yolo", "export-voc"}),
    "supervision": frozenset({"export-coco", "export-yolo-segment", "export-voc"}),
    "imgaug": frozenset({"augment-1", "augment-2"}),
}
"""What each peer can do; the floor and the product do every job."""


@dataclass(frozen=True, slots=True)
class Section:
    """Some jobs on one input. With `whole_process` the clock runs from the start of the process to its end."""

    name: str
    title: str
    on: str
    jobs: Mapping[str, str]
    contenders: tuple[str, ...]
    large: bool = False
    whole_process: bool = False

    def contenders_of(self, job: str) -> tuple[str, ...]:
        """Those that can do the job."""
        return tuple(name for name in self.contenders if job in PEER_JOBS.get(name, self.jobs))


SECTIONS: Mapping[str, Section] = {
    section.name: section
    for section in (
        Section(
            "exports",
            "500 images with pixels to COCO, YOLO, VOC",
            "500",
            EXPORTS,
            ("floor", "product", "datumaro", "supervision"),
        ),
        Section(
            "processes",
            "The same as a whole process: start, imports, job, end",
            "500",
            EXPORTS,
            ("floor", "product", "datumaro"),
            whole_process=True,
        ),
        Section("ingest", "500 images with pixels in", "500", INGEST, ("floor", "product")),
        Section(
            "augment",
            "500 photos of 1280 × 960 through a recipe",
            "photos-500",
            AUGMENT,
            ("floor", "product", "imgaug"),
        ),
        Section("assist", "Help with drawing on a photo of 12 megapixels", "tiny-pixels", ASSIST, ("floor", "product")),
        Section("flat", "10,000 images without pixels", "10k", EXPORTS | IMPORT, ("floor", "product"), large=True),
        Section(
            "train2017",
            "118,287 images without pixels, 860,001 annotations",
            "train2017",
            EXPORTS | IMPORT,
            ("floor", "product", "datumaro"),
            large=True,
        ),
    )
}
