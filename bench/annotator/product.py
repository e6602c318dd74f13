"""The product in a notebook cell, saving to the Jupyter server that serves the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.jupyter_server import JupyterServer

from ..browser import fresh_page, open_notebook, run_cell
from .data import SAVED_ON, Sheet
from .hand import SAVES, Committed, Hand
from .rows import PROBE, Found

CANVAS = ".rf-canvas"
ROOM = 0.96
"""The product shows the whole image at 96 % of its canvas, and so does the floor."""

_CONNECT = "import jupyter_roboflow as rf\nws = rf.connect(progress=False)\nws.dataset('warm').annotate()"
_OPEN = "ws.dataset('boxes-{n}').annotate(height=720)"


def measure_product(server: JupyterServer, n: int, browser: Browser, found: Found) -> None:
    """Every row; the annotator has been opened once before on another page of the same kernel's kind."""
    with fresh_page(browser, PROBE) as page:
        open_notebook(page, server, f"product-{n}", [_CONNECT, _OPEN.format(n=n)])
        run_cell(page, 0)
        page.locator(CANVAS).wait_for()
        page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        page.locator(CANVAS).wait_for(state="detached")
        hand = Hand(page, CANVAS, ROOM)
        with found.step("open"):
            hand.expect(Sheet(1))
            page.evaluate("void (bench.began = performance.now())")
            run_cell(page, 1)
            found.add("open", hand.reached() - page.evaluate("bench.began"))
        box = page.locator(CANVAS).bounding_box()
        assert box is not None
        found.canvas = (round(box["width"]), round(box["height"]))
        _gestures(page, hand, found)
        _next(page, hand, found)
        _saves(page, hand, found, server.folder / "roboflow.db", n)


def _gestures(page: Page, hand: Hand, found: Found) -> None:
    page.locator(CANVAS).focus()
    page.keyboard.press("v")
    x, y, w, h = Sheet(1).mark
    with found.step("drag"):
        found.extend("drag", hand.frames(x + w / 2, y + h / 2, 120))
        page.keyboard.press("ControlOrMeta+z")
    with found.step("latency"):
        found.extend("latency", hand.latencies(x + w / 2, y + h / 2))
        page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("Escape")
    with found.step("pan"):
        page.keyboard.down(" ")
        found.extend("pan", hand.frames(1500, 1000, 80))
        page.keyboard.up(" ")
    page.keyboard.press("0")
    page.wait_for_timeout(300)


def _saves(page: Page, hand: Hand, found: Found, database: Path, n: int) -> None:
    count = (
        "SELECT count(*) FROM annotations WHERE image_id = (SELECT images.id FROM images JOIN datasets"
        f" ON datasets.id = images.dataset_id WHERE datasets.name = 'boxes-{n}' AND filename = 'photo-{SAVED_ON}.jpg')"
    )
    page.locator("[data-saving=saved]").wait_for()
    page.locator(CANVAS).focus()
    page.keyboard.press("b")
    watch = Committed(database, count)
    watch.start()
    watch.ready.wait()
    with found.step("save"):
        for number in range(SAVES):
            began = hand.draw_box(number)
            found.add("save", 1000 * (watch.wait_for(number + 1) - began))
            page.locator("[data-saving=saved]").wait_for()
            page.wait_for_timeout(100)
    watch.close()


def _next(page: Page, hand: Hand, found: Found) -> None:
    """1 → 2 → 3, a jump to 8, → 9 → 10, a jump to 17, → 18."""
    for number in (2, 3, 8, 9, 10, 17, SAVED_ON):
        jumps = number in (8, 17)
        _wait_until_ahead(page)
        hand.expect(Sheet(number))
        with found.step("next-cold" if jumps else "next"):
            if jumps:
                page.locator(".rf-jump input").fill(str(number))
                page.keyboard.press("Enter")
            else:
                page.locator(CANVAS).focus()
                page.keyboard.press("ArrowRight")
            found.add("next-cold" if jumps else "next", hand.since_press())


def _wait_until_ahead(page: Page) -> None:
    """Until no photo has come for a while: those next to this one are there."""
    page.wait_for_function("""() => {
        const photos = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/file'));
        return performance.now() - Math.max(...photos.map(({ responseEnd }) => responseEnd)) > 700;
    }""")
