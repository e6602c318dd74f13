"""Help with drawing: an outline from a box or a scribble, a path along an edge. `ASSISTANTS` lists who can help."""

from __future__ import annotations

from .assistant import Assistant, Pixels, Wire
from .function import Outliner, assistant_of
from .opencv import OpenCV
from .prompt import Prompt

ASSISTANTS: dict[str, Assistant] = {assistant.name: assistant for assistant in (OpenCV(),)}
"""By name; the first is the one that is asked when nobody put another in its place."""

__all__ = ["ASSISTANTS", "Assistant", "OpenCV", "Outliner", "Pixels", "Prompt", "Wire", "assistant_of"]
