"""What nobody wishes for: labels that are markup, or none, broken pictures, shapes that do not fit or are not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.annotator_page import AnnotatorPage, annotations_of, open_annotator
from tests.e2e.notebook_page import NotebookPage
from tests.jupyter_server import JupyterServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

HTML = "<img src=x onerror='window.ran = 1'><b>bold</b>"
LABELS = (HTML, "مرحبا بالعالم", "👩‍🔬🧫", "w" * 255)
PHOTO = "import numpy as np, jupyter_roboflow as rf\nphoto = np.full((600, 900, 3), 90, np.uint8)"

# One box inside, one over the border, one outside, and one that a newer version has made a cuboid of.
IMPORT = """
import contextlib, json, os, pathlib, sqlite3
import cv2, numpy as np
import jupyter_roboflow as rf
folder = pathlib.Path('coco')
folder.mkdir(exist_ok=True)
cv2.imwrite(str(folder / 'photo.png'), np.full((600, 900, 3), 90, np.uint8))
boxes = [[90, 60, 180, 180], [800, 500, 400, 400], [1000, 1000, 50, 50], [400, 60, 200, 200]]
(folder / 'annotations.json').write_text(json.dumps({
    'images': [{'id': 1, 'file_name': 'photo.png', 'width': 900, 'height': 600}],
    'categories': [{'id': 1, 'name': 'cell'}],
    'annotations': [
        {'id': i, 'image_id': 1, 'category_id': 1, 'bbox': box, 'area': box[2] * box[3], 'iscrowd': 0}
        for i, box in enumerate(boxes, 1)
    ],
}))
ds = rf.connect(progress=False).create_dataset('unfit', exist_ok=True)
ds.import_('coco')
newer = next(each.id for each in ds.images()[0].annotations if each.shape.x == 400)
geometry = json.dumps({'front': [[400, 60], [600, 60], [600, 260]], 'depth': 7})
with contextlib.closing(sqlite3.connect(os.path.join(os.environ['ROBOFLOW_DATA_DIR'], 'roboflow.db'))) as database:
    database.execute("UPDATE annotations SET shape_type = 'cuboid', geometry = ? WHERE id = ?", (geometry, newer))
    database.commit()
"""


def _boxes_beside_each_other(annotator: AnnotatorPage, count: int) -> None:
    for i in range(count):
        annotator.key(str(i + 1))
        annotator.draw_box(0.3 + 0.1 * i, 0.3, 0.38 + 0.1 * i, 0.6)


def test_labels_are_shown_as_they_are_written_whatever_is_in_them(
    notebook_page: NotebookPage, root: Path, tmp_path: Path
) -> None:
    cell = f"w = rf.annotate(photo, labels={LABELS!r}, height=420)\nw"
    annotator = open_annotator(notebook_page, root, "labels", cell, setup=PHOTO)
    _boxes_beside_each_other(annotator, len(LABELS))
    expect(annotator.rows).to_have_count(len(LABELS))
    for row, label in zip(annotator.rows.all(), reversed(LABELS), strict=True):
        expect(row.locator("bdi")).to_have_text(label, use_inner_text=True)
    annotator.expect_saved()
    field = annotator.root.get_by_role("textbox", name="Name of the new label")
    field.fill("x" * 1000)
    field.press("Enter")
    longest = annotator.root.get_by_role("button", name=f"Label {'x' * 255}, 0 on this image", exact=True)
    expect(longest).to_be_visible()  # the field takes no more
    too_long = "rf.annotate(photo, labels=['x' * 1000])"
    assert "The label name has 1000 characters; 255 are allowed." in notebook_page.ask_kernel(too_long)
    annotator.root.screenshot(path=tmp_path / "labels.png")
    assert notebook_page.page.evaluate("window.ran") is None
    assert annotator.root.evaluate("e => e.scrollWidth <= e.clientWidth"), "a long name widens nothing"
    told = notebook_page.ask_kernel(f"print(tuple(each.label for each in w.annotations_of(0)) == {LABELS!r})")
    assert "True" in told


def test_without_labels_one_is_asked_for_and_a_broken_picture_says_so_and_the_next_works(
    notebook_page: NotebookPage, root: Path, tmp_path: Path
) -> None:
    (root / "broken.jpg").write_text("This is no picture.", encoding="utf-8")
    cell = "w = rf.annotate([photo, 'broken.jpg', photo], height=420)\nw"
    annotator = open_annotator(notebook_page, root, "unlabelled", cell, setup=PHOTO)
    annotator.draw_box(0.4, 0.4, 0.6, 0.6)
    expect(annotator.root.get_by_text("Add a label first: what is drawn needs one.")).to_be_visible()
    annotator.expect_rows()
    annotator.key("d")
    broken = annotator.root.get_by_role("alert").filter(has_text="This image cannot be shown.")
    expect(broken).to_contain_text("broken.jpg cannot be read as a picture (it is of no known format)")
    annotator.root.screenshot(path=tmp_path / "broken.png")
    annotator.root.get_by_role("button", name="Next image").click()
    annotator.expect_image(3, 3)
    expect(annotator.root.get_by_text("This image cannot be shown.")).to_be_hidden()
    field = annotator.root.get_by_role("textbox", name="Name of the new label")
    field.fill("cell")
    field.press("Enter")
    expect(annotator.root.get_by_role("button", name="Label cell, 0 on this image")).to_be_visible()
    annotator.draw_box(0.4, 0.4, 0.6, 0.6)
    annotator.expect_rows("cell.*Box")
    annotator.expect_saved()


def test_what_an_import_had_outside_is_cut_and_a_shape_of_a_newer_version_is_shown_and_kept(
    notebook_page: NotebookPage, root: Path, lab: JupyterServer, tmp_path: Path
) -> None:
    annotator = open_annotator(notebook_page, root, "unfit", "w = ds.annotate(height=420)\nw", setup=IMPORT)
    annotator.expect_rows("cell.*Other shape", "cell.*Box", "cell.*Box")
    before = _known(annotations_of(lab, "unfit")[0])
    assert [each["geometry"].get("bbox") for each in before.values()] == [
        [90, 60, 180, 180],
        [800, 500, 100, 100],
        None,
    ]
    annotator.rows.first.get_by_role("button").first.click()
    annotator.key("ArrowRight")  # would nudge what can be moved
    annotator.root.screenshot(path=tmp_path / "kept.png")
    annotator.draw_point(0.5, 0.8)
    annotator.expect_rows("cell.*Point", "cell.*Other shape", "cell.*Box", "cell.*Box")
    annotator.expect_saved()
    after = _known(annotations_of(lab, "unfit")[0])
    assert {key: after[key] for key in before} == before and len(after) == 4
    kept = next(each for each in after.values() if each["shape_type"] == "cuboid")
    assert kept["geometry"] == {"front": [[400, 60], [600, 60], [600, 260]], "depth": 7}


def _known(annotations: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in annotations}
