"""The Versions tab: a recipe put together by hand and seen at once, frozen, compared, exported."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, expect

from jupyter_roboflow import Dataset, Workspace
from tests.e2e.panel_page import BLOOD, PanelPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def _step(making: Locator, name: str) -> Locator:
    return making.locator(f'[data-step="{name}"]')


def _preview_is_new(making: Locator) -> None:
    expect(making.get_by_role("list", name="Preview")).to_have_attribute("aria-busy", "false")


@pytest.fixture
def nuclei(workspace: Workspace, request: pytest.FixtureRequest) -> Dataset:
    """Six images with outlines."""
    dataset = workspace.create_dataset(f"Nuclei for {request.node.name}")
    dataset.import_(BLOOD.parent / "nuclei")
    return dataset


def test_a_recipe_is_built_seen_frozen_and_compared(panel: PanelPage, nuclei: Dataset) -> None:
    page = panel.page
    panel.open(nuclei, "versions")
    making = panel.new_version("flip", "rotate", preprocessing=["resize"])
    resize, rotate = _step(making, "resize"), _step(making, "rotate")
    for side in ("width", "height"):
        resize.get_by_role("spinbutton", name=side).fill("96")
    preview = making.get_by_role("list", name="Preview")
    expect(preview.get_by_role("figure")).to_have_count(4 * 3)
    _preview_is_new(making)
    expect(preview.get_by_text(re.compile(r"^original · \d+ shapes$")).first).to_be_visible()

    # A setting that cannot be is told at its step, and nothing can be generated until it is mended.
    rotate.get_by_role("spinbutton", name="degrees").fill("300")
    expect(rotate.get_by_role("alert")).to_have_text("degrees is a number from 0 to 180 °, not 300.")
    expect(making.get_by_role("button", name="Generate")).to_have_attribute("aria-disabled", "true")
    rotate.get_by_role("spinbutton", name="degrees").fill("30")
    expect(rotate.get_by_role("alert")).to_have_count(0)

    rotate.get_by_role("button", name="Move Rotate up").click()
    making.get_by_text("As JSON").click()
    text = making.get_by_role("textbox", name="Recipe (JSON)")
    recipe = json.loads(text.input_value())
    assert [step["step"] for step in recipe["augment"]] == ["rotate", "flip"]
    assert recipe["augment"][0]["degrees"] == 30 and recipe["multiplier"] == 3
    text.fill('{"preprocess": [')
    expect(making.get_by_role("alert").filter(has_text="This is not a JSON object.")).to_be_visible()
    text.fill('{"augment": ["no such step"]}')
    expect(_step(making, "no such step").get_by_role("alert")).to_contain_text("there is no step")
    text.fill(json.dumps({**recipe, "multiplier": 2, "augment": [recipe["augment"][0]]}))
    expect(making.locator("[data-step]")).to_have_count(2)

    panel.tab("Images")  # what is being made is not lost by looking elsewhere
    panel.tab("Versions")
    making.get_by_role("textbox", name="Name").fill("small 🩸")
    making.get_by_role("button", name="Generate").click()
    first = page.locator('[data-version="1"]')
    expect(first).to_contain_text("small 🩸", timeout=180_000)
    expect(first).to_contain_text("12 images")  # all train, and there is a copy of each

    first.get_by_role("button", name="Use its recipe").click()
    _step(making, "rotate").get_by_role("button", name="Remove Rotate").click()
    making.get_by_role("button", name="Generate").click()
    expect(page.locator('[data-version="2"]')).to_contain_text("6 images", timeout=180_000)
    page.get_by_text("Compare versions").click()
    expect(page.get_by_role("tabpanel", name="Versions")).to_contain_text("another recipe")

    first.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(first).to_have_count(0)
    page.locator('[data-version="2"]').get_by_role("button", name="Export").click()
    page.get_by_role("dialog").get_by_role("button", name="Export").click()
    jobs = page.get_by_role("list", name="Jobs")
    expect(jobs.get_by_role("button", name="Download")).to_be_visible()


def test_a_recipe_opens_in_a_notebook_as_the_code_that_makes_it(panel: PanelPage, nuclei: Dataset) -> None:
    page = panel.page
    panel.open(nuclei, "versions")
    making = panel.new_version("flip")
    making.get_by_role("button", name="Open in notebook").click()
    cell = page.locator(".jp-Notebook .jp-Cell").first
    expect(cell).to_contain_text("recipe = rf.Recipe(")
    expect(cell).to_contain_text(re.compile(r'"step": "flip", "horizontal": True'))
    panel.lab.wait_for_kernel()  # a server that ends while a kernel starts waits long for it
