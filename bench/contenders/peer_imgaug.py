"""imgaug: the same steps on the same pictures with its own boxes and polygons. Holes are polygons of their own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import cv2
import imgaug.augmenters as iaa  # pyright: ignore[reportMissingImports]  # lives in its own environment
import numpy as np
from imgaug.augmentables.bbs import BoundingBox, BoundingBoxesOnImage  # pyright: ignore[reportMissingImports]
from imgaug.augmentables.polys import Polygon, PolygonsOnImage  # pyright: ignore[reportMissingImports]

from ..gauge import main
from .augmenting import QUALITY, Scene, augmenting


def augment(folder: Path, scene: Scene) -> int:
    """Augment one picture into a folder; how many shapes are left."""
    bgr = cv2.imread(str(scene.path))
    if bgr is None:
        raise ValueError(f"{scene.path.name} is no picture")
    pixels = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    boxes = [BoundingBox(x, y, x + w, y + h) for x, y, w, h in scene.boxes]
    rings = [ring for parts in scene.polygons for part in parts for ring in part]
    outlines = [Polygon(np.array(ring, np.float32).reshape(-1, 2)) for ring in rings]
    size = pixels.shape
    made, moved, bent = _pipeline()(
        image=pixels,
        bounding_boxes=BoundingBoxesOnImage(boxes, size),
        polygons=PolygonsOnImage(outlines, size),
    )
    moved, bent = moved.remove_out_of_image().clip_out_of_image(), bent.remove_out_of_image()
    bgr = cv2.cvtColor(made, cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(folder / scene.path.name), bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return len(moved) + len(bent)


@cache
def _pipeline() -> Any:
    light = iaa.Sequential([iaa.Multiply((0.8, 1.2)), iaa.LinearContrast((0.8, 1.2))])
    return iaa.Sequential(
        [iaa.Fliplr(0.5), iaa.Sometimes(0.5, iaa.Affine(rotate=(-15, 15))), iaa.Sometimes(0.5, light)], seed=1
    )


if __name__ == "__main__":
    main({f"augment-{workers}": augmenting(workers, "peer_imgaug") for workers in (1, 2)})
