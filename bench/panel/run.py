"""The panel section: the product and an empty panel in turns, each in a page of its own."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.jupyter_server import JupyterServer

from ..annotator.data import Sheet
from ..annotator.hand import Hand
from ..annotator.rows import PROBE
from ..browser import chromium, clean_folder, fresh_page, lab_server, open_lab, percentile
from ..inputs import OUT
from ..trial import ROOT, run_module
from .workspace import DATASET

Figures = dict[str, Any]
Found = dict[str, list[float]]

ROWS: Mapping[str, str] = {
    "open": "open to a grid with every thumbnail in view",
    "scroll": "frame while scrolling",
    "annotate": "annotate tab to photo and shapes painted",
    "next": "next image",
}
WHEELS, NEXT = 120, 4
_FLOOR = Path(__file__).parent / "empty.js"

_GRID = """() => {
    const view = document.querySelector('.jp-rf-Grid')?.getBoundingClientRect();
    const cells = [...document.querySelectorAll('.jp-rf-Cell')].filter((cell) => {
        const { top, bottom } = cell.getBoundingClientRect();
        return bottom > view.top && top < view.bottom;
    });
    return cells.length > 8 && cells.every((cell) => {
        const picture = cell.querySelector('img');
        return picture?.complete && picture.naturalWidth > 0;
    });
}"""


def measure_panel(rounds: int) -> Figures:
    """Percentiles in milliseconds by contender and row, and the sizes of the bundles in bytes."""
    folder = clean_folder(OUT / "panel")
    run_module(Path(sys.executable), "bench.panel.workspace", str(folder))
    found: dict[str, Found] = {"floor": {}, "product": {}}
    with lab_server(folder) as server:
        dataset = server.ask(f"datasets/find?name={DATASET}")[2]["id"]
        for _ in range(rounds):
            for name, measure in (("floor", _floor), ("product", _product)):
                with chromium() as browser:
                    measure(browser, server, dataset, _adder(found[name]))
                told = (
                    f"{row} {percentile(ms, 0.5):.0f}/{percentile(ms, 0.95):.0f} ms" for row, ms in found[name].items()
                )
                print(f"    {name}: {', '.join(told)}", flush=True)
    rows = {name: {row: _told(ms) for row, ms in by.items()} for name, by in found.items()}
    return {"rows": rows, "bytes": bundle_sizes()}


def _adder(found: Found) -> Callable[[str, list[float]], None]:
    return lambda row, values: found.setdefault(row, []).extend(values)


def _told(ms: list[float]) -> Mapping[str, float]:
    return {"p50": percentile(ms, 0.5), "p95": percentile(ms, 0.95), "of": len(ms)}


def _product(browser: Browser, server: JupyterServer, dataset: int, add: Callable[[str, list[float]], None]) -> None:
    with fresh_page(browser, PROBE) as page:
        open_lab(page, server)
        page.evaluate(f"bench.expect({_GRID}); void (bench.began = performance.now())")
        page.evaluate("id => { void jupyterapp.commands.execute('roboflow:open-dataset', { id }); }", dataset)
        page.wait_for_function("bench.reached !== undefined")
        add("open", [page.evaluate("bench.reached - bench.began")])
        add("scroll", _scroll(page, ".jp-rf-Grid"))
        hand = Hand(page, ".rf-canvas", 0.96)
        hand.expect(Sheet(1))
        page.get_by_role("tab", name="Annotate").click()
        add("annotate", [hand.since_press()])
        for number in range(2, 2 + NEXT):
            page.wait_for_timeout(1200)
            hand.expect(Sheet(number))
            page.locator(".rf-canvas").focus()
            page.keyboard.press("ArrowRight")
            add("next", [hand.since_press()])


def _floor(browser: Browser, server: JupyterServer, dataset: int, add: Callable[[str, list[float]], None]) -> None:
    with fresh_page(browser, PROBE, _FLOOR) as page:
        open_lab(page, server)
        page.evaluate("bench.expect(() => emptyText() === '0'); bench.began = performance.now(); emptyPanel()")
        page.wait_for_function("bench.reached !== undefined")
        add("open", [page.evaluate("bench.reached - bench.began")])
        add("scroll", _scroll(page, "#bench-empty"))
        page.evaluate("document.querySelector('#bench-empty').scrollTop = 0")
        page.evaluate("bench.expect(() => emptyText() === 'other')")
        page.get_by_role("button", name="Other tab").click()
        page.wait_for_function("bench.reached !== undefined")
        add("annotate", [page.evaluate("bench.reached - bench.pressed")])
        for number in range(1, 1 + NEXT):
            page.wait_for_timeout(300)
            page.evaluate("number => bench.expect(() => emptyText() === String(number))", number)
            page.locator("#bench-empty p").press("n")
            page.wait_for_function("bench.reached !== undefined")
            add("next", [page.evaluate("bench.reached - bench.pressed")])


def _scroll(page: Page, selector: str) -> list[float]:
    """Milliseconds of the frames while the wheel turns, 240 pixels at a time, half of the turns upwards."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate("bench.record(true)")
    for number in range(WHEELS):
        page.mouse.wheel(0, 240 if number < WHEELS * 3 / 4 else -240)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.evaluate("bench.record(false), bench.frames")


def bundle_sizes() -> Mapping[str, int]:
    """Bytes: all that a browser may load of the front end, gzipped; and the notebook's module as it is."""
    extension, widgets = ROOT / "labextension" / "static", ROOT / "jupyter_roboflow" / "widgets" / "static"
    files = [path for folder in (extension, widgets) for path in folder.rglob("*") if path.suffix in (".js", ".css")]
    gzipped = sum(len(gzip.compress(path.read_bytes())) for path in files)
    return {"gzipped": gzipped, "module": (widgets / "annotator.js").stat().st_size}
