"""One picture of a dataset through a recipe: what becomes of it, encoded and ready to be stored."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from ..augment import Augmented, Recipe, apply_all
from ..augment.applying import Source
from ..domain.annotation import Annotation
from ..domain.dataset import NAME_LIMIT, Split
from ..domain.manifest import Losses
from ..domain.version import VersionImage
from ..storage.files import ImageStore
from ..storage.frozen import write_annotations
from ..storage.versions import FrozenImage
from .version_pixels import SUFFIXES, decode, encode, is_lossless, thumbnail
from .version_sources import SourceImage


@dataclass(frozen=True, slots=True)
class Written:
    """A picture on its way into the store."""

    path: Path
    sha256: str
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """One picture of the version; `written` is None where it is the dataset's own file."""

    frozen: FrozenImage
    written: Written | None


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    source: SourceImage
    drawn: tuple[Annotation, ...]
    whole: Source
    lossless: bool
    plain: bool


class Maker:
    """Makes the pictures of a version from those of the dataset. Raises what is wrong with a picture."""

    def __init__(self, store: ImageStore, recipe: Recipe, quality: int, max_pixels: int) -> None:
        self._store, self._recipe, self._quality, self._max_pixels = store, recipe, quality, max_pixels
        self._folder = store.temp_dir()

    def make(self, source: SourceImage, companions: Sequence[Sequence[SourceImage]], losses: Losses) -> list[Made]:
        """The preprocessed original and its copies, exact duplicates removed. Positions are given later."""
        opened = self._open(source)
        others: dict[int, list[_Opened]] = {}

        def of_copy(copy: int) -> Sequence[Source]:
            others[copy] = [self._open(other) for other in companions[copy - 1]] if companions else []
            return [other.whole for other in others[copy]]

        happened = Losses()
        found = apply_all(
            self._recipe,
            opened.whole,
            split=source.split,
            companions=of_copy,
            max_pixels=self._max_pixels,
            losses=happened,
        )
        for (what, why), times in happened.counts.items():
            losses.add(what, source.filename, why, times)
        return [self._made(opened, one, others.get(one.copy, [])) for one in found]

    def _open(self, source: SourceImage) -> _Opened:
        data = self._store.read_blob(source.sha256)
        pixels, plain = decode(data, source.media_type, (source.width, source.height), source.filename)
        drawn = source.drawn()
        shapes, labels = [a.shape for a in drawn], [a.label for a in drawn]
        whole = Source(pixels, shapes, labels, source.sha256, source.tags)
        return _Opened(source, drawn, whole, is_lossless(source.media_type, data), plain)

    def _made(self, opened: _Opened, one: Augmented, others: Sequence[_Opened]) -> Made:
        source = opened.source
        pictures = [opened.drawn, *(other.drawn for other in others)]
        drawn = [
            Annotation(moved.shape, moved.label, origin.attributes, origin.id)
            for moved in one.shapes
            for origin in (pictures[moved.picture][moved.source],)
        ]
        text, written = write_annotations(drawn), None
        facts: dict[str, Any]
        if opened.plain and _same(one, opened):
            facts = {"sha256": source.sha256, "size": source.size, "crc32": source.crc32}
            facts |= {"media_type": source.media_type, "filename": _filename(source, one, None)}
        else:
            data, media_type = encode(one.pixels, opened.lossless, self._quality)
            written = self._write(data, one)
            facts = {"sha256": written.sha256, "size": len(data), "crc32": zlib.crc32(data)}
            facts |= {"media_type": media_type, "filename": _filename(source, one, SUFFIXES[media_type])}
        image = VersionImage(
            position=0,
            width=one.pixels.shape[1],
            height=one.pixels.shape[0],
            split=Split(source.split) if source.split else None,
            annotation_count=len(drawn),
            source_image_id=source.id,
            copy=one.copy,
            **facts,
        )
        return Made(FrozenImage(image, text, source.path), written)

    def _write(self, data: bytes, one: Augmented) -> Written:
        path = self._folder / uuid4().hex
        path.write_bytes(data)
        return Written(path, hashlib.sha256(data).hexdigest(), thumbnail(one.pixels))


def _same(one: Augmented, opened: _Opened) -> bool:
    """Whether nothing has happened to the pixels, so that the dataset's own file will do."""
    before = opened.whole.pixels
    if one.pixels is before:
        return True
    return one.pixels.shape == before.shape and bool((one.pixels == before).all())


def _filename(source: SourceImage, one: Augmented, suffix: str | None) -> str:
    """The name of the original, with what was cut out of it and which copy it is; None keeps its suffix."""
    name = PurePath(source.filename)
    fitting = (suffix, ".jpeg" if suffix == ".jpg" else suffix)
    kept = name.suffix if suffix is None or name.suffix.lower() in fitting else suffix
    told = (f"-{one.piece}" if one.piece else "") + (f"-copy{one.copy}" if one.copy else "")
    return name.stem[: NAME_LIMIT - len(told) - len(kept)] + told + kept


def plain(frozen: FrozenImage, digest: str) -> Mapping[str, Any]:
    """A frozen image as JSON, for the job that puts the parts together."""
    image = frozen.image
    fields = {name: getattr(image, name) for name in VersionImage.__dataclass_fields__}
    return {"image": fields, "annotations": frozen.annotations, "source": frozen.source_path, "digest": digest}
