"""Workspaces of the product for each input, made once a run in `bench/out/workspaces`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from .inputs import INPUTS, OUT, Input
from .trial import run_module

_FOLDER = OUT / "workspaces"


def forget_workspaces() -> None:
    """Start anew: they were made by an older state of the product."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


def workspaces_for(job: str, on: Input) -> tuple[Path, Path]:
    """The workspace that a job starts from, and a tiny one of the same kind to warm up with."""
    return _made(job, on), _made(job, INPUTS["tiny-pixels" if on.pixels else "tiny"].made())


def _made(job: str, on: Input) -> Path:
    annotated = job.startswith(("export", "version"))
    kind = ("full" if on.pixels else "full-listed") if annotated else "empty" if on.pixels else "listed"
    folder = _FOLDER / f"{on.name}-{kind}"
    if not folder.exists():
        building = folder.with_suffix(".part")
        shutil.rmtree(building, ignore_errors=True)
        run_module(Path(sys.executable), "bench.contenders.workspaces", kind, str(on.folder), str(building))
        building.rename(folder)
    return folder
