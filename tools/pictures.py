"""Takes the pictures of README and guide in a real JupyterLab, with the packaged data: `make pictures`.

Names as arguments take only those: `make pictures ARGS="annotator recording"`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

import jupyter_roboflow as rf
from jupyter_roboflow import demo
from tests.e2e.annotator_page import AnnotatorPage, write_notebook
from tests.e2e.lab_page import LabPage
from tests.jupyter_server import TOKEN, JupyterServer
from tests.parts import require

from .recording import Recording, optimised

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
DATA = Path(demo.__file__).parent / "data"
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars")
SIZE = {"width": 1280, "height": 800}
SMALL = {"width": 1140, "height": 700}
PICTURE = (640, 480)
# Cells of the second picture, in its pixels, as its annotations say.
WHITE_CELL = (145, 112, 335, 285)
RED_CELLS = ((121, 323, 242, 440), (227, 331, 349, 449))

Theme = Literal["light", "dark"]


class Studio:
    """JupyterLab with the demo data as a photographer has it in front of them."""

    def __init__(self, page: Page, server: JupyterServer) -> None:
        self.page, self.server = page, server
        self.lab = LabPage(page, server)
        self.lab.open()

    def theme(self, theme: Theme) -> None:
        set_theme = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
        self.page.evaluate(set_theme, f"JupyterLab {theme.capitalize()}")
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{str(theme == 'light').lower()}'")

    def dataset(self, name: str, tab: str = "Images") -> None:
        """A dataset's document at a tab, the sidebar beside it."""
        self.lab.execute("roboflow:show-datasets")
        self.page.get_by_role("region", name="Datasets").get_by_text(name, exact=True).first.click()
        expect(self.page.get_by_role("tab", name="Images")).to_be_visible()
        self._close_launcher()
        self.tab(tab)

    def _close_launcher(self) -> None:
        close = "[...window.jupyterapp.shell.widgets('main')].filter(w => w.title.label === 'Launcher')"
        self.page.evaluate(f"{close}.forEach(w => w.close())")

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()
        self.settle()

    def settle(self) -> None:
        """Until every picture in view is drawn and nothing is on its way."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function(
            "[...document.querySelectorAll('.jp-rf-DatasetWidget img')].every(i => i.complete && i.naturalWidth > 0)"
        )
        self.page.wait_for_timeout(400)  # a transition of JupyterLab's

    def annotator(self, image: int) -> AnnotatorPage:
        """The annotator of the open dataset on its n-th image."""
        self.tab("Images")
        self.page.get_by_role("listbox", name="Images").get_by_role("option").nth(image).dblclick()
        shown = AnnotatorPage(self.page).wait()
        self.settle()
        return shown


def take_annotator(studio: Studio, path: Path) -> None:
    studio.dataset("Blood cells")
    annotator = studio.annotator(1)
    annotator.key("v")
    studio.page.mouse.click(*annotator.at(0.5, 0.5))
    studio.page.mouse.move(*annotator.at(0.02, 0.98))
    studio.page.wait_for_timeout(300)
    studio.page.screenshot(path=path)


def take_images(studio: Studio, path: Path) -> None:
    studio.dataset("Blood cells")
    studio.tab("Images")
    studio.page.screenshot(path=path)


def take_health(studio: Studio, path: Path) -> None:
    studio.dataset("Blood cells", "Health")
    studio.page.screenshot(path=path)


def take_versions(studio: Studio, path: Path) -> None:
    studio.dataset("Blood cells", "Versions")
    studio.page.get_by_role("button", name="New version").click()
    for step in ("Flip", "Rotate"):
        add_step(studio, step)
    studio.page.screenshot(path=path)


def take_notebook(studio: Studio, path: Path) -> None:
    cells = [
        "import jupyter_roboflow as rf\nds = rf.connect().dataset('Nuclei')",
        "ds.annotate(height=430)",
    ]
    write_notebook(studio.server.root / "nuclei.ipynb", cells)
    studio.lab.open("nuclei.ipynb")
    studio.lab.wait_for_kernel()
    studio.lab.execute("notebook:run-all-cells")
    AnnotatorPage(studio.page).wait()
    studio.page.wait_for_timeout(500)
    studio.page.screenshot(path=path)


STILLS: Mapping[str, Callable[[Studio, Path], None]] = {
    "annotator": take_annotator,
    "images": take_images,
    "health": take_health,
    "versions": take_versions,
    "notebook": take_notebook,
}


def record(studio: Studio, path: Path) -> None:
    """Half a minute with the product: find images, outline and box cells, try a recipe."""
    studio.dataset("New smears")
    studio.dataset("Blood cells")
    with Recording(studio.page, path) as recording:
        find_images(studio, recording)
        draw_cells(studio, recording)
        try_recipe(studio, recording)


def find_images(studio: Studio, recording: Recording) -> None:
    page = studio.page
    recording.hold(1.2)
    box = page.get_by_role("searchbox", name="Find images")
    recording.click(box)
    for words in ("label:WBC", " split:train", " objects:>14"):
        page.keyboard.type(words)
        recording.hold(0.45)
    box.press("Enter")
    studio.settle()
    recording.hold(1.6)


def draw_cells(studio: Studio, recording: Recording) -> None:
    page = studio.page
    recording.click(page.get_by_role("region", name="Datasets").get_by_text("New smears", exact=True))
    studio.settle()
    recording.hold(0.9)
    recording.move_to(page.get_by_role("listbox", name="Images").get_by_role("option").nth(1))
    page.mouse.dblclick(*recording.place)
    annotator = AnnotatorPage(page).wait()
    studio.settle()
    recording.hold(0.8)
    annotator.key("o")
    drag_around(annotator, recording, WHITE_CELL)
    expect(annotator.rows).to_have_count(1, timeout=30_000)
    recording.hold(1.5)
    for key in ("2", "b"):
        annotator.key(key)
    for count, cell in enumerate(RED_CELLS, start=2):
        drag_around(annotator, recording, cell)
        expect(annotator.rows).to_have_count(count)
    annotator.expect_saved()
    recording.hold(1.6)


def drag_around(annotator: AnnotatorPage, recording: Recording, box: tuple[float, float, float, float]) -> None:
    """From corner to corner of a box in pixels of the picture."""
    x0, y0, x1, y1 = box
    recording.move(*on_picture(annotator, x0, y0))
    recording.drag(*on_picture(annotator, x1, y1))
    recording.hold(0.3)


def on_picture(annotator: AnnotatorPage, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of a picture that is seen as a whole lies on the page."""
    canvas = annotator.canvas.bounding_box()
    assert canvas is not None, "the annotator is not in view"
    zoom = 0.96 * min(canvas["width"] / PICTURE[0], canvas["height"] / PICTURE[1])  # as `fit` in engine/camera.ts
    middle = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2
    return middle[0] + (x - PICTURE[0] / 2) * zoom, middle[1] + (y - PICTURE[1] / 2) * zoom


