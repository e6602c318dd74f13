"""The first pass over a COCO file: its images and categories are kept, its annotations checked and spooled."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from ...archive import Files
from ...domain.dataset import Split, clean_name
from ...domain.errors import Invalid, UnreadableDataset
from ...domain.manifest import Losses
from ..format import INDEX_LIMIT, SPLIT_FOLDERS, split_of
from .json_reader import Batch, JsonReader
from .pause import paused_collection
from .rows import AnnotationRow, ImageRow, Repair
from .spool import Spool, WaitingRow

_IMAGES = msgspec.json.Decoder(list[ImageRow])
_CROWD = {0, 1}
_ANNOTATIONS = msgspec.json.Decoder(list[AnnotationRow])


@dataclass(frozen=True, slots=True)
class Category:
    """One entry of `categories`."""

    id: int
    name: str
    supercategory: str = ""
    color: str = ""
    index: int | None = None


@dataclass(slots=True)
class Listing:
    """What one COCO file says, but for its annotations, which wait in the spool under `number`."""

    file: str
    number: int
    split: Split | None
    images: list[ImageRow] = field(default_factory=list[ImageRow])
    categories: list[Category] = field(default_factory=list[Category])
    licenses: dict[int, dict[str, str]] = field(default_factory=dict[int, dict[str, str]])
    used: frozenset[int] = frozenset()
    """Ids of the categories that annotations name."""


def read_listing(files: Files, file: str, number: int, spool: Spool, losses: Losses, *, lenient: bool) -> Listing:
    """Read one COCO file up to its shapes. Raises `UnreadableDataset` naming the entry that is wrong."""
    return _Pass(files, Listing(file, number, split_of_json(file)), spool, losses, lenient).run()


def split_of_json(file: str) -> Split | None:
    """The split that a whole word of a JSON file's name says (`instances_val2017.json`), else its folder."""
    stem = file.lower().rpartition("/")[2].removesuffix(".json")
    words = [re.sub(r"\d+$", "", word) for word in re.split(r"[^a-z0-9]+", stem)]
    found = {SPLIT_FOLDERS[word] for word in words if word in SPLIT_FOLDERS}
    return found.pop() if len(found) == 1 else split_of(file)


