"""Annotations of COCO as Shapes: plain outlines many at once, everything else one by one and with its losses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
import numpy as np

from ...domain.errors import InvalidShape, UnreadableDataset
from ...domain.manifest import Losses
from ...domain.shapes import BBox, Part, Polygon, Shape
from .masks import trace
from .plain_outlines import Size, is_plain, plain_polygons
from .rle import Counts, decode_crop, decode_string
from .rows import is_number
from .spool import Rle, ShapeRow, WaitingRow

_ROWS = msgspec.json.Decoder(list[ShapeRow])
_RAW_ROWS = msgspec.json.Decoder(list[WaitingRow])
_NESTED = msgspec.json.Decoder(list[list[float]] | Rle | None)


class ShapeReader:
    """Makes the Shapes of one COCO file's annotations and notes what had to be changed."""

    def __init__(self, file: str, losses: Losses) -> None:
        self._file = file
        self._losses = losses

    def rows(self, piece: bytes) -> list[ShapeRow]:
        """Spooled rows with their segmentation read."""
        try:
            return _ROWS.decode(piece)
        except msgspec.ValidationError:
            return [self._row(row) for row in _RAW_ROWS.decode(piece)]

    def shapes(self, rows: Sequence[ShapeRow], sizes: Sequence[Size]) -> list[tuple[Shape, ...]]:
        """The visible Shapes of every row, in the same order; `sizes` are those of the rows' images."""
        found: list[tuple[Shape, ...] | None] = [None] * len(rows)
        plain = [i for i, row in enumerate(rows) if is_plain(row.segmentation)]
        outlines = [cast("list[list[float]]", rows[i].segmentation) for i in plain]
        for i, polygon in zip(plain, plain_polygons(outlines, [sizes[i] for i in plain]), strict=True):
            if polygon is not None:
                found[i] = (polygon,)
        return [self._shapes(rows[i], sizes[i]) if shape is None else shape for i, shape in enumerate(found)]

    def _shapes(self, row: ShapeRow, size: Size) -> tuple[Shape, ...]:
        where = f"annotations[{row.index}]"
        try:
            shape = self._outline(row, size, where) or self._box(row, where)
        except InvalidShape as error:
            if error.code == "geometry_not_finite":
                raise self._refuse(where, error.message, error.code) from None
            self._note("dropped", where, f"a shape that cannot be drawn ({error.code})")
            return ()
        return () if shape is None else self._clipped(shape, size, where)

    def _clipped(self, shape: Shape, size: Size, where: str) -> tuple[Shape, ...]:
        if size == (0, 0):
            return (shape,)
        pieces = shape.clip(size)
        if len(pieces) == 0:
            self._note("dropped", where, f"a {shape.kind} outside its picture")
            return ()
        if len(pieces) > 1:
            self._note("split", where, "an outline that its picture's border cuts into pieces")
        elif pieces[0] is not shape:
            self._note("clipped", where, f"a {shape.kind} that reaches over its picture's border")
        return pieces

    def _box(self, row: ShapeRow, where: str) -> BBox | None:
        if row.bbox is None:
            self._note("dropped", where, "an annotation without a usable box or outline")
            return None
        if row.bbox[2] <= 0 or row.bbox[3] <= 0:
            self._note("dropped", where, "a box without width or height")
            return None
        return BBox(*row.bbox)

    def _outline(self, row: ShapeRow, size: Size, where: str) -> Polygon | None:
        """The polygon of a segmentation; None when there is none, and the box has to do."""
        if isinstance(row.segmentation, Rle):
            return self._mask(row.segmentation, size, where)
        rings = row.segmentation or []
        parts: list[Part] = []
        for index, ring in enumerate(rings):
            if len(ring) % 2:
                name = f"{where}.segmentation[{index}]"
                raise self._refuse(name, f"has {len(ring)} numbers; x and y come in pairs", "wrong_length")
            try:
                parts.append(Part(tuple(ring)))
            except InvalidShape as error:
                if error.code != "geometry_zero_area":
                    raise
                self._note("dropped", where, "an outline that spans no area")
        if not parts:
            if rings and row.bbox is not None:
                self._note("changed", where, "no usable outline: the box is taken instead")
            return None
        return self._united(Polygon.of_parts(tuple(parts)), where)

    def _united(self, polygon: Polygon, where: str) -> Polygon:
        """COCO means several outlines as their union; ours may not overlap."""
        if len(polygon.parts) == 1:
            return polygon
        union = polygon.to_shapely()
        if union.area >= sum(Polygon.trusted((part,)).area() for part in polygon.parts) * (1 - 1e-9):
            return polygon
        self._note("changed", where, "outlines of one object that overlap are united")
        return Polygon.from_shapely(union) or polygon

    def _mask(self, rle: Rle, size: Size, where: str) -> Polygon | None:
        if size != (0, 0) and (rle.size[1], rle.size[0]) != size:
            raise self._refuse(
                f"{where}.segmentation",
                f"has the size {rle.size[1]} × {rle.size[0]}, its image {size[0]} × {size[1]}",
                "import_bad_mask",
            )
        try:
            counts: Counts = (
                decode_string(rle.counts) if isinstance(rle.counts, str) else np.array(rle.counts, dtype=np.int64)
            )
            crop = decode_crop(counts, rle.size)
        except (ValueError, OverflowError) as error:
            raise self._refuse(f"{where}.segmentation", f"is no mask: {error}", "import_bad_mask") from None
        found = None if crop is None else trace(*crop)
        if found is None:
            self._note("changed", where, "an empty mask: the box is taken instead")
            return None
        polygon, step = found
        if step > 1:
            self._note("changed", where, "a mask with too fine an outline is traced in larger steps than a pixel")
        return polygon

    def _row(self, waiting: WaitingRow) -> ShapeRow:
        return ShapeRow(
            waiting.position,
            waiting.index,
            waiting.category,
            waiting.crowd,
            waiting.bbox,
            self._segmentation(waiting.segmentation, f"annotations[{waiting.index}]"),
            waiting.attributes,
        )

    def _segmentation(self, raw: msgspec.Raw, where: str) -> list[list[float]] | Rle | None:
        try:
            return _NESTED.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
        value = self._decoded(raw, where)
        if isinstance(value, list) and all(map(is_number, value)):  # pyright: ignore[reportUnknownArgumentType]
            self._note("noted", where, "a segmentation is one flat list of numbers")
            return [[float(number) for number in value]]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        raise self._refuse(
            f"{where}.segmentation", "is neither lists of numbers nor run lengths with size and counts", "wrong_type"
        )

    def _decoded(self, raw: msgspec.Raw, where: str) -> object:
        try:
            return msgspec.json.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise self._refuse(f"{where}.segmentation", f"is broken JSON ({error})", "unreadable_dataset") from None

    def _refuse(self, where: str, why: str, code: str) -> UnreadableDataset:
        return UnreadableDataset(f"{self._file}: {where} {why}.", code=code, file=self._file, where=where)

    def _note(self, what: str, where: str, why: str) -> None:
        self._losses.add(what, f"{self._file}: {where}", why)
