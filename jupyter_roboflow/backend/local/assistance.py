"""Help with drawing, in this process."""

from __future__ import annotations

from ...domain.dataset import Image
from ...domain.shapes import Shape
from ...domain.user import Action
from ..backend import XY, Prompt
from .access import Access


class AssistanceMethods(Access):
    """What a Backend suggests to whoever draws."""

    def suggest_outline(self, image_id: int, prompt: Prompt) -> tuple[Shape, ...]:
        return self._here.assistance.outline(self._drawable(image_id), prompt)

    def suggest_path(self, image_id: int, start: XY, end: XY) -> tuple[XY, ...]:
        path = self._here.assistance.path(self._drawable(image_id), start, end)
        return tuple((float(x), float(y)) for x, y in path)

    def _drawable(self, image_id: int) -> Image:
        with self._here.database.read() as conn:
            return self._image(conn, image_id, Action.ANNOTATE)
