"""Images and annotations as COCO lists them; what others write a little differently is understood and noted."""

from __future__ import annotations

import sys
from typing import Annotated, Any, TypeAlias, TypeGuard, cast

import msgspec

from ...domain.errors import UnreadableDataset
from ...domain.manifest import Losses

Id: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
Box: TypeAlias = tuple[float, float, float, float]
"""x, y, width, height in pixels."""

EMPTY = msgspec.Raw(b"[]")

_FALSE = (None, False, 0, "", "0", "false")
_TRUE = (True, 1, "1", "true")


class Extra(msgspec.Struct, gc=False, omit_defaults=True):
    """What COCO has no place for. `name` is the original file name, as in Roboflow's files."""

    name: str | None = None
    state: str | None = None
    tags: list[str] | None = None


class ImageRow(msgspec.Struct, gc=False):
    """One entry of `images`; a width of 0 means that the file does not say."""

    id: Id
    file_name: str
    width: int
    height: int
    license: int | None = None
    date_captured: str | None = None
    coco_url: str | None = None
    flickr_url: str | None = None
    extra: Extra | None = None


class AnnotationRow(msgspec.Struct, gc=False):
    """One entry of `annotations`; the segmentation stays raw until the image's turn."""

    image_id: Id
    category_id: Id
    id: Id
    bbox: Box | None = None
    segmentation: msgspec.Raw = EMPTY
    iscrowd: int = 0
    attributes: dict[str, Any] | None = None
    num_keypoints: int = 0


class Repair:
    """Reads entries that are not written as COCO says. Refuses, by file and index, what has no clear meaning."""

    def __init__(self, file: str, losses: Losses) -> None:
        self._file = file
        self._losses = losses
        self._named: dict[str, int] = {}

    def image(self, raw: msgspec.Raw, where: str) -> ImageRow:
        fields = self._fields(raw, where)
        name = fields.get("file_name")
        if not isinstance(name, str) or not name.strip():
            raise self.refuse(where, "has no file_name", "import_bad_image")
        row = ImageRow(
            self.id(fields.get("id"), f"{where}.id"),
            name,
            self._side(fields.get("width"), f"{where}.width"),
            self._side(fields.get("height"), f"{where}.height"),
        )
        if isinstance(fields.get("license"), int):
            row.license = int(fields["license"])
        for key in ("date_captured", "coco_url", "flickr_url"):
            if isinstance(fields.get(key), str):
                setattr(row, key, fields[key])
        try:
            row.extra = msgspec.convert(fields.get("extra"), Extra | None)
        except msgspec.ValidationError:
            self.note("dropped", where, "extra is not an object of name, state and tags")
        return row

    def annotation(self, raw: msgspec.Raw, where: str) -> AnnotationRow:
        fields = self._fields(raw, where)
        segmentation = fields.get("segmentation")
        return AnnotationRow(
            self.id(fields.get("image_id"), f"{where}.image_id"),
            self.id(fields.get("category_id"), f"{where}.category_id"),
            self._own_id(fields.get("id"), where),
            self._bbox(fields.get("bbox"), where, bool(segmentation)),
            msgspec.Raw(msgspec.json.encode([] if segmentation is None else segmentation)),
            self._crowd(fields.get("iscrowd"), where),
            self._attributes(fields.get("attributes"), where),
            1 if fields.get("num_keypoints") else 0,
        )

    def refuse(self, where: str, why: str, code: str) -> UnreadableDataset:
        return UnreadableDataset(f"{self._file}: {where} {why}.", code=code, file=self._file, where=where)

    def note(self, what: str, where: str, why: str) -> None:
        self._losses.add(what, f"{self._file}: {where}", why)

    def _fields(self, raw: msgspec.Raw, where: str) -> dict[str, Any]:
        try:
            fields = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self.refuse(where, f"is broken JSON ({error})", "unreadable_dataset") from None
        if not isinstance(fields, dict):
            raise self.refuse(where, "is not an object", "wrong_type")
        return cast("dict[str, Any]", fields)

    def _own_id(self, value: object, where: str) -> int:
        if value is None:
            self.note("noted", where, "an annotation has no id")
            return self._name(f"\x00{where}")
        return self.id(value, f"{where}.id")

    def id(self, value: object, where: str) -> int:
        if isinstance(value, str) and value.strip():
            self.note("noted", where, "ids are written as text")
            try:
                value = int(value)
            except ValueError:
                return self._name(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(where, f"is {_short(value)}, not a number", "import_bad_id")
        return value if abs(value) <= 2**62 else self._name(str(value))

    def _name(self, text: str) -> int:
        """A number for an id that is none, below all that files use."""
        return self._named.setdefault(text, -(2**62) - 1 - len(self._named))

    def _side(self, value: object, where: str) -> int:
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                value = None
        if is_number(value) and 1 <= value < 2**31:
            self.note("noted", where, "a width or height is not written as a whole number")
            return round(value)
        self.note("noted", where, "an image has no usable width or height: those of the picture are taken")
        return 0

    def _bbox(self, value: object, where: str, has_segmentation: bool) -> Box | None:
        if has_segmentation and (value is None or value == []):
            self.note("noted", where, "an annotation has no bbox: that of its segmentation is taken")
            return None
        numbers = cast("list[object]", value if isinstance(value, list) else [])
        checked = [float(number) for number in numbers if is_number(number)]
        if len(numbers) != 4 or len(checked) != 4:
            shown = cast(object, value)
            raise self.refuse(f"{where}.bbox", f"is {_short(shown)}, not four finite numbers", "import_bad_bbox")
        return (checked[0], checked[1], checked[2], checked[3])

    def _crowd(self, value: object, where: str) -> int:
        known = value.strip().lower() if isinstance(value, str) else value
        if any(known is item or (type(known) is type(item) and known == item) for item in (*_FALSE, *_TRUE)):
            if type(value) is not int:
                self.note("noted", where, "iscrowd is not written as 0 or 1")
            return int(known in _TRUE)
        raise self.refuse(f"{where}.iscrowd", f"is {_short(value)}, not 0 or 1", "wrong_type")

    def _attributes(self, value: object, where: str) -> dict[str, Any] | None:
        if value is None or isinstance(value, dict):
            return cast("dict[str, Any] | None", value)
        if value:
            self.note("dropped", where, "attributes are not an object")
        return None


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether JSON data is a finite number that a float can hold; booleans are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
