"""RESULTS.md: the measured figures as tables, and the targets they met or missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .annotator.report import annotator_section, annotator_targets
from .load.report import load_section, load_targets
from .panel.report import panel_section, panel_targets
from .plan import SECTIONS, Section
from .targets import Target, targets
from .trial import Measured

_HEAD = """# Results

Written by `make bench`; [README.md](README.md) says what is measured and how. Times are medians of interleaved runs
(in brackets the fastest and the slowest). `×` is the multiple of the floor, the least work that any tool must do for
the job. Memory is the peak of the largest process, in MB (10⁶ bytes). The floor keeps all annotations in memory; the
product must not. "Busy" instead of a verdict: somebody else used the machine, so that the figures show nothing.
"""

_VERDICTS: Mapping[bool | None, str] = {True: "met", False: "**missed**", None: "busy"}

_APART: Mapping[str, tuple[Callable[[Mapping[str, Any]], Iterator[Target]], Callable[[Mapping[str, Any]], str]]] = {
    "load": (load_targets, load_section),
    "annotator": (annotator_targets, annotator_section),
    "panel": (panel_targets, panel_section),
}


def write_report(figures: Mapping[str, Any]) -> str:
    """The text of RESULTS.md from the figures of all sections."""
    rows = {name: _rows(found) for name, found in figures.items() if name in SECTIONS}
    apart = [(figures[name], *parts) for name, parts in _APART.items() if name in figures]
    met = [*targets(rows), *(target for about, find, _ in apart for target in find(about))]
    parts = [_HEAD, "## Targets\n\n" + "\n".join(_target_lines(met))]
    for name, section in SECTIONS.items():
        if name in figures:
            parts.append(_section(section, figures[name], rows[name]))
    parts += [tell(about) for about, _, tell in apart]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _rows(section: Mapping[str, Any]) -> dict[str, dict[str, Measured]]:
    return {job: {who: Measured(**found) for who, found in row.items()} for job, row in section["jobs"].items()}


def _target_lines(found: Iterable[Target]) -> Iterator[str]:
    yield "| what | target | measured | |"
    yield "|---|---|---|---|"
    for target in found:
        yield f"| {target.what} | {target.wanted} | {target.measured} | {_VERDICTS[target.met]} |"


def _section(section: Section, about: Mapping[str, Any], rows: Mapping[str, Mapping[str, Measured]]) -> str:
    lines = [f"## {section.title}", "", f"{about['date']}; {about['machine']}.", ""]
    runs = f"{about['rounds']} interleaved rounds" if about["rounds"] > 1 else "one run of each"
    lines += [f"`{about['command']}`, {runs}{_load(about)}.", ""]
    lines += [
        f"| job | {' | '.join(section.contenders)} | product against |",
        "|---" * (len(section.contenders) + 2) + "|",
    ]
    lines += [_line(section, job, row) for job, row in rows.items()]
    lines += [f"\n{who} could not do {section.jobs[job]}: {_shortened(found.failure)}" for job, row in rows.items()
              for who, found in row.items() if found.failure]  # fmt: skip
    return "\n".join(lines)


def _line(section: Section, job: str, row: Mapping[str, Measured]) -> str:
    cells = [_cell(row.get(who), row.get("floor"), cpu=not section.whole_process) for who in section.contenders]
    product = row.get("product")
    against = [
        f"{who} takes {found.wall / product.wall:.1f}× as long"
        for who, found in row.items()
        if product and product.seconds and found.seconds and who not in ("floor", "product")
    ]
    return f"| {section.jobs[job]} | {' | '.join(cells)} | {', '.join(against) or '–'} |"


def _cell(found: Measured | None, floor: Measured | None, *, cpu: bool) -> str:
    if found is None:
        return "–"
    if not found.seconds:
        return "failed"
    ratio = f" · {found.wall / floor.wall:.1f}×" if floor and floor.seconds and floor is not found else ""
    spent = f" · CPU {_seconds(found.cpu_seconds)} s" if cpu else ""
    spread = f" ({_seconds(min(found.seconds))}–{_seconds(max(found.seconds))})" if len(found.seconds) > 1 else ""
    return f"{_seconds(found.wall)} s{spread}{ratio}{spent} · {found.megabytes:,.0f} MB"


def _load(about: Mapping[str, Any]) -> str:
    """How busy the machine was; above 2 or so on two cores, somebody else was at work."""
    return f"; load average {about['load'][0]:.1f} before, {about['load'][1]:.1f} after" if "load" in about else ""


def _seconds(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _shortened(text: str) -> str:
    """The last line of a traceback."""
    return text.strip().splitlines()[-1][:300]
