"""The annotator in a real Notebook 7."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.annotator_page import annotations_of, expect_both_themes, open_annotator
from tests.e2e.notebook_page import NotebookPage
from tests.jupyter_server import JupyterServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_in_notebook_7_shapes_are_drawn_undone_saved_and_there_after_a_reload(
    notebook_page: NotebookPage, root: Path, lab: JupyterServer
) -> None:
    annotator = open_annotator(notebook_page, root, "seven", "w = ds.annotate(height=420)\nw")
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.3), (0.6, 0.6))
    annotator.draw_point(0.3, 0.7)
    annotator.draw_box(0.7, 0.7, 0.8, 0.8)
    annotator.expect_rows("cell.*Box", "cell.*Point", "cell.*Polygon", "cell.*Box")
    annotator.key("ControlOrMeta+z")
    annotator.expect_rows("cell.*Point", "cell.*Polygon", "cell.*Box")
    annotator.expect_saved()
    drawn = annotations_of(lab, "seven")
    assert [[each["shape_type"] for each in image] for image in drawn] == [["bbox", "polygon", "point"], [], []]
    notebook_page.save()
    notebook_page.page.reload()
    annotator.wait()  # the kernel still has it: no cell is run again
    annotator.expect_rows("cell.*Point", "cell.*Polygon", "cell.*Box")
    annotator.draw_point(0.8, 0.2)
    annotator.expect_saved()
    assert len(annotations_of(lab, "seven")[0]) == 4
    page = notebook_page.page
    preview = page.locator(".rf-preview")
    expect(preview).to_be_hidden()
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    notebook_page.open("seven.ipynb")
    expect(preview).to_be_visible()
    expect(preview.get_by_role("img")).to_have_count(3)
    expect(page.get_by_text("model not found")).to_be_hidden()


def test_in_notebook_7_it_follows_the_theme(notebook_page: NotebookPage, root: Path, tmp_path: Path) -> None:
    annotator = open_annotator(notebook_page, root, "seven-themes", "w = ds.annotate(height=420)\nw")
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.3), (0.6, 0.6))
    annotator.key("v")
    notebook_page.page.mouse.click(*annotator.at(0.3, 0.3))
    expect_both_themes(annotator, tmp_path)
