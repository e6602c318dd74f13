"""Help with drawing: outlines and paths that nobody has to take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire import assistance as wire

from .handler import Handler
from .operation import operation


class OutlineHandler(Handler):
    @operation(body=wire.Prompt, answer=wire.Outline, changes=False)
    def post(self, backend: Backend, image_id: int, body: wire.Prompt) -> Mapping[str, Any]:
        """The outline of what a box or strokes point at; nothing is saved."""
        return wire.outline_fields(backend.suggest_outline(image_id, body.to_domain()))


class PathHandler(Handler):
    @operation(body=wire.PathEnds, answer=wire.Path, changes=False)
    def post(self, backend: Backend, image_id: int, body: wire.PathEnds) -> Mapping[str, Any]:
        """A path along an edge from one point to another; nothing is saved."""
        (x0, y0), (x1, y1) = body.start, body.end
        return {"points": [value for point in backend.suggest_path(image_id, (x0, y0), (x1, y1)) for value in point]}
