"""Help without any model: GrabCut for outlines, intelligent scissors for edges. OpenCV is loaded when first asked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

from ...domain.shapes import Polygon
from ..assistant import XY, Assistant, Pixels, Wire
from ..prompt import Prompt


@dataclass(frozen=True, slots=True)
class OpenCV(Assistant):
    """Works on a cut-out around what is pointed at, made smaller; then once more along the outline at full size.

    The sizes bound the work whatever the picture is; once `seconds` have passed, what would make it finer is left out.
    """

    seconds: float = 2.0

    name: ClassVar[str] = "opencv"

    def outline(self, image: Pixels, prompt: Prompt) -> list[Polygon]:
        """One polygon, of the largest piece found or of those with strokes on them; or none."""
        from .grab_cut import outline  # OpenCV is loaded by whoever draws

        prompt.check_within((image.shape[1], image.shape[0]))
        return outline(image, prompt, time.monotonic() + self.seconds)

    def wire(self, image: Pixels, start: XY, end: XY) -> Wire:
        from .scissors import ScissorsWire

        return ScissorsWire(image, start, end)
