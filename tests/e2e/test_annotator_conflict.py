"""The same dataset open in two pages: nobody's work is lost, and only what both changed needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.annotator_page import AnnotatorPage, annotations_of, open_annotator
from tests.e2e.conftest import open_context
from tests.e2e.notebook_page import NotebookPage
from tests.jupyter_server import JupyterServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

NAME = "shared"


@pytest.fixture(scope="module")
def pages(browser: Browser, lab: JupyterServer) -> Iterator[tuple[AnnotatorPage, AnnotatorPage]]:
    """One annotator in two windows. The second finds the kernel running: it shows the live editor at once."""
    context = open_context(browser)
    notebook = NotebookPage(context.new_page(), lab)
    first = open_annotator(notebook, Path(lab.root), NAME, "w = ds.annotate(height=420)\nw")
    notebook.save()
    other = NotebookPage(context.new_page(), lab)
    other.open(f"{NAME}.ipynb")
    yield first, AnnotatorPage(other.page).wait()
    context.close()


def _boxes(lab: JupyterServer, image: int) -> list[Any]:
    return [annotation["geometry"]["bbox"] for annotation in annotations_of(lab, NAME)[image]]


def test_other_shapes_drawn_in_two_pages_are_all_there(
    pages: tuple[AnnotatorPage, AnnotatorPage], lab: JupyterServer
) -> None:
    mine, theirs = pages
    theirs.draw_box(0.1, 0.1, 0.2, 0.3)
    theirs.expect_saved()
    mine.draw_box(0.6, 0.6, 0.8, 0.9)
    mine.expect_saved()
    mine.expect_rows("cell.*Box", "cell.*Box")
    assert len(_boxes(lab, 0)) == 2
    theirs.draw_point(0.5, 0.5)
    theirs.expect_saved()
    theirs.expect_rows("cell.*Point", "cell.*Box", "cell.*Box")
    mine.key("ControlOrMeta+z")
    mine.expect_saved()
    mine.expect_rows("cell.*Point", "cell.*Box")
    assert len(annotations_of(lab, NAME)[0]) == 2, "one's own box is undone, theirs are not"


def test_where_both_moved_the_same_shape_both_are_shown_and_the_person_chooses(
    pages: tuple[AnnotatorPage, AnnotatorPage], lab: JupyterServer, tmp_path: Path
) -> None:
    mine, theirs = pages
    mine.key("d")
    for page in pages:
        page.expect_image(2, 3)
    mine.draw_box(0.3, 0.3, 0.5, 0.6)
    mine.expect_saved()
    theirs.draw_point(0.9, 0.9)
    theirs.expect_rows("cell.*Point", "cell.*Box")
    theirs.expect_saved()
    before = _boxes_of_first(lab)
    _move(theirs, (0.4, 0.45), (0.4, 0.65))
    theirs.expect_saved()
    _move(mine, (0.4, 0.45), (0.6, 0.45))
    conflict = mine.root.get_by_role("alertdialog", name="Conflict")
    expect(conflict.get_by_role("img", name="Yours: 1 annotation")).to_be_visible()
    expect(conflict.get_by_role("img", name="Theirs: 2 annotations")).to_be_visible()
    expect(conflict.locator("path[data-clashing=true]")).to_have_count(2)
    mine.root.screenshot(path=tmp_path / "conflict.png")
    conflict.get_by_role("button", name="Keep both").click()
    mine.expect_saved()
    mine.expect_rows("cell.*Box", "cell.*Point", "cell.*Box")
    kept = annotations_of(lab, NAME)[1]
    boxes = [each["geometry"]["bbox"] for each in kept if each["shape_type"] == "bbox"]
    assert len({tuple(box) for box in [before, *boxes]}) == 3, "theirs went down, mine to the right"


def _boxes_of_first(lab: JupyterServer) -> list[float]:
    return next(each["geometry"]["bbox"] for each in annotations_of(lab, NAME)[1] if each["shape_type"] == "bbox")


def _move(annotator: AnnotatorPage, start: tuple[float, float], end: tuple[float, float]) -> None:
    annotator.key("v")
    mouse = annotator.page.mouse
    mouse.move(*annotator.at(*start))
    mouse.down()
    mouse.move(*annotator.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    mouse.move(*annotator.at(*end))
    mouse.up()
