"""Annotations made for a picture of another size, brought to the upright picture that is really there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..domain.annotation import Annotation
from ..domain.errors import UnreadableDataset
from ..domain.manifest import Example, Losses
from ..domain.shapes import Points, SizeWH
from ..ingest.picture import Picture


def fit_to_picture(example: Example, picture: Picture, policy: str, losses: Losses) -> tuple[Annotation, ...]:
    """The example's annotations in pixels of the upright picture.

    Where the file gives the size before the EXIF orientation was applied, they are turned with the picture; where it
    gives another size altogether they are scaled, or `UnreadableDataset` (`size_mismatch`) is raised with policy
    `refuse`. Both are reported.
    """
    said, real = (example.width, example.height), (picture.width, picture.height)
    if said == real or not example.annotations:
        return example.annotations
    if min(said) <= 0:
        return example.annotations
    turned = said == real[::-1] and picture.orientation >= 5
    if turned:
        why = "the annotations were made before the EXIF orientation was applied and are turned with the picture"
        move = upright(picture.orientation, said)
    else:
        sizes = f"{said[0]}×{said[1]}, the picture is {real[0]}×{real[1]}"
        if policy == "refuse":
            raise UnreadableDataset(
                f"{example.filename}: the annotations are for {sizes}: put the right picture there, "
                "or import with size_mismatch=scale.",
                code="size_mismatch",
            )
        why = "size_mismatch: the annotations are for a picture of another size and are scaled to this one"
        move = _scaled(np.array([real[0] / said[0], real[1] / said[1]]))
    losses.add("changed", example.filename, why)
    return tuple(replace(a, shape=a.shape.map_points(move)) for a in example.annotations)


def _scaled(factors: Points) -> Callable[[Points], Points]:
    return lambda points: points * factors


def upright(orientation: int, stored_wh: SizeWH) -> Callable[[Points], Points]:
    """The map from pixels as stored to pixels of the upright image, for EXIF orientations 1–8 (EXIF 3.0, tag 0x0112).

    `stored_wh` is the size before the orientation is applied.
    """
    width, height = stored_wh

    def move(points: Points) -> Points:
        x, y = points[:, 0], points[:, 1]
        by_orientation = {
            1: (x, y),
            2: (width - x, y),
            3: (width - x, height - y),
            4: (x, height - y),
            5: (y, x),
            6: (height - y, x),
            7: (height - y, width - x),
            8: (y, width - x),
        }
        return np.stack(by_orientation[orientation], axis=1)

    return move
