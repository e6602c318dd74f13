"""Annotate, check and export image datasets inside Jupyter: `import jupyter_roboflow as rf; ws = rf.connect()`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .augment import Recipe
    from .domain.annotation import Annotation
    from .domain.dataset import ImageState, Label, Split
    from .domain.errors import (
        BackendUnavailable,
        Conflict,
        Invalid,
        InvalidShape,
        JobFailed,
        NotAllowed,
        NotAuthenticated,
        NotFound,
        RoboflowError,
        TooLarge,
        UnreadableDataset,
        UnreadableImage,
    )
    from .domain.shapes import BBox, Part, Point, Polygon, Shape
    from .settings import Settings
    from .widgets.annotate import annotate
    from .workspace import Dataset, Image, Images, Version, Workspace, connect
    from .workspace.previewing import preview

__version__ = "0.1.0"

_HOME = {
    "Annotation": "domain.annotation",
    "BBox": "domain.shapes",
    "BackendUnavailable": "domain.errors",
    "Conflict": "domain.errors",
    "Dataset": "workspace",
    "Image": "workspace",
    "ImageState": "domain.dataset",
    "Images": "workspace",
    "Invalid": "domain.errors",
    "InvalidShape": "domain.errors",
    "JobFailed": "domain.errors",
    "Label": "domain.dataset",
    "NotAllowed": "domain.errors",
    "NotAuthenticated": "domain.errors",
    "NotFound": "domain.errors",
    "Part": "domain.shapes",
    "Point": "domain.shapes",
    "Polygon": "domain.shapes",
    "Recipe": "augment",
    "RoboflowError": "domain.errors",
    "Settings": "settings",
    "Shape": "domain.shapes",
    "Split": "domain.dataset",
    "TooLarge": "domain.errors",
    "UnreadableDataset": "domain.errors",
    "UnreadableImage": "domain.errors",
    "Version": "workspace",
    "Workspace": "workspace",
    "annotate": "widgets.annotate",
    "connect": "workspace",
    "preview": "workspace.previewing",
}

__all__ = [
    "Annotation",
    "BBox",
    "BackendUnavailable",
    "Conflict",
    "Dataset",
    "Image",
    "ImageState",
    "Images",
    "Invalid",
    "InvalidShape",
    "JobFailed",
    "Label",
    "NotAllowed",
    "NotAuthenticated",
    "NotFound",
    "Part",
    "Point",
    "Polygon",
    "Recipe",
    "RoboflowError",
    "Settings",
    "Shape",
    "Split",
    "TooLarge",
    "UnreadableDataset",
    "UnreadableImage",
    "Version",
    "Workspace",
    "__version__",
    "annotate",
    "connect",
    "preview",
]


def __getattr__(name: str) -> Any:
    """Names are loaded when they are first used, so that the import alone costs next to nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
