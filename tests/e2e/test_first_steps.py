"""What is installed shows up where people look: in JupyterLab and in a notebook cell."""

from __future__ import annotations

from pathlib import Path

import nbformat.v4 as notebook
import pytest
from playwright.sync_api import expect

from jupyter_roboflow import __version__
from tests.e2e.lab_page import LabPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_about_in_jupyterlab_says_the_version_and_that_the_server_answers(lab_page: LabPage) -> None:
    lab_page.open()
    lab_page.execute("roboflow:about")
    dialog = lab_page.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"jupyter-roboflow {__version__}")
    expect(dialog.get_by_role("status")).to_have_text("The server extension is running.")


def test_about_is_in_the_command_palette(lab_page: LabPage) -> None:
    lab_page.open()
    lab_page.execute("apputils:activate-command-palette")
    field = lab_page.page.locator(".lm-CommandPalette-input")
    expect(field).to_be_focused()  # opening the palette empties it
    field.fill("About Roboflow")
    expect(lab_page.page.locator(".lm-CommandPalette-itemLabel", has_text="About Roboflow")).to_be_visible()


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
