"""The floor: the least that any tool must do for a job, with no checks, no choices and no safety.

Exports parse the JSON with the fastest parser there is, format strings and write straight into one zip. Ingest reads,
hashes, decodes and thumbnails each picture and flushes one file to disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

import msgspec

from ..gauge import Case, Job, main
from ..plan import ASSIST
from .augmenting import augmenting
from .floor_drawing import read_and_resize
from .floor_import import import_pixels, import_rows
from .floor_ingest import ingest
from .floor_records import Annotation, Box, Coco, Image, RawAnnotation, RawCoco, parse, parse_raw
from .stored_zip import StoredZip

A = TypeVar("A", Annotation, RawAnnotation)


def by_image(images: list[Image], annotations: list[A]) -> dict[int, list[A]]:
    """Annotations of each image, in the order of the images."""
    found: dict[int, list[A]] = {image.id: [] for image in images}
    for annotation in annotations:
        found[annotation.image_id].append(annotation)
    return found


def export_coco(case: Case) -> None:
    coco, out = parse_raw(case), StoredZip(case.output / "out.zip")
    _copy_pictures(case, coco, out, "train/")
    out.add("annotations.json", msgspec.json.encode(coco))
    out.close()


def export_yolo_segment(case: Case) -> None:
    coco, out = parse(case), StoredZip(case.output / "out.zip")
    annotations = by_image(coco.images, coco.annotations)
    number = _numbers(coco)
    _copy_pictures(case, coco, out, "images/")
    for image in coco.images:
        w, h = image.width, image.height
        rows = [f"{number[a.category_id]} {_yolo_points(a, w, h)}\n" for a in annotations[image.id]]
        out.add(f"labels/{image.file_name[:-4]}.txt", "".join(rows).encode())
    out.close()


def export_yolo(case: Case) -> None:
    coco, out = parse_raw(case), StoredZip(case.output / "out.zip")
    annotations = by_image(coco.images, coco.annotations)
    number = _numbers(coco)
    _copy_pictures(case, coco, out, "images/")
    for image in coco.images:
        w, h = image.width, image.height
        rows = [f"{number[a.category_id]} {_yolo_box(a.bbox, w, h)}\n" for a in annotations[image.id]]
        out.add(f"labels/{image.file_name[:-4]}.txt", "".join(rows).encode())
    out.close()


def _numbers(coco: Coco | RawCoco) -> dict[int, int]:
    return {category.id: at for at, category in enumerate(coco.categories)}


def _yolo_box(box: Box, width: int, height: int) -> str:
    x, y, w, h = box
    return f"{(x + w / 2) / width:.6f} {(y + h / 2) / height:.6f} {w / width:.6f} {h / height:.6f}"


def _yolo_points(annotation: Annotation, width: int, height: int) -> str:
    """The polygon, its parts one after the other, or the box as a polygon; as shares of the image."""
    if annotation.segmentation:
        points = [value for part in annotation.segmentation for value in part]
    else:
        x, y, w, h = annotation.bbox
        points = [x, y, x + w, y, x + w, y + h, x, y + h]
    scaled = points.copy()
    scaled[0::2] = [x / width for x in points[0::2]]
    scaled[1::2] = [y / height for y in points[1::2]]
    return _row_format(len(points)) % tuple(scaled)


@cache
def _row_format(values: int) -> str:
    return " ".join(["%.6f"] * values)


def export_voc(case: Case) -> None:
    coco, out = parse(case), StoredZip(case.output / "out.zip")
    _copy_pictures(case, coco, out, "JPEGImages/")
    annotations, name = by_image(coco.images, coco.annotations), _names(coco)
    for image in coco.images:
        objects = [
            _voc_object(a.bbox, name[a.category_id], _voc_polygons(a.segmentation)) for a in annotations[image.id]
        ]
        out.add(f"Annotations/{image.file_name[:-4]}.xml", _voc_file(image, objects))
    out.close()


def _names(coco: Coco | RawCoco) -> dict[int, str]:
    return {category.id: category.name for category in coco.categories}


def _voc_file(image: Image, objects: list[str]) -> bytes:
    return (
        f"<annotation>\n\t<folder>JPEGImages</folder>\n\t<filename>{image.file_name}</filename>\n\t<size>\n"
        f"\t\t<width>{image.width}</width>\n\t\t<height>{image.height}</height>\n\t\t<depth>3</depth>\n\t</size>\n"
        f"{''.join(objects)}</annotation>\n"
    ).encode()


def _voc_object(box: Box, name: str, polygons: str) -> str:
    """One object, 1-based."""
    x, y, w, h = box
    return (
        f"\t<object>\n\t\t<name>{name}</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n"
        f"\t\t<difficult>0</difficult>\n\t\t<bndbox>\n\t\t\t<xmin>{x + 1:.2f}</xmin>\n\t\t\t<ymin>{y + 1:.2f}</ymin>\n"
        f"\t\t\t<xmax>{x + w:.2f}</xmax>\n\t\t\t<ymax>{y + h:.2f}</ymax>\n\t\t</bndbox>\n{polygons}\t</object>\n"
    )


def _voc_polygons(segmentation: list[list[float]]) -> str:
    """The polygon extension."""
    return "".join([_polygon_format(len(part)) % tuple([value + 1 for value in part]) for part in segmentation])


@cache
def _polygon_format(values: int) -> str:
    points = "".join([f"<x{i}>%.2f</x{i}><y{i}>%.2f</y{i}>" for i in range(1, values // 2 + 1)])
    return f"\t\t<polygon>{points}</polygon>\n"


def _copy_pictures(case: Case, coco: Coco | RawCoco, out: StoredZip, folder: str) -> None:
    if case.pixels:
        for image in coco.images:
            out.add(folder + image.file_name, (case.pictures / image.file_name).read_bytes())


def _job(run: Callable[[Case], object]) -> Job:
    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        yield lambda: run(case)

    return job


if __name__ == "__main__":
    main(
        {
            "export-coco": _job(export_coco),
            "export-yolo": _job(export_yolo),
            "export-yolo-segment": _job(export_yolo_segment),
            "export-voc": _job(export_voc),
            "ingest-1": ingest(1),
            "ingest-2": ingest(2),
            "augment-few": augmenting(1, "floor_augment", few=True),
            "augment-1": augmenting(1, "floor_augment"),
            "augment-2": augmenting(2, "floor_augment"),
            "version-1": augmenting(1, "floor_augment"),
            "version-2": augmenting(2, "floor_augment"),
            "thumbnails-1": augmenting(1, "floor_ingest", function="thumbnail"),
            "thumbnails-2": augmenting(2, "floor_ingest", function="thumbnail"),
            **dict.fromkeys(ASSIST, read_and_resize),
            "import": import_rows,
            "import-pixels": import_pixels,
        }
    )
