"""Outlines and edges that the kernel finds, with what its view asks told by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.domain.errors import Invalid
from tests.assist.pictures import ellipse, loose_box, overlap, photo_of
from tests.widgets.test_annotator import View

AREA = ellipse(150, 100, 70, 45, 20)
PHOTO = photo_of(AREA, 300, 200)
BOX = loose_box(AREA, 300, 200)
PROMPT: dict[str, Any] = {"box": [BOX.x, BOX.y, BOX.width, BOX.height], "include": [], "exclude": [], "brush": 10}


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[rf.Dataset]:
    with rf.connect(data_dir=tmp_path / "data", progress=False) as workspace:
        dataset = workspace.create_dataset("stones")
        dataset.upload([PHOTO])
        dataset.add_label("stone")
        yield dataset


def test_a_box_on_a_loose_picture_finds_its_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(widget := rf.annotate(PHOTO, labels=["stone"]), monkeypatch)
    status, body, _ = view.ask("POST", "images/0/outline", PROMPT)
    (found,) = body["shapes"]
    assert (status, found["shape_type"], widget._assists) == (200, "polygon", True)
    assert overlap([rf.Polygon(found["geometry"]["points"])], AREA) > 0.95


def test_an_edge_of_a_loose_picture_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(rf.annotate(PHOTO, labels=["stone"]), monkeypatch)
    status, body, _ = view.ask("POST", "images/0/path", {"start": [85, 78], "end": [215, 122]})
    assert status == 200 and body["points"][:2] == [85, 78] and body["points"][-2:] == [215, 122]


def test_what_cannot_be_asked_is_refused_with_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(rf.annotate(PHOTO, labels=["stone"]), monkeypatch)
    for prompt, code in (
        ({**PROMPT, "box": None}, "empty_prompt"),
        ({**PROMPT, "box": [500, 0, 10, 10]}, "geometry_out_of_bounds"),
        ({**PROMPT, "box": [1, 2]}, "invalid_field"),
    ):
        status, body, _ = view.ask("POST", "images/0/outline", prompt)
        assert (status // 100, body["error"]["code"]) == (4, code)
    assert view.ask("POST", "images/9/outline", PROMPT)[0] == 404


def test_a_dataset_answers_by_its_backend(dataset: rf.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(widget := dataset.annotate(), monkeypatch)
    status, body, _ = view.ask("POST", f"images/{widget.image_id}/outline", PROMPT)
    assert (status, len(body["shapes"]), widget._assists) == (200, 1, False)


def test_a_model_takes_the_place_of_opencv(dataset: rf.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[tuple[int, ...], rf.BBox]] = []

    def model(image: Any, box: rf.BBox) -> rf.Polygon:
        seen.append((image.shape, box))
        return rf.Polygon([80, 60, 220, 60, 150, 140])

    for widget in (dataset.annotate(assist=model), rf.annotate(PHOTO, labels=["stone"], assist=model)):
        view = View(widget, monkeypatch)
        _, body, _ = view.ask("POST", f"images/{widget.image_id}/outline", PROMPT)
        assert body["shapes"][0]["geometry"]["points"] == [80, 60, 220, 60, 150, 140]
        assert widget._assists
        assert view.ask("POST", f"images/{widget.image_id}/path", {"start": [1, 1], "end": [50, 50]})[0] == 200
    assert seen == [((200, 300, 3), BOX)] * 2


def test_a_model_that_gives_nonsense_is_named_and_nothing_else_is_asked(
    dataset: rf.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View(widget := dataset.annotate(assist=lambda image, box: np.zeros(3)), monkeypatch)
    status, body, _ = view.ask("POST", f"images/{widget.image_id}/outline", PROMPT)
    assert (status // 100, body["error"]["code"]) == (4, "bad_outline")


def test_a_model_that_raises_is_told_in_the_annotator(dataset: rf.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def model(image: Any, box: rf.BBox) -> rf.Polygon:
        raise RuntimeError("out of memory")

    view = View(widget := dataset.annotate(assist=model), monkeypatch)
    status, body, _ = view.ask("POST", f"images/{widget.image_id}/outline", PROMPT)
    assert status >= 500 and "out of memory" in body["error"]["message"]


def test_keys_are_handed_on_to_the_view(dataset: rf.Dataset) -> None:
    widget = dataset.annotate(keys={"tool-box": "q", "undo": ["Mod+z", "u"]})
    assert widget._keys == {"tool-box": ["q"], "undo": ["Mod+z", "u"]}
    for wrong in ({"tool-box": 7}, {"tool-box": [""]}, ["q"], {"tool-box": list("abcdefghi")}):
        with pytest.raises(Invalid):
            dataset.annotate(keys=wrong)  # type: ignore[arg-type]
