"""What a notebook cell shows. Each widget is loaded when it is first used: the library imports without any of them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dataset_card import DatasetCard

_HOME = {"DatasetCard": "dataset_card"}

__all__ = ["DatasetCard"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
