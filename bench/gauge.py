"""One measurement in a process of its own: wall time, CPU time and peak memory of one job, as a line of JSON.

Runs in the environments of the peers too, so it imports the standard library alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """What a job works on: a COCO folder, the place for its result, and for the product a workspace.

    `data` holds `annotations/instances_train.json` and, with `pixels`, the pictures in `images/train`.
    """

    data: Path
    output: Path
    pixels: bool
    workspace: Path

    @property
    def json(self) -> Path:
        return self.data / "annotations" / "instances_train.json"

    @property
    def pictures(self) -> Path:
        return self.data / "images" / "train"


Job = Callable[[Case], AbstractContextManager[Callable[[], object]]]
"""Gets everything ready, gives the function to be timed, cleans up."""


def main(jobs: Mapping[str, Job]) -> None:
    """Run the job that the command line names: once on a tiny case, so that all is imported, then timed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=sorted(jobs))
    parser.add_argument("--no-pixels", action="store_true")
    parser.add_argument("--no-warm-up", action="store_true")
    for name in ("data", "output", "workspace"):
        parser.add_argument(f"--{name}", type=Path, required=True)
        parser.add_argument(f"--warm-{name}", type=Path, required=True)
    given = parser.parse_args()
    job, pixels = jobs[given.job], not given.no_pixels
    if not given.no_warm_up:
        with job(Case(given.warm_data, given.warm_output, pixels, given.warm_workspace)) as run:
            run()
    print(json.dumps(_measured(job, Case(given.data, given.output, pixels, given.workspace))))


def _measured(job: Job, case: Case) -> dict[str, float]:
    cpu_of_children = _children()[0]
    with job(case) as run:
        cpu, start = time.process_time(), time.perf_counter()
        run()
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    spent, children_peak = _children()
    return {
        "seconds": seconds,
        "cpu": cpu + spent - cpu_of_children,
        "peak": max(_peak(), children_peak),
    }


def _peak() -> float:
    """Most memory this process ever had, in bytes (resident)."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _children() -> tuple[float, float]:
    """CPU seconds of the children that have ended, and the peak memory of the largest; zeros on Windows."""
    if sys.platform == "win32":
        return 0.0, 0.0
    import resource

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit
