"""Upright pixels."""

from __future__ import annotations

from ..move import Run
from ..picture import Picture
from .step import Settings, Step


class AutoOrient(Step):
    name = "auto_orient"
    title = "Auto-orient"
    help = "Nothing is left to do: pictures are turned upright when they come in, and stored without an orientation."
    stage = "preprocess"

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        return [picture]
