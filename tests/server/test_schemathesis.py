"""What `openapi.json` says, tried by a machine: no answer is a server error, and each is one that was promised."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = [pytest.mark.xdist_group("schemathesis"), pytest.mark.slow]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[JupyterServer]:
    running = JupyterServer(tmp_path)
    yield running
    running.close()


def test_no_request_fails_or_is_answered_otherwise_than_described(own_server: JupyterServer, tmp_path: Path) -> None:
    header = f"Authorization: token {TOKEN}"
    for body in ("one", "two"):
        own_server.ask("datasets", "POST", body={"name": body})
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{own_server.url}roboflow/api/openapi.json"]
    command += ["--header", header, "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", "4", "--seed", "1", "--generation-deterministic"]
    command += ["--request-timeout", "60", "--suppress-health-check", "too_slow"]
    command += ["--continue-on-failure", "--no-color", "--warnings", "off"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=560, env={**os.environ})
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert int(re.findall(r"(\d+) (?:generated|test cases)", done.stdout)[0]) > 300, done.stdout[-2000:]
    assert "Traceback" not in own_server.log()
