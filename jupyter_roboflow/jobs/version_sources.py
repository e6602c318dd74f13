"""What a version is made from: the dataset as it was at one moment, one line a picture, in one file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ..augment.recipe import Recipe
from ..domain.annotation import Annotation
from ..domain.dataset import Image, ImageState, Label, Split
from ..domain.manifest import Losses
from ..domain.page import ImageFilter
from ..domain.splitting import assign_splits
from ..storage import annotations, images, labels
from ..storage.database import Connection
from ..storage.files import ImageStore, blob_key
from ..storage.frozen import read_annotations, write_annotations

CHUNK_PICTURES = 128
"""Pictures that one part of the job makes, unless there are so few that all workers would not get some."""

LEAST_PARTS = 8


class SourceImage(msgspec.Struct):
    """One picture of the dataset, frozen, with its split in the version."""

    id: int
    filename: str
    width: int
    height: int
    sha256: str
    size: int
    crc32: int
    media_type: str
    split: str | None
    tags: tuple[str, ...]
    annotations: msgspec.Raw

    @property
    def path(self) -> str:
        """Where its bytes lie."""
        return blob_key(self.sha256)

    def drawn(self) -> tuple[Annotation, ...]:
        """What was drawn on it, with the ids it had."""
        return read_annotations(bytes(self.annotations).decode())


@dataclass(slots=True)
class SourceList:
    """Where each line of the file is (first byte, length), whose it is, and which split it is in.

    `wanted` are the places of those that go through the recipe; the others may be companions of theirs.
    """

    labels: tuple[Label, ...]
    lines: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    hashes: list[str] = field(default_factory=list[str])
    splits: list[str | None] = field(default_factory=list["str | None"])
    wanted: list[int] = field(default_factory=list[int])
    losses: Losses = field(default_factory=Losses)

    def add(self, source: SourceImage, start: int, length: int, *, wanted: bool = True) -> None:
        """Note one more line."""
        if wanted:
            self.wanted.append(len(self.lines))
        self.lines.append((start, length))
        self.hashes.append(source.sha256)
        self.splits.append(source.split)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(SourceImage).decode


def write_sources(
    conn: Connection, dataset_id: int, path: Path, fractions: Mapping[str, float] | None, seed: int, unlabeled: bool
) -> SourceList:
    """Write down the dataset as it is now. Without `fractions` images keep their split, those without one train."""
    found = SourceList(labels.list_labels(conn, dataset_id))
    splits = _new_splits(conn, dataset_id, fractions, seed, unlabeled) if fractions else None
    skipped, start = 0, 0
    with path.open("wb") as file:
        for image, drawn in annotations.stream(conn, dataset_id):
            if image.state is ImageState.UNLABELED and not unlabeled:
                skipped += 1
                continue
            split = splits[image.sha256] if splits is not None else image.split or Split.TRAIN
            source = _source(image, drawn, split)
            line = _encode(source) + b"\n"
            file.write(line)
            found.add(source, start, len(line))
            start += len(line)
    if skipped:
        why = "images that nobody has looked at are left out (include_unlabeled=True brings them)"
        found.losses.counts["noted", why] = skipped
        found.losses.examples["noted", why] = []
    return found


def list_sources(store: ImageStore, key: str, of: Sequence[Label], used: set[str]) -> SourceList:
    """The lines of a file that was written before; wanted are those of pictures whose blobs are named."""
    found, start = SourceList(tuple(of)), 0
    with store.open(key) as stream:
        for line in stream:
            source = _decode(line)
            found.add(source, start, len(line), wanted=source.path in used)
            start += len(line)
    return found


def read_sources(store: ImageStore, key: str, lines: Sequence[tuple[int, int]]) -> Iterator[SourceImage]:
    """The pictures of these lines, in this order."""
    with store.open(key) as stream:
        for start, length in lines:
            stream.seek(start)
            yield _decode(stream.read(length))


def chunks(found: SourceList, recipe: Recipe) -> Iterator[list[int]]:
    """The places of each part's pictures; what comes out does not depend on how the work is divided."""
    count = len(found.wanted)
    size = max(1, min(CHUNK_PICTURES // recipe.multiplier, -(-count // LEAST_PARTS)))
    for first in range(0, count, size):
        yield found.wanted[first : first + size]


class Companions:
    """Which other training pictures a copy gets, where a step mixes several: the same on every machine."""

    def __init__(self, found: SourceList, recipe: Recipe) -> None:
        self._found, self._recipe = found, recipe
        train = [i for i, split in enumerate(found.splits) if split == Split.TRAIN.value]
        self._order = sorted(train, key=lambda i: found.hashes[i]) if recipe.companions else []

    def of(self, index: int) -> list[list[tuple[int, int]]]:
        """Their lines, for copy 1, 2, …; none where none are needed."""
        if not self._order or self._found.splits[index] != Split.TRAIN.value:
            return []
        return [self._of_copy(index, copy) for copy in range(1, self._recipe.multiplier)]

    def _of_copy(self, index: int, copy: int) -> list[tuple[int, int]]:
        told = f"{self._recipe.seed} {self._found.hashes[index]} {copy}"
        start = int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big")
        chosen: list[tuple[int, int]] = []
        for number in range(min(len(self._order), self._recipe.companions + 1)):
            other = self._order[(start + number) % len(self._order)]
            if other != index and len(chosen) < self._recipe.companions:
                chosen.append(self._found.lines[other])
        return chosen


def _new_splits(
    conn: Connection, dataset_id: int, fractions: Mapping[str, float], seed: int, unlabeled: bool
) -> dict[str, Split]:
    """Splits for this version only, every label in its share; they depend on the pictures, not on their numbers."""
    hashes: dict[int, str] = {}
    for found in images.iterate(conn, dataset_id, ImageFilter()):
        hashes |= {i.id: i.sha256 for i in found if unlabeled or i.state is not ImageState.UNLABELED}
    drawn = images.labels_by_image(conn, dataset_id)
    strata = {sha256: drawn.get(image_id, ()) for image_id, sha256 in hashes.items()}
    return assign_splits(
        hashes.values(), {Split(name): share for name, share in fractions.items()}, seed, strata=strata
    )


def _source(image: Image, drawn: Sequence[Annotation], split: Split | None) -> SourceImage:
    return SourceImage(
        id=image.id,
        filename=image.filename,
        width=image.width,
        height=image.height,
        sha256=image.sha256,
        size=image.size,
        crc32=image.crc32,
        media_type=image.media_type,
        split=split.value if split else None,
        tags=image.tags,
        annotations=msgspec.Raw(write_annotations(drawn).encode()),
    )
