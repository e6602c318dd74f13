"""Many shapes on one image, and an image larger than a browser takes at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.annotator_page import AnnotatorPage, annotations_of, open_annotator
from tests.e2e.notebook_page import NotebookPage
from tests.jupyter_server import JupyterServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

# 100 × 50 boxes of 6 × 8 pixels, side by side with gaps, the last one larger: at (702, 402) to (882, 582).
MANY = """
boxes = [rf.BBox(2 + 7 * (i % 100), 2 + 8 * (i // 100), 5, 6) for i in range(4_999)] + [rf.BBox(702, 402, 180, 180)]
ds.images()[0].save([rf.Annotation(box, ('cell', 'nucleus', 'dirt')[i % 3]) for i, box in enumerate(boxes)])
w = ds.annotate(height=420)
w
"""

# Four quarters, each of one colour: few bytes for many pixels.
HUGE = """
import cv2, numpy as np
import jupyter_roboflow as rf
ds = rf.connect(progress=False).create_dataset('huge', exist_ok=True)
photo = np.zeros((8_000, 12_500, 3), np.uint8)
photo[:4_000, :6_250] = (200, 30, 30)
photo[:4_000, 6_250:] = (30, 200, 30)
photo[4_000:, :6_250] = (30, 30, 200)
photo[4_000:, 6_250:] = (200, 200, 30)
cv2.imwrite('huge.jpg', photo[..., ::-1])
ds.upload('huge.jpg')
ds.add_label('cell')
w = ds.annotate(height=420)
w
"""
RED, GREEN, BLUE = "red", "green", "blue"


def test_of_five_thousand_shapes_one_is_moved_and_only_that_one_is_changed(
    notebook_page: NotebookPage, root: Path, lab: JupyterServer
) -> None:
    annotator = open_annotator(notebook_page, root, "many", MANY)
    expect(annotator.root.get_by_role("region", name="Annotations").get_by_text("5,000")).to_be_visible()
    before = _by_id(lab)
    large = max(before, key=lambda key: before[key]["geometry"]["bbox"][2])
    sent: list[str] = []
    annotator.page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    annotator.key("v")
    mouse = annotator.page.mouse
    mouse.move(*_on_canvas(annotator, 792, 492))
    mouse.down()
    mouse.move(*_on_canvas(annotator, 780, 480))
    mouse.move(*_on_canvas(annotator, 752, 452))
    mouse.up()
    expect(annotator.root.get_by_text("5,000 annotations, 1 selected")).to_be_visible()
    annotator.expect_saved()
    assert [address.rpartition("/annotations/")[2] for address in sent] == [large], "the others are not sent at all"
    after = _by_id(lab)
    assert [key for key in before if after[key] != before[key]] == [large]
    assert list(after) == list(before)
    x, y, *size = after[large]["geometry"]["bbox"]
    assert size == [180, 180] and abs(x - 662) < 3 and abs(y - 362) < 3


def test_a_photo_of_a_hundred_megapixels_opens_and_is_panned(notebook_page: NotebookPage, root: Path) -> None:
    annotator = open_annotator(notebook_page, root, "huge", HUGE, setup="")
    expect(annotator.root.get_by_role("alert")).to_be_hidden()
    _expect_color(annotator, (0.45, 0.4), RED)
    _expect_color(annotator, (0.55, 0.4), GREEN)
    _expect_color(annotator, (0.45, 0.6), BLUE)
    annotator.key("Shift+!")
    expect(annotator.root.get_by_label("Zoom", exact=True).get_by_text("100 %")).to_be_visible()
    _expect_color(annotator, (0.45, 0.4), RED)
    _drag(annotator, (0.4, 0.8), (0.9, 0.8))  # the picture goes to the right
    _expect_color(annotator, (0.55, 0.4), RED)
    _drag(annotator, (0.5, 0.9), (0.5, 0.1))  # and up
    _drag(annotator, (0.5, 0.9), (0.5, 0.1))
    _expect_color(annotator, (0.55, 0.4), BLUE)


def _by_id(lab: JupyterServer) -> dict[str, Any]:
    return {annotation["id"]: annotation for annotation in annotations_of(lab, "many")[0]}


def _on_canvas(annotator: AnnotatorPage, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of a picture of 900 × 600 that is shown whole is on the page."""
    box = annotator.canvas.bounding_box()
    assert box is not None
    zoom = float(annotator.root.get_by_label("Zoom", exact=True).locator("output").inner_text().split()[0]) / 100
    left, top = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return left + (x - 450) * zoom, top + (y - 300) * zoom


def _drag(annotator: AnnotatorPage, start: tuple[float, float], end: tuple[float, float]) -> None:
    annotator.canvas.focus()
    page = annotator.page
    page.keyboard.down("Space")
    page.mouse.move(*annotator.at(*start))
    page.mouse.down()
    page.mouse.move(*annotator.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    page.mouse.move(*annotator.at(*end))
    page.mouse.up()
    page.keyboard.up("Space")


_COLOR = """([canvas, x, y]) => {
    const [red, green, blue] = canvas.getContext('2d')
        .getImageData(Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1).data;
    return red > 150 ? (green > 150 ? 'yellow' : 'red') : green > 150 ? 'green' : blue > 150 ? 'blue' : 'none';
}"""


def _expect_color(annotator: AnnotatorPage, place: tuple[float, float], color: str) -> None:
    """Until the photo has this colour at a place of the canvas."""
    photo = annotator.canvas.locator("canvas").first.element_handle()
    read = f"([canvas, x, y, wanted]) => ({_COLOR})([canvas, x, y]) === wanted"
    annotator.page.wait_for_function(read, arg=[photo, *place, color])
