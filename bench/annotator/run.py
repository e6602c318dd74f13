"""The annotator section: product and floor in turns, then each peer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error

from ..browser import chromium, clean_folder, lab_server, percentile
from ..environments import environment_of
from ..inputs import OUT
from ..trial import run_module
from .data import SIZES, made_folder
from .floor import file_server, measure_floor
from .peers import measure_bbox, measure_ipyannotations
from .product import measure_product
from .rows import ROWS, Found, GaveUp

Figures = dict[str, Any]
_PEERS = {"jupyter-bbox-widget": measure_bbox, "ipyannotations": measure_ipyannotations}
PEERS = tuple(_PEERS)

_TOO_LONG = 30.0
"""Seconds for all rows; in a run of one round, who needs more is not asked for larger N, so that it ends in minutes."""


def measure_annotator(rounds: int, size: str = "", only: str = "") -> Figures:
    """Percentiles in milliseconds by N, contender and row. `only` those named so; the product brings the floor."""
    sizes = [n for n in SIZES if size in ("", str(n))]
    wanted = [name for name in ("product", *PEERS) if only in name]
    found: dict[int, dict[str, list[Found]]] = {n: {} for n in sizes}
    canvas = (1119, 654)
    if "product" in wanted:
        canvas = _product_and_floor(found, rounds)
    for name in wanted:
        if name in _PEERS:
            _peer(name, found, canvas, rounds)
    return {str(n): {who: _told(runs) for who, runs in row.items()} for n, row in found.items()}


def _product_and_floor(found: dict[int, dict[str, list[Found]]], rounds: int) -> tuple[int, int]:
    """The size of the product's canvas, which is the floor's too."""
    folder = clean_folder(OUT / "annotator")
    run_module(Path(sys.executable), "bench.annotator.workspace", str(folder), *map(str, found))
    canvas = (0, 0)
    with file_server(made_folder()) as address, lab_server(folder) as server:
        for n, _ in product(found, range(rounds)):
            run = _tried("product", n, partial(measure_product, server, n))
            canvas = run.canvas or canvas
            found[n].setdefault("product", []).append(run)
            found[n].setdefault("floor", []).append(_tried("floor", n, partial(measure_floor, address, n, canvas)))
    return canvas


def _peer(name: str, found: dict[int, dict[str, list[Found]]], canvas: tuple[int, int], rounds: int) -> None:
    """As many rounds as the product's, but one alone of what takes long."""
    stopped = ""
    for n, row in found.items():
        if stopped:
            row[name] = [Found(why=dict.fromkeys(ROWS, stopped))]
            print(f"    {n:,} boxes, {name}: {stopped}", flush=True)
            continue
        row[name] = []
        for _ in range(rounds):
            began = time.monotonic()
            with lab_server(clean_folder(OUT / "annotator-peer"), environment_of(name)) as server:
                run = _tried(name, n, partial(_PEERS[name], server, n, canvas))
            row[name].append(run)
            if run.gave_up:
                stopped = f"not tried: with {n:,} boxes {ROWS[run.gave_up]} {run.why[run.gave_up]}"
            elif (took := time.monotonic() - began) > _TOO_LONG and rounds == 1:
                stopped = f"not tried: {n:,} boxes took {took:.0f} s in all"
            if run.gave_up or time.monotonic() - began > _TOO_LONG:
                break


def _tried(name: str, n: int, measure: Callable[[Browser, Found], None]) -> Found:
    """What was found until the end, or until a step took too long, in a browser of its own."""
    found = Found()
    try:
        with chromium() as browser:
            measure(browser, found)
    except GaveUp:
        pass
    except (Error, TimeoutError) as error:
        found.why |= {row: str(error).splitlines()[0][:200] for row in ROWS if row not in found.ms}
        print(f"    {name} failed: {error}", flush=True)
    told = (f"{row} {_line(values)}" for row, values in found.ms.items())
    late = (f"{row} {why}" for row, why in found.why.items())
    print(f"    {n:,} boxes, {name}: {', '.join((*told, *late))}", flush=True)
    return found


def _line(values: list[float]) -> str:
    return f"{percentile(values, 0.5):.0f}/{percentile(values, 0.95):.0f} ms"


def _told(runs: list[Found]) -> Mapping[str, Any]:
    """Percentiles over all runs, and why a row has none."""
    rows: dict[str, Any] = {}
    for row in ROWS:
        values = [value for run in runs for value in run.ms.get(row, [])]
        reason = next((run.why[row] for run in runs if row in run.why), "")
        if values:
            rows[row] = {"p50": percentile(values, 0.5), "p95": percentile(values, 0.95), "of": len(values)}
        elif reason:
            rows[row] = {"why": reason}
    return rows
