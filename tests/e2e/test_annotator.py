"""The annotator in a real JupyterLab: what is drawn is saved, and is there again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.annotator_page import AnnotatorPage, open_annotator, write_notebook
from tests.e2e.lab_page import LabPage
from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def _in_dataset(lab: JupyterServer, name: str) -> list[list[dict[str, Any]]]:
    """What the server has of a dataset: the annotations of each image."""
    found = lab.ask(f"datasets/find?name={name}")[2]
    images = lab.ask(f"datasets/{found['id']}/images")[2]["items"]
    return [lab.ask(f"images/{image['id']}/annotations")[2]["annotations"] for image in images]


def _output(page: Page, cell: int) -> str:
    """What a cell printed."""
    read = "i => window.jupyterapp.shell.currentWidget.content.widgets[i].outputArea.node.textContent"
    return str(page.evaluate(read, cell))


def test_shapes_are_drawn_saved_and_there_after_a_reload(lab_page: LabPage, root: Path, lab: JupyterServer) -> None:
    annotator = open_annotator(lab_page, root, "drawn", "w = ds.annotate(height=420)\nw")
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.3), (0.6, 0.6))
    annotator.draw_point(0.3, 0.7)
    annotator.expect_rows("cell.*Point", "cell.*Polygon", "cell.*Box")
    annotator.expect_saved()
    first, *others = _in_dataset(lab, "drawn")
    assert [each["shape_type"] for each in first] == ["bbox", "polygon", "point"] and others == [[], []]
    lab_page.open("drawn.ipynb")
    lab_page.wait_for_kernel()
    lab_page.execute("notebook:run-all-cells")
    again = AnnotatorPage(lab_page.page).wait()
    again.expect_rows("cell.*Point", "cell.*Polygon", "cell.*Box")


def test_edits_are_undone_and_redone_and_digits_relabel(lab_page: LabPage, root: Path, lab: JupyterServer) -> None:
    annotator = open_annotator(lab_page, root, "edited", "w = ds.annotate(height=420)\nw")
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.key("v")
    lab_page.page.mouse.click(*annotator.at(0.3, 0.3))
    annotator.key("2")
    annotator.expect_rows("nucleus.*Box")
    annotator.key("ControlOrMeta+z")
    annotator.expect_rows("cell.*Box")
    annotator.root.get_by_role("button", name="Undo: Draw box").click()
    annotator.expect_rows()
    annotator.key("ControlOrMeta+Shift+Z")
    annotator.key("ControlOrMeta+Shift+Z")
    annotator.expect_rows("nucleus.*Box")
    annotator.expect_saved()
    assert [each["label"] for each in _in_dataset(lab, "edited")[0]] == ["nucleus"]


def test_python_follows_what_is_drawn_and_leads_the_view(lab_page: LabPage, root: Path) -> None:
    watch = "seen = []\nw.observe(lambda change: seen.append(len(change['new'])), 'annotations')"
    saved = "w.on_save(lambda saved: seen.append(saved.state))"
    cells = [f"w = ds.annotate(height=420)\n{watch}\n{saved}\nw", "w.next()"]
    annotator = open_annotator(lab_page, root, "live", *cells)
    annotator.expect_image(2, 3)
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.expect_saved()
    lab_page.expect_kernel("print(len(w.annotations))", "1")
    lab_page.expect_kernel("print(seen)", "labeled")
    annotator.key("d")
    annotator.wait()
    lab_page.expect_kernel("print(w.image_id == w.image_ids[2], w.annotations)", "True")


def test_drawing_saving_and_switching_go_on_while_the_kernel_is_busy(
    lab_page: LabPage, root: Path, lab: JupyterServer
) -> None:
    cells = ["w = ds.annotate(height=420)\nw", "import time\ntime.sleep(600)\nprint('awake')"]
    annotator = open_annotator(lab_page, root, "busy", *cells)
    lab_page.page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status==='busy'"
    )
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.expect_saved()
    annotator.point_on_second_image()
    assert [[each["shape_type"] for each in drawn] for drawn in _in_dataset(lab, "busy")] == [["bbox"], ["point"], []]
    assert "awake" not in _output(lab_page.page, 2), "the kernel slept all the time"
    annotator.key("a")
    annotator.wait()
    annotator.expect_rows("cell.*Box")


def test_loose_pictures_need_no_dataset(lab_page: LabPage, root: Path) -> None:
    photo = "import numpy as np, jupyter_roboflow as rf\nphoto = np.full((600, 900, 3), 90, np.uint8)"
    cells = [f"{photo}\nw = rf.annotate(photo, height=420)\nw", "rf.annotate(photo, height=300)"]
    write_notebook(root / "loose.ipynb", cells)
    lab_page.open("loose.ipynb")
    lab_page.wait_for_kernel()
    lab_page.execute("notebook:run-cell-and-select-next")
    annotator = AnnotatorPage(lab_page.page).wait()
    field = annotator.root.get_by_role("textbox", name="Name of the new label")
    field.fill("<b>مرحبا 🙂</b>")
    field.press("Enter")
    expect(annotator.root.get_by_role("button", name="Label <b>مرحبا 🙂</b>")).to_be_visible()
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.expect_saved()
    annotator.expect_rows("<b>مرحبا 🙂</b>.*Box")
    lab_page.execute("notebook:move-cursor-down")  # drawing has made the cell above the active one
    lab_page.execute("notebook:run-cell")
    expect(lab_page.page.locator(".rf-cell[style*='300px'] .rf-canvas")).to_be_visible(timeout=60_000)
    modules = "globalThis[Symbol.for('jupyter-roboflow.views')].size"
    assert lab_page.page.evaluate(modules) == 1, "the page has imported the annotator once for both cells"


def test_proposals_are_accepted_and_rejected_in_place(lab_page: LabPage, root: Path, lab: JupyterServer) -> None:
    boxes = "[('cell', rf.BBox(90 + 250 * i, 60, 200, 300), (0.3, 0.6, 0.9)[i]) for i in range(3)]"
    find = f"def find(image):\n    return {boxes}"
    annotator = open_annotator(
        lab_page, root, "proposed", f"{find}\np = ds.prelabel(find, progress=False)\np.annotate(height=420)"
    )
    annotator.expect_rows("cell.*90 %", "cell.*60 %", "cell.*30 %")
    annotator.rows.nth(2).get_by_role("button").first.click()
    annotator.key("x")
    annotator.rows.nth(1).get_by_role("button").first.click()
    annotator.key("y")
    annotator.expect_rows("cell.*90 %", "cell.*Box")
    annotator.root.get_by_role("button", name="Accept 1").click()
    annotator.expect_rows("cell.*Box", "cell.*Box")
    annotator.expect_saved()
    first = _in_dataset(lab, "proposed")[0]
    assert [each["attributes"] for each in first] == [
        {"proposed_by": "find", "score": 0.6},
        {"proposed_by": "find", "score": 0.9},
    ]


def test_a_stored_notebook_holds_no_secret_and_shows_pictures_without_a_kernel(lab_page: LabPage, root: Path) -> None:
    """WEB-022"""
    annotator = open_annotator(lab_page, root, "stored", "w = ds.annotate(height=420)\nw")
    preview = lab_page.page.locator(".rf-preview")
    expect(preview).to_be_hidden()
    lab_page.save()
    text = (root / "stored.ipynb").read_text(encoding="utf-8")
    assert TOKEN not in text
    outputs = json.loads(text)["cells"][1]["outputs"]
    html = "".join(outputs[-1]["data"]["text/html"])
    assert html.count("data:image/") == 3 and "3 images" in html
    lab_page.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    lab_page.open("stored.ipynb")
    lab_page.wait_for_kernel()
    expect(preview).to_be_visible()
    expect(lab_page.page.get_by_text("model not found")).to_be_hidden()
    expect(annotator.root).to_be_hidden()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_it_follows_the_theme(lab_page: LabPage, root: Path, tmp_path: Path, theme: str) -> None:
    name = theme.replace(" ", "-").lower()
    annotator = open_annotator(lab_page, root, name, "w = ds.annotate(height=420)\nw")
    page = lab_page.page
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    dark = str("Dark" in theme).lower()
    page.wait_for_function(f"document.body.dataset.jpThemeLight === '{'false' if dark == 'true' else 'true'}'")
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.3), (0.6, 0.6))
    annotator.key("v")
    page.mouse.click(*annotator.at(0.3, 0.3))
    annotator.root.screenshot(path=tmp_path / "annotator.png")
    channels = "getComputedStyle(e).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number)"
    fits = f"e => ({channels}.reduce((a, b) => a + b) < 382) === {dark}"
    page.wait_for_function(fits, arg=annotator.root.element_handle())
    annotator.key("?")
    expect(annotator.root.get_by_role("dialog", name="Keys")).to_be_visible()
    annotator.root.screenshot(path=tmp_path / "keys.png")
