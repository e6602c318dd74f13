"""Seeded JPEG files with the size and entropy of photographs: soft light, edges, texture and grain."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_OCTAVES = (4, 8, 16, 32, 64, 128, 256)
_QUALITY = 92


def write_picture(path: Path, width: int, height: int, seed: tuple[int, int]) -> None:
    """Write one picture of about 100 kB at 640 × 480 pixels."""
    random = np.random.default_rng(seed)
    picture = _light(random, width, height)
    _things(random, picture)
    grain = cv2.GaussianBlur(random.standard_normal((height, width), dtype=np.float32), (3, 3), 0) * 15
    picture += grain[:, :, None]
    encoded = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    path.write_bytes(encoded.tobytes())


def _light(random: np.random.Generator, width: int, height: int) -> NDArray[np.float32]:
    """(H, W, 3) smooth noise whose amplitude falls with its frequency, as in natural scenes."""
    picture = np.full((height, width, 3), 120, np.float32)
    for cells in _OCTAVES:
        coarse = random.standard_normal((cells, cells, 3), dtype=np.float32) * (220 / cells**0.7)
        picture += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return picture


def _things(random: np.random.Generator, picture: NDArray[np.float32]) -> None:
    """Draw some objects with hard edges."""
    height, width = picture.shape[:2]
    for _ in range(12):
        x, y = int(random.integers(width)), int(random.integers(height))
        axes = (int(random.integers(8, 90)), int(random.integers(8, 90)))
        color = random.integers(0, 255, 3).tolist()
        mask = np.zeros((height, width), np.uint8)
        cv2.ellipse(mask, (x, y), axes, float(random.integers(180)), 0, 360, 1, -1)
        picture[mask > 0] = picture[mask > 0] * 0.4 + np.asarray(color, np.float32) * 0.6
