"""The panel's annotator finds outlines too: by the server, without any kernel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from jupyter_roboflow import Workspace
from tests.e2e.annotator_page import AnnotatorPage
from tests.e2e.panel_page import BLOOD, PanelPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_a_box_around_a_cell_becomes_its_outline(panel: PanelPage, workspace: Workspace) -> None:
    dataset = workspace.create_dataset("Cells to outline")
    dataset.upload(BLOOD / "JPEGImages" / "BloodImage_00016.jpg")
    dataset.add_label("WBC")
    panel.open(dataset, "annotate")
    annotator = AnnotatorPage(panel.page).wait()
    expect(annotator.root.get_by_role("button", name="Smart polygon")).to_be_enabled()
    annotator.key("o")
    panel.page.mouse.move(*annotator.at(0.24, 0.28))
    panel.page.mouse.down()
    panel.page.mouse.move(*annotator.at(0.52, 0.56), steps=3)
    panel.page.mouse.up()
    expect(annotator.rows).to_have_text(["WBCPolygon"])
    annotator.expect_saved()
    (drawn,) = dataset.images()[0].annotations
    assert drawn.shape.kind == "polygon" and drawn.shape.area() > 2_000
