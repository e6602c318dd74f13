"""The first minute: import real images, look at them, export three formats, read one back, compare."""

from __future__ import annotations

from .run import run_demo

__all__ = ["run_demo"]
