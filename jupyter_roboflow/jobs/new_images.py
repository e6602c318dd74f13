"""A checked picture as the row that the database keeps of it."""

from __future__ import annotations

from ..domain.dataset import ImageState, Split
from ..ingest.picture import Picture
from ..storage.images import NewImage


def new_image(
    picture: Picture,
    *,
    filename: str | None = None,
    split: Split | None = None,
    tags: tuple[str, ...] = (),
    state: ImageState = ImageState.UNLABELED,
) -> NewImage:
    """The row of a picture; `filename` when it goes by another name than it came with."""
    return NewImage(
        filename=filename or picture.filename,
        width=picture.width,
        height=picture.height,
        sha256=picture.sha256,
        size=picture.size,
        crc32=picture.crc32,
        media_type=picture.media_type,
        dhash=picture.dhash,
        metadata=dict(picture.metadata),
        split=split,
        tags=tags,
        state=state,
    )
