"""The peers, each in JupyterLab in an environment of its own."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.jupyter_server import JupyterServer

from ..browser import fresh_page, open_notebook, run_cell
from .data import Sheet, made_folder
from .hand import Committed, Hand
from .rows import PROBE, Found

_NOTEBOOKS = Path(__file__).parent / "notebooks"
_SAVES, _NEXT = 5, 3
_COUNT = "SELECT coalesce(max(boxes), 0) FROM saved"
_MOVABLE = "svg rect.movable"
_SUBMIT = "Submit"
_CANNOT = {"pan": "cannot pan", "next": "loads nothing ahead"}


def measure_bbox(server: JupyterServer, n: int, canvas: tuple[int, int], browser: Browser, found: Found) -> None:
    """jupyter-bbox-widget: an <img> with SVG over it. It cannot pan."""
    found.why |= _CANNOT
    width = canvas[1] * 3 // 2
    with fresh_page(browser, PROBE) as page:
        cells = [_begin("bbox"), f"show(folder, 10, {width})", f"show(folder, {n}, {width})"]
        hand = _opened(page, server, cells, ".image img", (_MOVABLE, 10), (_MOVABLE, n), found)
        page.evaluate("bench.observe('.image svg')")
        x, y, w, h = Sheet(1).mark
        with found.step("drag"):
            found.extend("drag", hand.frames(x + w / 2, y + h / 2, 60))
        with found.step("latency"):
            # it has moved a little by now
            found.extend("latency", hand.latencies(x + w / 2 + 30, y + h / 2 + 30))
        _saves(page, hand, found, server.root / "saved.db", "")
        with found.step("next-cold"):
            for number in range(2, 2 + _NEXT):
                hand.expect(Sheet(number), _MOVABLE, n)
                page.get_by_role("button", name=_SUBMIT).click()
                found.add("next-cold", hand.since_press())


def measure_ipyannotations(
    server: JupyterServer, n: int, canvas: tuple[int, int], browser: Browser, found: Found
) -> None:
    """ipyannotations: the kernel draws on a canvas. It cannot pan; a shape is dragged by its corner."""
    found.why |= _CANNOT
    size = (canvas[1] * 3 // 2, canvas[1])
    with fresh_page(browser, PROBE) as page:
        cells = [_begin("ipya"), f"show(folder, 10, {size})", f"show(folder, {n}, {size})"]
        cells += ["edit(True)", "edit(False)", "advance()"]
        hand = _opened(page, server, cells, ".jp-OutputArea canvas", ("", 0), ("", 0), found)
        x, y, _, _ = Sheet(1).mark
        with found.step("drag"):
            run_cell(page, 3)
            page.wait_for_timeout(500)
            found.extend("drag", hand.frames(x, y, 60, "paints"))
        with found.step("latency"):
            found.extend("latency", hand.latencies(x, y))
            run_cell(page, 4)
        _saves(page, hand, found, server.root / "saved.db", _SUBMIT)
        with found.step("next-cold"):
            run_cell(page, 5)
            for number in range(2, 2 + _NEXT):
                hand.expect(Sheet(number))
                page.get_by_role("button", name=_SUBMIT).click()
                found.add("next-cold", hand.since_press())


def _begin(module: str) -> str:
    folders = f"folder = {str(made_folder())!r}; import sys; sys.path.insert(0, {str(_NOTEBOOKS)!r})"
    return f"{folders}; from {module} import *"


def _opened(
    page: Page,
    server: JupyterServer,
    cells: list[str],
    selector: str,
    warm: tuple[str, int],
    measured: tuple[str, int],
    found: Found,
) -> Hand:
    """The widget in its cell; ten boxes were shown once before, as for the product."""
    open_notebook(page, server, "peer", cells)
    run_cell(page, 0)
    page.evaluate("bench.watchPhotos()")
    hand = Hand(page, selector, 1)
    hand.expect(Sheet(1), *warm)
    run_cell(page, 1)
    hand.reached()
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    with found.step("open"):
        hand.expect(Sheet(1), *measured)
        page.evaluate("void (bench.began = performance.now())")
        run_cell(page, 2)
        found.add("open", hand.reached() - page.evaluate("bench.began"))
    return hand


def _saves(page: Page, hand: Hand, found: Found, database: Path, button: str) -> None:
    watch = Committed(database, _COUNT)
    watch.start()
    watch.ready.wait()
    with found.step("save"):
        for number in range(_SAVES):
            began = hand.draw_box(number)
            if button:
                page.get_by_role("button", name=button).click()
                began = page.evaluate("bench.released") / 1000
            # A box is sent while it is being drawn, too: the finished one is the last.
            committed = max(watch.wait_for(number + 1), 0 if button else watch.settled())
            found.add("save", 1000 * (committed - began))
            page.wait_for_timeout(100)
    watch.close()
