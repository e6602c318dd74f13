"""The floor: a page with one canvas, from a plain web server that gives out files."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from ..browser import fresh_page
from .data import Sheet
from .hand import Hand
from .product import ROOM
from .rows import PROBE, Found

_PAGE = Path(__file__).parent / "page"


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        name = path.split("?", maxsplit=1)[0].strip("/")
        return str(_PAGE / name) if (_PAGE / name).is_file() else super().translate_path(path)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def file_server(folder: Path) -> Generator[str]:
    """The address of the floor's page and of the files in a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def measure_floor(address: str, n: int, canvas: tuple[int, int], browser: Browser, found: Found) -> None:
    """Every row but saving, on a canvas of so many pixels."""
    x, y, w, h = Sheet(1).mark
    with fresh_page(browser, PROBE) as page:
        page.goto(address + "floor.html?width=8&height=8&n=10", wait_until="networkidle")
        page.add_init_script(f"bench.look('canvas', {ROOM}); bench.expect(() => bench.isShown({_json(Sheet(1))}))")
        page.goto(f"{address}floor.html?width={canvas[0]}&height={canvas[1]}&n={n}")
        hand = Hand(page, "canvas", ROOM)
        found.add("open", hand.reached())
        found.extend("drag", hand.frames(x + w / 2, y + h / 2, 120))
        found.extend("latency", hand.latencies(x + w / 2, y + h / 2))
        page.keyboard.down("Shift")
        found.extend("pan", hand.frames(1500, 1000, 80))
        page.keyboard.up("Shift")
    found.ms["next"], found.ms["next-cold"] = [], []
    with fresh_page(browser, PROBE) as page:
        page.goto(f"{address}floor.html?width={canvas[0]}&height={canvas[1]}&n={n}", wait_until="networkidle")
        hand = Hand(page, "canvas", ROOM)
        for number in range(2, 8):
            if number % 3:
                page.evaluate("window.loadAhead()")
            page.wait_for_timeout(300)
            hand.expect(Sheet(number))
            page.keyboard.press("n" if number % 3 else "c")
            found.add("next" if number % 3 else "next-cold", hand.since_press())


def _json(sheet: Sheet) -> str:
    import json

    return json.dumps(sheet.seen())
