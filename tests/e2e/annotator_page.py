"""A notebook with the annotator as a person has it in front of them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat.v4 as notebook
from playwright.sync_api import Locator, Page, expect

from tests.e2e.lab_page import LabPage
from tests.jupyter_server import JupyterServer

MAKE = """
import numpy as np, cv2
import jupyter_roboflow as rf
ds = rf.connect(progress=False).create_dataset({name!r}, exist_ok=True)
rng = np.random.default_rng(1)
def photo(i):
    image = np.full((600, 900, 3), (70 + 30 * i, 110, 150 - 20 * i), np.uint8)
    for _ in range(12):
        x, y, r = rng.integers(60, 840), rng.integers(60, 540), rng.integers(15, 60)
        cv2.circle(image, (int(x), int(y)), int(r), [int(c) for c in rng.integers(0, 255, 3)], -1)
    return image
if not len(ds):
    ds.upload([photo(i) for i in range(3)])
    for label in ('cell', 'nucleus', 'dirt'):
        ds.add_label(label)
"""
NOTEBOOK_METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """A notebook with these code cells."""
    book = notebook.new_notebook(cells=[notebook.new_code_cell(source) for source in cells], metadata=NOTEBOOK_METADATA)
    import nbformat

    path.write_text(nbformat.writes(book), encoding="utf-8")


class AnnotatorPage:
    """The annotator on a page: pictures of 900 × 600, places are fractions of the canvas."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Locator = page.locator(".rf-annotator").first
        self.canvas: Locator = self.root.locator(".rf-canvas")

    def wait(self, seconds: float = 180) -> AnnotatorPage:
        """Until an image is shown."""
        expect(self.root).to_be_visible(timeout=seconds * 1000)
        expect(self.canvas).to_have_attribute("aria-busy", "false", timeout=seconds * 1000)
        self.canvas.scroll_into_view_if_needed()
        return self

    def at(self, x: float, y: float) -> tuple[float, float]:
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def key(self, key: str) -> None:
        self.canvas.focus()
        self.page.keyboard.press(key)

    def expect_image(self, number: int, count: int) -> None:
        """That one of so many, once it is shown."""
        place = self.root.get_by_role("textbox", name=f"Image number, 1 to {count}")
        expect(place).to_have_value(str(number))
        self.wait()

    def point_on_second_image(self) -> None:
        """On to the second of three images by a key, and a point on it that is saved."""
        self.key("d")
        self.expect_image(2, 3)
        self.draw_point(0.5, 0.5)
        self.expect_saved()

    def draw_box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.key("b")
        self.page.mouse.move(*self.at(x0, y0))
        self.page.mouse.down()
        self.page.mouse.move(*self.at((x0 + x1) / 2, (y0 + y1) / 2))
        self.page.mouse.move(*self.at(x1, y1))
        self.page.mouse.up()

    def draw_polygon(self, *points: tuple[float, float]) -> None:
        self.key("p")
        for point in points:
            self.page.mouse.click(*self.at(*point))
        self.page.keyboard.press("Enter")

    def draw_point(self, x: float, y: float) -> None:
        self.key("k")
        self.page.mouse.click(*self.at(x, y))

    @property
    def rows(self) -> Locator:
        """The annotations in the list, the topmost first."""
        return self.root.get_by_role("list", name="Annotations").get_by_role("listitem")

    def expect_rows(self, *texts: str) -> None:
        expect(self.rows).to_have_text([re.compile(text) for text in texts])

    def expect_saved(self) -> None:
        self.expect_saving("saved")

    def expect_saving(self, state: str) -> None:
        """Who was not answered for a while waits up to three quarters of a minute before the next try."""
        expect(self.root.locator("[data-saving]")).to_have_attribute("data-saving", state, timeout=150_000)


def open_annotator(lab_page: LabPage, root: Path, name: str, *cells: str, setup: str | None = None) -> AnnotatorPage:
    """A notebook that makes a dataset of that name and runs these cells, the annotator in one of them.

    Another `setup` goes in the place of the one that makes the dataset.
    """
    write_notebook(root / f"{name}.ipynb", [MAKE.format(name=name) if setup is None else setup, *cells])
    lab_page.open(f"{name}.ipynb")
    lab_page.wait_for_kernel()
    lab_page.execute("notebook:run-all-cells")
    return AnnotatorPage(lab_page.page).wait()


def annotations_of(server: JupyterServer, name: str) -> list[list[dict[str, Any]]]:
    """What the server has of a dataset: the annotations of each image."""
    found = server.ask(f"datasets/find?name={name}")[2]
    images = server.ask(f"datasets/{found['id']}/images")[2]["items"]
    return [server.ask(f"images/{image['id']}/annotations")[2]["annotations"] for image in images]


def expect_stored(server: JupyterServer, name: str, *counts: int) -> None:
    """Until the server has so many annotations of each image of a dataset."""
    stored: list[int] = []
    for _ in range(600):
        stored = [len(image) for image in annotations_of(server, name)]
        if stored == list(counts):
            return
        time.sleep(0.2)
    raise AssertionError(f"{stored} are stored, not {list(counts)}")


_BRIGHTNESS = """e => getComputedStyle(e).backgroundColor.match(/[0-9.]+/g).slice(0, 3)
    .reduce((sum, channel) => sum + Number(channel), 0)"""


def expect_both_themes(annotator: AnnotatorPage, shots: Path) -> None:
    """Light, then dark with the page around it; leaves a screenshot of the page in each."""
    for theme, light in (("JupyterLab Light", "true"), ("JupyterLab Dark", "false")):
        annotator.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        annotator.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
        annotator.page.screenshot(path=shots / f"{theme}.png")
        bright = f"annotator => (({_BRIGHTNESS})(annotator) > 382) === {light}"
        annotator.page.wait_for_function(bright, arg=annotator.root.element_handle())
