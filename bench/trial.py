"""One measurement: a contender's job in a fresh process, everybody starting from the same page cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .inputs import INPUTS, OUT, Input

ROOT = Path(__file__).parent.parent
TIMEOUT = 3600


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is measured: a module of `bench.contenders` and the Python that runs it."""

    name: str
    module: str
    python: Path = Path(sys.executable)


@dataclass(slots=True)
class Measured:
    """What the runs of one contender at one job took; nothing when it failed, and `failure` says why."""

    seconds: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    peak: list[float] = field(default_factory=list[float])
    failure: str = ""

    @property
    def wall(self) -> float:
        """Median seconds of the runs."""
        return median(self.seconds)

    @property
    def cpu_seconds(self) -> float:
        """Median CPU seconds, children included."""
        return median(self.cpu)

    @property
    def megabytes(self) -> float:
        """Median peak memory in MB (10⁶ bytes) of the largest process."""
        return median(self.peak) / 1e6

    def add(self, result: Mapping[str, float]) -> None:
        """Take the figures of one run in."""
        self.seconds.append(result["seconds"])
        self.cpu.append(result["cpu"])
        self.peak.append(result["peak"])


class TrialFailed(Exception):
    """A contender could not do the job; the message is the end of what it said."""


def run_trial(
    contender: Contender, job: str, on: Input, workspaces: tuple[Path, Path], *, whole_process: bool = False
) -> Mapping[str, float]:
    """Seconds, CPU seconds and peak bytes of one run. What it writes is deleted.

    `workspaces` are the product's: the one to work on and the one to warm up with.
    """
    on.read_all()
    output = OUT / "results"
    shutil.rmtree(output, ignore_errors=True)
    warm = INPUTS["tiny-pixels" if on.pixels else "tiny"].made()
    options = {
        "data": on.folder,
        "output": output / "measured",
        "workspace": workspaces[0],
        "warm-data": warm.folder,
        "warm-output": output / "warm-up",
        "warm-workspace": workspaces[1],
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    arguments += ["--no-pixels"] * (not on.pixels) + ["--no-warm-up"] * whole_process
    if hasattr(os, "sync"):
        os.sync()  # nobody pays for flushing what the one before wrote
    try:
        start = time.perf_counter()
        said = run_module(contender.python, f"bench.contenders.{contender.module}", job, *arguments)
        seconds = time.perf_counter() - start
    finally:
        shutil.rmtree(output, ignore_errors=True)
    result: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    return {**result, "seconds": seconds} if whole_process else result


def run_module(python: Path, module: str, *arguments: str) -> str:
    """What a module of the benchmark printed in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROBOFLOW_")}
    # Idle threads of OpenBLAS spin for a while after numpy is imported, which would count as CPU time of the job.
    environment |= {"PYTHONHASHSEED": "0", "NO_ALBUMENTATIONS_UPDATE": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [str(python), "-m", module, *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise TrialFailed(f"not done after {TIMEOUT} s") from error
    if done.returncode != 0:
        raise TrialFailed((done.stderr or done.stdout).strip()[-2000:] or f"exit code {done.returncode}")
    return done.stdout


def interleaved(
    runs: Mapping[str, Callable[[], Mapping[str, float]]], rounds: int, say: Callable[[str], object]
) -> dict[str, Measured]:
    """The runs in rounds A B C A B C …, so that a slow minute of the machine hits all alike."""
    found = {name: Measured() for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            if found[name].failure:
                continue
            try:
                result = run()
            except TrialFailed as error:
                found[name].failure = str(error)
                say(f"    {name}: failed: {error}")
                continue
            found[name].add(result)
            say(f"    {name}: {result['seconds']:.3f} s, {result['peak'] / 1e6:,.0f} MB")
    return found
