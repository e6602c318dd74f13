"""What a notebook cell shows. Each widget is loaded when it is first used: the library imports without any of them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .annotator import Annotator
    from .dataset_card import DatasetCard
    from .proposals import Proposals

_HOME = {"Annotator": "annotator", "DatasetCard": "dataset_card", "Proposals": "proposals"}

__all__ = ["Annotator", "DatasetCard", "Proposals"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
