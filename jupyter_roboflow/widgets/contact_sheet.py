"""Images beside what a recipe makes of them, on a canvas."""

# ipywidgets and ipycanvas come without types.
# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipycanvas as untyped_canvas  # pyright: ignore[reportMissingTypeStubs]
import ipywidgets as untyped_widgets  # pyright: ignore[reportMissingTypeStubs]
import numpy as np

from ..domain.preview import PreviewItem, PreviewPicture
from ..domain.shapes import BBox, Point, Polygon, Shape

ipycanvas: Any = untyped_canvas
ipywidgets: Any = untyped_widgets

ACROSS = 4
CELLS_LIMIT = 60
GAP = 8
_CAPTION = 64
_LINE = 5
_OTHER = "#ff00ff"


@dataclass(frozen=True, slots=True)
class Cell:
    """A picture with its place in canvas pixels and what is said below it."""

    picture: PreviewPicture
    caption: str
    x: int
    y: int


class ContactSheet(ipycanvas.MultiCanvas):
    """Pictures on one layer, shapes and captions on the other. It is as wide as the output; four pictures a row."""

    def __init__(self) -> None:
        super().__init__(2, width=ACROSS * 320, height=240, layout={"width": "100%", "height": "auto"})
        self._files: list[Any] = []
        self.cells: tuple[Cell, ...] = ()

    def show(self, items: Sequence[PreviewItem], colors: Mapping[str, str]) -> None:
        """Draw a preview in the place of what was there; `colors` are those of the labels."""
        self.cells = tuple(placed(items))
        size = _extent(self.cells)
        while len(self._files) < len(self.cells):
            self._files.append(ipywidgets.Image(format="jpeg"))
        with ipycanvas.hold_canvas():
            if (self.width, self.height) != size:
                self.width, self.height = size
            pictures, shapes = self[0], self[1]
            pictures.clear()
            shapes.clear()
            for cell, file in zip(self.cells, self._files, strict=False):
                file.value = cell.picture.data
                pictures.draw_image(file, cell.x, cell.y)
                _draw_shapes(shapes, cell, colors)
                _draw_caption(shapes, cell)

    def close(self) -> None:
        """Let go of the pictures too."""
        for file in self._files:
            file.close()
        super().close()


def placed(items: Sequence[PreviewItem]) -> Iterator[Cell]:
    """The pictures row by row, an image and what was made of it one after the other."""
    named = [each for item in items for each in _captioned(item)][:CELLS_LIMIT]
    across = max((picture.width for picture, _ in named), default=1) + GAP
    y = 0
    for start in range(0, len(named), ACROSS):
        row = named[start : start + ACROSS]
        for place, (picture, caption) in enumerate(row):
            yield Cell(picture, caption, place * across, y)
        y += max(picture.height for picture, _ in row) + _CAPTION + GAP


def _captioned(item: PreviewItem) -> Iterator[tuple[PreviewPicture, str]]:
    if item.original is not None:
        yield item.original, item.filename
    for picture in item.pictures:
        name = f"copy {picture.copy}" if picture.copy else "prepared"
        told = [f"{name} {picture.piece}".strip()]
        told += [f"IoU {picture.iou:.3f}"] if picture.iou is not None else []
        told += [f"{len(picture.dropped)} dropped"] if picture.dropped else []
        yield picture, " · ".join(told)


def _extent(cells: Sequence[Cell]) -> tuple[int, int]:
    width = max((cell.x + cell.picture.width for cell in cells), default=ACROSS * 320)
    return width, max((cell.y + cell.picture.height + _CAPTION for cell in cells), default=60)


def _draw_shapes(canvas: Any, cell: Cell, colors: Mapping[str, str]) -> None:
    canvas.line_width = _LINE
    for drawn in cell.picture.shapes:
        canvas.stroke_style = canvas.fill_style = colors.get(drawn.label, _OTHER)
        _draw(canvas, drawn.shape, cell.x, cell.y)


def _draw(canvas: Any, shape: Shape, x: int, y: int) -> None:
    if isinstance(shape, Point):
        canvas.fill_circle(x + shape.x, y + shape.y, 2 * _LINE)
    elif isinstance(shape, BBox):
        canvas.stroke_rect(x + shape.x, y + shape.y, shape.width, shape.height)
    elif isinstance(shape, Polygon):
        for ring in shape.rings():
            canvas.stroke_polygon(np.asarray(ring, dtype=np.float64).reshape(-1, 2) + (x, y))


def _draw_caption(canvas: Any, cell: Cell) -> None:
    top, width = cell.y + cell.picture.height, max(cell.picture.width, 40)
    canvas.fill_style = "#333333"
    canvas.fill_rect(cell.x, top, width, _CAPTION)
    canvas.fill_style = "#ffffff"
    canvas.font = "44px sans-serif"
    canvas.fill_text(cell.caption, cell.x + 6, top + 47, max_width=width - 12)
