"""The columns that health is computed from, and the small numbers that stand for words in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..dataset import ImageState, Split

Floats: TypeAlias = "NDArray[np.float64]"
Integers: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Hashes: TypeAlias = "NDArray[np.uint64]"

SPLIT_CODES: dict[Split | None, int] = {None: 0, Split.TRAIN: 1, Split.VALID: 2, Split.TEST: 3}
STATE_CODES: dict[ImageState, int] = {state: code for code, state in enumerate(ImageState)}
KIND_CODES: dict[str, int] = {"bbox": 0, "polygon": 1, "point": 2}

SPLIT_NAMES = ("none", "train", "valid", "test")
STATE_NAMES = tuple(str(state) for state in ImageState)


@dataclass(frozen=True, slots=True)
class ImageColumns:
    """Some images of a dataset, one row each; any integer arrays or lists.

    `width`, `height`: pixels, upright. `split`, `state`: codes of `SPLIT_CODES`, `STATE_CODES`. `dhash`: 64 bits
    (uint64); nearly the same picture has nearly the same bits, 0 is a picture without texture.
    """

    id: Any
    width: Any
    height: Any
    split: Any
    state: Any
    dhash: Any
    filename: Sequence[str]


@dataclass(frozen=True, slots=True)
class AnnotationColumns:
    """Some annotations, one row each, ordered by image id.

    `label`: the Label's export index. `kind`: codes of `KIND_CODES`. `x0` … `y1`: the bounds in pixels; `area`: that of
    the shape itself in square pixels.
    """

    image_id: Any
    label: Any
    kind: Any
    x0: Any
    y0: Any
    x1: Any
    y1: Any
    area: Any
