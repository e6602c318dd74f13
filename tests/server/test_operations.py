"""Readiness, metrics, logs, Sentry and a stop that loses nothing, on real servers."""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import stat
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from jupyter_roboflow_server import metrics
from jupyter_roboflow_server.readiness import Readiness
from tests.jobs.office import eventually
from tests.jupyter_server import TOKEN, JupyterServer
from tests.server import watching
from tests.server.test_jobs import metric

pytestmark = pytest.mark.xdist_group("server-operations")
SECRET = "a-very-secret-word"


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[JupyterServer]:
    server = JupyterServer(folder, environment={"ROBOFLOW_HEARTBEAT_SECONDS": "0.3", **environment})
    try:
        yield server
    finally:
        server.close()


# readiness


def test_a_bare_server_is_ready_and_its_data_is_its_owners_alone(tmp_path: Path) -> None:
    with running(tmp_path, ROBOFLOW_DATA_DIR=str(tmp_path / "data")) as server:
        assert watching.readiness(server) == (
            200,
            {"status": "ok", "checks": dict.fromkeys(("database", "store", "queue", "secret"), "ok")},
        )
        assert server.ask("health/ready", token=None)[1]["Cache-Control"] == "no-store"
        if sys.platform != "win32":
            assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_without_database_or_store_or_redis_it_starts_says_what_is_missing_and_does_not_fill_the_disk(
    tmp_path: Path,
) -> None:
    (tmp_path / "no-folder").write_text("a file where the store should be")
    away = {
        "ROBOFLOW_DATABASE_URL": f"postgresql+psycopg://ann:{SECRET}@127.0.0.1:1/x",
        "ROBOFLOW_STORAGE_URL": str(tmp_path / "no-folder"),
        "ROBOFLOW_REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0",
    }
    with running(tmp_path, **away) as server:
        assert server.ask("health/live", token=None)[0] == 200
        for token in (None, TOKEN, "wrong"):
            status, body = watching.readiness(server, token)
            assert (status, body["status"]) == (503, "unavailable")
            assert set(body["checks"]) == {"database", "store", "queue", "secret"}
            assert body["checks"]["database"] == "database_unavailable" and body["checks"]["store"] != "ok"
            assert SECRET not in json.dumps(body) and str(tmp_path) not in json.dumps(body)
        status, _, body = server.ask("datasets")
        assert status == 503 and "does not answer" in body["error"]["message"] and SECRET not in json.dumps(body)
        eventually(lambda: "jobs could not be looked after" in server.log() or None, "the log to tell")
        threading.Event().wait(2)  # seven more rounds
        assert server.log().count("jobs could not be looked after") == 1, server.log()
        assert SECRET not in server.log()


def test_an_s3_store_that_is_away_is_named(tmp_path: Path) -> None:
    away = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": SECRET}
    more = {"AWS_ALLOW_HTTP": "true", "AWS_REGION": "x"}
    with running(tmp_path, ROBOFLOW_STORAGE_URL="s3://pictures/here", **away, **more) as server:
        _wait_for_the_others(server, "database", "queue")
        status, _, body = server.ask("health/ready", token=None)
        assert status == 503 and body["checks"]["store"] in ("storage_unavailable", "timeout")


def _wait_for_the_others(server: JupyterServer, *parts: str) -> None:
    """Until these parts are well, whatever another one says."""

    def well() -> Any:
        checks = server.ask("health/ready", token=None)[2]["checks"]
        return checks if all(checks[part] == "ok" for part in parts) else None

    eventually(well, f"{' and '.join(parts)} to be well")


def test_of_a_part_that_hangs_others_do_not_hang() -> None:
    hang, asked = threading.Event(), []

    def hanging() -> None:
        asked.append(1)
        hang.wait(300)

    readiness = Readiness({"fast": lambda: None, "slow": hanging})
    with ThreadPoolExecutor(1) as elsewhere:  # a browser's tests may have left an event loop in this thread
        for _ in range(2):
            seen = elsewhere.submit(lambda: asyncio.run(readiness.look())).result()
            assert seen == {"fast": "ok", "slow": "timeout"}
    assert len(asked) == 1, "a part that hangs is not asked again and again"
    hang.set()
    readiness.close()


# metrics


