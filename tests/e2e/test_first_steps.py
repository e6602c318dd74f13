"""What is installed shows up where people look: in JupyterLab and in a notebook cell."""

from __future__ import annotations

from pathlib import Path

import nbformat.v4 as notebook
import pytest
from playwright.sync_api import expect

from tests.e2e.lab_page import LabPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_a_dataset_card_in_a_notebook_shows_its_numbers_and_follows_them(lab_page: LabPage, root: Path) -> None:
    label = {"name": "RBC", "color": "#aa0000", "count": 547}
    make = f"from jupyter_roboflow.widgets import DatasetCard\ncard = DatasetCard('cells', images=1, labels=[{label}])"
    cells = [f"{make}\ncard", "card.images = 1048"]
    book = notebook.new_notebook(
        cells=[notebook.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    (root / "card.ipynb").write_text(notebook.writes(book), encoding="utf-8")
    lab_page.open("card.ipynb")
    lab_page.wait_for_kernel()
    lab_page.execute("notebook:run-all-cells")
    card = lab_page.page.get_by_role("region", name="Dataset cells")
    expect(card).to_contain_text("RBC 547")
    expect(card).to_contain_text("1,048 images, 547 annotations")
