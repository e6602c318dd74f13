"""The hand: real mouse and key events through the browser's debugging protocol, the same for every contender."""

from __future__ import annotations

import math
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page

from ..browser import PATIENCE
from .data import FREE, Sheet

MOVES = 120
SECONDS = 6.0
"""A gesture is over after so many moves or seconds, but never before its fifth move."""

LATENCIES, SAVES = 25, 15


class Hand:
    """On an element in which the whole image takes `room` of the width or height."""

    def __init__(self, page: Page, selector: str, room: float) -> None:
        self.page = page
        page.evaluate("([selector, room]) => bench.look(selector, room)", [selector, room])

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where on the page a place of the image is."""
        left, top = self.page.evaluate("at => bench.place(at)", [x, y])
        return left, top

    def frames(self, x: float, y: float, radius: float, kind: str = "frames") -> list[float]:
        """Milliseconds of the frames while the pressed button goes in circles, from a place of the image."""
        self._press(x, y)
        path = _circle(*self.at(x, y), radius)
        for _ in range(4):
            self.page.mouse.move(*next(path))
        self.page.evaluate("bench.record(true)")
        end = time.monotonic() + SECONDS
        for number in range(MOVES):
            self.page.mouse.move(*next(path))
            if number >= 5 and time.monotonic() > end:
                break
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found: list[float] = self.page.evaluate(f"bench.record(false), bench.{kind}")
        self.page.mouse.up()
        return found

    def latencies(self, x: float, y: float) -> list[float]:
        """Milliseconds from a single move of the pressed button to the end of the frame that shows it."""
        self._press(x, y)
        path = _circle(*self.at(x, y), 40)
        for _ in range(4):
            self.page.mouse.move(*next(path))
        pause = random.Random(5)
        self.page.evaluate("bench.timing = true; bench.latencies = []")
        end = time.monotonic() + SECONDS
        for number in range(1, LATENCIES + 1):
            if number > 5 and time.monotonic() > end:
                break
            self.page.wait_for_timeout(30 + 20 * pause.random())
            self.page.mouse.move(*next(path))
            self.page.wait_for_function(f"bench.latencies.length >= {number}")
        found: list[float] = self.page.evaluate("bench.timing = false, bench.latencies")
        self.page.mouse.up()
        return found

    def draw_box(self, number: int) -> float:
        """A new box where nothing is; when the button was let go, in seconds since 1970."""
        x = FREE[0] + 20 + 165 * (number % 5)
        y = FREE[1] + 60 + 150 * (number // 5)
        (x0, y0), (x1, y1) = self.at(x, y), self.at(x + 40, y + 70)
        self.page.mouse.move(x0, y0)
        self.page.mouse.down()
        self.page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2)
        self.page.mouse.move(x1, y1)
        self.page.mouse.up()
        return self.page.evaluate("bench.released") / 1000

    def expect(self, sheet: Sheet, shapes: str = "", count: int = 0) -> None:
        """Before what is timed: an image with its photo and all its shapes, so many elements where no canvas is."""
        if shapes:
            test = "([seen, shapes, count]) => bench.expect((now) => bench.isShownInSvg(now, seen, shapes, count))"
            self.page.evaluate(test, [sheet.seen(), shapes, count])
        else:
            self.page.evaluate("seen => bench.expect(() => bench.isShown(seen))", sheet.seen())

    def reached(self) -> float:
        """When it was there, on the clock of the page."""
        self.page.wait_for_function("bench.reached !== undefined", timeout=1000 * PATIENCE)
        return self.page.evaluate("bench.reached")

    def since_press(self) -> float:
        """Milliseconds from the last key or button pressed to what was expected."""
        return self.reached() - self.page.evaluate("bench.pressed")

    def _press(self, x: float, y: float) -> None:
        self.page.mouse.move(*self.at(x, y))
        self.page.mouse.down()


def _circle(x: float, y: float, radius: float) -> Iterator[tuple[float, float]]:
    angle = 0.0
    while True:
        angle += 0.13
        yield x + radius * math.sin(angle), y + radius * (1 - math.cos(angle))


class Committed(threading.Thread):
    """Watches an SQLite file from outside: when did a count grow? Looks once a millisecond."""

    def __init__(self, database: Path, count: str) -> None:
        super().__init__(daemon=True)
        self._database, self._count = database, count
        self._ended = False
        self.times: list[float] = []
        self.latest = 0.0
        self.ready = threading.Event()

    def run(self) -> None:
        with closing(sqlite3.connect(self._database, timeout=10)) as db:
            rows, version = db.execute(self._count).fetchone()[0], db.execute("PRAGMA data_version").fetchone()
            self.ready.set()
            while not self._ended:
                time.sleep(0.001)
                if db.execute("PRAGMA data_version").fetchone() == version:
                    continue
                seen = time.time()
                version = db.execute("PRAGMA data_version").fetchone()
                now = db.execute(self._count).fetchone()[0]
                self.latest = seen
                if now > rows:
                    self.times.append(seen)
                rows = now

    def wait_for(self, number: int) -> float:
        """When the so manieth row was there, in seconds since 1970."""
        end = time.monotonic() + PATIENCE
        while len(self.times) < number:
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(0.002)
        return self.times[number - 1]

    def settled(self) -> float:
        """When the last of several writes was there, nothing having come for a second and a half after it."""
        while not self.latest or time.time() - self.latest < 1.5:
            time.sleep(0.02)
        return self.latest

    def close(self) -> None:
        self._ended = True
        self.join()
