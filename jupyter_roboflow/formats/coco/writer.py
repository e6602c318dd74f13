"""A Manifest as COCO files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import IO, Any, cast

import msgspec

from ...archive import NAMES_FILE, ExportNames, Sink
from ...domain.dataset import ImageState, Split
from ...domain.manifest import Example, Losses, Manifest
from ..format import README_FILE, Counts, readme
from .entries import EntryMaker
from .pause import paused_collection
from .rows import Extra

_BATCH = 1024
"""Annotations that are turned into entries together."""

_FIRST_ANNOTATION = 1
"""Whatever the other ids begin with: pycocotools' evaluation takes a matched annotation 0 for an unmatched one."""

_ENCODE = msgspec.json.Encoder().encode


class _Image(msgspec.Struct, omit_defaults=True):
    id: int
    file_name: str
    width: int
    height: int
    license: int | None = None
    date_captured: str | None = None
    coco_url: str | None = None
    flickr_url: str | None = None
    extra: Extra | None = None


def write_coco(manifest: Manifest, sink: Sink, *, layout: str, id_base: int) -> Losses:
    """Write `annotations/instances_<split>.json` and `<split>/`, or all of a split in `<split>/` (`roboflow`)."""
    losses, names, counts, licenses = Losses(), ExportNames(), Counts(), _Licenses()
    maker = EntryMaker({label.name: label.index + id_base for label in manifest.labels}, losses)
    splits: dict[Split, _SplitWriter] = {}
    with ExitStack() as stack:
        for example in manifest.examples:
            folder = example.split or Split.TRAIN
            if example.split is None:
                losses.add("noted", example.filename, "images without a split go to train")
            if folder not in splits:
                splits[folder] = _SplitWriter(maker, id_base, stack)
            name = names.name_for(example.filename, str(example.metadata.get("media_type", "")))
            if example.image is None:
                losses.add("noted", example.filename, "the picture itself is not in this export")
            else:
                sink.copy(f"{folder}/{name}", example.image)
            splits[folder].add(_image(example, name, licenses), example)
            counts.add(example, len(example.annotations), folder)
        for folder in [split for split in Split if split in splits] or [Split.TRAIN]:
            writer = splits.get(folder) or _SplitWriter(maker, id_base, stack)
            with sink.stream(_json_name(folder, layout)) as out:
                writer.write(out, _head(manifest, id_base, licenses))
    if names.renamed:
        sink.add(NAMES_FILE, names.as_csv())
    rules = _conventions(layout, id_base, bool(names.renamed))
    sink.add(README_FILE, readme("COCO", manifest, rules, counts, losses))
    return losses


class _SplitWriter:
    """The images and annotations of one split, in temporary files until all of them are known."""

    def __init__(self, maker: EntryMaker, id_base: int, stack: ExitStack) -> None:
        self._maker = maker
        self._next_image = id_base
        self._next_annotation = _FIRST_ANNOTATION
        self._images, self._annotations = (_temporary(stack), _temporary(stack))
        self._waiting: list[tuple[int, Example]] = []
        self._rows: list[_Image] = []
        self._count = 0

    def add(self, image: _Image, example: Example) -> None:
        image.id = self._next_image
        self._next_image += 1
        self._rows.append(image)
        self._waiting.append((image.id, example))
        self._count += len(example.annotations)
        if self._count >= _BATCH or len(self._rows) >= _BATCH:
            self._flush()

    def write(self, out: IO[bytes], head: bytes) -> None:
        """The whole JSON file."""
        self._flush()
        out.write(head + b',"images":[')
        _copy(self._images, out)
        out.write(b'],"annotations":[')
        _copy(self._annotations, out)
        out.write(b"]}\n")

    def _flush(self) -> None:
        with paused_collection():
            entries = self._maker.entries(self._waiting, self._next_annotation)
            self._next_annotation += len(entries)
            _append(self._images, self._rows)
            _append(self._annotations, entries)
        self._waiting, self._rows, self._count = [], [], 0


class _Licenses:
    """Numbers for the licences that images came with."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, metadata: Mapping[str, Any]) -> int | None:
        name = metadata.get("license")
        if not isinstance(name, str) or not name:
            return None
        return self._numbers.setdefault((name, str(metadata.get("license_url", ""))), len(self._numbers) + 1)

    def as_list(self) -> list[dict[str, Any]]:
        return [{"id": number, "name": name, "url": url} for (name, url), number in self._numbers.items()]


def _image(example: Example, name: str, licenses: _Licenses) -> _Image:
    """An image's entry, its number still missing; what COCO has no place for goes to `extra`."""
    row = _Image(0, name, example.width, example.height)
    if example.metadata:
        row.license = licenses.number(example.metadata)
        for key in ("date_captured", "coco_url", "flickr_url"):
            if isinstance(example.metadata.get(key), str):
                setattr(row, key, example.metadata[key])
    usual = ImageState.LABELED if example.annotations else ImageState.EMPTY
    if name != example.filename or example.state is not usual or example.tags:
        row.extra = Extra(
            example.filename if name != example.filename else None,
            example.state.value if example.state is not usual else None,
            list(example.tags) or None,
        )
    return row


def _head(manifest: Manifest, id_base: int, licenses: _Licenses) -> bytes:
    """The file up to its categories, which come first so that readers know them when annotations arrive."""
    about = cast("Mapping[str, Mapping[str, Any]]", manifest.metadata.get("coco_categories") or {})
    date = str(manifest.metadata.get("date") or "")
    info: dict[str, Any] = {
        "description": str(manifest.metadata.get("dataset") or manifest.name),
        "version": str(manifest.metadata.get("version") or ""),
        "contributor": "",
        "url": "",
        "date_created": date,
    }
    if date[:4].isdecimal():
        info["year"] = int(date[:4])
    categories = [
        {
            "id": label.index + id_base,
            "name": label.name,
            "supercategory": str(about.get(label.name, {}).get("supercategory", "")),
            "color": label.color,
            "index": label.index,
        }
        for label in manifest.labels
    ]
    return _ENCODE({"info": info, "licenses": licenses.as_list(), "categories": categories})[:-1]


def _temporary(stack: ExitStack) -> IO[bytes]:
    return stack.enter_context(tempfile.TemporaryFile())


def _append(file: IO[bytes], rows: Iterable[msgspec.Struct]) -> None:
    data = _ENCODE(rows)
    if len(data) > 2:
        if file.tell():
            file.write(b",")
        file.write(memoryview(data)[1:-1])


def _copy(source: IO[bytes], out: IO[bytes]) -> None:
    source.seek(0)
    shutil.copyfileobj(source, out, 1 << 20)


def _json_name(folder: str, layout: str) -> str:
    return f"{folder}/_annotations.coco.json" if layout == "roboflow" else f"annotations/instances_{folder}.json"


def _conventions(layout: str, id_base: int, renamed: bool) -> list[str]:
    rules = [
        f"`{_json_name('<split>', layout)}` lists the pictures in `<split>/`.",
        "`bbox` is x, y, width, height in pixels of the upright image; (0, 0) is the top-left edge of the first pixel.",
        f"Category and image ids begin at {id_base}; a category's id less {id_base} is its label's fixed index.",
        "`segmentation`: one list a part; objects with holes and crowds are run-length masks; boxes have none.",
        "Images without annotations are listed: nothing is there, unless `extra.state` says that nobody looked.",
    ]
    if renamed:
        rules.append(f"Renamed files: `{NAMES_FILE}` and `extra.name` give the original names.")
    return rules
