"""What an annotator shows as a COCO document, for scripts that want one without files.

Source of the fields: the data format page of cocodataset.org.
"""

from __future__ import annotations

from typing import Any

from ..domain.annotation import Annotation
from ..domain.shapes import BBox, Point, Polygon
from ..domain.shapes.hole_free import cut_rings
from .source import Source


def coco_of(source: Source) -> dict[str, Any]:
    """`images`, `categories` and `annotations`, ids counting from 1. A point is a keypoint of its category."""
    labels = source.labels()
    category = {label.name: number for number, label in enumerate(labels, 1)}
    images, annotations = list[dict[str, Any]](), list[dict[str, Any]]()
    with_points: set[str] = set()
    for number, image_id in enumerate(source.image_ids(), 1):
        found = source.annotations(image_id)
        images.append(_image(source, image_id, number))
        for annotation in found.annotations:
            with_points |= {annotation.label} if isinstance(annotation.shape, Point) else set()
            entry = {"id": len(annotations) + 1, "image_id": number, "category_id": category[annotation.label]}
            annotations.append({**entry, **_fields(annotation)})
    categories = [
        {"id": number, "name": name, **({"keypoints": ["point"], "skeleton": []} if name in with_points else {})}
        for name, number in category.items()
    ]
    return {"images": images, "categories": categories, "annotations": annotations}


def _image(source: Source, image_id: int, number: int) -> dict[str, Any]:
    name = source.images([image_id])[0]["filename"]
    width, height = source.size_wh(image_id)
    return {"id": number, "file_name": name, "width": width, "height": height}


def _fields(annotation: Annotation) -> dict[str, Any]:
    shape = annotation.shape
    x0, y0, x1, y1 = shape.bounds()
    box = [shape.x, shape.y, shape.width, shape.height] if isinstance(shape, BBox) else [x0, y0, x1 - x0, y1 - y0]
    fields: dict[str, Any] = {"bbox": box, "area": shape.area(), "iscrowd": 0, "segmentation": []}
    if isinstance(shape, Polygon):
        fields["segmentation"] = [list(ring) for ring in cut_rings(shape)]
    if isinstance(shape, Point):
        fields |= {"keypoints": [shape.x, shape.y, 2], "num_keypoints": 1}
    return fields | ({"attributes": dict(annotation.attributes)} if annotation.attributes else {})
