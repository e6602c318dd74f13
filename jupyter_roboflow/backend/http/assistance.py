"""Help with drawing, over HTTP."""

from __future__ import annotations

from ...domain.shapes import Shape
from ..backend import XY, Prompt
from ..wire import assistance as wire
from .remote import Remote


class AssistanceMethods(Remote):
    """What a Backend suggests to whoever draws."""

    def suggest_outline(self, image_id: int, prompt: Prompt) -> tuple[Shape, ...]:
        body = wire.prompt_fields(prompt)
        path = f"images/{image_id}/outline"
        return self._client.ask(wire.Outline, "POST", path, body, repeatable=True).to_domain()

    def suggest_path(self, image_id: int, start: XY, end: XY) -> tuple[XY, ...]:
        body = {"start": wire.point(start, "start"), "end": wire.point(end, "end")}
        found = self._client.ask(wire.Path, "POST", f"images/{image_id}/path", body, repeatable=True)
        return tuple(zip(found.points[0::2], found.points[1::2], strict=True))
