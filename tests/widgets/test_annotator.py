"""What the annotator does in the kernel, with what its view says told by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from traitlets import TraitError

import jupyter_roboflow as rf
from jupyter_roboflow.domain.annotation import AnnotationSet
from jupyter_roboflow.widgets.annotator import Annotator

PHOTO = np.zeros((60, 80, 3), np.uint8)
ID = "0" * 32


class View:
    """The other end of a widget's messages."""

    def __init__(self, widget: Annotator, monkeypatch: pytest.MonkeyPatch) -> None:
        self._widget = widget
        self.said: list[tuple[dict[str, Any], list[bytes]]] = []
        monkeypatch.setattr(widget, "send", lambda content, buffers=None: self.said.append((content, buffers or [])))

    def ask(
        self, method: str, path: str, body: Any = None, revision: int | None = None
    ) -> tuple[int, Any, list[bytes]]:
        question = {"type": "ask", "id": 7, "method": method, "path": path, "body": body, "revision": revision}
        self._widget._hear(self._widget, json.loads(json.dumps(question)), [])
        answer, buffers = self.said[-1]
        assert answer["type"] == "answer" and answer["id"] == 7
        json.dumps(answer)
        return answer["status"], answer["body"], buffers

    def draws(self, image_id: int, *annotations: dict[str, Any], **more: Any) -> None:
        told = {"type": "drawn", "image_id": image_id, "state": "labeled", "annotations": list(annotations), **more}
        self.says(told)

    def changes(self, image_id: int, *after: dict[str, Any], gone: Sequence[str] = (), **more: Any) -> None:
        touched = [{"id": each["id"], "after": each} for each in after] + [{"id": key} for key in gone]
        self.says({"type": "drawn", "image_id": image_id, "state": "labeled", "touched": touched, **more})

    def says(self, message: dict[str, Any]) -> None:
        self._widget._hear(self._widget, message, [])


def box(x: float = 1, label: str = "cat", key: str = ID) -> dict[str, Any]:
    geometry = {"bbox": [x, 2, 10, 20], "coords_unit": "px"}
    return {"id": key, "label": label, "shape_type": "bbox", "geometry": geometry, "attributes": {}}


@pytest.fixture
def pets() -> Annotator:
    return rf.annotate([PHOTO, PHOTO[:30]], labels=["cat", "dog"])


@pytest.fixture
def view(pets: Annotator, monkeypatch: pytest.MonkeyPatch) -> View:
    return View(pets, monkeypatch)


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[rf.Dataset]:
    with rf.connect(data_dir=tmp_path / "data", progress=False) as workspace:
        dataset = workspace.create_dataset("pets")
        dataset.upload([np.full((60, 80, 3), shade, np.uint8) for shade in (10, 90, 200)])
        dataset.add_label("cat", "#aa0000")
        yield dataset


