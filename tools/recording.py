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

_SAME = 255  # the number of no colour: what was there stays
_FLAT, _VIVID, _VIVID_RANGE = 40, 56, 90
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
    palette = _palette(_different([frame for frame, _ in frames]))
    pictures = [np.asarray(frame.quantize(palette=palette, dither=Image.Dither.NONE)) for frame, _ in frames]
    changes = [np.where(now == before, _SAME, now).astype(np.uint8) for before, now in pairwise(pictures)]
    first, *others = (_indexed(picture, palette) for picture in [pictures[0], *changes])
    milliseconds = [round(seconds * 1000) for _, seconds in frames]
    first.save(path, save_all=True, append_images=others, duration=milliseconds, loop=0, disposal=1, transparency=_SAME)


def _different(frames: list[Image.Image], most: int = 8) -> list[Image.Image]:
    """A few of the frames, from all over, none of them twice."""
    pairs = [(before, now) for before, now in pairwise(frames) if ImageChops.difference(before, now).getbbox()]
    kept = [frames[0], *(now for _, now in pairs)]
    return [*kept[:: -(-len(kept) // most)], kept[-1]]


def _indexed(pixels: NDArray[np.uint8], palette: Image.Image) -> Image.Image:
    """A picture of numbers of colours."""
    picture = Image.fromarray(pixels)
    picture.putpalette(palette.getpalette() or [])
    return picture


def _palette(pictures: list[Image.Image]) -> Image.Image:
    """255 colours: those of large surfaces as they are, then vivid ones however small, then those of photos."""
    pixels = np.concatenate([np.asarray(picture).reshape(-1, 3) for picture in pictures])
    numbers, counts = np.unique(pixels.astype(np.int32) @ (65536, 256, 1), return_counts=True)
    flat = numbers[np.argsort(counts)[::-1][:_FLAT]]
    vivid = pixels[np.ptp(pixels.astype(np.int16), axis=1) > _VIVID_RANGE]
    chosen = [np.stack([flat >> 16, flat >> 8 & 255, flat & 255], axis=1)]
    chosen += [_median_cut(vivid, _VIVID)] if len(vivid) else []
    room = _SAME - sum(map(len, chosen))
    colours = np.concatenate([*chosen, _median_cut(pixels, room)]).astype(np.uint8)
    palette = Image.new("P", (1, 1))
    palette.putpalette([*colours.tobytes()])
    return palette


def _median_cut(pixels: NDArray[np.uint8], most: int) -> NDArray[np.uint8]:
    """At most so many colours (N, 3) that stand for the pixels (M, 3)."""
    found = Image.fromarray(pixels[None]).quantize(most, method=Image.Quantize.MEDIANCUT).getpalette() or []
    return np.asarray(found, np.uint8).reshape(-1, 3)[:most]


def optimised(path: Path, most: int = 390_000) -> int:
    """Make a screenshot small, in 255 colours when it is a large one; its size in bytes."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    picture.save(path, optimize=True)
    if path.stat().st_size > most:
        small = picture.quantize(palette=_palette([picture]), dither=Image.Dither.FLOYDSTEINBERG)
        small.save(path, optimize=True)
    return path.stat().st_size
