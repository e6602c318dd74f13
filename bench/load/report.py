"""The load section of RESULTS.md, and its targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from ..targets import Target
from .run import OPERATIONS, PEOPLE, SECONDS

LIMITS = {"save": 2.0, "load": 2.0, "list": 2.5}
LAG_MS = 50.0
_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def load_targets(about: Mapping[str, Any]) -> Iterator[Target]:
    """Ratios of the medians, nothing lost, a loop that is on time."""
    for database, found in about["load"].items():
        runs, title = found["runs"], _TITLES[database]
        for name, limit in LIMITS.items():
            ratio = _ms(runs["product"], name, "50") / _ms(runs["floor"], name, "50")
            what = f"{PEOPLE} people on {title}, {name} (p50)"
            yield Target(what, f"≤ {limit:g}× floor", f"{ratio:.2f}×", ratio <= limit)
        failed = sum(run["failures"] for run in runs["product"])
        lost = sum(run["lost_saves"] for run in runs["product"])
        total = sum(run["requests"] for run in runs["product"])
        what, told = f"{PEOPLE} people on {title}, errors and lost saves", f"{failed} and {lost} of {total:,} requests"
        yield Target(what, "none", told, not failed and not lost)
        lag = max(run["lag_p99_ms"] for run in runs["product"])
        yield Target(
            f"event loop during an export, {title} (p99)", f"< {LAG_MS:g} ms late", f"{lag:.1f} ms", lag < LAG_MS
        )


def load_section(about: Mapping[str, Any]) -> str:
    """The tables."""
    lines = [f"## {PEOPLE} people at once", "", f"{about['date']}; {about['machine']}.", ""]
    lines += [f"`{about['command']}`; each run {SECONDS} s, {about['rounds']} interleaved; 10,000 images, 200,000"]
    lines += ["annotations. Milliseconds as p50 / p95 / p99, in brackets the product as a multiple of the floor.", ""]
    for database, found in about["load"].items():
        lines += [f"| {_TITLES[database]} | floor | product |", "|---|---|---|"]
        lines += [_row(found["runs"], name) for name in OPERATIONS]
        lines += [""]
    return "\n".join(lines)


def _row(runs: Mapping[str, Any], name: str) -> str:
    percentiles = ("50", "95", "99")
    floor, product = ([_ms(runs[who], name, p) for p in percentiles] for who in ("floor", "product"))
    ratios = " / ".join(f"{b / a:.1f}×" for a, b in zip(floor, product, strict=True))
    told = [" / ".join(f"{value:.0f}" for value in values) for values in (floor, product)]
    return f"| {name} | {told[0]} | {told[1]} ({ratios}) |"


def _ms(runs: list[Mapping[str, Any]], name: str, percentile: str) -> float:
    """Median over the runs; at least one, as locust tells whole milliseconds."""
    return max(1.0, median(run["ms"][name][percentile] for run in runs))
