"""The annotator in a real JupyterLab: what is drawn is saved, and is there again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.annotator_page import AnnotatorPage, open_annotator
from tests.e2e.lab_page import LabPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_shapes_are_drawn_saved_and_there_after_a_reload(lab_page: LabPage, root: Path, tmp_path: Path) -> None:
    annotator = open_annotator(lab_page, root, "drawn", "w = ds.annotate(height=480)\nw")
    lab_page.page.screenshot(path=tmp_path / "first.png")
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.3), (0.6, 0.6))
    annotator.draw_point(0.3, 0.7)
    lab_page.page.screenshot(path=tmp_path / "drawn.png")
    annotator.expect_rows("cell.*Point", "cell.*Polygon", "cell.*Box")
    annotator.expect_saved()
