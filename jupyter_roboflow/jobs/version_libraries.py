"""What moves the pixels: the same versions of these give the same bytes."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

NAMES = ("albumentations", "numpy", "opencv-python-headless", "opencv-python", "pillow", "shapely")


def libraries() -> dict[str, str]:
    """Name and version of each library that is there."""
    found: dict[str, str] = {}
    for name in NAMES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
