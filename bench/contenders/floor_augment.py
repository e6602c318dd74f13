"""Bare albumentations on what OpenCV reads and writes: boxes and key points, no polygons, nothing clipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import albumentations
import cv2
import numpy as np

from .augmenting import QUALITY, Scene


def augment(folder: Path, scene: Scene) -> int:
    """Augment one picture into a folder; how many boxes are left."""
    points = np.array([v for parts in scene.polygons for rings in parts for ring in rings for v in ring]).reshape(-1, 2)
    bgr = cv2.imread(str(scene.path))
    if bgr is None:
        raise ValueError(f"{scene.path.name} is no picture")
    pixels = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    made = _pipeline()(image=pixels, bboxes=scene.boxes, labels=[0] * len(scene.boxes), keypoints=points)
    bgr = cv2.cvtColor(made["image"], cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(folder / scene.path.name), bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return len(made["bboxes"])


@cache
def _pipeline() -> Any:
    return albumentations.Compose(
        [
            albumentations.HorizontalFlip(p=0.5),
            albumentations.Rotate(limit=15, p=0.5),
            albumentations.RandomBrightnessContrast(p=0.5),
        ],
        bbox_params=albumentations.BboxParams(format="coco", label_fields=["labels"], min_visibility=0.1),
        keypoint_params=albumentations.KeypointParams(format="xy", remove_invisible=False),
        seed=1,
    )
