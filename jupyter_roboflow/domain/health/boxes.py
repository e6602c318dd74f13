"""What is odd about boxes, for many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Flags, Floats, Integers

TINY_PIXELS = 8.0 * 8.0
TINY_SHARE = 1e-4
HUGE_SHARE = 0.9
SAME_IOU = 0.95
BORDER = 0.01
"""Within a hundredth of a pixel of the edge counts as touching it; beyond it by more counts as outside."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rows of annotations with the size of their picture: bounds in pixels, kinds and labels as numbers."""

    image: Integers
    label: Integers
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    area: Floats
    width: Floats
    height: Floats

    def box_area(self) -> Floats:
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def is_area(self) -> Flags:
        """Everything but points."""
        return (self.x1 > self.x0) & (self.y1 > self.y0)

    def tiny(self) -> Flags:
        area = self.box_area()
        return self.is_area() & ((area < TINY_PIXELS) | (area < TINY_SHARE * self.width * self.height))

    def huge(self) -> Flags:
        return self.is_area() & (self.box_area() > HUGE_SHARE * self.width * self.height)

    def outside(self) -> Flags:
        """Partly or wholly beyond the picture."""
        low = (self.x0 < -BORDER) | (self.y0 < -BORDER)
        return low | (self.x1 > self.width + BORDER) | (self.y1 > self.height + BORDER)

    def at_border(self) -> Flags:
        """Touching the picture's edge from within: the object may go on beyond it."""
        low = (self.x0 <= BORDER) | (self.y0 <= BORDER)
        return (low | (self.x1 >= self.width - BORDER) | (self.y1 >= self.height - BORDER)) & ~self.outside()

    def duplicates(self) -> Flags:
        """Rows that repeat another of the same image and label: same points, boxes and areas that agree to 95 %."""
        order = np.lexsort((self.x0, self.label, self.image))
        image, label, x0, x1 = self.image[order], self.label[order], self.x0[order], self.x1[order]
        y0, y1, area = self.y0[order], self.y1[order], self.area[order]
        found = np.zeros(len(order), dtype=bool)
        # Sorted by the left edge, a box's duplicates follow it closely: an IoU over 0.95 allows a shift of w / 19.
        reach = x0 + (x1 - x0) * (1 / SAME_IOU - 1)
        rows = np.arange(len(order))
        step = 0
        while True:
            step += 1
            rows = rows[rows < len(order) - step]
            then = rows + step
            near = (image[rows] == image[then]) & (label[rows] == label[then]) & (x0[then] <= reach[rows])
            rows, then = rows[near], then[near]
            if not len(rows):
                break
            wide = np.minimum(x1[rows], x1[then]) - np.maximum(x0[rows], x0[then])
            high = np.minimum(y1[rows], y1[then]) - np.maximum(y0[rows], y0[then])
            overlap = np.maximum(wide, 0) * np.maximum(high, 0)
            one = (x1[rows] - x0[rows]) * (y1[rows] - y0[rows])
            other = (x1[then] - x0[then]) * (y1[then] - y0[then])
            same_area = np.minimum(area[rows], area[then]) > SAME_IOU * np.maximum(area[rows], area[then])
            same_box = overlap > SAME_IOU * (one + other - overlap)
            same_point = (one == 0) & (other == 0) & (x0[rows] == x0[then]) & (y0[rows] == y0[then])
            found[then[(same_box & same_area) | same_point]] = True
        flags = np.zeros(len(order), dtype=bool)
        flags[order[found]] = True
        return flags
