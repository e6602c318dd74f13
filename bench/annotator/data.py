"""What is annotated: photos of 3000 × 2000 pixels with N boxes and N/10 polygons of 50 vertices, always the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ..inputs import OUT
from ..pictures import write_picture

WIDTH, HEIGHT = 3000, 2000
SIZES = (10, 1_000, 5_000)
IMAGES = 18
"""Images of each size: 1, 2, 3, then jumps to 8 and 17, whose neighbours are loaded ahead by whoever does so."""

SAVED_ON = 18
"""The image on which boxes are saved: 4,500 boxes and 450 polygons at most, for 5,000 are the product's limit."""

VERTICES = 50
MARK = "mark"
COLORS = {"cell": "#4c9be8", "nucleus": "#f0a030", "dirt": "#50c878", MARK: "#ff00ff"}
FREE = (60, 60, 900, 560)
"""x0, y0, x1, y1 where no shape is: new boxes are drawn there."""

_MARK_SIZE = (160, 120)
_GENERATION = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """One image: where its last shape is, and what colour its photo has in one place."""

    number: int

    @property
    def mark(self) -> tuple[int, int, int, int]:
        """x, y, w, h of the shape that is drawn last, in a colour of its own, with nothing near it."""
        return (2300, 300 if self.number % 2 else 1500, *_MARK_SIZE)

    @property
    def patch(self) -> tuple[int, int]:
        """The middle of a square of pure colour in the photo, under no shape."""
        return (2800, 1000)

    def seen(self) -> dict[str, Any]:
        """What `bench.isShown` looks for."""
        x, y, _, h = self.mark
        return {"mark": [x, y + h / 2], "patch": list(self.patch), "green": bool(self.number % 2)}


def shapes(n: int, sheet: Sheet) -> list[dict[str, Any]]:
    """Boxes, polygons, and the mark as the last of the boxes: `{label, box: [x, y, w, h]}` or `{label, points}`."""
    random = np.random.default_rng((n, sheet.number, _GENERATION))
    n = min(n, 4_500) if sheet.number == SAVED_ON else n
    labels = [label for label in COLORS if label != MARK]
    found: list[dict[str, Any]] = []
    while len(found) < n - 1 + n // 10:
        w, h = (float(side) for side in np.round(random.uniform(24, 160, 2), 1))
        x, y = round(random.uniform(0, WIDTH - w), 1), round(random.uniform(0, HEIGHT - h), 1)
        if any(_touch((x, y, x + w, y + h), place) for place in _kept_free()):
            continue
        label = labels[int(random.integers(len(labels)))]
        box = [x, y, w, h]
        found.append({"label": label, "box": box} if len(found) < n - 1 else {"label": label, "points": _ring(*box)})
    return [*found, {"label": MARK, "box": list(sheet.mark)}]


def _kept_free() -> list[tuple[float, float, float, float]]:
    marks = [Sheet(number).mark for number in (1, 2)]
    x, y = Sheet(1).patch
    return [FREE, (x - 90, y - 90, x + 90, y + 90), *((a - 40, b - 40, a + w + 40, b + h + 40) for a, b, w, h in marks)]


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ring(x: float, y: float, w: float, h: float) -> list[float]:
    """A blob of 50 vertices within a box."""
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = 0.8 + 0.2 * np.sin(5 * turn)
    points = np.stack([x + w / 2 * (1 + radius * np.cos(turn)), y + h / 2 * (1 + radius * np.sin(turn))], axis=1)
    return [float(value) for value in np.round(points, 1).ravel()]


def made_folder() -> Path:
    """Photos and shapes as files, generated on first use: `photo-1.jpg`, `shapes-5000-1.json`."""
    folder = OUT / "inputs" / f"annotator-{_GENERATION}"
    if not folder.exists():
        building = folder.with_suffix(".part")
        building.mkdir(parents=True, exist_ok=True)
        _write_photos(building)
        for number in range(1, IMAGES + 1):
            for n in SIZES:
                told = {"colors": _drawn_colors(), "shapes": shapes(n, Sheet(number))}
                (building / f"shapes-{n}-{number}.json").write_text(json.dumps(told, separators=(",", ":")))
        building.rename(folder)
    return folder


def _drawn_colors() -> dict[str, dict[str, str]]:
    rgb = {label: [int(color[i : i + 2], 16) for i in (1, 3, 5)] for label, color in COLORS.items()}
    return {
        label: {"stroke": COLORS[label], "fill": f"rgba({','.join(map(str, value))},0.2)"}
        for label, value in rgb.items()
    }


def _write_photos(folder: Path) -> None:
    """Two photos, and copies of them that differ in a comment: for every tool they are other files."""
    for number in (1, 2):
        path, (x, y) = folder / "photo.jpg", Sheet(number).patch
        write_picture(path, WIDTH, HEIGHT, (77, number))
        picture = cv2.imread(str(path))
        assert picture is not None
        picture[y - 80 : y + 80, x - 80 : x + 80] = (0, 200, 0) if number % 2 else (220, 0, 0)
        for left, top, w, h in (Sheet(1).mark, Sheet(2).mark):
            picture[top - 30 : top + h + 30, left - 30 : left + w + 30] = 128
        data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
        path.unlink()
        for copy in range(number, IMAGES + 1, 2):
            comment = f"photo {copy}".encode()
            marked = data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:]
            (folder / f"photo-{copy}.jpg").write_bytes(marked)
