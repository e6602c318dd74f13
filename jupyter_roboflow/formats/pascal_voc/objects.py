"""One `<object>` as annotations."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from ...domain.annotation import Annotation
from ...domain.errors import InvalidShape, UnreadableDataset
from ...domain.manifest import Losses
from ...domain.shapes import BBox, Part, Polygon, Shape, SizeWH
from .documents import object_label

FLAGS = ("truncated", "difficult", "occluded")
"""Attributes that are 0 or 1 (some programs write a fraction); 0 is the same as absent."""

DEFAULT_POSE = "Unspecified"

_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_NUMBERED = re.compile(r"[xy][0-9]{1,9}\Z")
_KNOWN = frozenset({"name", "pose", "bndbox", "polygon", *FLAGS})


class ObjectReader:
    """Reads objects in the frame that `origin` says; see the format's option."""

    def __init__(self, origin: int, losses: Losses) -> None:
        self._origin = origin
        self._losses = losses

    def read(self, item: Element, where: str, size_wh: SizeWH) -> list[Annotation]:
        """The annotations of one object: none when it lies outside, several when the border cuts it into pieces."""
        parts = {child.tag: child for child in item}
        label = object_label(item.findtext("name"), where)
        attributes = self._attributes(parts, where)
        for tag in parts.keys() - _KNOWN:
            self._losses.add("dropped", where, f"<{tag[:40]}> of an object")
        shape = self._shape(item, parts, where)
        if shape is None:
            return []
        return [Annotation(piece, label, attributes) for piece in self._clipped(shape, size_wh, where)]

    def _attributes(self, parts: Mapping[str, Element], where: str) -> dict[str, Any]:
        attributes: dict[str, Any] = {}
        pose = parts.get("pose")
        if pose is not None and pose.text and pose.text.strip() not in ("", DEFAULT_POSE):
            attributes["pose"] = pose.text.strip()
        for flag in FLAGS:
            tag = parts.get(flag)
            text = (tag.text or "").strip() if tag is not None else ""
            if text and text != "0":
                attributes.update(self._flag(flag, text, where))
        return attributes

    def _flag(self, flag: str, text: str, where: str) -> dict[str, Any]:
        words = {"1": True, "true": True, "yes": True, "false": False, "no": False, "unspecified": False}
        value = words.get(text.lower())
        if value is None:
            number = _number(text, f"{where}: {flag}")
            value = number if number not in (0.0, 1.0) else bool(number)
        return {flag: value} if value else {}

    def _shape(self, item: Element, parts: Mapping[str, Element], where: str) -> Shape | None:
        box = parts.get("bndbox")
        if "polygon" in parts:
            try:
                rings = [self._ring(polygon, where) for polygon in item.iter("polygon")]
                return Polygon.of_parts(tuple(Part(ring) for ring in rings))
            except InvalidShape as error:
                if box is None:
                    self._losses.add("dropped", where, "its polygon spans no area")
                    return None
                self._losses.add("changed", where, f"its polygon is not usable ({error.code}); its box is read")
        if box is None:
            raise UnreadableDataset(f"{where} has no <bndbox>.", code="missing_box")
        return self._box(box, where)

    def _box(self, box: Element, where: str) -> BBox | None:
        texts = {child.tag: child.text for child in box}
        missing = [tag for tag in _CORNERS if tag not in texts]
        if missing:
            raise UnreadableDataset(f"{where}: <bndbox> has no <{missing[0]}>.", code="missing_box")
        x0, y0, x1, y1 = (_number(texts[tag], f"{where}: {tag}") for tag in _CORNERS)
        last = self._origin  # 1 when the last pixel is included
        if x1 - x0 + last <= 0 or y1 - y0 + last <= 0:
            self._losses.add("changed", where, "the corners of its box are the wrong way round; they are put in order")
            x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        try:
            return BBox(x0 - self._origin, y0 - self._origin, x1 - x0 + last, y1 - y0 + last)
        except InvalidShape as error:
            if error.code != "geometry_zero_area":
                raise UnreadableDataset(f"{where}: {error.message}", code=error.code) from error
            self._losses.add("dropped", where, "its box has no area")
            return None

    def _ring(self, polygon: Element, where: str) -> tuple[float, ...]:
        """Points named x1, y1, x2, y2, … in any order, or pairs of x and y in order (`<pt><x/><y/></pt>`)."""
        leaves = [child for child in polygon.iter() if len(child) == 0 and child is not polygon]
        numbered = [child for child in leaves if _NUMBERED.match(child.tag)]
        if numbered:
            leaves = sorted(numbered, key=lambda child: (int(child.tag[1:]), child.tag[0]))
        values = [_number(child.text, f"{where}: polygon {child.tag}") - self._origin for child in leaves]
        return tuple(values)

    def _clipped(self, shape: Shape, size_wh: SizeWH, where: str) -> tuple[Shape, ...]:
        x0, y0, x1, y1 = shape.bounds()
        width, height = size_wh
        if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
            return (shape,)
        pieces = shape.clip(size_wh)
        if not pieces:
            self._losses.add("dropped", where, "it lies outside the picture")
        elif len(pieces) > 1:
            self._losses.add("split", where, "the picture's border cuts it into pieces")
        elif self._origin and min(x0, y0) == -1:
            self._losses.add("clipped", where, "it starts at 0 where pixels count from 1; is it a file for origin=0?")
        else:
            self._losses.add("clipped", where, "it reached over the picture's border")
        return pieces


def _number(text: str | None, where: str) -> float:
    try:
        value = float((text or "").strip())
    except ValueError:
        hint = "; write decimals with a point" if "," in (text or "") else ""
        raise UnreadableDataset(f"{where} {(text or '')[:40]!r} is not a number{hint}.", code="bad_number") from None
    if not math.isfinite(value):
        raise UnreadableDataset(f"{where} is not a finite number.", code="geometry_not_finite")
    return value
