"""OpenCV, loaded when the first picture is changed and not before."""

from __future__ import annotations

from typing import Any


def opencv() -> Any:
    """The `cv2` module; untyped, since its stubs know neither masks nor colours as tuples."""
    import cv2

    return cv2
