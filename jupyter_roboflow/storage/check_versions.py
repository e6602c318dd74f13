"""Whether versions are what they were when they were published."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select

from ..domain.errors import RoboflowError
from ..domain.shapes import check_within
from ..domain.version import Version
from .database import Connection
from .frozen import content_digest, content_hash, read_annotations
from .tables import versions as table
from .versions import FrozenImage, frozen_images, get

Add = Callable[[str, str, str], None]
"""Told (code, where, message) of each problem."""


def check_versions(conn: Connection, add: Add) -> int:
    """Read every version again and compare it with its content hash; how many there are."""
    ids = list(conn.execute(select(table.c.id).order_by(table.c.id)).scalars())
    for version_id in ids:
        _check(conn, get(conn, version_id), add)
    return len(ids)


def _check(conn: Connection, version: Version, add: Add) -> None:
    where = f"version {version.id}"
    if version.state != "ready":
        add("version_unfinished", where, f"is {version.state}: a version comes in whole or not at all")
        return
    counts = {"images": 0, "annotations": 0}
    try:
        digests = _digests(conn, version, counts, add)
        found = content_hash(version.recipe, version.seed, version.labels, version.libraries, digests)
    except RoboflowError as error:
        add(error.code, where, error.message)
        return
    if found != version.content_hash:
        add("version_changed", where, "is not what was published: restore the database from a backup")
    told = {name: version.counts.get(name) for name in counts}
    if told != counts:
        add("version_counts", where, f"says {told} and has {counts}")


def _digests(conn: Connection, version: Version, counts: dict[str, int], add: Add) -> Iterator[str]:
    for number, frozen in enumerate(frozen_images(conn, version.id), start=1):
        image = frozen.image
        counts["images"] += 1
        counts["annotations"] += image.annotation_count
        if image.position != number:
            add("version_changed", f"version {version.id}", f"has no image {number}")
        _check_drawn(version, frozen, add)
        yield content_digest(image, frozen.annotations)


def _check_drawn(version: Version, frozen: FrozenImage, add: Add) -> None:
    image = frozen.image
    where = f"image {image.position} of version {version.id}"
    drawn = read_annotations(frozen.annotations)
    if len(drawn) != image.annotation_count:
        add("annotation_count", where, f"says {image.annotation_count} annotations and has {len(drawn)}")
    names = {label.name for label in version.labels}
    for annotation in drawn:
        try:
            check_within(annotation.shape, (image.width, image.height))
        except RoboflowError as error:
            add("geometry_outside", where, error.message)
        if annotation.label not in names:
            add("foreign_label", where, f"has the label {annotation.label!r}, which the version does not list")
