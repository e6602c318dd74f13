"""Versions as rows: numbers, what refers to what, and a checker that finds whatever was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from jupyter_roboflow.domain.dataset import Dataset, Label, Split
from jupyter_roboflow.domain.errors import NotFound, StorageCorrupt
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.domain.version import VersionImage
from jupyter_roboflow.storage import datasets, deletion, versions
from jupyter_roboflow.storage.check import check
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore, blob_key, thumbnail_key
from jupyter_roboflow.storage.frozen import content_digest, content_hash, read_annotations, write_annotations
from jupyter_roboflow.storage.orphans import collect_orphans
from jupyter_roboflow.storage.tables import version_images
from jupyter_roboflow.storage.tables import versions as table
from jupyter_roboflow.storage.versions import FrozenImage, NewVersion
from tests.storage.test_orphans import grow_old
from tests.storage.things import box, new_image, one_of_each, picture

LABELS = (Label("RBC", "#102030", 0), Label("WBC", "#302010", 4, 1))


def freeze(db: Database, store: ImageStore, user: User, dataset_id: int, pictures: int = 3) -> int:
    """A whole version of that many stored pictures; its id."""
    frozen: list[FrozenImage] = []
    for number in range(1, pictures + 1):
        incoming = picture(store, f"{dataset_id} {number}")
        store.put_pictures([incoming])
        row = new_image(f"{dataset_id} {number}", incoming.data)
        drawn = one_of_each() if number == 1 else (box(label="WBC"),)
        image = VersionImage(
            number, row.filename, 100, 80, row.sha256, row.size, row.crc32, row.media_type, Split.TRAIN, len(drawn), 7
        )
        source = picture(store, f"source {number}")
        store.put_pictures([source])
        frozen.append(FrozenImage(image, write_annotations(drawn), blob_key(source.sha256)))
    sources = store.temp_dir() / "sources"
    sources.write_bytes(b"what it was made from\n")
    stored = store.put_artefact(sources, f"versions/{dataset_id}{len(list(store.list('versions/')))}-1.jsonl")
    new = NewVersion(
        dataset_id,
        1,
        {"seed": 9},
        9,
        LABELS,
        {"numpy": "2"},
        {},
        stored.key,
        stored.size,
        stored.sha256,
        "name",
        "note",
    )
    digests = [content_digest(each.image, each.annotations) for each in frozen]
    counts = {"images": pictures, "annotations": sum(each.image.annotation_count for each in frozen)}
    with db.write() as conn:
        version_id, _ = versions.start(conn, user.id, new)
        versions.add_images(conn, version_id, frozen)
        whole = content_hash(new.recipe, new.seed, LABELS, new.libraries, digests)
        versions.finish(conn, version_id, whole, counts, [], [])
    return version_id


def test_a_version_is_read_as_it_was_written(db: Database, store: ImageStore, ada: User, cells: Dataset) -> None:
    version_id = freeze(db, store, ada, cells.id)
    with db.read() as conn:
        version = versions.get(conn, version_id)
        found = list(versions.stream(conn, version_id, chunk=2))
    assert (version.number, version.name, version.note, version.created_by) == (1, "name", "note", "ada")
    assert version.labels == LABELS and version.title == "v1 – name"
    assert [image.position for image, _ in found] == [1, 2, 3]
    assert [a.shape for a in found[0][1]] == [a.shape for a in one_of_each()]
    assert [a.attributes for a in found[0][1]] == [a.attributes for a in one_of_each()]
    assert check(db, store, deep=True).ok


def test_numbers_count_within_a_dataset_and_are_given_out_once(
    db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    with db.write() as conn:
        other = datasets.create(conn, ada, "other").id
    made = [freeze(db, store, ada, dataset) for dataset in (cells.id, cells.id, other)]
    with db.write() as conn:
        assert [versions.get(conn, version_id).number for version_id in made] == [1, 2, 1]
        versions.delete_version(conn, made[1])
    again = freeze(db, store, ada, cells.id)
    with db.read() as conn:
        assert [version.number for version in versions.list_for(conn, cells.id)] == [3, 1]
        assert versions.get(conn, again).number == 3
        with pytest.raises(NotFound):
            versions.get(conn, made[1])


def test_what_a_version_needs_is_kept_until_it_is_deleted(
    db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    version_id = freeze(db, store, ada, cells.id)
    before = {found.key for found in store.list("")}
    for _ in range(2):
        grow_old(db, store)
        assert collect_orphans(db, store) == 0
    with db.write() as conn:
        versions.delete_version(conn, version_id)
    grow_old(db, store)
    collect_orphans(db, store)
    grow_old(db, store)
    assert collect_orphans(db, store) == len(before) == 3 * 2 * 2 + 1
    assert check(db, store).ok


def test_with_its_dataset_a_version_goes(db: Database, store: ImageStore, ada: User, cells: Dataset) -> None:
    freeze(db, store, ada, cells.id)
    with db.write() as conn:
        deletion.delete_dataset(conn, cells.id)
        assert conn.execute(select(table)).all() == [] and conn.execute(select(version_images)).all() == []


def _second(conn: Connection, **values: Any) -> None:
    conn.execute(update(version_images).where(version_images.c.position == 2).values(values))


_LAST = version_images.c.position == 3
MUTANTS: dict[str, tuple[Callable[[Connection], object], str]] = {
    "a renamed picture": (lambda c: _second(c, filename="other.jpg"), "version_changed"),
    "another split": (lambda c: _second(c, split="test"), "version_changed"),
    "another label": (lambda c: _second(c, annotations=write_annotations([box(label="RBC")])), "version_changed"),
    "an unknown label": (lambda c: _second(c, annotations=write_annotations([box(label="dog")])), "foreign_label"),
    "a box outside": (lambda c: _second(c, annotations=write_annotations([box(500, label="WBC")])), "geometry_outside"),
    "no annotations": (lambda c: _second(c, annotations="[]"), "annotation_count"),
    "no JSON": (lambda c: _second(c, annotations="[{"), "geometry_corrupt"),
    "other bytes": (lambda c: _second(c, sha256="0" * 64), "version_changed"),
    "a size that is none": (lambda c: _second(c, size=1), "size_mismatch"),
    "a picture less": (
        lambda c: c.execute(delete(version_images).where(version_images.c.position == 3)),
        "version_counts",
    ),
    "another recipe": (lambda c: c.execute(update(table).values(recipe='{"seed": 8}')), "version_changed"),
    "half a version": (lambda c: c.execute(update(table).values(state="building")), "version_unfinished"),
}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mutant", MUTANTS)
def test_whatever_is_changed_in_a_version_is_found(
    mutant: str, db: Database, store: ImageStore, ada: User, cells: Dataset
) -> None:
    freeze(db, store, ada, cells.id)
    change, code = MUTANTS[mutant]
    assert check(db, store).ok
    with db.write() as conn:
        change(conn)
    assert code in check(db, store).counts


def test_a_missing_file_of_a_version_is_found(db: Database, store: ImageStore, ada: User, cells: Dataset) -> None:
    version_id = freeze(db, store, ada, cells.id)
    with db.read() as conn:
        sha256 = versions.image(conn, version_id, 1).sha256
        sources = versions.sources(conn, version_id).path
    store.delete(blob_key(sha256))
    store.delete(sources)
    store.delete(thumbnail_key(sha256))
    report = check(db, store)
    assert report.counts == {"blob_missing": 2} and report.notes["thumbnails missing"] == 1


def test_the_content_does_not_depend_on_ids() -> None:
    one, other = write_annotations([box(id="a" * 32)]), write_annotations([box(id="b" * 32)])
    image = VersionImage(1, "a.jpg", 100, 80, "0" * 64, 1, 1, "image/jpeg", None, 1)
    assert one != other and content_digest(image, one) == content_digest(image, other)
    assert read_annotations(one)[0].id == "a" * 32
    with pytest.raises(StorageCorrupt):
        read_annotations("nonsense")
