"""COCO files as a Manifest."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...archive import Files, original_names, upright_size
from ...domain.annotation import Annotation
from ...domain.dataset import ImageState, Label, check_color, clean_name, default_color
from ...domain.errors import Invalid, RoboflowError, UnreadableDataset
from ...domain.manifest import ByteSource, Example, Losses, Manifest
from ..format import split_of
from .listing import Category, Listing, read_listing
from .outlines import ShapeReader, Size
from .pause import paused_collection
from .pictures import Pictures
from .rows import ImageRow
from .spool import IMAGES_A_BUCKET, ShapeRow, Spool

_HEAD = 1 << 16
_LISTS = re.compile(rb'"(?:images|annotations|categories)"\s*:\s*[\[n]')
_RESULTS = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\[\s*\{[^{}]*"image_id"')
_STATES = {state.value: state for state in ImageState}


def find_coco_files(files: Files) -> list[str]:
    """The JSON files that are COCO datasets, `instances_…` first. Raises `UnreadableDataset` when there is none."""
    names = [name for name in files.names if name.lower().endswith(".json")]
    heads = {name: _head(files, name) for name in names}
    found = [
        name for name in names if heads[name].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and _LISTS.search(heads[name])
    ]
    if found:
        return sorted(found, key=lambda name: (not _is_instances(name), name))
    results = [name for name in names if _RESULTS.match(heads[name])]
    if results:
        raise UnreadableDataset(
            f"{results[0]} is a COCO results file (detections without images and categories), not a dataset: "
            "give the dataset's own JSON file.",
            code="import_results_list",
            file=results[0],
        )
    raise UnreadableDataset(f"{files.title} holds no JSON file with the lists images, annotations and categories.")


def read_coco(files: Files, *, lenient: bool) -> Manifest:
    """The dataset as a Manifest. Everything but the shapes is read and checked here, the shapes while walking."""
    losses = Losses()
    losses.extend(files.notes)
    spool = Spool()
    try:
        listings = [
            read_listing(files, file, number, spool, losses, lenient=lenient)
            for number, file in enumerate(_without_relatives(find_coco_files(files), losses))
        ]
        examples = Examples(files, listings, spool, losses, lenient)
    except BaseException:
        spool.close()
        raise
    labels, categories = _labels(examples.listings, losses)
    name = files.title.replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".zip").removesuffix(".json")
    return Manifest(labels, examples, examples.count, name or "dataset", losses, {"coco_categories": categories})


class Examples:
    """The images of all COCO files of a dataset with their annotations, then the pictures that none of them lists."""

    def __init__(self, files: Files, listings: list[Listing], spool: Spool, losses: Losses, lenient: bool) -> None:
        self._files = files
        self._spool = spool
        self._losses = losses
        self._pictures = Pictures(files)
        self._originals = original_names(files)
        self._paths: dict[int, list[str | None]] = {}
        self._seen: dict[str, str] = {}
        self._skipped: set[tuple[int, int]] = set()
        self.listings = [listing for listing in listings if self._locate(listing, lenient)]
        self._unlisted = [] if files.chosen else list(self._pictures.unlisted(losses))
        self.count = sum(len(listing.images) for listing in self.listings) + len(self._unlisted) - len(self._skipped)
        self._seen.clear()
        weakref.finalize(self, spool.close)

    def __iter__(self) -> Iterator[Example]:
        """Can be walked once: the temporary file is given back at the end."""
        try:
            for listing in self.listings:
                yield from self._listed(listing)
            for name in self._unlisted:
                yield self._extra(name)
        finally:
            self._spool.close()

    def _locate(self, listing: Listing, lenient: bool) -> bool:
        """Find a file's pictures; False when all of them were listed by an earlier file, which then counts."""
        paths = [self._pictures.find(listing.file, listing.split, i.file_name, self._losses) for i in listing.images]
        keys = [path or f"{listing.split} {i.file_name}" for path, i in zip(paths, listing.images, strict=True)]
        again = [index for index, key in enumerate(keys) if key in self._seen]
        if again and len(again) == len(keys):
            self._losses.add(
                "dropped",
                listing.file,
                f"lists the same pictures as {self._seen[keys[0]]}: to have it, import it alone",
            )
            return False
        for index, key in enumerate(keys):
            if key in self._seen:
                self._second(listing, index, self._seen[key], lenient)
            else:
                self._seen[key] = listing.file
        self._paths[listing.number] = paths
        return True

    def _listed(self, listing: Listing) -> Iterator[Example]:
        reader = ShapeReader(listing.file, self._losses)
        names = {category.id: category.name for category in listing.categories}
        for start in range(0, len(listing.images), IMAGES_A_BUCKET):
            images = listing.images[start : start + IMAGES_A_BUCKET]
            sources = [self._files.get(p) if p else None for p in self._paths[listing.number][start:][: len(images)]]
            real = [self._real_size(source) for source in sources]
            sizes = [_size(image, size) for image, size in zip(images, real, strict=True)]
            with paused_collection():
                found = self._annotations(reader, listing, start, sizes, names)
            for i, image in enumerate(images):
                if (listing.number, start + i) in self._skipped:
                    continue
                yield self._example(listing, image, sources[i], sizes[i], real[i], tuple(found[i]))

    def _annotations(
        self, reader: ShapeReader, listing: Listing, start: int, sizes: list[Size], names: Mapping[int, str]
    ) -> list[list[Annotation]]:
        """Those of one bucket of images, which begins at `start`."""
        rows = self._rows(reader, listing, start // IMAGES_A_BUCKET, names)
        shapes = reader.shapes(rows, [sizes[row.position - start] for row in rows])
        found: list[list[Annotation]] = [[] for _ in sizes]
        for row, pieces in zip(rows, shapes, strict=True):
            label, attributes = names[row.category], _attributes(row)
            target = found[row.position - start]
            for shape in pieces:
                target.append(Annotation(shape, label, attributes) if attributes else Annotation(shape, label))
        return found

    def _rows(self, reader: ShapeReader, listing: Listing, bucket: int, names: Mapping[int, str]) -> list[ShapeRow]:
        rows = [row for piece in self._spool.pieces(listing.number, bucket) for row in reader.rows(piece)]
        if not listing.used <= names.keys():
            for row in rows:
                if row.category not in names:
                    where = f"{listing.file}: annotations[{row.index}]"
                    self._losses.add("dropped", where, "has a category that is not listed")
            rows = [row for row in rows if row.category in names]
        return rows

    def _example(
        self,
        listing: Listing,
        image: ImageRow,
        source: ByteSource | None,
        size: Size,
        real: Size | None,
        annotations: tuple[Annotation, ...],
    ) -> Example:
        metadata = _metadata(listing, image)
        if real is not None and real != size:
            metadata["size_mismatch"] = list(real)
            where = f"{listing.file}: {image.file_name}"
            why = "size_mismatch: the picture has another width or height than the file says"
            self._losses.add("noted", f"{where} ({size[0]} × {size[1]}, really {real[0]} × {real[1]})", why)
        split = listing.split or split_of(source.name if source else image.file_name.replace("\\", "/"))
        state = ImageState.LABELED if annotations else ImageState.EMPTY
        tags: tuple[str, ...] = ()
        if image.extra:
            tags = self._tags(image.extra.tags or (), f"{listing.file}: {image.file_name}")
            said = _STATES.get(image.extra.state or "", state)
            state = state if annotations and said in (ImageState.UNLABELED, ImageState.EMPTY) else said
        return Example(self._name(image), size[0], size[1], annotations, split, state, tags, source, metadata)

    def _tags(self, tags: Iterable[str], where: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for tag in tags:
            try:
                found[clean_name(tag, "tag")] = None
            except Invalid as error:
                self._losses.add("dropped", where, f"a tag that cannot be one ({error.code})")
        return tuple(found)

    def _name(self, image: ImageRow) -> str:
        base = image.file_name.replace("\\", "/").rstrip("/").rpartition("/")[2] or image.file_name
        return (image.extra and image.extra.name) or self._originals.get(base, base)

    def _extra(self, name: str) -> Example:
        source = self._files.get(name)
        width, height = self._real_size(source) or (0, 0)
        base = name.rpartition("/")[2]
        original = self._originals.get(base, base)
        return Example(original, width, height, (), split_of(name), ImageState.UNLABELED, image=source)

    def _real_size(self, source: ByteSource | None) -> Size | None:
        if source is None:
            return None
        try:
            return upright_size(source)
        except RoboflowError as error:
            self._losses.add("noted", source.name, f"the picture cannot be read ({error.code})")
            return None

    def _second(self, listing: Listing, index: int, other: str, lenient: bool) -> None:
        """A picture that was listed before: two sets of annotations, and nobody knows which one is meant."""
        where = f"{listing.file}: images[{index}]"
        if not lenient:
            raise UnreadableDataset(
                f"{where} lists {listing.images[index].file_name!r}, which {other} lists already: join the entries, "
                "or import the files one after the other.",
                code="import_duplicate_image",
                file=listing.file,
                where=f"images[{index}]",
            )
        self._losses.add("dropped", where, "a picture that is listed a second time, with its annotations")
        self._skipped.add((listing.number, index))


def _head(files: Files, name: str) -> bytes:
    with files.get(name).open() as stream:
        return stream.read(_HEAD)


def _is_instances(name: str) -> bool:
    return name.lower().rpartition("/")[2].startswith("instances")


def _without_relatives(found: list[str], losses: Losses) -> list[str]:
    """Without captions, keypoints, panoptic and stuff files that lie beside `instances_…`, as COCO publishes them."""
    folders = {name.rpartition("/")[0] for name in found if _is_instances(name)}
    kept: list[str] = []
    for name in found:
        if _is_instances(name) or name.rpartition("/")[0] not in folders:
            kept.append(name)
        else:
            losses.add("dropped", name, "lies beside instances_… files, which hold the annotations: left out")
    return kept


def _labels(listings: list[Listing], losses: Losses) -> tuple[tuple[Label, ...], dict[str, Any]]:
    """The labels of all files in the order of their category ids, and what the files say of each category."""
    chosen: dict[str, Category] = {}
    for listing in listings:
        for category in sorted(listing.categories, key=lambda c: c.id):
            if _is_placeholder(category, listing):
                losses.add("noted", f"{listing.file}: {category.name}", "Roboflow's placeholder category is left out")
            elif category.name not in chosen:
                chosen[category.name] = category
            elif chosen[category.name].id != category.id:
                losses.add("noted", f"{listing.file}: {category.name}", "a category stands there under several ids")
    indices = [category.index for category in chosen.values()]
    ours = None not in indices and len(set(indices)) == len(indices)
    labels = [
        Label(name, _color(category, index), index, place)
        for place, (name, category) in enumerate(chosen.items())
        for index in [category.index if ours and category.index is not None else place]
    ]
    about = {
        name: {"id": c.id, **({"supercategory": c.supercategory} if c.supercategory else {})}
        for name, c in chosen.items()
    }
    return tuple(labels), about


def _is_placeholder(category: Category, listing: Listing) -> bool:
    """Roboflow's category 0: nobody's, and the supercategory of the others."""
    return (
        category.id == 0
        and 0 not in listing.used
        and (
            category.supercategory == "none"
            or any(category.name == other.supercategory for other in listing.categories)
        )
        and category.index is None
        and len(listing.categories) > 1
    )


def _color(category: Category, index: int) -> str:
    try:
        return check_color(category.color)
    except Invalid:
        return default_color(index)


def _size(image: ImageRow, real: Size | None) -> Size:
    if image.width and image.height:
        return (image.width, image.height)
    return real or (0, 0)


def _attributes(row: ShapeRow) -> dict[str, Any]:
    if row.crowd:
        return {**(row.attributes or {}), "iscrowd": 1}
    return row.attributes or {}


def _metadata(listing: Listing, image: ImageRow) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "/" in image.file_name or "\\" in image.file_name:
        found["path"] = image.file_name
    for key in ("date_captured", "coco_url", "flickr_url"):
        if value := getattr(image, key):
            found[key] = value
    if image.license is not None and image.license in listing.licenses:
        found |= listing.licenses[image.license]
    return found
