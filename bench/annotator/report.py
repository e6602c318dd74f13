"""The annotator section of RESULTS.md, and its targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..targets import Target
from .rows import FRAMES, ROWS
from .run import PEERS

WHO = ("floor", "product", *PEERS)
SAVED_MS = 100.0
_LARGEST = "5000"
Sizes = Mapping[str, Mapping[str, Mapping[str, Any]]]


def annotator_targets(about: Mapping[str, Any]) -> Iterator[Target]:
    """Multiples of the floor in the same run, at the number of boxes where they are worst."""
    found: Sizes = about["sizes"]
    for row, title in FRAMES.items():
        yield from _most(found, f"{title}, p50", 1.2, row, "p50", row)
        yield from _most(found, f"{title}, p95", 1.5, row, "p95", row)
    at_most = {n: row for n, row in found.items() if n == _LARGEST}
    yield from _most(at_most, ROWS["open"], 2.0, "open", "p50", "open")
    yield from _most(found, ROWS["latency"], 1.3, "latency", "p50", "latency")
    yield from _most(found, f"{ROWS['next']}, against a floor that decodes it", 1.0, "next", "p50", "next-cold")
    yield from _most(found, ROWS["next-cold"], 2.0, "next-cold", "p50", "next-cold")
    yield from _saved(found)
    yield from _against_peers(found)


def _most(found: Sizes, what: str, limit: float, row: str, percentile: str, of_floor: str) -> Iterator[Target]:
    ratios = {
        n: product / floor
        for n, by in found.items()
        if (product := _ms(by, "product", row, percentile)) and (floor := _ms(by, "floor", of_floor, percentile))
    }
    if ratios:
        worst = max(ratios, key=lambda n: ratios[n])
        told = f"{ratios[worst]:.2f}× ({int(worst):,} boxes)"
        yield Target(f"annotator, {what}", f"≤ {limit:g}× floor", told, ratios[worst] <= limit)


def _saved(found: Sizes) -> Iterator[Target]:
    times = {n: ms for n, by in found.items() if (ms := _ms(by, "product", "save", "p95"))}
    if times:
        worst = max(times, key=lambda n: times[n])
        told = f"{times[worst]:.0f} ms ({int(worst):,} boxes)"
        yield Target(f"annotator, {ROWS['save']}, p95", f"≤ {SAVED_MS:g} ms", told, max(times.values()) <= SAVED_MS)


def _against_peers(found: Sizes) -> Iterator[Target]:
    """Frames tie at the screen's rate: as fast as a peer there is fast enough."""
    slower: list[str] = []
    compared = 0
    for n, by in found.items():
        for peer in PEERS:
            for row in ROWS:
                product, other = _ms(by, "product", row, "p50"), _ms(by, peer, row, "p50")
                if product and other:
                    compared += 1
                    slower += [f"{ROWS[row]}, {int(n):,} boxes, {peer}"] * (product > 1.02 * other)
    if compared:
        told = f"{compared - len(slower)} of {compared}" + (f"; slower: {'; '.join(slower)}" if slower else "")
        yield Target("annotator against every peer, every row (p50)", "never slower", told, not slower)


def annotator_section(about: Mapping[str, Any]) -> str:
    """One table for each number of boxes."""
    lines = ["## The annotator in a browser", "", f"{about['date']}; {about['machine']}; {about['browser']}.", ""]
    lines += [
        f"`{about['command']}`; floor and product {about['rounds']} rounds in turns, then each peer; load average"
    ]
    lines += [f"{about['load'][0]:.1f} before, {about['load'][1]:.1f} after. Milliseconds as p50 / p95; `×` is the"]
    lines += ["multiple of the floor's p50. Peers have the boxes without the polygons.", ""]
    for n, by in about["sizes"].items():
        lines += [f"| {int(n):,} boxes, {int(n) // 10:,} polygons | {' | '.join(WHO)} |", "|---" * 5 + "|"]
        lines += [f"| {title} | {' | '.join(_cells(by, row))} |" for row, title in ROWS.items()]
        lines += [""]
    return "\n".join(lines)


def _cells(by: Mapping[str, Mapping[str, Any]], row: str) -> Iterator[str]:
    floor = _ms(by, "floor", row, "p50")
    for who in WHO:
        told = by.get(who, {}).get(row)
        if not told:
            yield "–"
        elif "why" in told:
            yield told["why"]
        else:
            ratio = f" · {told['p50'] / floor:.1f}×" if floor and who != "floor" else ""
            yield f"{_number(told['p50'])} / {_number(told['p95'])}{ratio}"


def _ms(by: Mapping[str, Mapping[str, Any]], who: str, row: str, percentile: str) -> float | None:
    return by.get(who, {}).get(row, {}).get(percentile)


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"
