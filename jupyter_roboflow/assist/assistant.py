"""What an assistant is: whoever finds outlines and edges in a picture. A model takes its place by being one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..domain.shapes import Points, Polygon
from .prompt import Prompt

Pixels: TypeAlias = "NDArray[np.uint8]"
"""(H, W, 3) uint8, RGB, upright."""

XY: TypeAlias = "tuple[float, float]"
"""A point in pixels of the picture; (0, 0) is its top-left edge."""


class Wire(ABC):
    """Paths along edges from one point: made once, asked with every move of the pointer."""

    size: int
    """About how many bytes it holds."""

    @abstractmethod
    def reaches(self, end: XY) -> bool:
        """Whether a path to this point can be asked; if not, make another wire."""

    @abstractmethod
    def path_to(self, end: XY) -> Points:
        """(N, 2) float64 pixels: from the wire's start to this point, both included. May be called from any thread."""


class Assistant(ABC):
    """Finds what a person points at. One object serves all threads of a process, so it keeps nothing of a picture.

    To put a model in the place of GrabCut, subclass `OpenCV` and write `outline` alone.
    """

    name: ClassVar[str]

    @abstractmethod
    def outline(self, image: Pixels, prompt: Prompt) -> list[Polygon]:
        """What the prompt points at, in pixels of the picture, the likeliest first; empty when nothing is found.

        A prompt that does not touch the picture raises `InvalidShape`.
        """

    @abstractmethod
    def wire(self, image: Pixels, start: XY, end: XY) -> Wire:
        """Paths from `start` to at least `end` and what is nearer. Both lie within the picture."""
