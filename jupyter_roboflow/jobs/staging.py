"""Between reading and writing an import: pictures stored, everything else in a temporary file, memory flat."""

from __future__ import annotations

import marshal
import tempfile
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from struct import Struct
from typing import IO, Any, Self, cast

from ..domain.annotation import ANNOTATIONS_LIMIT, Annotation
from ..domain.dataset import ImageState
from ..domain.errors import UnreadableDataset
from ..domain.manifest import ByteSource, Example, Losses, Manifest
from ..ingest.incoming import Incoming, fresh_path
from ..ingest.picture import Picture
from ..ingest.pool import DecodePool, Outcome
from ..storage.bulk import BulkRow, bulk_rows
from .behind import Behind
from .fitting import fit_to_picture
from .kind import JobContext
from .new_images import new_image

BATCH = 128
"""Examples per staged batch."""

REFUSED_LIMIT = 1000
"""Refused pictures that are kept by name; all are counted."""

_COPY = 1 << 20
_LENGTH = Struct("<Q")


class Staging:
    """Everything an import will write, checked. Iterating gives the batches again, as plain data.

    A batch is a list of (picture or None, file name, width, height, split, state, tags, annotation rows).
    """

    def __init__(self, context: JobContext, asked: Mapping[str, Any]) -> None:
        self._context, self._asked = context, asked
        self._file: IO[bytes] = (context.workdir / "staged").open("w+b")
        self._pending: deque[Example] = deque()
        self._batch: list[tuple[Picture | None, Example]] = []
        self._behind = Behind()
        self.count = 0
        self.refused: list[dict[str, str]] = []
        self.losses = Losses()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def take(self, manifest: Manifest) -> None:
        """Walk the manifest; its pictures are checked in child processes and stored, a few ahead of the rest."""
        total = manifest.count or 0
        pictures = tempfile.TemporaryDirectory(dir=self._context.store.temp_dir(), ignore_cleanup_errors=True)
        with pictures as folder, DecodePool(self._context.settings) as pool:
            outcomes = pool.map(self._incoming(manifest, Path(folder)))
            with self._behind:
                try:
                    for outcome in outcomes:
                        self._context.check()
                        self._collect(self._pending.popleft(), outcome)
                        self._context.progress(self.count // 2, total, outcome.filename)
                finally:
                    outcomes.close()
                self._flush()

    def _incoming(self, manifest: Manifest, folder: Path) -> Iterator[Incoming]:
        """The pictures among the examples; those that are only listed are staged on the way."""
        for number, example in enumerate(manifest.examples):
            if number % BATCH == 0:
                self._context.check()
            if len(example.annotations) > ANNOTATIONS_LIMIT:
                raise _too_many(example)
            if example.image is None:
                self._add(None, example)
                continue
            self._pending.append(example)
            yield _incoming(example, example.image, folder)

    def _collect(self, example: Example, outcome: Outcome) -> None:
        if outcome.picture is not None:
            self._add(outcome.picture, example)
            return
        assert outcome.error is not None
        self.losses.add("dropped", example.filename, f"the picture was refused ({outcome.error.code})")
        if len(self.refused) < REFUSED_LIMIT:
            entry = {"filename": outcome.filename, "code": outcome.error.code, "why": outcome.error.message}
            self.refused.append(entry)

    def _add(self, picture: Picture | None, example: Example) -> None:
        self._batch.append((picture, example))
        self.count += 1
        if len(self._batch) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        pictures = [picture for picture, _ in self._batch if picture]
        if pictures:
            self._behind.do(partial(self._context.store.put_pictures, pictures, flushed=True))
        drawn = [self._drawn(picture, example) for picture, example in self._batch]
        rows = iter(bulk_rows([annotation for annotations in drawn for annotation in annotations]))
        entries = [
            _plain(picture, example, list(islice(rows, len(annotations))))
            for (picture, example), annotations in zip(self._batch, drawn, strict=True)
        ]
        data = marshal.dumps(entries)
        self._file.write(_LENGTH.pack(len(data)) + data)
        self._batch = []

    def _drawn(self, picture: Picture | None, example: Example) -> tuple[Annotation, ...]:
        if picture is None:
            return example.annotations
        return fit_to_picture(example, picture, str(self._asked["size_mismatch"]), self.losses)

    def __iter__(self) -> Generator[list[Any]]:
        self._file.flush()
        with Path(self._file.name).open("rb") as stream:
            while length := stream.read(_LENGTH.size):
                # our own file, written above; read whole, as marshal asks a file for every few bytes
                yield cast("list[Any]", marshal.loads(stream.read(*_LENGTH.unpack(length))))


def _plain(picture: Picture | None, example: Example, rows: list[BulkRow]) -> tuple[Any, ...]:
    state = example.state
    if rows and state in (ImageState.UNLABELED, ImageState.EMPTY):
        state = ImageState.LABELED
    if not rows and state is ImageState.LABELED:
        state = ImageState.UNLABELED  # its objects could not be kept: it is no background, somebody has to look again
    return (
        _plain_picture(picture) if picture else None, example.filename, example.width, example.height,
        str(example.split) if example.split else None, str(state), tuple(example.tags), rows,
    )  # fmt: skip


def _plain_picture(picture: Picture) -> tuple[Any, ...]:
    row = new_image(picture)
    return (
        row.filename, row.width, row.height, row.sha256, row.size, row.crc32, row.media_type, row.dhash,
        dict(row.metadata),
    )  # fmt: skip


def _incoming(example: Example, source: ByteSource, folder: Path) -> Incoming:
    """A picture on its way to the decoders: a file is copied there, a member of an archive is unpacked."""
    original = getattr(source, "path", None)
    if isinstance(original, Path):
        return Incoming(example.filename, fresh_path(folder), original=original)

    def write(path: Path) -> None:
        with source.open() as stream, path.open("wb") as out:
            while data := stream.read(_COPY):
                out.write(data)

    return Incoming(example.filename, fresh_path(folder), write=write)


def _too_many(example: Example) -> UnreadableDataset:
    return UnreadableDataset(
        f"{example.filename} has {len(example.annotations):,} annotations; an image may have {ANNOTATIONS_LIMIT:,}.",
        code="too_many_annotations",
    )