class _Pass:
    def __init__(self, files: Files, listing: Listing, spool: Spool, losses: Losses, lenient: bool) -> None:
        self._files = files
        self._listing = listing
        self._spool = spool
        self._losses = losses
        self._lenient = lenient
        self._repair = Repair(listing.file, losses)
        self._positions: dict[int, int] = {}
        self._columns: list[NDArray[np.int64]] = []
        self._found: set[str] = set()

    def run(self) -> Listing:
        """Annotations that come before the images they belong to are passed over first and read in a second go."""
        late = self._read(annotations_only=False)
        if "images" not in self._found:
            raise self._repair.refuse("the list images", "is missing: this is not a COCO dataset", "unreadable_dataset")
        if late:
            self._read(annotations_only=True)
        for key in sorted({"info", "licenses", "annotations", "categories"} - self._found):
            self._losses.add("noted", self._listing.file, f"the key {key} is missing")
        self._check()
        return self._listing

    def _read(self, *, annotations_only: bool) -> bool:
        late = False
        with self._files.get(self._listing.file).open() as stream:
            reader = JsonReader(stream, self._listing.file)
            for key in reader.keys():  # noqa: SIM118 - not a mapping
                self._found.add(key)
                if key == "annotations" and (annotations_only or "images" in self._found):
                    self._annotations(reader)
                elif key == "annotations" or annotations_only:
                    late = True
                    reader.skip()
                else:
                    self._entry(key, reader)
        return late

    def _entry(self, key: str, reader: JsonReader) -> None:
        if key == "images":
            for batch in reader.batches(_IMAGES, key):
                self._images(batch)
        elif key == "categories":
            for index, item in enumerate(self._items(key, reader)):
                self._listing.categories.append(self._category(item, index))
        elif key == "licenses":
            self._listing.licenses = dict(filter(None, map(_license, self._items(key, reader))))
        else:
            reader.skip()

    def _items(self, key: str, reader: JsonReader) -> list[object]:
        value = reader.value()
        if value is not None and not isinstance(value, list):
            raise self._repair.refuse(f"the key {key}", "is not a list", "wrong_type")
        return cast("list[object]", value or [])

    def _images(self, batch: Batch[ImageRow]) -> None:
        rows = batch.typed
        if rows is None:
            rows = [self._repair.image(raw, f"images[{batch.first + i}]") for i, raw in enumerate(batch.raw)]
        for position, row in enumerate(rows, batch.first):
            if self._positions.setdefault(row.id, position) != position:
                raise self._duplicate("images", "image", position, row.id)
            if row.width < 0 or row.height < 0 or max(row.width, row.height) > 10_000_000:
                raise self._repair.refuse(
                    f"images[{position}]", f"has the size {row.width} × {row.height}", "import_bad_image"
                )
        self._listing.images += rows

    def _annotations(self, reader: JsonReader) -> None:
        for batch in reader.batches(_ANNOTATIONS, "annotations"):
            rows = batch.typed
            if rows is None or not {row.iscrowd for row in rows} <= _CROWD or None in [row.bbox for row in rows]:
                raws = batch.raw or [msgspec.Raw(msgspec.json.encode(row)) for row in rows or ()]
                rows = [self._repair.annotation(raw, f"annotations[{batch.first + i}]") for i, raw in enumerate(raws)]
            with paused_collection():
                self._keep(rows, batch.first)

    def _keep(self, rows: list[AnnotationRow], first: int) -> None:
        self._columns.append(np.array([(row.id, row.category_id) for row in rows], dtype=np.int64).reshape(-1, 2))
        position = self._positions.get
        waiting = [
            WaitingRow(
                position(row.image_id, -1),
                index,
                row.category_id,
                row.iscrowd,
                row.bbox,
                row.segmentation,
                row.attributes,
            )
            for index, row in enumerate(rows, first)
        ]
        if min(row.position for row in waiting) < 0:
            waiting = [row for row in waiting if row.position >= 0 or self._skip_unknown(rows[row.index - first], row)]
        for index, row in enumerate(rows, first):
            if row.num_keypoints:
                self._repair.note("dropped", f"annotations[{index}]", "keypoints; the box or outline stays")
        if waiting:
            self._spool.add(self._listing.number, waiting)

    def _skip_unknown(self, row: AnnotationRow, waiting: WaitingRow) -> bool:
        where = f"annotations[{waiting.index}]"
        if not self._lenient:
            raise self._repair.refuse(
                where, f"belongs to image {row.image_id}, which images does not list", "import_unknown_image"
            )
        self._repair.note("dropped", where, "belongs to an image that is not listed")
        return False

    def _check(self) -> None:
        """Ids twice, and categories that do not exist, over all annotations at once."""
        columns = np.concatenate(self._columns) if self._columns else np.zeros((0, 2), dtype=np.int64)
        ids = np.sort(columns[:, 0])
        if (ids[1:] == ids[:-1]).any():
            order = np.argsort(columns[:, 0], kind="stable")
            again = order[1:][np.diff(columns[order, 0]) == 0]
            index = int(again.min())
            raise self._duplicate("annotations", "annotation", index, int(columns[index, 0]))
        used, first = np.unique(columns[:, 1], return_index=True)
        known = {category.id for category in self._listing.categories}
        for category, index in zip(used.tolist(), first.tolist(), strict=True):
            if category not in known and not self._lenient:
                raise self._repair.refuse(
                    f"annotations[{index}]",
                    f"has the category {category}, which categories does not list",
                    "import_unknown_category",
                )
        self._listing.used = frozenset(used.tolist())

    def _duplicate(self, key: str, what: str, index: int, number: int) -> UnreadableDataset:
        return self._repair.refuse(
            f"{key}[{index}]", f"has the {what} id {number} a second time", "import_duplicate_id"
        )

    def _category(self, item: object, index: int) -> Category:
        where = f"categories[{index}]"
        if not isinstance(item, dict):
            raise self._repair.refuse(where, "is not an object", "wrong_type")
        fields = cast("dict[str, Any]", item)
        number = self._repair.id(fields.get("id"), f"{where}.id")
        if any(number == other.id for other in self._listing.categories):
            raise self._duplicate("categories", "category", index, number)
        try:
            name = clean_name(_as_text(fields.get("name")), "label")
        except Invalid as error:
            raise self._repair.refuse(where, f"has no usable name: {error.message}", error.code) from None
        parent, place = fields.get("supercategory"), fields.get("index")
        return Category(
            number,
            name,
            parent if isinstance(parent, str) else "",
            str(fields.get("color", "")),
            place if isinstance(place, int) and 0 <= place < INDEX_LIMIT else None,
        )


def _as_text(name: object) -> object:
    return str(name) if isinstance(name, int | float) and not isinstance(name, bool) else name


def _license(item: object) -> tuple[int, dict[str, str]] | None:
    fields = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
    number, name, url = fields.get("id"), fields.get("name"), fields.get("url")
    if not isinstance(number, int) or not isinstance(name, str) or not name:
        return None
    return number, {"license": name, **({"license_url": url} if isinstance(url, str) and url else {})}
