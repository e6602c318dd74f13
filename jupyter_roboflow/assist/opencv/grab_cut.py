"""GrabCut (Rother, Kolmogorov, Blake 2004): two colour models and a minimal cut, first small, then finer."""

from __future__ import annotations

import time
from typing import Any, TypeAlias

import cv2 as untyped
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon as ShapelyPolygon

from ...domain.shapes import Bounds, Polygon, SizeWH
from ..assistant import Pixels
from ..prompt import Prompt, Stroke
from .band import sharpen
from .tracing import polygons_in, trace, without_small_holes
from .window import Window

cv2: Any = untyped

Marks: TypeAlias = "NDArray[np.uint8]"
"""(H, W): OpenCV's GC_BGD, GC_FGD, GC_PR_BGD, GC_PR_FGD."""

COARSE_PIXELS = 60_000
FINE_PIXELS = 160_000
ITERATIONS = 2
MARGIN = 0.3
"""How far around a box is looked, as a share of its sides: what is there is background."""
SCRIBBLE_MARGIN = 1.0
"""The same around strokes, as a share of their longer side: the object goes on beyond them."""
LEAST_MARGIN = 10.0
BAND = 2
"""Pixels of the coarse mask to each side of its outline that the finer cut decides anew."""
TOLERANCE = 0.5
"""How far, in pixels worked on, an outline may be from what is kept of it."""


def outline(image: Pixels, prompt: Prompt, deadline: float) -> list[Polygon]:
    """One polygon or none. `deadline` on the monotonic clock: what comes after it is not made finer."""
    size_wh = (image.shape[1], image.shape[0])
    window = Window.around(_surroundings(prompt), size_wh, COARSE_PIXELS)
    if min(window.size_wh) < 3:
        return []
    models = (np.zeros((1, 65)), np.zeros((1, 65)))
    cut = _coarse_cut(_calm(window.cut(image), window), _marks(prompt, window), models, deadline)
    fine = window.within(FINE_PIXELS)
    if fine != window and time.monotonic() < deadline:
        cut, window = _finer_cut(_calm(fine.cut(image), fine), cut, prompt, fine, models), fine
    pieces = _wanted(trace(_smoothed(cut)), prompt, window)
    return _polygon(image, [without_small_holes(piece) for piece in pieces], window, deadline)


def _calm(pixels: Pixels, window: Window) -> Pixels:
    """The pixels without the noise of single ones, which is averaged away already where they are made smaller."""
    return cv2.GaussianBlur(pixels, (0, 0), 1.0) if window.scale > 0.5 else pixels


def _surroundings(prompt: Prompt) -> Bounds:
    x0, y0, x1, y1 = prompt.bounds()
    if prompt.box is None:
        dx = dy = max(LEAST_MARGIN, SCRIBBLE_MARGIN * max(x1 - x0, y1 - y0))
    else:
        dx, dy = max(LEAST_MARGIN, MARGIN * (x1 - x0)), max(LEAST_MARGIN, MARGIN * (y1 - y0))
    return x0 - dx, y0 - dy, x1 + dx, y1 + dy


def _marks(prompt: Prompt, window: Window) -> Marks:
    """What the prompt says of each pixel before anything is known of colours."""
    frame = cv2.GC_BGD if prompt.box is not None else cv2.GC_PR_BGD
    marks = np.full((window.height, window.width), frame, np.uint8)
    x0, y0, x1, y1 = prompt.bounds()
    if prompt.box is None:  # the object is larger than the strokes on it
        grow = max(x1 - x0, y1 - y0) / 4
        x0, y0, x1, y1 = x0 - grow, y0 - grow, x1 + grow, y1 + grow
    corners = window.inward(np.array([(x0, y0), (x1, y1)]))
    left, top = np.maximum(0, np.floor(corners[0])).astype(int)
    right, bottom = np.ceil(corners[1]).astype(int)
    marks[top:bottom, left:right] = cv2.GC_PR_FGD
    if not (marks == frame).any():  # nothing is around it, so its rim has to do
        marks[[0, -1], :] = marks[:, [0, -1]] = cv2.GC_PR_BGD
    return _with_strokes(marks, prompt, window)


