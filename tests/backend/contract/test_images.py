"""Images: bringing them in, finding, changing and deleting them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

import jupyter_roboflow as rf
from jupyter_roboflow.backend import Backend, ImageChange
from jupyter_roboflow.domain.dataset import Image, ImageState, Split
from jupyter_roboflow.domain.page import ImageFilter, Range

from .conftest import pixels, write_pictures


def test_every_kind_of_source_gives_images(backend: Backend, dataset: int, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path / "in" / "deep", 4)
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("a/one.png", _png(10))
        archive.writestr("a/readme.txt", "no picture")
    sources = [
        (paths[0], (1, 0, 0)),
        (str(tmp_path / "in" / "**" / "*-001.png"), (1, 0, 0)),
        (tmp_path / "in", (2, 2, 0)),
        (tmp_path / "some.zip", (1, 0, 0)),
        (np.zeros((20, 30, 3), np.uint8), (1, 0, 0)),
        ([Pillow.fromarray(pixels(11)), Pillow.fromarray(pixels(12)), Pillow.fromarray(pixels(11))], (2, 1, 0)),
        (io.BytesIO(paths[0].read_bytes()), (0, 1, 0)),
        (_png(13), (1, 0, 0)),
    ]
    for source, expected in sources:
        report = backend.upload(dataset, source)
        assert (len(report.added), len(report.known), len(report.refused)) == expected, source
    assert backend.upload(dataset, tmp_path / "some.zip").skipped == {".txt": 1}
    assert backend.get_dataset(dataset).image_count == 9


def test_one_bad_file_never_stops_the_rest(backend: Backend, dataset: int, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path, 3)
    paths[1].write_bytes(paths[1].read_bytes()[:-20])
    (tmp_path / "text.png").write_text("no picture")
    moves: list[float] = []
    sources = [*paths, tmp_path / "text.png", tmp_path / "none.png", np.zeros((0, 3))]
    report = backend.upload(dataset, sources, on_progress=lambda done, total, message: moves.append(done))
    assert [entry.filename for entry in report.added] == ["picture-000.png", "picture-002.png"]
    refused = {entry.filename.rpartition("/")[2]: entry.code for entry in report.refused}
    assert refused["picture-001.png"] == "image_truncated" and refused["text.png"] == "image_undecodable"
    assert refused["none.png"] == "source_not_found" and len(refused) == 4
    assert moves[-1] == 6 and moves == sorted(moves)


def test_a_picture_known_already_is_told_by_the_name_it_has(backend: Backend, dataset: int, tmp_path: Path) -> None:
    (path,) = write_pictures(tmp_path, 1)
    (first,) = backend.upload(dataset, path).added
    other = path.rename(tmp_path / "other.png")
    (again,) = backend.upload(dataset, [other]).known
    assert again == first and again.filename == "picture-000.png"


@pytest.mark.parametrize("odd", ['quo"te.png', "percent%22.png", "ümlaut 漢字.png", "semi;colon='x'.png"])
def test_file_names_arrive_as_they_are(backend: Backend, dataset: int, tmp_path: Path, odd: str) -> None:
    (path,) = write_pictures(tmp_path, 1)
    backend.upload(dataset, path.rename(tmp_path / odd), split=Split.TEST, tags=["night, cold", "b"])
    (image,) = backend.images(dataset).items
    assert (image.filename, image.split, image.tags) == (odd, Split.TEST, ("b", "night, cold"))


def test_bytes_come_back_untouched(backend: Backend, dataset: int, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path, 3)
    backend.upload(dataset, paths)
    images = backend.images(dataset).items
    for image, path in zip(images, paths, strict=True):
        data = path.read_bytes()
        assert backend.image_bytes(image.id) == data
        assert (image.sha256, image.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert backend.get_image(image.id) == image
    wanted = [images[2].id, images[0].id, images[2].id]
    found = backend.thumbnails(wanted)
    assert [Pillow.open(io.BytesIO(data)).size for data in found] == [(42, 30), (40, 30), (42, 30)]
    assert backend.thumbnails(wanted * 40) == found * 40 and backend.thumbnails([]) == []


def test_images_are_filtered_sorted_and_paged(backend: Backend, dataset: int, three: list[Image]) -> None:
    one, two, last = three
    backend.save_annotations(one.id, [rf.Annotation(rf.BBox(1, 1, 5, 5), "cat")] * 2, 0)
    backend.save_annotations(two.id, [], 0, state=ImageState.EMPTY)
    backend.update_images(dataset, [two.id], ImageChange(split=Split.VALID, add_tags=("dark",)))

    def ids(where: ImageFilter, sort: str = "id") -> list[int]:
        found = [image.id for image in backend.images(dataset, where, sort=sort).items]
        assert backend.image_ids(dataset, where, sort=sort) == found
        return found

    assert ids(ImageFilter(label="cat")) == ids(ImageFilter(state=ImageState.LABELED)) == [one.id]
    assert ids(ImageFilter(min_objects=2)) == [one.id] and ids(ImageFilter(max_objects=0)) == [two.id, last.id]
    assert ids(ImageFilter(split=Split.VALID)) == ids(ImageFilter(tag="dark")) == [two.id]
    assert ids(ImageFilter(unsplit=True)) == [one.id, last.id]
    assert ids(ImageFilter(min_width=41, max_width=41, min_height=30, max_height=30)) == [two.id]
    assert ids(ImageFilter(name="-002.P")) == ids(ImageFilter(state=ImageState.UNLABELED)) == [last.id]
    assert ids(ImageFilter(ids=(last.id, one.id, 10**9))) == [one.id, last.id] and ids(ImageFilter(ids=())) == []
    assert ids(ImageFilter(), "-filename") == [last.id, two.id, one.id]
    assert ids(ImageFilter(), "-objects")[0] == one.id
    page = backend.images(dataset, page=2, limit=2)
    assert (page.items, page.total, page.page, page.limit) == ((last,), 3, 2, 2)


def test_images_are_changed_and_deleted_all_or_none(backend: Backend, dataset: int, three: list[Image]) -> None:
    ids = [image.id for image in three]
    backend.update_images(dataset, ids, ImageChange(Split.TRAIN, state=ImageState.REVIEWED, add_tags=("a", "b")))
    backend.update_images(dataset, ids[:1], ImageChange(clear_split=True, remove_tags=("a",)))
    seen = [(image.split, image.state, image.tags) for image in backend.images(dataset).items]
    assert seen == [(None, "reviewed", ("b",)), *[(Split.TRAIN, "reviewed", ("a", "b"))] * 2]
    with pytest.raises(rf.NotFound):
        backend.delete_images(dataset, [ids[0], 10**9])
    assert backend.delete_images(dataset, []) == 0 and backend.delete_images(dataset, ids[:2]) == 2
    assert [image.id for image in backend.images(dataset).items] == ids[2:]


def test_splits_are_repeatable_and_groups_stay_together(backend: Backend, dataset: int, tmp_path: Path) -> None:
    backend.upload(dataset, write_pictures(tmp_path, 8))
    halves = {Split.TRAIN: 0.5, Split.VALID: 0.5}
    ids = [image.id for image in backend.images(dataset).items]
    counts = backend.split_images(dataset, halves, seed=3, groups={number: str(number % 2) for number in ids})
    assert counts == {Split.TRAIN: 4, Split.VALID: 4, Split.TEST: 0}
    by_group = {(image.id % 2, image.split) for image in backend.images(dataset).items}
    assert len(by_group) == 2
    assert sum(backend.split_images(dataset, halves, seed=3, stratify=True).values()) == 8


def test_known_files_are_told_by_their_hashes(backend: Backend, dataset: int, three: list[Image]) -> None:
    hashes = [three[1].sha256, "0" * 64, *(f"{number:064x}" for number in range(1500))]
    assert backend.known_images(dataset, hashes) == {three[1].sha256: three[1].id}
    assert backend.known_images(dataset, []) == {}


def _png(seed: int) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(pixels(seed)).save(stream, "PNG")
    return stream.getvalue()


def test_images_are_found_by_several_values_and_left_out(backend: Backend, dataset: int, three: list[Image]) -> None:
    one, two, last = three
    box = rf.BBox(1, 1, 5, 5)
    backend.save_annotations(one.id, [rf.Annotation(box, "cat"), rf.Annotation(box, "dog")], 0)
    backend.save_annotations(two.id, [rf.Annotation(box, "cat")], 0)
    backend.update_images(dataset, [one.id, two.id], ImageChange(split=Split.TRAIN, add_tags=("bad, old", "x")))
    backend.update_images(dataset, [two.id], ImageChange(remove_tags=("x",)))

    def ids(**where: Any) -> list[int]:
        page = backend.images(dataset, ImageFilter(**where), limit=1)
        return [page.total, *(image.id for image in page.items)]

    assert ids(label=("cat", "DOG")) == [1, one.id] and ids(label="cat", exclude_label="dog") == [1, two.id]
    assert ids(tag=("bad, old", "x")) == [1, one.id] and ids(exclude_tag=("bad, old", "x")) == [1, last.id]
    assert ids(split=(Split.TRAIN, Split.VALID)) == [2, one.id] and ids(split=Split.TEST, unsplit=True) == [1, last.id]
    assert ids(exclude_split=Split.TRAIN) == ids(exclude_objects=(Range(1),)) == [1, last.id]
    assert ids(exclude_unsplit=True, exclude_objects=(Range(2, 2),)) == [1, two.id]
    assert ids(state=(ImageState.EMPTY, ImageState.LABELED)) == ids(exclude_state=ImageState.UNLABELED) == [2, one.id]
    assert ids(name=("picture", "002"), exclude_name="1") == ids(exclude_width=(Range(most=41),)) == [1, last.id]
    assert ids(exclude_size=((40, 30),), exclude_ids=(last.id,)) == [1, two.id]
    assert [image.id for image, _ in backend.examples(dataset, ImageFilter(exclude_label="dog"))] == [two.id, last.id]


def test_all_that_fit_are_changed_and_brought_back(backend: Backend, dataset: int, three: list[Image]) -> None:
    ids = [image.id for image in three]
    backend.update_images(dataset, ids[:1], ImageChange(split=Split.TEST, add_tags=("keep", "new")))

    def seen() -> list[tuple[Any, ...]]:
        return [(image.split, image.state, image.tags) for image in backend.images(dataset).items]

    before, where = seen(), ImageFilter(exclude_ids=(ids[2],))
    change = ImageChange(Split.TRAIN, state=ImageState.REVIEWED, add_tags=("new",), remove_tags=("keep",))
    with pytest.raises(rf.Conflict) as refused:
        backend.change_images_where(dataset, where, change, expected=3)
    assert refused.value.code == "other_images" and refused.value.details["images"] == 2 and seen() == before
    done = backend.change_images_where(dataset, where, change, expected=2)
    assert done.images == 2 and seen()[:2] == [(Split.TRAIN, "reviewed", ("new",))] * 2 and seen()[2] == before[2]
    for step in done.undo:
        backend.update_images(dataset, step.ids, step.change)
    assert seen() == before
    by_tag = backend.change_images_where(dataset, ImageFilter(tag="keep"), ImageChange(remove_tags=("keep", "new")))
    assert by_tag.images == 1 and seen()[0][2] == ()
    backend.update_images(dataset, by_tag.undo[0].ids, by_tag.undo[0].change)
    others = backend.change_images_where(dataset, ImageFilter(exclude_tag="new"), ImageChange(add_tags=("new",)))
    assert others.images == 2 and [step.ids for step in others.undo] == [tuple(ids[1:])]
    backend.update_images(dataset, others.undo[0].ids, others.undo[0].change)
    assert seen() == before
    nothing = backend.change_images_where(dataset, ImageFilter(name="no such"), change)
    assert (nothing.images, nothing.undo) == (0, ())
    assert backend.tags(dataset) == {"keep": 1, "new": 1} and list(backend.tags(dataset)) == ["keep", "new"]


def test_what_stays_as_it_is_needs_no_undo(backend: Backend, dataset: int, three: list[Image]) -> None:
    ids = [image.id for image in three]
    backend.update_images(dataset, ids[1:], ImageChange(split=Split.TRAIN, add_tags=("t",)))
    done = backend.change_images_where(dataset, ImageFilter(), ImageChange(split=Split.TRAIN, add_tags=("t",)))
    assert [step.ids for step in done.undo] == [(ids[0],)] and done.undo[0].change.clear_split


def test_other_labels_are_taken_back_except_from_what_somebody_changed_since(
    backend: Backend, dataset: int, three: list[Image]
) -> None:
    drawn = ["cat", "bird", "dog", "cat", "bird"]
    backend.add_label(dataset, "bird")
    for image in three:
        backend.save_annotations(
            image.id, [rf.Annotation(rf.BBox(k, 1, 5, 5), name) for k, name in enumerate(drawn)], 0
        )

    def seen(image: Image) -> list[str]:
        return [each.label for each in backend.annotations(image.id).annotations]

    one, two, last = three
    where = ImageFilter(ids=(one.id, two.id))
    done = backend.relabel_images_where(dataset, where, "dog")
    assert (done.images, done.annotations) == (2, 8) and seen(one) == seen(two) == ["dog"] * 5
    assert {(each.source, each.target) for each in done.undo} == {("cat", "dog"), ("bird", "dog")}
    there = backend.annotations(two.id)
    moved, _, _, twice, gone = there.annotations
    backend.change_annotation(replace(moved, shape=rf.BBox(9, 9, 5, 5)))
    backend.change_annotation(replace(twice, label="bird"))
    backend.change_annotation(replace(twice, label="dog"))
    backend.delete_annotation(gone.id)
    revisions = [backend.annotations(image.id).revision for image in three]
    back = backend.undo_relabeling(dataset, done.undo)
    assert (back.images, back.annotations, back.undo) == (2, 5, ())
    assert seen(one) == drawn and seen(two) == ["dog", "bird", "dog", "dog"] and seen(last) == drawn
    now = [backend.annotations(image.id).revision for image in three]
    assert [after - before for before, after in zip(revisions, now, strict=True)] == [1, 1, 0]
    row = backend.audit(dataset).items[0]
    assert (row["action"], row["details"]["annotations"], len(row["details"]["undone"])) == ("annotate", 5, 2)
    again = backend.undo_relabeling(dataset, done.undo)
    assert (again.images, again.annotations) == (0, 0) and seen(one) == drawn
    assert backend.undo_relabeling(dataset, ()).annotations == 0 and backend.audit(dataset).items[0] == row


def test_other_labels_are_taken_back_from_those_above_one_that_was_deleted_since(
    backend: Backend, dataset: int, three: list[Image]
) -> None:
    image = three[0].id
    backend.save_annotations(image, [rf.Annotation(rf.BBox(k, 1, 5, 5), "cat") for k in range(3)], 0)
    done = backend.relabel_images_where(dataset, ImageFilter(), "dog")
    there = backend.annotations(image)
    backend.save_annotations(image, there.annotations[1:], there.revision)
    assert backend.undo_relabeling(dataset, done.undo).annotations == 2
    after = backend.annotations(image)
    assert [each.label for each in after.annotations] == ["cat"] * 2 and after.revision == there.revision + 2


def test_a_relabeling_whose_label_is_gone_is_not_taken_back_at_all(
    backend: Backend, dataset: int, three: list[Image]
) -> None:
    backend.add_label(dataset, "bird")
    box = rf.BBox(1, 1, 5, 5)
    backend.save_annotations(three[0].id, [rf.Annotation(box, "cat"), rf.Annotation(box, "dog")], 0)
    done = backend.relabel_images_where(dataset, ImageFilter(), "bird")
    backend.delete_label(dataset, "cat")
    with pytest.raises(rf.NotFound) as refused:
        backend.undo_relabeling(dataset, done.undo)
    assert refused.value.code == "unknown_label" and "'cat'" in refused.value.message
    assert [each.label for each in backend.annotations(three[0].id).annotations] == ["bird", "bird"]


def test_all_that_fit_are_relabeled_and_deleted(backend: Backend, dataset: int, three: list[Image]) -> None:
    box = rf.BBox(1, 1, 5, 5)
    for image in three[:2]:
        backend.save_annotations(image.id, [rf.Annotation(box, "cat"), rf.Annotation(box, "dog")], 0)
    first = ImageFilter(ids=(three[0].id,))
    done = backend.relabel_images_where(dataset, first, "dog", source="CAT", expected=1)
    assert (done.images, done.annotations) == (1, 1)
    drawn = backend.annotations(three[0].id)
    assert [each.label for each in drawn.annotations] == ["dog", "dog"] and drawn.revision == 2
    again = backend.relabel_images_where(dataset, ImageFilter(), "dog")
    assert (again.images, again.annotations) == (1, 1) and backend.images(dataset, ImageFilter(label="cat")).total == 0
    with pytest.raises(rf.NotFound):
        backend.relabel_images_where(dataset, ImageFilter(), "bird")
    with pytest.raises(rf.Conflict):
        backend.delete_images_where(dataset, ImageFilter(label="dog"), expected=1)
    assert backend.delete_images_where(dataset, ImageFilter(label="dog"), expected=2) == 2
    assert [image.id for image in backend.images(dataset).items] == [three[2].id]
    row = backend.audit(dataset).items[0]
    assert (row["action"], row["details"]["images"], row["details"]["where"]) == (
        "delete_images",
        2,
        {"label": ["dog"]},
    )
