"""Pictures and annotations as the storage tests need them. The storage never looks into a picture, so any bytes do."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.shapes import BBox, Point, Polygon
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import annotations, audit, images, labels
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore
from jupyter_roboflow.storage.images import NewImage


@dataclass
class Incoming:
    """What ingest hands over: a finished file, its hash and a thumbnail."""

    path: Path
    sha256: str
    thumbnail: bytes
    data: bytes


def picture(store: ImageStore, seed: object, size: int = 5_000) -> Incoming:
    """A file in the store's temporary folder; the same seed gives the same bytes."""
    start = hashlib.sha256(str(seed).encode()).digest()
    data = (start * (size // len(start) + 1))[:size]
    path = store.temp_dir() / uuid4().hex
    path.write_bytes(data)
    return Incoming(path, hashlib.sha256(data).hexdigest(), b"\xff\xd8" + start + b"\xff\xd9", data)


def new_image(seed: object, data: bytes | None = None, **more: Any) -> NewImage:
    """The row of a picture of 100 × 80 pixels."""
    data = str(seed).encode() if data is None else data
    values: dict[str, Any] = {
        "filename": f"{seed}.jpg",
        "width": 100,
        "height": 80,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "crc32": zlib.crc32(data),
        "media_type": "image/jpeg",
        "dhash": 0xF000_0000_0000_0001,
    }
    return NewImage(**{**values, **more})


def add_images(db: Database, user: User, dataset_id: int, seeds: Sequence[object], **more: Any) -> list[Image]:
    with db.write() as conn:
        return [image for image, _ in images.add(conn, dataset_id, user, [new_image(s, **more) for s in seeds])]


def upload(db: Database, store: ImageStore, user: User, dataset_id: int, seed: object, size: int = 5_000) -> Image:
    """Store first, row after, as every upload does it."""
    incoming = picture(store, seed, size)
    store.put_pictures([incoming])
    with db.write() as conn:
        [(image, _)] = images.add(conn, dataset_id, user, [new_image(seed, incoming.data)])
        audit.record(conn, user, "upload", dataset_id=dataset_id, image_id=image.id)
    return image


def box(x: float = 1.0, label: str = "RBC", **more: Any) -> Annotation:
    return Annotation(BBox(x, 2.0, 10.0, 5.0), label, **more)


def one_of_each(label: str = "RBC") -> tuple[Annotation, ...]:
    outline = [1.0, 1.0, 50.5, 1.25, 40.0, 60.123456789012345]
    hole = [10.0, 5.0, 20.0, 5.0, 15.0, 10.0]
    return (
        box(label=label, attributes={"occluded": True, "text": "schräg\x00", "deep": {"list": [1, 2.5, None]}}),
        Annotation(Polygon(outline), label),
        Annotation(Polygon(outline, [hole]), label),
        Annotation(Point(0.1 + 0.2, 79.999), label),
    )


def annotate(db: Database, user: User, image: Image, drawn: Sequence[Annotation], revision: int = 0) -> None:
    with db.write() as conn:
        annotations.save(conn, user, image.id, drawn, revision)


def label(db: Database, dataset_id: int, *names: str) -> None:
    with db.write() as conn:
        for name in names:
            labels.add(conn, dataset_id, name)