def _with_strokes(marks: Marks, prompt: Prompt, window: Window) -> Marks:
    for strokes, mark in ((prompt.include, cv2.GC_FGD), (prompt.exclude, cv2.GC_BGD)):
        for stroke in strokes:
            _paint(marks, stroke, int(mark), prompt.brush, window)
    return marks


def _paint(marks: Marks, stroke: Stroke, mark: int, brush: float, window: Window) -> None:
    far = max(window.size_wh) * 2.0  # beyond what fits into OpenCV's integers nothing is painted anyway
    points = window.inward(np.array(stroke).reshape(-1, 2))
    pixels = np.floor(np.clip(points, -far, far)).astype(np.int32)
    width = max(1, round(brush * window.scale))
    if len(pixels) == 1:
        cv2.circle(marks, tuple(pixels[0].tolist()), width // 2, mark, -1)
    else:
        cv2.polylines(marks, [pixels.reshape(-1, 1, 2)], False, mark, width)


def _coarse_cut(pixels: Pixels, marks: Marks, models: tuple[Any, Any], deadline: float) -> Marks:
    """Marks after a few rounds of learning the colours and cutting anew."""
    mode = cv2.GC_INIT_WITH_MASK
    cv2.setRNGSeed(0)  # the colour models start from k-means: the same prompt gets the same answer
    for _ in range(ITERATIONS):
        if not _can_be_cut(marks):
            break
        cv2.grabCut(pixels, marks, None, *models, 1, mode)
        mode = cv2.GC_EVAL
        if time.monotonic() >= deadline:
            break
    return marks


def _can_be_cut(marks: Marks) -> bool:
    """Whether there are both an object and a background to learn from."""
    return bool((marks & 1).any() and not (marks & 1).all())


def _finer_cut(pixels: Pixels, coarse: Marks, prompt: Prompt, window: Window, models: tuple[Any, Any]) -> Marks:
    """Marks at a finer size: only what lies along the coarse outline is decided anew, by the colours known already."""
    kernel = np.ones((2 * BAND + 1, 2 * BAND + 1), np.uint8)
    found = coarse & 1
    inner: Marks = cv2.resize(cv2.erode(found, kernel), window.size_wh, interpolation=cv2.INTER_NEAREST)
    outer: Marks = cv2.resize(cv2.dilate(found, kernel), window.size_wh, interpolation=cv2.INTER_NEAREST)
    marks: Marks = np.full(inner.shape, cv2.GC_BGD, np.uint8)
    marks[outer > 0] = cv2.GC_PR_FGD
    marks[inner > 0] = cv2.GC_FGD
    marks = _with_strokes(marks, prompt, window)
    if _can_be_cut(marks):
        cv2.grabCut(pixels, marks, None, *models, 1, cv2.GC_EVAL_FREEZE_MODEL)
    return marks


def _smoothed(marks: Marks) -> NDArray[np.uint8]:
    """(H, W) 1 where the object is, without specks, and without threads to what lies beside it."""
    found: Marks = np.bitwise_and(marks, np.uint8(1))
    if min(found.shape) > 12:
        found = cv2.medianBlur(found, 3)
    if min(found.shape) > 150:
        found = cv2.morphologyEx(found, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    return found


def _wanted(pieces: list[ShapelyPolygon], prompt: Prompt, window: Window) -> list[ShapelyPolygon]:
    """The pieces with strokes on them; without strokes the largest one."""
    if not prompt.include:
        return pieces[:1]
    drawn = [window.inward(np.array(stroke).reshape(-1, 2)) for stroke in prompt.include]
    lines = shapely.union_all([shapely.LineString(p) if len(p) > 1 else shapely.Point(p[0]) for p in drawn])
    return [piece for piece in pieces if piece.intersects(lines)]


def _polygon(image: Pixels, pieces: list[ShapelyPolygon], window: Window, deadline: float) -> list[Polygon]:
    areas: list[ShapelyPolygon] = []
    for piece in pieces:
        for coarse in polygons_in(shapely.transform(piece.simplify(TOLERANCE), window.outward)):
            areas += polygons_in(sharpen(image, coarse, window) if time.monotonic() < deadline else coarse)
    size_wh: SizeWH = (image.shape[1], image.shape[0])
    whole = shapely.intersection(shapely.union_all(areas), shapely.box(0.0, 0.0, *size_wh))
    polygon = Polygon.from_shapely(whole)
    return [] if polygon is None else [polygon]
