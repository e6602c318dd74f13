"""The panel section of RESULTS.md, and its targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..targets import Target
from .run import ROWS

GZIPPED, MODULE = 600_000, 150_000


def panel_targets(about: Mapping[str, Any]) -> Iterator[Target]:
    """Bytes alone have a limit; times are shown beside those of an empty panel."""
    for what, limit in (("gzipped", GZIPPED), ("module", MODULE)):
        size = about["bytes"][what]
        title = "front end, all of it gzipped" if what == "gzipped" else "the annotator's module for notebooks"
        yield Target(title, f"< {limit // 1000} kB", f"{size / 1000:.0f} kB", size < limit)


def panel_section(about: Mapping[str, Any]) -> str:
    """The table."""
    lines = ["## The panel with 10,000 images", "", f"{about['date']}; {about['machine']}; {about['browser']}.", ""]
    lines += [f"`{about['command']}`, {about['rounds']} rounds in turns; load average {about['load'][0]:.1f} before,"]
    lines += [f"{about['load'][1]:.1f} after. The floor is an empty panel in the same JupyterLab: what it “opens” is a"]
    lines += ["line of text. Milliseconds as p50 / p95.", "", "| | floor | product |", "|---|---|---|"]
    for row, title in ROWS.items():
        cells = (about["rows"][who].get(row) for who in ("floor", "product"))
        told = (f"{cell['p50']:.1f} / {cell['p95']:.1f}" if cell else "–" for cell in cells)
        lines.append(f"| {title} | {' | '.join(told)} |")
    return "\n".join(lines) + "\n"
