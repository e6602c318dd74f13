"""A dataset as columns of numbers, a chunk at a time, in the order of image ids: what health is computed from."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from ..domain.health.columns import KIND_CODES, SPLIT_CODES, STATE_CODES, AnnotationColumns, ImageColumns
from .database import Connection
from .images import CHUNK
from .tables import annotations, images, labels

_SPLITS: dict[str | None, int] = {str(split) if split else None: code for split, code in SPLIT_CODES.items()}
_STATES: dict[str, int] = {str(state): code for state, code in STATE_CODES.items()}


def image_columns(conn: Connection, dataset_id: int, chunk: int = 10_000) -> Iterator[ImageColumns]:
    """All images of a dataset."""
    fields = (images.c.id, images.c.width, images.c.height, images.c.split, images.c.state, images.c.dhash)
    last = 0
    while True:
        query = select(*fields, images.c.filename).where(images.c.dataset_id == dataset_id, images.c.id > last)
        rows = conn.execute(query.order_by(images.c.id).limit(chunk)).all()
        if not rows:
            return
        ids, width, height, split, state, dhash, filename = zip(*rows, strict=True)
        yield ImageColumns(
            id=ids,
            width=width,
            height=height,
            split=[_SPLITS[name] for name in split],
            state=[_STATES[name] for name in state],
            dhash=[int(text, 16) for text in dhash],
            filename=filename,
        )
        last = ids[-1]


def annotation_columns(conn: Connection, dataset_id: int) -> Iterator[AnnotationColumns]:
    """All annotations of a dataset."""
    fields = (annotations.c.image_id, labels.c.export_index, annotations.c.shape_type)
    bounds = (annotations.c.x0, annotations.c.y0, annotations.c.x1, annotations.c.y1, annotations.c.area)
    for ids in _drawn_on(conn, dataset_id):
        query = (
            select(*fields, *bounds)
            .join(labels, labels.c.id == annotations.c.label_id)
            .where(annotations.c.image_id.in_(ids))
            .order_by(annotations.c.image_id, annotations.c.position)
        )
        rows = conn.execute(query).all()
        if rows:
            image_id, label, kind, x0, y0, x1, y1, area = zip(*rows, strict=True)
            yield AnnotationColumns(image_id, label, [KIND_CODES[name] for name in kind], x0, y0, x1, y1, area)


def _drawn_on(conn: Connection, dataset_id: int) -> Iterator[list[int]]:
    """Ids of the images with annotations, a statement's worth at a time."""
    drawn = images.c.dataset_id == dataset_id, images.c.annotation_count > 0
    last = 0
    while True:
        query = select(images.c.id).where(*drawn, images.c.id > last).order_by(images.c.id).limit(CHUNK)
        ids = list(conn.execute(query).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]