def test_metrics_tell_latency_by_route_and_never_by_path(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        made = server.ask("datasets", "POST", body={"name": "cells"})[2]
        for _ in range(3):
            assert server.ask(f"datasets/{made['id']}")[0] == 200
        server.ask("datasets/4711?token=wrong")
        server.ask("no/such/route")
        count = "roboflow_http_request_duration_seconds_count"
        route = "datasets/{dataset_id}"
        assert metric(server, f'{count}{{method="GET",route="{route}",status="2xx"}}') == 3
        assert metric(server, f'{count}{{method="GET",route="{route}",status="4xx"}}') == 1
        assert metric(server, f'{count}{{method="GET",route="unknown",status="4xx"}}') == 1
        eventually(lambda: metric(server, 'roboflow_jobs{state="running"}') == 0 or None, "jobs to be counted")
        assert metric(server, 'roboflow_storage_bytes{kind="images"}') == 0
        assert metric(server, "roboflow_database_connections_in_use") is not None
        assert (metric(server, "roboflow_upkeep_success_timestamp_seconds") or 0) > 1e9


def test_a_second_load_in_the_same_process_counts_in_the_same_place() -> None:
    from prometheus_client import REGISTRY

    from jupyter_roboflow_server.extension import RoboflowExtension

    for _ in range(2):
        RoboflowExtension()
    labels = {"route": "test", "method": "GET"}
    for _ in range(2):
        metrics.observe_request("test", "GET", 500, 0.1)
    metrics.observe_request("test", "BREW", 200, 0.1)
    assert REGISTRY.get_sample_value("roboflow_http_server_errors_total", labels) == 2
    name = "roboflow_http_request_duration_seconds_count"
    assert REGISTRY.get_sample_value(name, {"route": "test", "method": "other", "status": "2xx"}) == 1


# logs


def damage(folder: Path) -> None:
    """What no request can do: a row that cannot be read, so that something unforeseen happens."""
    with closing(sqlite3.connect(folder / "roboflow.db", timeout=10)) as db, db:
        db.execute("UPDATE datasets SET metadata = '{'")


def test_logs_are_json_when_asked_for_and_hold_neither_tokens_nor_signatures(tmp_path: Path) -> None:
    with running(tmp_path, ROBOFLOW_LOG_FORMAT="json") as server:
        made = server.ask("datasets", "POST", body={"name": "cells"})[2]
        damage(tmp_path)
        headers = {"X-Request-ID": "req-1", "Referer": f"http://x/?token={SECRET}", "X-Api-Key": SECRET}
        query = f"token={SECRET}&signature={SECRET}&password={SECRET}"
        status, _, body = server.ask(f"datasets/{made['id']}?{query}", headers=headers)
        status, _, body = server.ask(f"datasets/{made['id']}", headers=headers)
        assert status >= 500, body
        assert body["error"]["details"]["request_id"] == "req-1"
        server.ask("datasets", headers={"Authorization": f"Bearer {SECRET}"}, token=None)
        server.ask(f"datasets?token={SECRET}", token=None)
        log = server.log()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    access = [line for line in lines if line["logger"] == "jupyter_roboflow_server.access"]
    failed = next(line for line in access if line["status"] >= 500)
    assert failed["route"] == "datasets/{dataset_id}" and failed["request_id"] == "req-1"
    assert failed["method"] == "GET" and failed["user"] and failed["ms"] > 0 and failed["level"] == "INFO"
    assert any("exc_info" in line and "req-1" in line["message"] for line in lines), "the error itself is told"
    assert SECRET not in log


def test_text_is_the_default_and_a_wrong_format_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.ask("health/live", headers={"X-Request-ID": "req-2"})
        line = eventually(lambda: next((x for x in server.log().splitlines() if "req-2" in x), None), "its line")
        assert "GET /user/ann/roboflow/api/health/live 200" in line and "id=req-2" in line
    (tmp_path / "wrong").mkdir()
    with running(tmp_path / "wrong", ROBOFLOW_LOG_FORMAT="yaml") as server:
        assert "ROBOFLOW_LOG_FORMAT='yaml' is none of text, json" in server.log()
        assert server.stop() == 0, "Jupyter itself is as well as ever"


# Sentry


@contextmanager
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes what is sent to Sentry, and its address as a DSN."""
    received: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://key@127.0.0.1:{server.server_port}/1", received
    finally:
        server.shutdown()
        server.server_close()


def test_an_error_is_told_to_sentry_without_anything_people_sent(tmp_path: Path) -> None:
    pytest.importorskip("sentry_sdk")
    with sentry() as (dsn, received), running(tmp_path, SENTRY_DSN=dsn) as server:
        made = server.ask("datasets", "POST", body={"name": SECRET})[2]
        damage(tmp_path)
        headers = {"X-Secret": SECRET, "Cookie": f"c={SECRET}", "X-Request-ID": "req-3"}
        assert server.ask(f"datasets/{made['id']}?_={SECRET}", headers=headers)[0] >= 500
        eventually(lambda: b"datasets/{dataset_id}" in b"".join(received) or None, "Sentry to be told")
        told = b"".join(received).decode(errors="replace")
        assert SECRET not in told and TOKEN not in told


def test_without_the_package_a_warning_says_what_to_install(tmp_path: Path) -> None:
    blocker = tmp_path / "blocked" / "sentry_sdk"
    blocker.mkdir(parents=True)
    (blocker / "__init__.py").write_text("raise ImportError('not installed')")
    with running(tmp_path, SENTRY_DSN="http://key@127.0.0.1:1/1", PYTHONPATH=str(blocker.parent)) as server:
        assert "pip install 'jupyter-roboflow[sentry]'" in server.log()
        assert server.ask("health/live")[0] == 200


# the end


def test_a_server_told_to_stop_answers_what_it_works_on(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        made = server.ask("datasets", "POST", body={"name": "cells"})[2]

        def taken() -> int:
            """Connections that the server has taken up."""
            open_ones = psutil.Process(server.pid).net_connections("tcp")
            return sum(each.status == psutil.CONN_ESTABLISHED and each.laddr.port == port for each in open_ones)

        port = urlsplit(server.url).port
        eventually(lambda: taken() == 0 or None, "what was asked before to be over")
        # somebody writes for a second: requests that write have to wait for it
        with closing(sqlite3.connect(tmp_path / "roboflow.db", timeout=10, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            with ThreadPoolExecutor(5) as threads:
                asked = [
                    threads.submit(server.ask, f"datasets/{made['id']}/labels", "POST", body={"name": f"label {i}"})
                    for i in range(4)
                ]
                eventually(lambda: taken() == 4 or None, "all four to be taken up")
                threading.Event().wait(0.5)
                ending = threads.submit(server.stop)
                threading.Event().wait(1.0)
                db.execute("COMMIT")
                assert [answer.result()[0] for answer in asked] == [201] * 4
            assert ending.result() == 0
        with closing(sqlite3.connect(tmp_path / "roboflow.db")) as db:
            assert db.execute("SELECT count(*) FROM labels").fetchone() == (4,)
        server.start()


def test_jupyters_own_metrics_count_our_requests_too(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.ask("health/live")
        request = urllib.request.Request(f"{server.url}metrics", headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=30) as response:
            assert "LiveHandler" in response.read().decode()
