"""The preview of a recipe in a real JupyterLab."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.annotator_page import MAKE, write_notebook
from tests.e2e.lab_page import LabPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

DRAW = """
for image in ds:
    shapes = [rf.Polygon((100, 100, 400, 120, 350, 400, 150, 380)), rf.BBox(500, 200, 250, 200), rf.Point(450, 300)]
    if not image.annotations:
        named = zip(shapes, ('cell', 'nucleus', 'dirt'))
        ds._backend.save_annotations(image.id, [rf.Annotation(s, name) for s, name in named], 0)
"""
SHOW = "p = rf.preview(ds, ['flip', {'step': 'rotate', 'degrees': 30, 'probability': 1.0}])\np"
PAINTED = """canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
    return painted / (data.length / 4);
}"""


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_slider_redraws_the_pictures_and_the_code(lab_page: LabPage, root: Path, tmp_path: Path, theme: str) -> None:
    name = f"recipe-{theme.split()[1].lower()}"
    write_notebook(root / f"{name}.ipynb", [MAKE.format(name=name), DRAW, SHOW])
    page = lab_page.page
    page.set_viewport_size({"width": 1500, "height": 1000})
    lab_page.open(f"{name}.ipynb")
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    lab_page.wait_for_kernel()
    lab_page.execute("notebook:run-all-cells")
    preview = page.locator(".rf-augmentation-preview")
    expect(preview.get_by_text(re.compile(r"IoU ≥ (0\.9|1\.0)"))).to_be_visible(timeout=180_000)
    canvas = preview.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    expect(preview.get_by_text("Degrees (°)")).to_be_visible()
    page.wait_for_function(f"canvas => ({PAINTED})(canvas) > 0.5", arg=canvas.element_handle())
    preview.screenshot(path=tmp_path / "preview.png")
    code = preview.locator("pre")
    preview.get_by_role("button", name="Add step").click()
    expect(code).to_contain_text(re.compile("'flip'.*'flip'", re.DOTALL))
    preview.get_by_role("button", name="New seed").click()
    expect(code).to_contain_text("seed=")
    made = lab_page.ask_kernel("exec(p.code); print(recipe == p.recipe, 0 < p.seconds < 60)")
    assert made.split() == ["True", "True"]
