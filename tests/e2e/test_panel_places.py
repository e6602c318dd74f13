"""The panel's places in JupyterLab: status bar, menu, launcher, file browser; its looks; the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import jupyter_roboflow as rf
from tests.e2e.annotator_page import AnnotatorPage
from tests.e2e.lab_page import LabPage
from tests.e2e.looks import HIGH_CONTRAST, change_theme, cut_off, faint, hard_to_read
from tests.e2e.panel_page import BLOOD, PanelPage
from tests.jupyter_server import JupyterServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

NAME = "Cells in many places"
COUNT = 50
TABS = ("Images", "Annotate", "Health", "Versions", "Jobs", "Settings")


@pytest.fixture(scope="module")
def cells(lab: JupyterServer) -> Iterator[rf.Dataset]:
    """48 annotated photos of one size, and two pictures of others that nobody has looked at."""
    with rf.connect(data_dir=lab.folder, progress=False) as workspace:
        dataset = workspace.create_dataset(NAME)
        dataset.import_(BLOOD)
        dataset.upload([np.full((height, width, 3), 90, np.uint8) for width, height in ((200, 150), (900, 600))])
        yield dataset


@pytest.fixture
def small(page: Page) -> Page:
    """The smallest screen that is meant."""
    page.set_viewport_size({"width": 1280, "height": 720})
    return page


def test_running_jobs_are_in_the_status_bar_and_lead_to_their_dataset(
    lab_page: LabPage, lab: JupyterServer, cells: rf.Dataset
) -> None:
    many = {"recipe": {"augment": ["rotate", "noise"], "multiplier": 50}}
    assert lab.ask(f"datasets/{cells.id}/versions", "POST", body=many)[0] == 202
    page = PanelPage(lab_page).page
    item = page.get_by_role("button", name=re.compile(r"^1 dataset job: \d+ %$"))
    item.click()
    expect(page.get_by_role("tab", name=NAME, exact=True)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Jobs")).to_have_attribute("aria-selected", "true")
    jobs = page.get_by_role("list", name="Jobs").get_by_role("listitem")
    expect(jobs.first.get_by_role("progressbar")).to_be_visible()
    jobs.first.get_by_role("button", name="Cancel").click()
    expect(jobs.first).to_contain_text("cancelled")
    expect(item).to_have_count(0)


def test_every_command_of_the_menu_is_in_the_palette_and_does_what_it_says(panel: PanelPage, cells: rf.Dataset) -> None:
    page = panel.page
    panel.open(cells)

    def choose(label: str) -> None:
        _open_menu(page).get_by_text(label, exact=True).click()

    items = _open_menu(page).locator("li[data-type=command]")
    commands: list[str] = items.evaluate_all("items => items.map(item => item.dataset.command)")
    assert len(commands) >= 8 and all(command.startswith("roboflow:") for command in commands)
    page.keyboard.press("Escape")
    panel.lab.execute("apputils:activate-command-palette")
    listed = page.locator(".lm-CommandPalette-item[data-command^='roboflow:']")
    expect(listed.first).to_be_visible()
    in_palette: list[str] = listed.evaluate_all("items => items.map(item => item.dataset.command)")
    assert set(commands) <= set(in_palette)
    page.keyboard.press("Escape")

    dialog = page.get_by_role("dialog")
    for label, told in (
        ("New Image Dataset…", "New dataset"),
        ("Export the Dataset…", "Export"),
        ("Rename Dataset…", "Rename dataset"),
        ("About Roboflow for Jupyter", "jupyter-roboflow"),
    ):
        choose(label)
        expect(dialog).to_contain_text(told)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    for label, several in (
        ("Upload Images…", True),
        ("Upload a Folder of Images…", True),
        ("Import a Dataset…", False),
    ):
        with page.expect_file_chooser() as chosen:
            choose(label)
        assert chosen.value.is_multiple() == several
    choose("Show Dataset Jobs")
    expect(page.get_by_role("tab", name="Jobs")).to_have_attribute("aria-selected", "true")
    choose("Show Datasets")
    expect(panel.sidebar.get_by_role("searchbox")).to_be_focused()
    expect(panel.sidebar.get_by_role("button", name=NAME)).to_have_attribute("aria-current", "true")
    choose("Open Dataset in a Notebook")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_contain_text(f"dataset({cells.id})")
    panel.lab.wait_for_kernel()


def _open_menu(page: Page) -> Locator:
    page.get_by_role("menuitem", name="Datasets").click()
    return page.locator(".lm-Menu.lm-MenuBar-menu")


def test_the_launcher_makes_a_dataset_and_the_file_browser_adds_to_it(lab_page: LabPage, root: Path) -> None:
    names = ["left.jpg", "right.jpg", "notes.txt"]
    for name, picture in zip(names, sorted((BLOOD / "JPEGImages").glob("*.jpg")), strict=False):
        (root / name).write_bytes(picture.read_bytes())
    panel = PanelPage(lab_page)
    page = panel.page
    page.locator(".jp-LauncherCard", has_text="Image Dataset").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Cells from the launcher")
    page.keyboard.press("Enter")
    panel.wait_for_document("Cells from the launcher")
    files = [page.get_by_role("listitem", name=re.compile(rf"^Name: {name}")) for name in names]
    for file in files:
        file.click(modifiers=["Control"])
    files[0].click(button="right")
    expect(page.get_by_text("Import as Dataset…", exact=True)).to_have_count(0)
    page.get_by_text("Add to Dataset…", exact=True).click()
    expect(page.get_by_role("region", name="Upload").get_by_role("status")).to_have_text("2 images added")
    expect(panel.cells).to_have_count(2)

    page.get_by_role("button", name="New Launcher").first.click()  # no dataset is in front: it is asked which
    files[0].click()
    files[0].click(button="right")
    page.get_by_text("Add to Dataset…", exact=True).click()
    dialog = page.get_by_role("dialog").filter(has_text="Which dataset?")
    dialog.get_by_role("combobox").select_option("Cells from the launcher")
    page.keyboard.press("Enter")
    panel.wait_for_document("Cells from the launcher")
    expect(page.get_by_role("region", name="Upload").get_by_role("status")).to_contain_text("was there already")
    expect(panel.cells).to_have_count(2)


def test_every_kind_of_bar_and_cell_in_health_opens_its_images(panel: PanelPage, cells: rf.Dataset) -> None:
    page = panel.page
    wbc = next(label for label in cells.health().data.labels if label.name == "WBC")
    panel.open(cells)
    for plot, named, query, found in (
        ("Annotations by label", "WBC", "label:WBC", wbc.images),
        ("Images by split", "valid", "split:valid", 8),
        ("Images by state", "unlabeled", "state:unlabeled", 2),
        ("Annotations per image", "14", "objects:14..14", 18),
        ("Size of boxes, px", "256–511", "box:256..511", 1),
        ("Sizes of images", "200", "width:200..", 1),
        ("Where “WBC” lies", "1 box", "at:", 1),
    ):
        panel.tab("Health")
        figure = page.get_by_role("figure", name=plot)
        figure.get_by_role("button", name=re.compile(rf"^{named}\b")).first.click()
        expect(page.get_by_role("searchbox", name="Find images")).to_have_value(re.compile(f"^{query}"))
        expect(page.get_by_text(f"{found} of {COUNT} images", exact=True)).to_be_visible()
        expect(panel.cells).to_have_count(min(found, 20)) if found < 9 else expect(panel.cells.first).to_be_visible()


def test_on_a_small_screen_in_high_contrast_all_is_there_and_can_be_read(
    small: Page, panel: PanelPage, cells: rf.Dataset
) -> None:
    change_theme(small, HIGH_CONTRAST)
    panel.lab.execute("roboflow:show-datasets")
    panel.open(cells)
    wrong: dict[str, list[str]] = {}
    for tab in TABS:
        panel.tab(tab)
        panel.settle()
        if tab == "Images":
            panel.cells.nth(1).click()
            expect(small.get_by_text("1 selected")).to_be_visible()
        wrong[tab] = [*hard_to_read(small), *cut_off(small), *faint(small)]
    panel.new_version("flip", "rotate", preprocessing=["resize"])
    wrong["Recipe"] = [*hard_to_read(small), *cut_off(small), *faint(small)]
    change_theme(small, "JupyterLab Light")
    assert {place: found for place, found in wrong.items() if found} == {}


def test_without_a_mouse_from_a_new_dataset_to_an_annotated_image_and_back(panel: PanelPage, cells: rf.Dataset) -> None:
    page, keyboard = panel.page, panel.page.keyboard

    def command(name: str) -> None:
        keyboard.press("Control+Shift+C")
        expect(page.locator(".lm-CommandPalette-input")).to_be_focused()
        keyboard.type(name)
        expect(page.locator(".lm-CommandPalette-item.lm-mod-active")).to_contain_text(name)
        keyboard.press("Enter")

    command("New Image Dataset")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    keyboard.type("Cells without a mouse")
    keyboard.press("Enter")
    panel.wait_for_document("Cells without a mouse")
    command("Show Datasets")
    expect(panel.sidebar.get_by_role("searchbox")).to_be_focused()
    keyboard.type(NAME[:12])
    expect(panel.sidebar.get_by_role("listitem")).to_have_count(1)
    keyboard.press("Tab")
    expect(panel.sidebar.get_by_role("button", name=NAME)).to_be_focused()
    keyboard.press("Enter")
    panel.wait_for_document(NAME)
    expect(page.locator(".jp-rf-DatasetWidget:not(.lm-mod-hidden)")).to_be_focused()

    keyboard.press("Tab")
    for tab in (*TABS, TABS[0]):  # and around
        expect(page.get_by_role("tab", name=tab)).to_be_focused()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        panel.settle()
        keyboard.press("ArrowDown")
        expect(page.get_by_role("tab", name=tab)).not_to_be_focused()
        assert page.evaluate("document.activeElement.closest('[role=tabpanel]') !== null"), tab
        page.get_by_role("tab", name=tab).focus()
        keyboard.press("ArrowRight")
    keyboard.press("Home")
    keyboard.press("ArrowDown")
    expect(panel.grid).to_be_focused()
    for key in ("ArrowRight", "Space", "End", "Space"):
        keyboard.press(key)
    expect(page.get_by_text("2 selected")).to_be_visible()
    keyboard.press("Home")
    keyboard.press("PageDown")
    keyboard.press("PageDown")
    annotator, name = AnnotatorPage(page), page.locator(".rf-annotator .rf-name")
    keyboard.press("Enter")
    annotator.wait()
    expect(annotator.canvas).to_be_focused()
    first = name.inner_text()
    keyboard.press("d")
    expect(name).not_to_have_text(first)
    annotator.wait()
    keyboard.press("Escape")
    keyboard.press("Escape")
    expect(page.get_by_role("tab", name="Annotate")).to_be_focused()
    keyboard.press("ArrowLeft")
    keyboard.press("ArrowDown")
    expect(panel.grid).to_be_focused()
    here = panel.grid.locator(".jp-mod-active")
    expect(here).to_contain_text(name_of_next(cells, first))
    expect(here).to_be_in_viewport()
    expect(page.get_by_text("2 selected")).to_be_visible()


def name_of_next(cells: rf.Dataset, name: str) -> str:
    names = [image.filename for image in cells.images()]
    return names[names.index(name) + 1]
