"""The panel when something is wrong: with the files, the server, the login, the rights, or the dataset itself."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from jupyter_roboflow import Dataset, Workspace
from tests.e2e.annotator_page import AnnotatorPage
from tests.e2e.panel_page import BLOOD, PanelPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

PICTURES = sorted((BLOOD / "JPEGImages").glob("*.jpg"))
NOTHING_TO_DO = ("Newer", "Older", "Make a token")  # off for everybody: there is one page, and no name yet
RTL = "خلايا الدم 🩸 <b>"


@pytest.fixture
def cells(workspace: Workspace, request: pytest.FixtureRequest) -> Dataset:
    """Three images and a label."""
    dataset = workspace.create_dataset(f"Cells for {request.node.name}")
    dataset.upload(PICTURES[:3])
    dataset.add_label("cell")
    return dataset


def test_files_that_are_no_dataset_or_two_are_told_before_anything_is_written(
    panel: PanelPage, tmp_path: Path, workspace: Workspace
) -> None:
    page = panel.page
    panel.create(RTL)
    expect(page.get_by_role("tab", name=RTL)).to_be_visible()
    dialog = page.get_by_role("dialog")
    hello = tmp_path / "hello.json"
    hello.write_text('{"hello": "world"}', encoding="utf-8")
    panel.choose_files("Import", [hello])
    expect(dialog.filter(has_text="hello.json cannot be imported")).to_contain_text("format of hello.json is not known")
    page.keyboard.press("Enter")

    two = tmp_path / "two.zip"
    with zipfile.ZipFile(two, "w") as archive:
        for folder in (BLOOD, BLOOD.parent / "nuclei"):
            for file in sorted(folder.rglob("*")):
                archive.write(file, Path(folder.name) / file.relative_to(folder))
    panel.choose_files("Import", [two])
    choice = dialog.filter(has_text="two.zip holds more than one dataset")
    choice.get_by_role("combobox").select_option("COCO")
    choice.get_by_role("button", name="Look into it").click()
    report = dialog.filter(has_text="Import two.zip")
    expect(report).to_contain_text("228")
    report.get_by_role("button", name="Cancel").click()
    assert len(workspace.dataset(RTL)) == 0


def test_a_viewer_finds_every_button_that_is_not_theirs_off_and_with_a_reason(panel: PanelPage, cells: Dataset) -> None:
    page = panel.page

    def as_viewer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "role": "viewer"})

    page.route(re.compile(rf"/api/datasets/{cells.id}$"), as_viewer)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/roboflow/api/" in request.url else None)
    panel.open(cells)
    panel.cells.first.click()
    expect(page.get_by_role("button", name="Delete")).to_have_attribute("aria-disabled", "true")
    reason = "You are viewer in this dataset. Ask its owner for more."
    enabled: dict[str, set[str]] = {}
    for tab in ("Images", "Versions", "Settings"):
        panel.tab(tab)
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        off = page.locator(".jp-rf-Document :is(.jp-rf-Button[aria-disabled=true], select:disabled)")
        expect(off.first).to_be_visible()
        panel.settle()
        for control in off.all():
            assert control.get_attribute("title") == reason or control.inner_text() in NOTHING_TO_DO
            control.click(force=True)
        on = page.locator(".jp-rf-Document button.jp-rf-Button:not([aria-disabled=true])")
        enabled[tab] = {text.strip() for text in on.all_inner_texts()} - {""}
    assert enabled == {"Images": {"Export", "Clear", "Select all 3"}, "Versions": {"Export"}, "Settings": {"Export"}}
    panel.tab("Images")
    panel.grid.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert set(sent) == {"GET"}


def test_a_dataset_that_somebody_else_deletes_says_so_and_closes(
    panel: PanelPage, cells: Dataset, workspace: Workspace
) -> None:
    page = panel.page
    panel.open(cells)
    expect(panel.cells).to_have_count(3)
    workspace.dataset(cells.id).delete()
    panel.find("blood")
    expect(page.get_by_role("alert")).to_contain_text("is not there any more")
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(page.get_by_role("tab", name="Versions")).to_have_count(0)


def test_a_server_that_is_gone_is_told_and_tried_again(panel: PanelPage, cells: Dataset) -> None:
    page = panel.page
    panel.open(cells)
    expect(panel.cells).to_have_count(3)
    page.context.set_offline(True)
    panel.find("blood")
    trouble = page.get_by_role("alert").filter(has_text="The Jupyter server does not answer. Your work is kept")
    expect(trouble).to_be_visible()
    page.context.set_offline(False)
    trouble.get_by_role("button", name="Try again").click()
    expect(panel.cells).to_have_count(3)
    expect(trouble).to_have_count(0)


def test_a_login_that_ends_in_the_middle_of_an_edit_loses_nothing(panel: PanelPage, cells: Dataset) -> None:
    page = panel.page
    panel.open(cells)
    panel.cells.first.dblclick()
    annotator = AnnotatorPage(page).wait()
    body = {"error": {"code": "not_authenticated", "message": "Nobody is logged in.", "details": {}}}
    refused: list[Any] = []

    def logged_out(route: Route) -> None:
        if route.request.method == "PUT":
            refused.append(json.loads(route.request.post_data or "null"))
            route.fulfill(status=401, json=body)
        else:
            route.continue_()

    page.route("**/images/*/annotations", logged_out)
    annotator.draw_box(0.3, 0.3, 0.5, 0.5)
    expect(annotator.root).not_to_contain_text("Saving")
    _until_refused(page, refused)
    expect(annotator.root.get_by_text("Saved", exact=True)).to_have_count(0)
    page.unroute("**/images/*/annotations")
    expect(annotator.root.get_by_text("Saved", exact=True)).to_be_visible()
    [image] = [one for one in cells.images() if len(one.annotations)]
    assert [one.label for one in image.annotations] == ["cell"]


def _until_refused(page: Page, refused: list[Any]) -> None:
    while not refused:
        page.wait_for_timeout(50)
