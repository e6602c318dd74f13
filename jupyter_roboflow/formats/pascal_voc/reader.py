"""Pascal VOC files as a Manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ...archive import Files, original_names, upright_size
from ...domain.dataset import ImageState
from ...domain.errors import UnreadableDataset, UnreadableImage
from ...domain.manifest import Example, Losses, Manifest
from .documents import annotation_files, find_labels, is_annotation, load
from .layout import Layout, find_tree
from .objects import ObjectReader

_UNSAFE = re.compile(r"(?:\A|[/\\])\.\.(?:[/\\]|\Z)|\x00")


def read_voc(files: Files, origin: int) -> Manifest:
    """The dataset as a Manifest; `origin` is 1 or 0, see the format's option."""
    losses = Losses()
    losses.extend(files.notes)
    found = annotation_files(files)
    documents = [name for name in found if is_annotation(files, name)]
    for name in sorted(set(found) - set(documents)):
        losses.add("noted", name, "XML that is not an <annotation> is left out")
    start = next(iter(documents), None) or find_tree(files)
    if start is None:
        raise UnreadableDataset(f"{files.title} has no Pascal VOC annotations (.xml).", code="no_annotations")
    root = _root(start)
    layout = Layout(files, documents, losses)
    labels = find_labels(files, documents, root)
    reader = _Reader(files, layout, ObjectReader(origin, losses), losses, root)
    name = files.title.replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".zip")
    return Manifest(labels, reader.examples(documents), name=name or "dataset", losses=losses)


def _root(document: str) -> str:
    """The folder that holds `Annotations/` or `ImageSets/`, else that of the file: "" or a path that ends in `/`."""
    folders = document.split("/")[:-1]
    for known in ("Annotations", "ImageSets"):
        if known in folders:
            folders = folders[: folders.index(known)]
    return "".join(f"{folder}/" for folder in folders)


@dataclass(slots=True)
class _Reader:
    files: Files
    layout: Layout
    objects: ObjectReader
    losses: Losses
    root: str

    def examples(self, documents: Sequence[str]) -> Iterator[Example]:
        """The pictures with an XML file in the order of these, then those without one."""
        originals = original_names(self.files, self.root)
        used: dict[str, str] = {}
        for name in documents:
            example, picture = self._example(name)
            if picture is not None:
                other = used.setdefault(picture, name)
                if other != name:
                    raise UnreadableDataset(f"{other} and {name} both describe {picture}.", code="duplicate_image")
            yield example if example.filename not in originals else _renamed(example, originals[example.filename])
        for picture in self.layout.images:
            if picture not in used and (bare := self._without_xml(picture)) is not None:
                yield bare if bare.filename not in originals else _renamed(bare, originals[bare.filename])

    def _example(self, name: str) -> tuple[Example, str | None]:
        root = load(self.files, name)
        filename = _filename(root, name)
        picture = self.layout.picture(name, filename)
        if picture is None:
            self.losses.add("noted", name, "there is no picture for it; its annotations are read without")
            shown = filename or f"{name.rpartition('/')[2][:-4]}.jpg"
        else:
            shown = picture.rpartition("/")[2]
        source = None if picture is None else self.files.get(picture)
        size = _size(root) or (None if source is None else upright_size(source))
        if size is None:
            raise UnreadableDataset(
                f"{name} has no <size> and no picture: its boxes cannot be placed.", code="missing_size"
            )
        items = root.findall("object")
        annotations = tuple(
            annotation
            for number, item in enumerate(items, 1)
            for annotation in self.objects.read(item, f"{name}: object {number}", size)
        )
        state = ImageState.LABELED if items else ImageState.EMPTY
        split = self.layout.split(name) if picture is None else self.layout.split(picture)
        return Example(shown, *size, annotations, split or self.layout.split(name), state, image=source), picture

    def _without_xml(self, picture: str) -> Example | None:
        source = self.files.get(picture)
        try:
            width, height = upright_size(source)
        except UnreadableImage as error:
            self.losses.add("dropped", picture, f"the picture cannot be read ({error.code})")
            return None
        self.losses.add("noted", picture, "no XML file: the picture counts as unlabeled, not as empty")
        shown = picture.rpartition("/")[2]
        return Example(shown, width, height, split=self.layout.split(picture), state=ImageState.UNLABELED, image=source)


def _renamed(example: Example, filename: str) -> Example:
    return Example(
        filename,
        example.width,
        example.height,
        example.annotations,
        example.split,
        example.state,
        example.tags,
        example.image,
        example.metadata,
    )


def _filename(root: Element, name: str) -> str:
    """The last part of `<filename>`; one that climbs out of its folder is refused."""
    text = (root.findtext("filename") or "").strip()
    if _UNSAFE.search(text):
        raise UnreadableDataset(f"{name}: <filename> {text[:80]!r} leads out of the folder.", code="unsafe_path")
    return text.replace("\\", "/").rpartition("/")[2]


def _size(root: Element) -> tuple[int, int] | None:
    """Width and height from `<size>`; None when it is missing or says nothing (0 × 0 is common)."""
    try:
        width = float(root.findtext("size/width") or 0)
        height = float(root.findtext("size/height") or 0)
    except ValueError:
        return None
    if not (1 <= width <= 1e7 and 1 <= height <= 1e7) or width != int(width) or height != int(height):
        return None
    return int(width), int(height)
