"""The panel in JupyterLab: a dataset from the first image to the export, without a line of code."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.panel_page import BLOOD, PanelPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

TABS = ("Images", "Annotate", "Health", "Versions", "Jobs", "Settings")


def test_from_images_to_labels_and_splits(panel: PanelPage, tmp_path: Path) -> None:
    page = panel.page
    panel.create("Cells by hand")
    expect(page.get_by_text("Drop images, folders or zips here")).to_be_visible()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8 and then nothing")
    pictures = sorted((BLOOD / "JPEGImages").glob("*.jpg"))[:6]
    panel.choose_files("Upload", [*pictures, broken])
    upload = page.get_by_role("region", name="Upload")
    expect(upload.get_by_role("status")).to_have_text("6 images added, 1 could not be added")
    expect(upload).to_contain_text("broken.jpg")
    expect(panel.cells).to_have_count(6)
    panel.thumbnails_are_drawn()
    panel.cells.nth(1).click()
    panel.cells.nth(3).click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    panel.be_patient()
    panel.pick("Split", "valid")
    panel.find("split:valid")
    expect(page.get_by_text("3 of 6 images")).to_be_visible()
    valid = panel.cells.first.get_attribute("aria-label") or ""
    panel.find("-split:valid")
    expect(panel.cells.first).not_to_have_attribute("aria-label", valid)
    expect(panel.cells).to_have_count(3)
    page.keyboard.press("Escape")
    panel.grid.focus()
    page.keyboard.press("Control+a")
    panel.pick("Split", "test")
    page.get_by_role("button", name="Undo").last.click()
    panel.find("split:none")
    expect(page.get_by_text("3 of 6 images")).to_be_visible()
    panel.find("colour:red")
    expect(page.get_by_role("tabpanel").get_by_role("alert")).to_contain_text("“colour:red”: there are label, split")
    panel.find("nothing has this name")
    page.get_by_role("button", name="Show all images").click()
    expect(panel.cells).to_have_count(6)


def test_deleting_can_be_taken_back_until_it_is_done(panel: PanelPage) -> None:
    page = panel.page
    panel.create("Cells to delete")
    panel.choose_files("Upload", sorted((BLOOD / "JPEGImages").glob("*.jpg"))[:2])
    expect(panel.cells).to_have_count(2)
    for take_back in (True, False):
        panel.be_patient(take_back)
        panel.cells.first.click()
        page.get_by_role("toolbar", name="Selected images").get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(panel.cells.first).to_have_class(re.compile("doomed"))
        if take_back:
            page.get_by_role("button", name="Undo").click()
            expect(panel.cells.first).not_to_have_class(re.compile("doomed"))
    expect(panel.cells).to_have_count(1)


def test_an_import_is_exported_as_it_is_and_a_reload_comes_back_to_the_tab(panel: PanelPage, blood_zip: Path) -> None:
    page = panel.page
    panel.create("Blood cells")
    panel.import_blood_cells(blood_zip)
    panel.find("label:Platelets")
    exported = panel.export(page.get_by_role("button", name="Export", exact=True), "COCO")
    assert len(zipfile.ZipFile(exported).namelist()) >= 49
    panel.tab("Health")
    panel.reload(tab="health", query="label:Platelets")
    expect(page.get_by_role("tab", name="Health")).to_have_attribute("aria-selected", "true")
    panel.tab("Images")
    expect(page.get_by_role("searchbox", name="Find images")).to_have_value("label:Platelets")


def test_labels_are_made_ordered_merged_and_given_to_others_with_a_way_back(panel: PanelPage, blood_zip: Path) -> None:
    page = panel.page
    panel.create("Cells to sort")
    panel.import_blood_cells(blood_zip)
    panel.find("label:Platelets")
    platelets = page.get_by_text(re.compile(r"^\d+ of 48 images$"))
    before = platelets.inner_text()
    panel.be_patient()
    panel.grid.focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Relabel…").click()
    wish = page.get_by_role("dialog").filter(has_text="Relabel")
    wish.get_by_role("combobox", name="Annotations with").select_option("Platelets")
    wish.get_by_role("combobox", name="become").select_option("WBC")
    wish.get_by_role("button", name="Relabel").click()
    expect(page.get_by_text("0 of 48 images")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_text(re.compile(r"^\d+ annotations have their labels again\.$")).first).to_be_visible()
    expect(platelets).to_have_text(before)
    panel.tab("Settings")
    labels = page.get_by_role("region", name="Labels")
    labels.get_by_role("textbox", name="New label").fill("Debris 🩸")
    labels.get_by_role("button", name="Add").click()
    names = labels.get_by_role("textbox", name=re.compile("Name of the label"))
    expect(names).to_have_count(4)
    labels.get_by_role("button", name="Move Debris 🩸 up").click()
    expect(names.nth(2)).to_have_value("Debris 🩸")
    labels.get_by_role("combobox", name="Merge Platelets into…").select_option("Debris 🩸")
    page.get_by_role("dialog").get_by_role("button", name="Merge").click()
    expect(names).to_have_count(3)


def test_a_zip_of_plain_pictures_is_uploaded(panel: PanelPage, tmp_path: Path) -> None:
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, picture in enumerate(sorted((BLOOD / "JPEGImages").glob("*.jpg"))[:3]):
            archive.write(picture, f"day {n}/{picture.name}", zipfile.ZIP_STORED if n == 0 else None)
        archive.writestr("day 1/readme.txt", "not a picture")
    panel.create("Cells from a zip")
    panel.choose_files("Upload", [path])
    expect(panel.page.get_by_role("region", name="Upload")).to_contain_text("3 images added")
    expect(panel.cells).to_have_count(3)
