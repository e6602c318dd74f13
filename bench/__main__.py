"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from .environments import contender, load_average, machine
from .inputs import INPUTS, OUT
from .load.run import measure_load
from .plan import SECTIONS, Section
from .report import write_report
from .trial import Measured, TrialFailed, interleaved, run_trial
from .workspace_store import forget_workspaces, workspaces_for

_FIGURES = OUT / "figures.json"
_RESULTS = Path(__file__).parent / "RESULTS.md"
_APART = ("load", "annotator", "panel")
"""Sections that are no list of jobs, one process each."""

_NO_WORKSPACES = (Path("none"), Path("none"))


def main() -> int:
    """Measure the sections that were asked for and write RESULTS.md; figures of the others stay as they were."""
    given = _arguments()
    names = [name for name, section in SECTIONS.items() if _wanted(section, given)]
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "command": " ".join(["make bench", *([f'ARGS="{" ".join(sys.argv[1:])}"'] if sys.argv[1:] else [])]),
    }
    figures: dict[str, Any] = json.loads(_FIGURES.read_text()) if _FIGURES.exists() else {}
    forget_workspaces()
    if _asks_for("load", given):
        _measure_load(figures, about, given)
    if _asks_for("annotator", given):
        _measure_annotator(figures, about, given)
    if _asks_for("panel", given):
        _measure_panel(figures, about, given)
    for name in names:
        section = SECTIONS[name]
        rounds = given.rounds or (1 if section.large else 3)
        print(f"\n{section.title} ({rounds} rounds)", flush=True)
        before = load_average()
        jobs = [job for job in section.jobs if given.job in job]
        measured = {job: _measure(section, job, rounds, given.contender) for job in jobs}
        rows = {job: {who: asdict(found) for who, found in row.items()} for job, row in measured.items()}
        figures[name] = {**about, "rounds": rounds, "load": [before, load_average()], "jobs": rows}
        if not (given.job or given.contender):
            _write(figures)
    return 0


def _measure_load(figures: dict[str, Any], about: Mapping[str, str], given: argparse.Namespace) -> None:
    rounds = given.rounds or 2
    print(f"\nMany people at once ({rounds} rounds)", flush=True)
    found = measure_load(rounds, given.job)
    if not given.job:
        figures["load"] = {**about, "rounds": rounds, "load": found}
        _write(figures)


def _measure_annotator(figures: dict[str, Any], about: Mapping[str, str], given: argparse.Namespace) -> None:
    from .annotator.run import measure_annotator
    from .browser import browser_version

    rounds, before = given.rounds or 1, load_average()
    print(f"\nThe annotator in a browser ({rounds} rounds)", flush=True)
    found = measure_annotator(rounds, given.job, given.contender)
    if not (given.job or given.contender):
        figures["annotator"] = {**about, "browser": browser_version(), "rounds": rounds, "sizes": found}
        figures["annotator"]["load"] = [before, load_average()]
        _write(figures)


def _measure_panel(figures: dict[str, Any], about: Mapping[str, str], given: argparse.Namespace) -> None:
    from .browser import browser_version
    from .panel.run import measure_panel

    rounds, before = given.rounds or 2, load_average()
    print(f"\nThe panel in JupyterLab ({rounds} rounds)", flush=True)
    found = measure_panel(rounds)
    figures["panel"] = {**about, "browser": browser_version(), "rounds": rounds, **found}
    figures["panel"]["load"] = [before, load_average()]
    _write(figures)


def _write(figures: Mapping[str, Any]) -> None:
    _FIGURES.write_text(json.dumps(figures, indent=1))
    _RESULTS.write_text(write_report(figures), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only what takes minutes: 500 images")
    parser.add_argument("--scale", action="store_true", help="only 10,000 and 118,287 images")
    parser.add_argument(
        "--section", choices=[*sorted(SECTIONS), *_APART], action="append", help="only this one; may be repeated"
    )
    parser.add_argument("--rounds", type=int, help="runs of each (default: 3, at scale 1)")
    parser.add_argument("--job", default="", help="only jobs with this in their name; prints, writes no results")
    parser.add_argument("--contender", default="", help="only this one; prints, writes no results")
    return parser.parse_args()


def _asks_for(name: str, given: argparse.Namespace) -> bool:
    """Whether a section that is no list of jobs is to be measured."""
    return name in given.section if given.section else not (given.quick or (given.scale and name != "load"))


def _wanted(section: Section, given: argparse.Namespace) -> bool:
    if given.section:
        return section.name in given.section
    return not (given.quick and section.large) and not (given.scale and not section.large)


def _measure(section: Section, job: str, rounds: int, only: str) -> Mapping[str, Measured]:
    print(f"  {section.jobs[job]}", flush=True)
    names = [name for name in section.contenders_of(job) if only in ("", name)]
    try:
        runs = {name: _run(section, job, name) for name in names}
    except TrialFailed as error:
        print(f"    no workspace: {error}", flush=True)
        runs = {name: _run(section, job, name) for name in names if not _needs_workspace(job, name)}
        return interleaved(runs, rounds, _say) | {"product": Measured(failure=str(error))}
    return interleaved(runs, rounds, _say)


def _run(section: Section, job: str, name: str) -> Callable[[], Mapping[str, float]]:
    on = INPUTS[section.on].made()
    workspaces = workspaces_for(job, on) if _needs_workspace(job, name) else _NO_WORKSPACES
    return partial(run_trial, contender(name), job, on, workspaces, whole_process=section.whole_process)


def _needs_workspace(job: str, name: str) -> bool:
    """The product always; the floor too where it inserts rows into the product's tables."""
    return name == "product" or (name == "floor" and job.startswith("import"))


_say = partial(print, flush=True)

if __name__ == "__main__":
    sys.exit(main())
