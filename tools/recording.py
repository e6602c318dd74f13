"""A screen recording as an animated GIF, made of screenshots; and screenshots made small."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Locator, Page

_COLOURS = 255
_SAME = 255  # the number of no colour: what was there stays
_LEAST_SECONDS = 0.08
_POINTER = [(0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)]


class Recording:
    """Frames that are shown for as long as one says, with a mouse pointer, written when the block ends."""

    def __init__(self, page: Page, path: Path) -> None:
        self._page, self._path = page, path
        self._frames: list[tuple[Image.Image, float]] = []
        self.place = (0.0, 0.0)

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is None:
            write_gif(self._frames, self._path)

    def hold(self, seconds: float) -> None:
        """What is on the screen now, for so long."""
        shot = Image.open(io.BytesIO(self._page.screenshot(animations="disabled"))).convert("RGB")
        _draw_pointer(shot, self.place)
        self._frames.append((shot, seconds))

    def move(self, x: float, y: float, steps: int = 4) -> None:
        """The mouse to a place, seen on its way."""
        x0, y0 = self.place
        for step in range(1, steps + 1):
            part = step / steps
            self.place = (x0 + (x - x0) * part, y0 + (y - y0) * part)
            self._page.mouse.move(*self.place)
            self.hold(_LEAST_SECONDS)

    def move_to(self, target: Locator) -> None:
        """The mouse to the middle of something."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None, "it is not in view"
        self.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def click(self, target: Locator) -> None:
        """Go there and click."""
        self.move_to(target)
        self._page.mouse.click(*self.place)

    def drag(self, x: float, y: float) -> None:
        """Press where the mouse is, move, let go."""
        self._page.mouse.down()
        self.move(x, y, 6)
        self._page.mouse.up()


def _draw_pointer(frame: Image.Image, place: tuple[float, float]) -> None:
    outline = [(place[0] + x, place[1] + y) for x, y in _POINTER]
    ImageDraw.Draw(frame).polygon(outline, fill="black", outline="white")


def write_gif(frames: list[tuple[Image.Image, float]], path: Path) -> None:
    """One palette for all frames; what does not change from one to the next is transparent, and costs nothing."""
    palette = _palette([frame for frame, _ in frames])
    pictures = [np.asarray(frame.quantize(palette=palette, dither=Image.Dither.NONE)) for frame, _ in frames]
    changes = [np.where(now == before, _SAME, now).astype(np.uint8) for before, now in pairwise(pictures)]
    colours = [*(palette.getpalette() or ())][: 3 * _COLOURS]
    first, *others = (_indexed(picture, colours) for picture in [pictures[0], *changes])
    milliseconds = [round(seconds * 1000) for _, seconds in frames]
    first.save(path, save_all=True, append_images=others, duration=milliseconds, loop=0, disposal=1, transparency=_SAME)


def _indexed(pixels: NDArray[np.uint8], colours: list[int]) -> Image.Image:
    """A picture of numbers of colours."""
    picture = Image.fromarray(pixels)
    picture.putpalette([*colours, *[0] * (768 - len(colours))])
    return picture


def _palette(frames: list[Image.Image]) -> Image.Image:
    """The colours of frames that differ, side by side."""
    kept = [frames[0]]
    for frame in frames[1:]:
        if ImageChops.difference(frame, kept[-1]).getbbox() is not None:
            kept.append(frame)
    chosen = kept[:: max(1, len(kept) // 8)]
    sheet = Image.new("RGB", (chosen[0].width, chosen[0].height * len(chosen)))
    for i, frame in enumerate(chosen):
        sheet.paste(frame, (0, i * frame.height))
    return sheet.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)


def optimised(path: Path, most: int = 390_000) -> int:
    """Make a screenshot small, in 256 colours when it is a large one; its size in bytes."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    picture.save(path, optimize=True)
    if path.stat().st_size > most:
        small = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.FLOYDSTEINBERG)
        small.save(path, optimize=True)
    return path.stat().st_size