def try_recipe(studio: Studio, recording: Recording) -> None:
    page = studio.page
    recording.click(page.get_by_role("region", name="Datasets").get_by_text("Blood cells", exact=True))
    recording.click(page.get_by_role("tab", name="Versions"))
    studio.settle()
    recording.hold(1.2)
    recording.click(page.get_by_role("button", name="New version"))
    wait_for_preview(studio)
    recording.hold(1.2)
    for step in ("Flip", "Rotate", "Brightness"):
        add_step(studio, step)
        recording.hold(1.2)
    recording.hold(1.5)


def add_step(studio: Studio, title: str) -> None:
    """Choose a step of augmentation in the recipe's form, and see what it does."""
    studio.page.get_by_role("combobox", name="Add augmentation…").select_option(label=title)
    wait_for_preview(studio)


def wait_for_preview(studio: Studio) -> None:
    expect(studio.page.get_by_role("list", name="Preview")).to_have_attribute("aria-busy", "false", timeout=30_000)
    studio.settle()


@contextmanager
def lab_server(folder: Path) -> Iterator[JupyterServer]:
    """A JupyterLab with two datasets, and without its question about news."""
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"fetchNews": "false"}), encoding="utf-8")
    options = [f"--LabApp.user_settings_dir={folder / 'settings'}", f"--LabApp.workspaces_dir={folder / 'workspaces'}"]
    options.append("--LabApp.expose_app_in_browser=True")
    server = JupyterServer(folder, *options, program="jupyterlab", base_url="/")
    try:
        fill(server)
        yield server
    finally:
        server.close()


def fill(server: JupyterServer) -> None:
    """The packaged datasets, one version, and pictures nobody has annotated."""
    with rf.connect(server.url, token=TOKEN, progress=False) as ws:
        cells = ws.create_dataset("Blood cells")
        cells.import_(DATA / "blood-cells")
        ws.create_dataset("Nuclei").import_(DATA / "nuclei")
        smears = ws.create_dataset("New smears")
        smears.upload(sorted((DATA / "blood-cells" / "JPEGImages").iterdir())[:8])
        for label, color in (("WBC", "#3b8ede"), ("RBC", "#c2185b")):
            smears.add_label(label, color)
        recipe = rf.Recipe([{"step": "resize", "width": 416, "height": 416}, "flip", {"step": "rotate", "degrees": 10}])
        cells.generate(recipe, note="First training")


@contextmanager
def studio_of(browser: Browser, server: JupyterServer, size: Mapping[str, int], theme: Theme) -> Iterator[Studio]:
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]})
    try:
        studio = Studio(context.new_page(), server)
        studio.theme(theme)
        yield studio
    finally:
        context.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", choices=[*STILLS, "recording", []], help="only these")
    names = options.parse_args().names or [*STILLS, "recording"]
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        lab_server(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=require("chromium"), args=list(CHROMIUM))
        themes: tuple[Theme, ...] = ("light", "dark")
        for theme in themes:
            for name in (name for name in names if name in STILLS):
                with studio_of(browser, server, SIZE, theme) as studio:
                    path = PICTURES / f"{name}-{theme}.png"
                    STILLS[name](studio, path)
                    print(f"{path.relative_to(ROOT)}: {optimised(path):,} bytes")
        if "recording" in names:
            with studio_of(browser, server, SMALL, "light") as studio:
                path = PICTURES / "recording.gif"
                record(studio, path)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
