"""The load section: product and floor under the same people, on SQLite and on PostgreSQL, in turns."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.jupyter_server import TOKEN, JupyterServer

from ..environments import environment_of
from ..inputs import OUT
from ..trial import ROOT, run_module
from .data import IMAGES

PEOPLE = 20
SECONDS = 40
DATABASES = ("sqlite", "postgresql")
OPERATIONS = ("list", "load", "save", "thumbnail", "upload")

Figures = dict[str, Any]


def measure_load(rounds: int, only: str = "") -> Figures:
    """Milliseconds at the percentiles for each database, contender and operation, and what went wrong."""
    found: Figures = {}
    for database in DATABASES:
        if only in ("", database):
            with _database(database) as url:
                found[database] = _on(database, url, rounds)
    return found


def _on(database: str, url: str, rounds: int) -> Figures:
    folder = OUT / "load" / database
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"  {database}: {IMAGES:,} images", flush=True)
    run_module(Path(sys.executable), "bench.load.data", str(folder), url)
    url = url or f"sqlite:///{(folder / 'roboflow.db').as_posix()}"
    runs: dict[str, list[Figures]] = {"floor": [], "product": []}
    target = 2
    for _ in range(rounds):
        for name, contender in (("floor", _floor), ("product", _product)):
            with contender(folder, url) as (api, headers):
                run = _people(folder, api, headers, target)
                if name == "product":
                    run["lag_p99_ms"] = _lag_during_export(folder, api, headers)
            run["lost_saves"] = _lost_saves(url, folder / "saved.json")
            runs[name].append(run)
            print(f"    {name}: {_line(run)}", flush=True)
            target += 1
    return {"runs": runs}


def _line(run: Figures) -> str:
    parts = [f"{name} {run['ms'][name]['50']:.0f}/{run['ms'][name]['99']:.0f} ms" for name in run["ms"]]
    lag = f", loop p99 {run['lag_p99_ms']:.1f} ms late" if "lag_p99_ms" in run else ""
    told = f"{run['requests']} requests, {run['failures']} failed, {run['lost_saves']} saves lost"
    return f"{', '.join(parts)}{lag}; {told}"


@contextmanager
def _database(name: str) -> Generator[str]:
    """The URL; empty for an SQLite file in the data folder."""
    if name == "sqlite":
        yield ""
        return
    from tests.storage.postgres import PostgresServer

    server = PostgresServer(settings="")
    try:
        yield server.new_database()
    finally:
        server.close()


@contextmanager
def _product(folder: Path, url: str) -> Generator[tuple[str, Mapping[str, str]]]:
    """As it is installed, with its logs and metrics."""
    environment = {"ROBOFLOW_DATABASE_URL": url, "BENCH_LAG": str(folder / "lag.json"), "PYTHONPATH": str(ROOT)}
    probe = "--ServerApp.jpserver_extensions={'bench.load.lag': True}"
    server = JupyterServer(folder, probe, environment=environment)
    try:
        yield f"{server.url}roboflow/api/", {"Authorization": f"token {TOKEN}"}
    finally:
        server.close()


@contextmanager
def _floor(folder: Path, url: str) -> Generator[tuple[str, Mapping[str, str]]]:
    command = [sys.executable, "-m", "bench.load.floor", url, str(folder / "store")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/", {}
    finally:
        process.terminate()
        process.wait()


def _people(folder: Path, api: str, headers: Mapping[str, str], target: int) -> Figures:
    """Twenty people for a while; the first seconds, when all start at once, are not counted."""
    python = environment_of("locust")
    settings = {"API": api, "HEADERS": json.dumps(dict(headers)), "DATASET": "1", "TARGET": str(target), "FIRST": "1"}
    settings |= {"COUNT": str(IMAGES), "PEOPLE": str(PEOPLE), "PICTURES": str(folder / "pictures")}
    settings |= {"SAVED": str(folder / "saved.json")}
    environment = {**os.environ, **{f"BENCH_{name}": value for name, value in settings.items()}}
    command = [str(python), "-m", "locust", "-f", str(ROOT / "bench" / "load" / "users.py"), "--headless", "-u"]
    command += [str(PEOPLE), "-r", str(PEOPLE), "-t", f"{SECONDS}s", "--reset-stats", "--csv", str(folder / "found")]
    command += ["--host", api, "--only-summary", "--exit-code-on-error", "0"]
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=folder)
    with (folder / "found_stats.csv").open() as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    total = rows["Aggregated"]
    named = {"50": "50%", "95": "95%", "99": "99%"}
    return {
        "ms": {name: {p: float(rows[name][column]) for p, column in named.items()} for name in OPERATIONS},
        "mean_ms": {name: float(rows[name]["Average Response Time"]) for name in OPERATIONS},
        "requests": int(total["Request Count"]),
        "failures": int(total["Failure Count"]),
    }  # fmt: skip


def _lost_saves(url: str, acknowledged: Path) -> int:
    """Images whose first box is not where the last save that was acknowledged put it."""
    query = "SELECT image_id, geometry FROM annotations WHERE position = 0"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
            there = dict(db.execute(query))
    else:
        import psycopg

        with psycopg.connect(url.replace("+psycopg", "")) as db:
            there = dict(db.execute(query).fetchall())
    saved = json.loads(acknowledged.read_text())
    assert saved, "nobody saved anything"
    return sum(json.loads(there[int(image)])["bbox"][0] != x for image, x in saved.items())


def _lag_during_export(folder: Path, api: str, headers: Mapping[str, str]) -> float:
    """Milliseconds by which the server's event loop is late, 99th percentile, while a worker exports the dataset."""
    import httpx

    with httpx.Client(base_url=api, headers=dict(headers), timeout=60) as client:
        (folder / "lag.reset").touch()
        job = client.post("datasets/1/export", json={"format": "voc", "options": {"images": False}}).json()["job_id"]
        while (state := client.get(f"jobs/{job}").json()["state"]) in ("queued", "running"):
            time.sleep(0.2)
        time.sleep(1)
    assert state == "succeeded", state
    late = sorted(json.loads((folder / "lag.json").read_text()))
    return 1000 * late[int(0.99 * len(late))]
