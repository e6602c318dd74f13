"""Annotation Sets as the text they are stored as: the same as through shapes, and named by what is in them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from jupyter_roboflow.backend.wire import annotations as wire
from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import Dataset, Image, ImageState
from jupyter_roboflow.domain.errors import NotFound, StorageCorrupt
from jupyter_roboflow.domain.shapes import BBox, Part, Point, Polygon, Shape
from jupyter_roboflow.domain.stored_set import StoredSet
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.storage import annotations, images, labels, single_annotations, stored_sets
from jupyter_roboflow.storage.bulk import Addition, BulkWriter, bulk_rows
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.tables import annotations as table
from tests.storage.things import add_images, annotate, box, label, one_of_each

NAMES = ("RBC", 'a "quoted" \\ name', "Zelle 漢 \u2028 \U0001f600", "</script>")


@pytest.fixture
def image(db: Database, ada: User, cells: Dataset) -> Image:
    label(db, cells.id, *NAMES)
    return add_images(db, ada, cells.id, ["a"])[0]


def text_of(db: Database, image: Image) -> StoredSet:
    with db.read() as conn:
        return stored_sets.load_text(conn, image.id, stored_sets.load_head(conn, image.id))


def answers(db: Database, image: Image) -> tuple[bytes | None, bytes | None]:
    """The JSON of a set as its text, and as it is made of shapes."""
    with db.read() as conn:
        shapes = annotations.load(conn, image.id)
    return wire.AnnotationSet.encoded(text_of(db, image)), wire.AnnotationSet.encoded(shapes)


def test_the_text_of_a_set_is_to_the_byte_what_its_shapes_would_be(db: Database, ada: User, image: Image) -> None:
    quick, slow = answers(db, image)
    assert quick == slow and b'"annotations":[]' in (quick or b"")
    annotate(db, ada, image, [replace(each, label=name) for name in NAMES for each in one_of_each()])
    quick, slow = answers(db, image)
    assert quick == slow


@pytest.mark.parametrize("seed", range(3))
def test_any_set_of_any_shapes_is_the_same_both_ways(db: Database, ada: User, image: Image, seed: int) -> None:
    anyhow = random.Random(seed)
    annotate(db, ada, image, [_any(anyhow) for _ in range(20)])
    quick, slow = answers(db, image)
    assert quick == slow
    with db.write() as conn:  # what an import writes
        more = Addition(image.id, bulk_rows([_any(anyhow) for _ in range(15)]), ImageState.LABELED, already=20)
        BulkWriter(conn, ada, {one.name: one.id for one in labels.list_labels(conn, image.dataset_id)}).write([more])
    quick, slow = answers(db, image)
    assert quick == slow and len(json.loads(quick or b"")["annotations"]) == 35


def _any(anyhow: random.Random) -> Annotation:
    def number(most: float) -> float:
        whole, tiny = float(anyhow.randrange(int(most))), 10 ** -anyhow.uniform(0, 12)
        return anyhow.choice((anyhow.uniform(0, most), whole, tiny))

    def ring() -> tuple[float, ...]:
        more = [number(most) for _ in range(anyhow.randrange(6)) for most in (100, 80)]
        return (0.0, 0.0, 99.5, number(40), number(40), 79.0, *more)

    shapes: list[Shape] = [BBox(number(50), number(40), 1 + number(40), 1 + number(30)), Point(number(100), number(80))]
    shapes += [Polygon(ring()), Polygon(ring(), [ring()])]
    shapes += [Polygon.of_parts((Part(ring()), Part(ring(), (ring(),))))]
    attributes: list[dict[str, Any]] = [{}, {"score": anyhow.random(), "ключ": [None, 2**53, -0.0, {"a": ""}]}]
    return Annotation(anyhow.choice(shapes), anyhow.choice(NAMES), anyhow.choice(attributes))


def test_a_kind_that_only_a_newer_version_knows_and_numbers_as_they_were_written_go_out_untouched(
    db: Database, ada: User, image: Image
) -> None:
    annotate(db, ada, image, [box(), box(2.0)])
    skeleton, bare = '{"nodes": [[1, 2.50], [3e0, 4]], "é": "\\u00e9"}', '{"bbox":[1,2.0,3.10,4],"coords_unit":"px"}'
    with db.write() as conn:
        at = {position: update(table).where(table.c.position == position) for position in (0, 1)}
        conn.execute(at[0].values(shape_type='new "kind"', geometry=skeleton))
        conn.execute(at[1].values(geometry=bare))
    text = text_of(db, image).annotations.decode()
    assert skeleton in text and bare in text
    quick, slow = answers(db, image)
    assert json.loads(quick or b"") == json.loads(slow or b"")


def test_what_is_no_json_is_damage_and_not_sent(db: Database, ada: User, image: Image) -> None:
    annotate(db, ada, image, [box(), box(2.0)])
    with db.write() as conn:
        conn.execute(update(table).where(table.c.position == 1).values(geometry='{"bbox":[1,2'))
    with pytest.raises(StorageCorrupt, match="jupyter roboflow check"):
        text_of(db, image)


def test_every_change_of_a_set_gives_it_another_etag(db: Database, ada: User, cells: Dataset, image: Image) -> None:
    seen = [text_of(db, image).etag]
    annotate(db, ada, image, [box(), box(2.0)])
    seen.append(text_of(db, image).etag)
    changes: list[Any] = [
        lambda conn: labels.rename(conn, cells.id, "RBC", "red cell"),
        lambda conn: labels.merge(conn, cells.id, "red cell", "</script>"),
        lambda conn: images.set_state(conn, [image.id], ImageState.REVIEWED),
        lambda conn: single_annotations.add(conn, ada, image.id, box(label="</script>"), None),
    ]
    for change in changes:
        with db.write() as conn:
            change(conn)
        seen.append(text_of(db, image).etag)
    assert len(set(seen)) == len(seen)
    with db.write() as conn:  # neither colours nor the order of labels are part of a set
        labels.recolor(conn, cells.id, "</script>", "#123456")
    assert text_of(db, image).etag == seen[-1]


def test_saves_tell_the_etag_that_the_set_has_afterwards(db: Database, ada: User, image: Image) -> None:
    with db.write() as conn:
        whole = annotations.save(conn, ada, image.id, [box()], 0)
    assert whole.etag == text_of(db, image).etag
    with db.write() as conn:
        one = single_annotations.add(conn, ada, image.id, box(3.0), 1)
    assert one.etag == text_of(db, image).etag and one.annotation is not None
    with db.write() as conn:
        gone = single_annotations.remove(conn, ada, one.annotation.id, 2)
    assert (gone.etag, gone.annotation, gone.revision) == (text_of(db, image).etag, None, 3)


def test_a_label_that_came_in_after_the_names_were_read_is_found(db: Database, ada: User, image: Image) -> None:
    with db.read() as conn:
        head = stored_sets.load_head(conn, image.id)
    label(db, image.dataset_id, "late")
    annotate(db, ada, image, [box(label="late")])
    with db.read() as conn:
        found = stored_sets.load_text(conn, image.id, head)
        assert json.loads(found.annotations)[0]["label"] == "late"
        assert found.etag == stored_sets.load_head(conn, image.id).etag
        with pytest.raises(NotFound):
            stored_sets.load_head(conn, 4711)


def test_one_annotation_is_saved_without_a_look_at_the_others(db: Database, ada: User, image: Image) -> None:
    annotate(db, ada, image, [box(), box(2.0), box(3.0)])
    with db.write() as conn:
        ids = [each.id for each in annotations.load(conn, image.id).annotations]
        conn.execute(update(table).where(table.c.position < 2).values(geometry="{", attributes="["))
    with db.write() as conn:
        added = single_annotations.add(conn, ada, image.id, box(4.0), 1)
        changed = single_annotations.change(conn, ada, box(5.0, id=ids[2]), 2)
        gone = single_annotations.remove(conn, ada, ids[0], 3)
    assert added.annotation is not None and changed.annotation == box(5.0, id=ids[2])
    assert (gone.revision, gone.state) == (4, "labeled")
    with db.read() as conn:
        assert images.get(conn, image.id).revision == 4
        rows = conn.execute(table.select().order_by(table.c.position)).all()
    assert [row.id for row in rows] == [ids[1], ids[2], added.annotation.id]
