"""A photograph of 12 megapixels with one large object, for help with drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2 as untyped
import numpy as np

cv2: Any = untyped

SIZE_WH = (4000, 3000)
BOX = (950.0, 650.0, 2100.0, 1700.0)
"""x, y, width and height of a loose box around the object."""
EDGE = ((1173.0, 1165.0), (1472.0, 1017.0))
"""Two places beside the object's edge."""


def write_photo(path: Path) -> Path:
    """A JPEG with clouds, an ellipse and the noise of a camera."""
    rng = np.random.default_rng(0)
    width, height = SIZE_WH
    clouds = rng.normal(110, 18, (height // 16, width // 16, 3)).astype(np.float32)
    pixels = cv2.resize(clouds, SIZE_WH, interpolation=cv2.INTER_CUBIC)
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(mask, (2000, 1500), (900, 600), 25, 0, 360, 255, -1)
    pixels[mask > 0] += np.array([60, 20, -40], np.float32)
    pixels = cv2.GaussianBlur(pixels, (0, 0), 1.2) + rng.normal(0, 8, pixels.shape).astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(".jpg", np.clip(pixels, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])
    assert done
    path.write_bytes(data.tobytes())
    return path
