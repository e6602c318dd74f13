"""The first five minutes in a real JupyterLab: the tour is opened and run from top to bottom, and all of it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from jupyter_roboflow.demo import place_tour
from tests.e2e.lab_page import LabPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

# Of every code cell: its name, whether it was run to its end, and what it showed.
_CELLS = """() => [...window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells]
    .filter(cell => cell.cell_type === 'code')
    .map(cell => ({ name: cell.id, outputs: cell.outputs,
                    done: cell.execution_count !== null && cell.executionState !== 'running' }))"""

_SHOW = """name => {
    const book = window.jupyterapp.shell.currentWidget.content;
    return book.scrollToItem(book.widgets.findIndex(cell => cell.model.id === name), 'end');
}"""


def test_the_tour_runs_from_top_to_bottom_and_all_of_it_shows(lab_page: LabPage, root: Path) -> None:
    place_tour(root)
    page = lab_page.page
    lab_page.open("tour.ipynb")
    lab_page.wait_for_kernel()
    lab_page.execute("notebook:run-all-cells")
    page.wait_for_function(f"() => ({_CELLS})().every(cell => cell.done)", timeout=480_000)

    shown: dict[str, list[dict[str, Any]]] = {cell["name"]: cell["outputs"] for cell in page.evaluate(_CELLS)}
    assert not [(name, said) for name, all in shown.items() for said in all if said["output_type"] == "error"]
    assert "that of this Jupyter server" in str(shown["setup"])
    for name in ("model", "accept", "version-pictures", "supervision"):
        assert any("image/png" in said.get("data", {}) for said in shown[name]), name

    # The annotator with proposals, although the kernel was busy when it was opened.
    page.evaluate(_SHOW, "prelabel")
    expect(page.get_by_role("group", name="Proposals")).to_contain_text("proposed")

    lab_page.execute("roboflow:show-datasets")
    datasets = page.get_by_role("region", name="Datasets")
    for name in ("Tour: by experts", "Tour"):
        expect(datasets.get_by_text(name, exact=True)).to_be_visible()
