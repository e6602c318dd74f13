"""Painted shapes, to compare moved outlines with moved pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import shapely

from .outlines import area_of
from .picture import Mark, Mask


def painted(marks: Iterable[Mark], size_wh: tuple[int, int]) -> Mask:
    """(H, W) uint8 with 255 in each pixel whose centre lies within one of the marks."""
    width, height = size_wh
    mask = np.zeros((height, width), dtype=np.uint8)
    for mark in marks:
        x0, y0, x1, y1 = mark.bounds_xyxy()
        left, top = max(0, math.floor(x0)), max(0, math.floor(y0))
        xs, ys = np.meshgrid(np.arange(left, min(width, math.ceil(x1))), np.arange(top, min(height, math.ceil(y1))))
        area = area_of(mark.parts)
        shapely.prepare(area)
        mask[ys, xs] |= np.where(shapely.contains_xy(area, xs + 0.5, ys + 0.5), np.uint8(255), np.uint8(0))
    return mask


def masks_of(marks: Iterable[Mark], size_wh: tuple[int, int]) -> dict[tuple[int, int], Mask]:
    """The painted polygons, by `(picture, source)`; boxes and points have no outline to compare."""
    groups: dict[tuple[int, int], list[Mark]] = {}
    for mark in marks:
        if mark.kind == "polygon":
            groups.setdefault((mark.picture, mark.source), []).append(mark)
    return {key: painted(group, size_wh) for key, group in groups.items()}


def overlaps(
    marks: Iterable[Mark], masks: Mapping[tuple[int, int], Mask], size_wh: tuple[int, int]
) -> dict[int, float]:
    """For each polygon's `source` among the marks of this image, its IoU (0 to 1) with the mask that moved along."""
    moved = masks_of(marks, size_wh)
    return {
        key[1]: float(((mask > 0) & (masks[key] > 0)).sum() / max(1, ((mask > 0) | (masks[key] > 0)).sum()))
        for key, mask in moved.items()
        if key in masks and key[0] == 0
    }
