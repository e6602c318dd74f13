"""Rows of YOLO label files as annotations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NoReturn

from ...domain.annotation import Annotation
from ...domain.errors import InvalidShape, UnreadableDataset
from ...domain.manifest import Losses
from ...domain.shapes import BBox, Polygon, Shape, SizeWH

ROUNDING = 1e-5
"""Values this little outside 0–1 come from rounding on writing; they are put on the border without a word."""


class RowReader:
    """Reads label files. `task` is `detect`, `segment`, `obb` or "" (nobody said); then `proves_segment` looks through
    the dataset, once, when the first row comes that could be either."""

    def __init__(
        self,
        names: Mapping[int, str],
        losses: Losses,
        task: str = "",
        keypoint_values: int = 0,
        proves_segment: Callable[[], bool] = lambda: False,
    ) -> None:
        self._labels = {str(number): name for number, name in names.items()}
        self._numbers = names
        self._losses = losses
        self._task = task
        self._keypoint_values = keypoint_values
        self._proves_segment = proves_segment

    def read(self, file: str, data: bytes, size_wh: SizeWH) -> tuple[Annotation, ...]:
        """The annotations of one label file on a picture of that size; errors name file and line."""
        try:
            lines = data.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise UnreadableDataset(f"{file}:{line}: not UTF-8 text.", code="not_utf8") from None
        found: list[Annotation] = []
        for number, line in enumerate(lines, 1):
            values = line.split()
            if not values:
                continue
            label = self._labels.get(values[0]) or self._label(values[0], file, number)
            try:
                numbers = [float(value) for value in values[1:]]
            except ValueError:
                _refuse_numbers(values[1:], file, number)
            shapes = self._shapes(numbers, size_wh, file, number)
            found += [Annotation(shape, label) for shape in shapes]
        return tuple(found)

    def _label(self, text: str, file: str, line: int) -> str:
        if text.isdecimal() and text.isascii() and len(text) <= 9 and int(text) in self._numbers:
            return self._numbers[int(text)]
        whole = text.lstrip("+-").isdecimal()
        known = (
            f"the classes are {min(self._numbers)}–{max(self._numbers)}" if self._numbers else "there are no classes"
        )
        why = f"there is no class {text[:40]}; {known}" if whole else f"{text[:40]!r} is not a class number"
        raise UnreadableDataset(f"{file}:{line}: {why}.", code="unknown_class")

    def _shapes(self, numbers: list[float], size_wh: SizeWH, file: str, line: int) -> tuple[Shape, ...]:
        if not math.isfinite(sum(numbers)):
            raise UnreadableDataset(f"{file}:{line}: a value is not a finite number.", code="geometry_not_finite")
        count = len(numbers)
        if count == 4:
            return self._box(numbers, size_wh, file, line)
        if count == 5:
            self._losses.add("noted", f"{file}:{line}", "a sixth value (confidence or track number) is left out")
            return self._box(numbers[:4], size_wh, file, line)
        if count == 4 + self._keypoint_values and self._task != "segment":
            self._losses.add("dropped", f"{file}:{line}", "keypoints are not read, their box is")
            return self._box(numbers[:4], size_wh, file, line)
        if count < 6 or count % 2:
            raise UnreadableDataset(
                f"{file}:{line}: a row has a class and 4 values (a box) or 3 and more pairs of values (an outline); "
                f"this one has {count} values.",
                code="bad_row",
            )
        return self._outline(numbers, size_wh, file, line)

    def _box(self, numbers: list[float], size_wh: SizeWH, file: str, line: int) -> tuple[Shape, ...]:
        cx, cy, w, h = numbers
        width, height = size_wh
        if w <= 0 or h <= 0:
            return self._flat_box(w, h, file, line)
        _check_fractions(numbers, file, line)
        x, y, box_width, box_height = (cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height
        try:
            box = BBox(x, y, box_width, box_height)
        except InvalidShape:
            return self._flat_box(0.0, 0.0, file, line)
        if x >= 0 and y >= 0 and x + box_width <= width and y + box_height <= height:
            return (box,)
        over = max(-x / width, -y / height, (x + box_width) / width - 1, (y + box_height) / height - 1)
        return self._clipped(box, size_wh, over, f"{file}:{line}")

    def _flat_box(self, w: float, h: float, file: str, line: int) -> tuple[Shape, ...]:
        if w < 0 or h < 0:
            raise UnreadableDataset(f"{file}:{line}: a box has a negative width or height.", code="bad_row")
        self._losses.add("dropped", f"{file}:{line}", "the box has no area")
        return ()

    def _outline(self, numbers: list[float], size_wh: SizeWH, file: str, line: int) -> tuple[Shape, ...]:
        if len(numbers) == 8 and not self._task:
            self._decide(file, line)
        _check_fractions(numbers, file, line)
        low, high = min(numbers), max(numbers)
        if low < 0 or high > 1:
            numbers = [0.0 if -ROUNDING <= v < 0 else 1.0 if 1 < v <= 1 + ROUNDING else v for v in numbers]
        width, height = size_wh
        points = numbers.copy()
        points[0::2] = [x * width for x in numbers[0::2]]
        points[1::2] = [y * height for y in numbers[1::2]]
        try:
            polygon = Polygon(points)
        except InvalidShape as error:
            if error.code != "geometry_zero_area":
                raise UnreadableDataset(f"{file}:{line}: {error.message}", code=error.code) from error
            self._losses.add("dropped", f"{file}:{line}", "the outline spans no area")
            return ()
        over = max(-low, high - 1, 0.0)
        shapes = self._clipped(polygon, size_wh, over, f"{file}:{line}") if over else (polygon,)
        return self._as_task_says(shapes, f"{file}:{line}", len(numbers))

    def _as_task_says(self, shapes: tuple[Shape, ...], where: str, count: int) -> tuple[Shape, ...]:
        if self._task == "detect" and shapes:
            self._losses.add("changed", where, "the outline is read as its box (task=detect)")
            return tuple(BBox.from_bounds(shape.bounds()) for shape in shapes)
        if self._task == "obb" and count == 8:
            self._losses.add("changed", where, "the rotated box is read as a polygon of four points")
        return shapes

    def _decide(self, file: str, line: int) -> None:
        if not self._proves_segment():
            raise UnreadableDataset(
                f"{file}:{line}: a row of 9 values is a rotated box or a polygon of 4 points, and nothing else in the "
                "dataset tells which: choose the option task=segment (polygons) or task=detect (their boxes).",
                code="ambiguous_rows",
            )
        self._task = "segment"

    def _clipped(self, shape: Shape, size_wh: SizeWH, over: float, where: str) -> tuple[Shape, ...]:
        pieces = shape.clip(size_wh)
        if not pieces:
            self._losses.add("dropped", where, "it lies outside the picture")
        elif len(pieces) > 1:
            self._losses.add("split", where, "the picture's border cuts it into pieces")
        elif over > ROUNDING:
            self._losses.add("clipped", where, "it reached over the picture's border")
        return pieces


def _check_fractions(numbers: list[float], file: str, line: int) -> None:
    if min(numbers) < -1 or max(numbers) > 2:
        worst = max(numbers, key=abs)
        raise UnreadableDataset(
            f"{file}:{line}: the value {worst:g} is no fraction of the picture (0–1): divide pixels by the picture's "
            "width and height.",
            code="not_normalised",
        )


def _refuse_numbers(values: list[str], file: str, line: int) -> NoReturn:
    def is_number(value: str) -> bool:
        try:
            float(value)
        except ValueError:
            return False
        return True

    wrong = next(value for value in values if not is_number(value))
    hint = "; write decimals with a point" if "," in wrong else ""
    raise UnreadableDataset(f"{file}:{line}: {wrong[:40]!r} is not a number{hint}.", code="bad_number")
