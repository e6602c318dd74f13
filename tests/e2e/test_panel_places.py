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
from tests.e2e.looks import HIGH_CONTRAST, change_theme, cut_off, faint
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


def test_the_status_bar_and_the_menu_lead_to_what_they_name(
    lab_page: LabPage, lab: JupyterServer, cells: rf.Dataset
) -> None:
    many = {"recipe": {"augment": ["rotate", "noise"], "multiplier": 50}}
    assert lab.ask(f"datasets/{cells.id}/versions", "POST", body=many)[0] == 202
    panel = PanelPage(lab_page)
    page = panel.page
    item = page.get_by_role("button", name=re.compile(r"^1 dataset job: \d+ %$"))
    item.click()
    panel.wait_for_document(NAME)
    expect(page.get_by_role("tab", name="Jobs")).to_have_attribute("aria-selected", "true")
    job = page.get_by_role("list", name="Jobs").get_by_role("listitem").first
    expect(job.get_by_role("progressbar")).to_be_visible()
    job.get_by_role("button", name="Cancel").click()
    expect(job).to_contain_text("cancelled")
    expect(item).to_have_count(0)

    in_palette: list[str] = page.wait_for_function(_IN_PALETTE, polling=200).json_value()
    page.keyboard.press("Escape")
    listed = _open_menu(page).locator("li[data-type=command]")
    commands: list[str] = listed.evaluate_all("items => items.map(item => item.dataset.command)")
    assert len(commands) == 10 and set(commands) <= set(in_palette)
    page.keyboard.press("Escape")
    _choose_each(panel)
    _open_menu(page).get_by_text("Open Dataset in a Notebook", exact=True).click()
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_contain_text(f"dataset({cells.id})")
    panel.lab.wait_for_kernel()


# What takes the focus closes the palette, as a launcher does that comes late: it is opened until it stays.
_IN_PALETTE = """() => {
    const items = [...document.querySelectorAll(".lm-CommandPalette-item[data-command^='roboflow:']")];
    if (items.length === 0) void window.jupyterapp.commands.execute('apputils:activate-command-palette');
    return items.length > 0 && items.map(item => item.dataset.command);
}"""

_FOUND = """name => {
    const field = document.activeElement;
    if (!field.matches('.lm-CommandPalette-input') || field.value !== name) return 'not yet';
    const item = document.querySelector('.lm-CommandPalette-item.lm-mod-active');
    return item?.textContent.includes(name) && 'found';
}"""


def _choose_each(panel: PanelPage) -> None:
    """Every command of the menu that makes nothing by itself."""
    page = panel.page

    def choose(label: str) -> None:
        _open_menu(page).get_by_text(label, exact=True).click()

    dialog = page.get_by_role("dialog")
    for label, told in (
        ("New Image Dataset…", "New dataset"),
        ("Export the Dataset…", "Export"),
        ("Rename Dataset…", "Rename dataset"),
        ("About Roboflow for Jupyter", f"jupyter-roboflow {rf.__version__}The server extension is running."),
    ):
        choose(label)
        expect(dialog).to_contain_text(told)
        dialog.locator(".jp-Dialog-footer button").first.click()
        expect(dialog).to_have_count(0)
    uploads = ("Upload Images…", True), ("Upload a Folder of Images…", True), ("Import a Dataset…", False)
    for label, several in uploads:
        with page.expect_file_chooser() as chosen:
            choose(label)
        assert chosen.value.is_multiple() == several
    panel.tab("Images")
    choose("Show Dataset Jobs")
    expect(page.get_by_role("tab", name="Jobs")).to_have_attribute("aria-selected", "true")
    choose("Show Datasets")
    expect(panel.sidebar.get_by_role("searchbox")).to_be_focused()
    expect(panel.sidebar.get_by_role("button", name=NAME)).to_have_attribute("aria-current", "true")


def _open_menu(page: Page) -> Locator:
    page.get_by_role("menuitem", name="Datasets").click()
    return page.locator(".lm-Menu.lm-MenuBar-menu")


def test_the_launcher_makes_a_dataset_and_files_of_the_file_browser_go_into_it(
    lab_page: LabPage, root: Path, blood_zip: Path
) -> None:
    names = ["left.jpg", "right.jpg", "cells.zip"]
    for name, picture in zip(names, [*sorted((BLOOD / "JPEGImages").glob("*.jpg"))[:2], blood_zip], strict=True):
        (root / name).write_bytes(picture.read_bytes())
    panel = PanelPage(lab_page)
    page = panel.page
    add, import_ = (page.get_by_text(label, exact=True) for label in ("Add to Dataset…", "Import as Dataset…"))
    page.locator(".jp-LauncherCard", has_text="Image Dataset").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Cells from the launcher")
    page.keyboard.press("Enter")
    panel.wait_for_document("Cells from the launcher")
    left, right, packed = (page.get_by_role("listitem", name=re.compile(rf"^Name: {name}")) for name in names)
    left.click()
    right.click(modifiers=["Control"])
    left.click(button="right")
    expect(add).to_be_visible()
    expect(import_).to_be_hidden()
    add.click()
    added = page.get_by_role("region", name="Upload").get_by_role("status")
    expect(added).to_have_text("2 images added")
    expect(panel.cells).to_have_count(2)

    page.get_by_role("button", name="New Launcher").first.click()  # no dataset is in front: it is asked which
    right.click()
    right.click(button="right")
    add.click()
    dialog = page.get_by_role("dialog")
    dialog.filter(has_text="Which dataset?").get_by_role("combobox").select_option("Cells from the launcher")
    page.keyboard.press("Enter")
    panel.wait_for_document("Cells from the launcher")
    expect(added).to_have_text("1 image was there already")
    expect(panel.cells).to_have_count(2)

    packed.click(button="right")
    expect(add).to_be_hidden()
    import_.click()
    report = dialog.filter(has_text="Import cells.zip")
    expect(report).to_contain_text("Pascal VOC")
    report.get_by_role("button", name="Import").click()
    panel.wait_for_document("cells")
    expect(page.get_by_role("list", name="Jobs")).to_contain_text("48 images added")


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


