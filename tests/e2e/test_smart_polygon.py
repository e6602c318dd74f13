"""Outlines found by pointing, in a real JupyterLab: over REST while the kernel is busy; by a model in the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import expect

from tests.e2e.annotator_page import AnnotatorPage, open_annotator
from tests.e2e.lab_page import LabPage
from tests.jupyter_server import JupyterServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

STONE = """
import numpy as np, cv2
photo = np.full((600, 900, 3), (96, 124, 88), np.uint8)
cv2.ellipse(photo, (450, 300), (220, 140), 20, 0, 360, (196, 150, 110), -1)
photo = np.clip(photo + np.random.default_rng(2).normal(0, 9, photo.shape), 0, 255).astype(np.uint8)
"""


def _ellipse() -> Any:
    circle = shapely.Point(0, 0).buffer(1, 60)
    placed = shapely.affinity.rotate(shapely.affinity.scale(circle, 220, 140), 20, origin=(0, 0))
    return shapely.affinity.translate(placed, 450, 300)


def _overlap(annotation: dict[str, Any]) -> float:
    flat = annotation["geometry"]["points"]
    found = shapely.make_valid(shapely.Polygon(list(zip(flat[0::2], flat[1::2], strict=True))))
    return float(found.intersection(_ellipse()).area / found.union(_ellipse()).area)


def _drag(annotator: AnnotatorPage, *places: tuple[float, float]) -> None:
    """Places are pixels of the picture of 900 × 600, which is shown whole."""
    mouse = annotator.page.mouse
    mouse.move(*_on_screen(annotator, *places[0]))
    mouse.down()
    for place in places[1:]:
        mouse.move(*_on_screen(annotator, *place), steps=4)
    mouse.up()


def _on_screen(annotator: AnnotatorPage, x: float, y: float) -> tuple[float, float]:
    box = annotator.canvas.bounding_box()
    assert box is not None
    zoom = 0.96 * min(box["width"] / 900, box["height"] / 600)
    return box["x"] + box["width"] / 2 + (x - 450) * zoom, box["y"] + box["height"] / 2 + (y - 300) * zoom


def test_a_box_finds_an_outline_strokes_refine_it_and_clicks_follow_an_edge(
    lab_page: LabPage, root: Path, lab: JupyterServer
) -> None:
    make = "stones = rf.connect(progress=False).create_dataset('stones', exist_ok=True)"
    fill = "stones.upload([photo], progress=False)\nstones.add_label('stone')"
    cells = (f"{STONE}{make}\n{fill}", "w = stones.annotate(height=520)\nw", "import time; time.sleep(600)")
    annotator = open_annotator(lab_page, root, "smart", *cells)
    (image,) = lab.ask(f"datasets/{lab.ask('datasets/find?name=stones')[2]['id']}/images")[2]["items"]

    def saved() -> list[dict[str, Any]]:
        annotator.expect_saved()
        found: list[dict[str, Any]] = lab.ask(f"images/{image['id']}/annotations")[2]["annotations"]
        return found

    annotator.key("o")
    expect(annotator.root.get_by_role("button", name="Smart polygon")).to_have_attribute("aria-pressed", "true")
    _drag(annotator, (200, 100), (700, 500))
    annotator.expect_rows("stone.*Polygon")
    (found,) = saved()
    assert found["shape_type"] == "polygon" and _overlap(found) > 0.95

    annotator.page.keyboard.down("Alt")
    _drag(annotator, (560, 250), (560, 420))
    annotator.page.keyboard.up("Alt")
    refined = annotator.root.get_by_role("button", name="Undo: Refine outline")
    expect(refined).to_be_enabled()
    (less,) = saved()
    assert less["id"] == found["id"] and less["geometry"] != found["geometry"]
    refined.click()
    assert saved()[0]["geometry"] == found["geometry"]

    annotator.key("Delete")
    annotator.expect_rows()
    annotator.key("e")
    for degrees in (0, 75, 150, 230, 300):
        point = shapely.affinity.rotate(shapely.Point(670, 300), degrees, origin=(450, 300))
        edge = shapely.affinity.rotate(
            shapely.affinity.scale(point, 1, 140 / 220, origin=(450, 300)), 20, origin=(450, 300)
        )
        annotator.page.mouse.move(*_on_screen(annotator, edge.x, edge.y))
        annotator.page.mouse.down()
        annotator.page.mouse.up()
    annotator.page.keyboard.press("Enter")
    annotator.expect_rows("stone.*Polygon")
    (along,) = saved()
    assert _overlap(along) > 0.95 and len(along["geometry"]["points"]) > 40


def test_a_model_in_the_kernel_outlines_a_picture_that_is_in_no_dataset(lab_page: LabPage, root: Path) -> None:
    model = "def model(image, box):\n    x0, y0, x1, y1 = box.bounds()\n    return [(x0, y0), (x1, y0), (x1, y1)]"
    show = f"{STONE}{model}\nw = rf.annotate(photo, labels=['stone'], assist=model, height=520)\nw"
    annotator = open_annotator(lab_page, root, "model", show)
    annotator.key("o")
    _drag(annotator, (200, 100), (700, 500))
    annotator.expect_rows("stone.*Polygon")
    annotator.expect_saved()
    said = lab_page.ask_kernel("print([round(n) for n in w.annotations_of(0)[0].shape.parts[0].points])")
    numbers = [int(n) for n in said.strip("[]\n ").split(",")]
    assert all(abs(a - b) <= 2 for a, b in zip(numbers, [200, 100, 700, 100, 700, 500], strict=True)), numbers