class TestWithoutADataset:
    def test_one_array_is_enough(self) -> None:
        widget = rf.annotate(PHOTO, labels=["cat"])
        assert widget.image_ids == range(1)
        assert widget.image_id == 0
        assert widget.annotations == ()

    def test_what_is_saved_is_there_as_plain_shapes(self, pets: Annotator, view: View) -> None:
        status, saved, _ = view.ask("PUT", "images/1/annotations", {"annotations": [box()], "state": None}, 0)
        assert (status, saved["revision"], saved["state"]) == (200, 1, "labeled")
        assert pets.annotations_of(1) == (rf.Annotation(rf.BBox(1, 2, 10, 20), "cat", {}, ID),)

    def test_a_stale_save_is_a_conflict_and_changes_nothing(self, pets: Annotator, view: View) -> None:
        view.ask("PUT", "images/0/annotations", {"annotations": [box()]}, 0)
        status, body, _ = view.ask("PUT", "images/0/annotations", {"annotations": []}, 0)
        assert (status, body["error"]["code"]) == (409, "stale_revision")
        assert len(pets.annotations_of(0)) == 1

    @pytest.mark.parametrize(
        "annotation, code",
        [
            (box(label="cow"), "unknown_label"),
            (box(x=500), "geometry_out_of_bounds"),
            ({**box(), "shape_type": "hexagon"}, "unknown_shape_type"),
            ({"id": ID}, "invalid_field"),
            ({**box(), "geometry": {"bbox": [0, 0, 0, 0]}}, "geometry_zero_area"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_code(self, view: View, annotation: Any, code: str) -> None:
        status, body, _ = view.ask("PUT", "images/0/annotations", {"annotations": [annotation]}, 0)
        assert (status, body["error"]["code"]) == (422, code)

    def test_marking_it_empty_and_drawing_again(self, view: View) -> None:
        _, saved, _ = view.ask("PUT", "images/0/annotations", {"annotations": [], "state": "empty"}, 0)
        assert saved["state"] == "empty"
        _, saved, _ = view.ask("PUT", "images/0/annotations", {"annotations": [box()]}, 1)
        assert saved["state"] == "labeled"

    def test_labels_are_listed_and_added(self, view: View) -> None:
        _, labels, _ = view.ask("GET", "datasets/0/labels")
        assert [label["name"] for label in labels["items"]] == ["cat", "dog"]
        status, added, _ = view.ask("POST", "datasets/0/labels", {"name": " bird "})
        assert (status, added["name"]) == (200, "bird") and added["color"].startswith("#")
        status, body, _ = view.ask("POST", "datasets/0/labels", {"name": "bird"})
        assert (status, body["error"]["code"]) == (409, "label_exists")

    @pytest.mark.parametrize("name", ["", "  ", "\u200b", "a\x00b"])
    def test_a_label_that_is_no_name_is_refused(self, view: View, name: str) -> None:
        status, body, _ = view.ask("POST", "datasets/0/labels", {"name": name})
        assert (status, body["error"]["code"]) in ((422, "label_empty"), (400, "bad_unicode"))

    def test_pictures_come_as_bytes_that_browsers_show(self, view: View) -> None:
        status, body, [png] = view.ask("GET", "images/1/file")
        assert (status, body) == (200, None)
        picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None and picture.shape == (30, 80, 3)
        _, images, _ = view.ask("GET", "datasets/0/images?ids=0,1")
        assert [(image["width"], image["height"]) for image in images["items"]] == [(80, 60), (80, 30)]

    def test_files_are_read_as_they_are_and_others_converted(self, tmp_path: Path, monkeypatch: Any) -> None:
        for name in ("a.jpg", "b.tif"):
            cv2.imwrite(str(tmp_path / name), PHOTO)
        view = View(rf.annotate([tmp_path / "a.jpg", str(tmp_path / "b.tif")]), monkeypatch)
        assert view.ask("GET", "images/0/file")[2] == [(tmp_path / "a.jpg").read_bytes()]
        assert view.ask("GET", "images/1/file")[2][0].startswith(b"\x89PNG")

    def test_a_broken_file_is_said_to_be_one_and_the_next_works(self, tmp_path: Path, monkeypatch: Any) -> None:
        (tmp_path / "broken.jpg").write_bytes(b"not a picture")
        view = View(rf.annotate([tmp_path / "broken.jpg", PHOTO]), monkeypatch)
        status, body, _ = view.ask("GET", "images/0/file")
        assert (status, body["error"]["code"]) == (422, "image_undecodable") and "broken.jpg" in body["error"][
            "message"
        ]
        assert view.ask("GET", "images/1/file")[0] == 200

    @pytest.mark.parametrize(
        "what", [[], "nowhere.jpg", [3], np.zeros((4, 4, 2), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4), np.uint8)]
    )
    def test_what_is_no_picture_is_refused_at_once(self, what: Any) -> None:
        with pytest.raises(rf.Invalid):
            rf.annotate(what)

    def test_a_question_nobody_knows_is_answered_with_not_found(self, view: View) -> None:
        assert view.ask("GET", "users")[0] == 404
        assert view.ask("DELETE", "images/0/annotations")[0] == 404
        assert view.ask("GET", "images/99/annotations")[0] == 404

    def test_the_whole_as_coco(self, pets: Annotator, view: View) -> None:
        polygon = {
            **box(key="1" * 32, label="dog"),
            "shape_type": "polygon",
            "geometry": {"points": [0, 0, 10, 0, 10, 10], "coords_unit": "px"},
        }
        point = {**box(key="2" * 32), "shape_type": "point", "geometry": {"point": [3, 4], "coords_unit": "px"}}
        view.ask("PUT", "images/1/annotations", {"annotations": [box(), polygon, point]}, 0)
        coco = pets.to_coco()
        assert [(image["id"], image["height"]) for image in coco["images"]] == [(1, 60), (2, 30)]
        assert [category["id"] for category in coco["categories"]] == [1, 2]
        a_box, a_polygon, a_point = coco["annotations"]
        assert (a_box["bbox"], a_box["area"], a_box["image_id"], a_box["category_id"]) == ([1, 2, 10, 20], 200, 2, 1)
        assert (a_polygon["segmentation"], a_polygon["bbox"]) == ([[0, 0, 10, 0, 10, 10]], [0, 0, 10, 10])
        assert (a_point["keypoints"], a_point["num_keypoints"]) == ([3, 4, 2], 1)


class TestLive:
    def test_annotations_follow_what_is_drawn(self, pets: Annotator, view: View) -> None:
        seen: list[int] = []
        pets.observe(lambda change: seen.append(len(change["new"])), "annotations")
        view.draws(0, box())
        view.draws(0, box(), box(key="1" * 32))
        assert seen == [1, 2]
        assert pets.annotations[0] == rf.Annotation(rf.BBox(1, 2, 10, 20), "cat", {}, ID)
        assert [content for content, _ in view.said] == [{"type": "heard", "image_id": 0}] * 2

    def test_what_is_drawn_on_another_image_does_not_show_up(self, pets: Annotator, view: View) -> None:
        view.draws(1, box())
        assert pets.annotations == ()

    def test_of_a_large_set_only_what_changed_is_told(self, pets: Annotator, view: View) -> None:
        one, two, three = (box(key=str(n) * 32) for n in (1, 2, 3))
        view.ask("PUT", "images/0/annotations", {"annotations": [one, two]}, 0)
        assert len(pets.annotations) == 2
        view.changes(0, three, {**one, "label": "dog"}, unsaved=True)
        assert [(a.id[0], a.label) for a in pets.annotations] == [("1", "dog"), ("2", "cat"), ("3", "cat")]
        view.changes(0, gone=[two["id"]], order=[three["id"], one["id"]], unsaved=True)
        assert [a.id[0] for a in pets.annotations] == ["3", "1"]

    def test_changes_that_are_not_saved_yet_are_there_for_who_looks_later(self, pets: Annotator, view: View) -> None:
        view.changes(0, box(), unsaved=True)
        view.changes(1, box(key="1" * 32), unsaved=True)
        assert [a.id for a in pets.annotations] == [ID]
        pets.next()
        assert [a.id for a in pets.annotations] == ["1" * 32]
        # Then they are saved, and what is stored is all there is.
        view.ask("PUT", "images/0/annotations", {"annotations": []}, 0)
        view.changes(0, unsaved=False)
        pets.previous()
        assert pets.annotations == ()

    def test_who_observes_hears_of_the_first_change(self, pets: Annotator, view: View) -> None:
        view.ask("PUT", "images/0/annotations", {"annotations": [box()]}, 0)
        seen: list[int] = []
        pets.observe(lambda change: seen.append(len(change["new"])), "annotations")
        view.changes(0, box(key="1" * 32), unsaved=True)
        assert seen == [2]

    def test_a_view_that_opens_an_image_brings_what_was_saved_since(self, pets: Annotator, view: View) -> None:
        assert pets.annotations == ()
        view.ask("PUT", "images/0/annotations", {"annotations": [box()]}, 0)
        assert pets.annotations == ()
        view.says({"type": "opened", "image_id": 1})
        assert pets.annotations == ()
        view.says({"type": "opened", "image_id": 0})
        assert len(pets.annotations) == 1

    def test_next_and_previous_stay_within_the_images(self, pets: Annotator) -> None:
        ids: list[int | None] = []
        for step in (pets.next, pets.next, pets.previous, pets.previous):
            step()
            ids.append(pets.image_id)
        assert ids == [1, 1, 0, 0]

    def test_annotations_are_those_of_the_image_on_show(self, pets: Annotator, view: View) -> None:
        view.ask("PUT", "images/1/annotations", {"annotations": [box()]}, 0)
        assert pets.annotations == ()
        pets.next()
        assert len(pets.annotations) == 1
        pets.previous()
        assert pets.annotations == ()

    def test_an_image_that_is_not_shown_cannot_be(self, pets: Annotator) -> None:
        with pytest.raises(TraitError, match="99"):
            pets.image_id = 99

    def test_on_save_hears_of_both_ways_to_save(self, pets: Annotator, view: View) -> None:
        heard: list[AnnotationSet] = []
        pets.on_save(heard.append)
        view.ask("PUT", "images/0/annotations", {"annotations": [box()]}, 0)
        view.draws(1, box(), revision=4)
        view.draws(1, box())
        assert [(saved.image_id, saved.revision, len(saved.annotations)) for saved in heard] == [(0, 1, 1), (1, 4, 1)]
        view.changes(0, box(), revision=1, unsaved=False)
        assert [(saved.image_id, saved.revision, len(saved.annotations)) for saved in heard[2:]] == [(0, 1, 1)]
        pets.on_save(heard.append, remove=True)
        view.ask("PUT", "images/0/annotations", {"annotations": []}, 1)
        assert len(heard) == 3


class TestWithADataset:
    def test_it_shows_the_images_asked_for(self, dataset: rf.Dataset) -> None:
        every = [image.id for image in dataset]
        assert list(dataset.annotate().image_ids) == every
        assert list(dataset.annotate(images=dataset.images(state="unlabeled")).image_ids) == every
        assert list(rf.annotate(dataset, images=[every[2], every[0]]).image_ids) == [every[2], every[0]]
        with pytest.raises(rf.NotFound):
            dataset.annotate(images=[999])
        with pytest.raises(rf.Invalid, match="no images"):
            dataset.annotate(images=dataset.images(state="reviewed"))

    def test_missing_labels_are_added(self, dataset: rf.Dataset) -> None:
        dataset.annotate(labels=["cat", "dog"])
        assert [label.name for label in dataset.labels] == ["cat", "dog"]

    def test_what_is_saved_is_in_the_dataset(self, dataset: rf.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
        widget = dataset.annotate()
        view, image_id = View(widget, monkeypatch), int(widget.image_id or 0)
        status, _, _ = view.ask(
            "PUT", f"images/{image_id}/annotations", {"annotations": [box()], "state": "labeled"}, 0
        )
        assert status == 200
        assert [annotation.label for annotation in dataset[image_id].annotations] == ["cat"]

    def test_no_secret_is_in_what_a_notebook_stores(self, dataset: rf.Dataset) -> None:
        state = dataset.annotate().get_state()
        kept = {name: value for name, value in state.items() if name not in ("_esm", "_css", "_module")}
        assert "token" not in json.dumps(kept, default=str).lower()
        assert set(kept["_place"]) == {"kind", "id", "name", "owner", "role", "created_at"}

    def test_without_a_kernel_there_are_pictures_and_counts(self, dataset: rf.Dataset) -> None:
        dataset.rename("<b>pets</b>")
        image = next(iter(dataset))
        image.save([rf.Annotation(rf.BBox(0, 0, 5, 5), "cat")])
        data, _ = dataset.annotate()._repr_mimebundle_()
        html = data["text/html"]
        assert "application/vnd.jupyter.widget-view+json" in data
        assert "3 images" in html and ": 1 annotation<" in html and html.count("data:image/") == 3
        assert "&lt;b&gt;pets" in html and "<b>pets" not in html

    def test_opening_asks_a_few_questions_however_many_images_there_are(
        self, dataset: rf.Dataset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []

        def heard(name: str) -> Callable[..., Any]:
            method = getattr(dataset._backend, name)

            def ask(*args: Any, **named: Any) -> Any:
                asked.append(name)
                return method(*args, **named)

            return ask

        for name in ("images", "image_ids", "get_image", "annotations", "annotation_counts", "thumbnails"):
            monkeypatch.setattr(dataset._backend, name, heard(name))
        dataset.annotate()._repr_mimebundle_()
        assert asked == ["image_ids", "images", "thumbnails"], "nothing is drawn yet, so nothing is counted"
        next(iter(dataset)).save([], state="empty")
        next(iter(dataset)).save([rf.Annotation(rf.BBox(0, 0, 5, 5), "cat")])
        asked.clear()
        dataset.annotate()._repr_mimebundle_()
        assert asked == ["image_ids", "images", "annotation_counts", "thumbnails"]


class TestProposals:
    @pytest.fixture
    def proposals(self, dataset: rf.Dataset) -> Any:
        def detector(image: np.ndarray) -> list[tuple[str, rf.Shape, float]]:
            assert image.shape == (60, 80, 3) and image.dtype == np.uint8
            sure = float(image.mean()) / 255
            return [("cat", rf.BBox(1, 1, 20, 20), sure), ("cat", rf.BBox(70, 50, 50, 50), 0.5)]

        return dataset.prelabel(detector)

    def test_a_function_proposes_on_every_image(self, proposals: Any, dataset: rf.Dataset) -> None:
        first = next(iter(dataset)).id
        assert len(proposals) == 6
        sure, outside = proposals[first]
        assert sure.provenance.endswith("detector") and sure.score == pytest.approx(10 / 255)
        assert outside.annotation.shape == rf.BBox(70, 50, 10, 10), "clipped to the picture"
        assert dataset[first].annotations == (), "nothing is saved"

    def test_a_model_sees_the_images_asked_for_in_their_order(self, dataset: rf.Dataset) -> None:
        first, second, third = dataset.images().ids
        shades: list[int] = []
        for images in ([third, first], dataset.images(sort="-id"), dataset.images(ids=second)):
            dataset.prelabel(lambda image: shades.append(int(image[0, 0, 0])) or [], images)
        assert shades == [200, 10, 200, 90, 10, 90]

    def test_the_view_gets_them_and_says_what_became_of_them(self, proposals: Any, monkeypatch: Any) -> None:
        widget = proposals.annotate()
        view, image_id = View(widget, monkeypatch), int(widget.image_id)
        _, body, _ = view.ask("GET", f"images/{image_id}/proposals")
        first, second = body["items"]
        assert set(first) == {"id", "label", "shape_type", "geometry", "attributes", "score", "provenance"}
        view.draws(image_id, box(key=first["id"]), waiting=[second["id"]])
        assert proposals.accept_rate == {"cat": 1.0}
        view.draws(image_id, box(key=first["id"]), waiting=[])
        assert proposals.accept_rate == {"cat": 0.5}
        assert proposals.counts() == {"cat": {"waiting": 4, "accepted": 1, "rejected": 1}}
        view.draws(image_id, waiting=[first["id"], second["id"]])
        assert proposals.accept_rate == {}, "undone"

    @pytest.mark.parametrize(
        "given, said",
        [
            (("cow", rf.BBox(0, 0, 1, 1), 0.5), "cow"),
            (("cat", [0, 0, 1, 1], 0.5), "label, shape, score"),
            (("cat", rf.BBox(0, 0, 1, 1)), "label, shape, score"),
            (("cat", rf.BBox(0, 0, 1, 1), 40), "0 to 1"),
        ],
    )
    def test_what_is_no_proposal_is_said_to_be_none(self, dataset: rf.Dataset, given: Any, said: str) -> None:
        with pytest.raises(rf.Invalid, match=said):
            dataset.prelabel(lambda image: [given])


def test_the_annotator_is_small_enough_to_be_synced_with_every_widget() -> None:
    from jupyter_roboflow.widgets.view import view_files

    module, _ = view_files("annotator")
    assert module.stat().st_size < 150_000


def test_the_library_loads_no_widget_before_one_is_asked_for() -> None:
    code = "import sys, jupyter_roboflow as rf; rf.Dataset; print('anywidget' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