def test_in_every_theme_all_is_there_on_a_small_screen_and_axe_finds_nothing_serious(
    small: Page, panel: PanelPage, cells: rf.Dataset
) -> None:
    panel.lab.execute("roboflow:show-datasets")
    panel.open(cells)
    wrong: list[str] = []
    for theme in ("JupyterLab Light", "JupyterLab Dark", HIGH_CONTRAST):
        rules = () if theme == "JupyterLab Light" else ("color-contrast",)  # the others look at no colours
        change_theme(small, theme)
        for place in (*TABS, "Recipe"):
            if place == "Recipe":
                panel.new_version("flip", "rotate", preprocessing=["resize"])
            else:
                panel.tab(place)
            if place == "Images":
                panel.cells.nth(1).click()
                expect(small.get_by_text("1 selected")).to_be_visible()
            panel.settle()
            found = panel.violations(*rules)
            found += [*cut_off(small), *faint(small)] if theme == HIGH_CONTRAST else []
            wrong += [f"{theme}, {place}: {each}" for each in found]
        small.get_by_role("button", name="Cancel").click()
    change_theme(small, "JupyterLab Light")
    assert wrong == []


def test_without_a_mouse_from_a_new_dataset_to_an_annotated_image_and_back(panel: PanelPage, cells: rf.Dataset) -> None:
    page, keyboard = panel.page, panel.page.keyboard
    _open_by_keys(panel, cells)
    _through_the_tabs_by_keys(panel)
    _find_by_keys(panel)
    panel.grid.focus()
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


def _open_by_keys(panel: PanelPage, cells: rf.Dataset) -> None:
    """A new dataset, and then the one with images, found in the sidebar."""
    page, keyboard = panel.page, panel.page.keyboard
    expect(page.locator(".jp-LauncherCard").first).to_be_visible()  # it takes the keyboard when it comes
    page.wait_for_function("window.jupyterapp.shell.currentWidget !== null")
    _command(page, "New Image Dataset")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    keyboard.type("Cells without a mouse")
    keyboard.press("Enter")
    panel.wait_for_document("Cells without a mouse")
    _command(page, "Show Datasets")
    expect(panel.sidebar.get_by_role("searchbox")).to_be_focused()
    keyboard.type(NAME[:12])
    expect(panel.sidebar.get_by_role("listitem")).to_have_count(1)
    keyboard.press("Tab")
    expect(panel.sidebar.get_by_role("button", name=NAME)).to_be_focused()
    keyboard.press("Enter")
    panel.wait_for_document(NAME)
    expect(page.locator(f"#roboflow-dataset-{cells.id} > .jp-rf-DatasetWidget")).to_be_focused()


def _command(page: Page, name: str) -> None:
    found = "not yet"
    while found != "found":
        page.keyboard.press("Control+Shift+C")
        page.keyboard.type(name)
        found = page.wait_for_function(_FOUND, arg=name).json_value()
    page.keyboard.press("Enter")


def _through_the_tabs_by_keys(panel: PanelPage) -> None:
    page, keyboard = panel.page, panel.page.keyboard
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


def _find_by_keys(panel: PanelPage) -> None:
    """From the grid into the search box and back to all images."""
    page, keyboard = panel.page, panel.page.keyboard
    keyboard.press("Home")
    keyboard.press("ArrowDown")
    expect(panel.grid).to_be_focused()
    keyboard.press("Control+a")
    expect(page.get_by_text(f"{COUNT} selected")).to_be_visible()
    keyboard.press("Escape")
    keyboard.press("/")
    box = page.get_by_role("searchbox", name="Find images")
    expect(box).to_be_focused()
    keyboard.type("a/b")
    expect(box).to_have_value("a/b")
    keyboard.press("Control+a")
    keyboard.press("Delete")
    keyboard.press("Enter")
    expect(page.get_by_text(f"{COUNT} images", exact=True)).to_be_visible()


def name_of_next(cells: rf.Dataset, name: str) -> str:
    names = [image.filename for image in cells.images()]
    return names[names.index(name) + 1]
