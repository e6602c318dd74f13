"""Bytes from anywhere become a checked, described, hashed picture with a thumbnail, or an error that says why not.

`DecodePool` looks at the bytes in child processes, `open_sources` finds them, `UploadReport` tells what became of them.
Names are loaded when first used: the child processes need few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .filename import display_name
    from .incoming import Incoming
    from .picture import Picture
    from .pool import DecodePool, Outcome
    from .report import UploadReport
    from .sources import open_sources

__all__ = ["DecodePool", "Incoming", "Outcome", "Picture", "UploadReport", "display_name", "open_sources"]

_HOMES = {
    "DecodePool": "pool",
    "Incoming": "incoming",
    "Outcome": "pool",
    "Picture": "picture",
    "UploadReport": "report",
    "display_name": "filename",
    "open_sources": "sources",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
