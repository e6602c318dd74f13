"""The first minutes: real images to import, look at and export; a tour as a notebook; JupyterLab with both."""

from __future__ import annotations

from pathlib import Path

from .run import BLOOD_CELLS, NUCLEI, run_demo
from .tour import place_tour

__all__ = ["BLOOD_CELLS", "NUCLEI", "data_folder", "place_tour", "run_demo"]


def data_folder(name: str) -> Path:
    """The folder of a packaged dataset: `blood-cells` (Pascal VOC) or `nuclei` (COCO)."""
    return Path(__file__).parent / "data" / name
