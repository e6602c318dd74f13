"""`jupyter roboflow demo` up to JupyterLab, as processes: it answers, only here, and nothing of it is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import psutil
import pytest

from jupyter_roboflow.demo import lab as demo_lab
from jupyter_roboflow.demo import place_tour
from jupyter_roboflow.demo.lab import has_browser, open_lab
from jupyter_roboflow.domain.errors import BackendUnavailable

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

_URL = re.compile(r"http://127\.0\.0\.1:\d+/lab/tree/tour\.ipynb\?token=(\S+)")


# JupyterLab alone, without the datasets, and in the place of a browser something that says what it was given.
_PROGRAM = """
import webbrowser
from pathlib import Path
webbrowser.open = lambda url: print("opened", url, flush=True)
from jupyter_roboflow.demo import place_tour
from jupyter_roboflow.demo.lab import open_lab
open_lab(place_tour(Path("mine")), set(), seconds=300, browser=True, say=lambda text: print(text, flush=True))
"""


@contextmanager
def started(folder: Path, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Python in a folder, without a terminal, on data of its own."""
    environment = {**os.environ, "ROBOFLOW_DATA_DIR": str(folder / "data"), **variables}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def read_until(process: subprocess.Popen[str], pattern: re.Pattern[str]) -> re.Match[str]:
    """The first line that has it; the test's own time limit is the net."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if found := pattern.search(line):
            return found
    raise AssertionError("".join(said))


def status(url: str) -> int:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30) as answer:
        return int(answer.status)


def test_without_a_terminal_it_shows_that_jupyterlab_answers_and_ends(tmp_path: Path) -> None:
    """Also where a proxy is set that knows nothing of this computer."""
    arguments = ("-m", "jupyter_roboflow.cli", "demo", "--no-progress")
    with started(tmp_path, *arguments, http_proxy="http://127.0.0.1:9", HTTP_PROXY="http://127.0.0.1:9") as process:
        said, _ = process.communicate()
    assert process.returncode == 0, said
    assert "nothing changed" in said and _URL.search(said) and "JupyterLab has ended." in said
    assert (tmp_path / "roboflow-demo" / "tour.ipynb").is_file()


@pytest.mark.skipif(os.name == "nt", reason="a process on Windows can be sent no signal that it could handle")
def test_it_runs_until_it_is_told_to_stop_and_takes_everything_with_it(tmp_path: Path) -> None:
    """Its token is in no process's arguments, which everybody on the computer can read: a browser gets a file."""
    with started(tmp_path, "-c", _PROGRAM) as process:
        url = read_until(process, _URL)
        page = read_until(process, re.compile(r"opened (\S+)"))[1]
        assert page.startswith("file:") and url[1] not in page
        assert status(url[0]) == 200
        family = psutil.Process(process.pid).children(recursive=True)
        assert family and url[1] not in " ".join(part for child in family for part in child.cmdline())
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate()
    assert process.returncode == 0 and "JupyterLab has ended." in rest, rest
    assert not psutil.wait_procs(family, timeout=60)[1]
    with pytest.raises(URLError):
        status(url[0])


def test_datasets_that_are_not_there_are_no_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(BackendUnavailable, match=r"does not show \['Lost'\]"):
        open_lab(place_tour(tmp_path), {"Lost"}, seconds=0, browser=False, say=lambda _: None)


def test_a_server_that_does_not_start_says_why_without_its_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "config" / "jupyter_server_config.py"
    broken.parent.mkdir()
    broken.write_text("import os\nraise SystemExit('no such setting: ' + os.environ['JUPYTER_TOKEN'])")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(broken.parent))
    with pytest.raises(BackendUnavailable, match="no such setting: …"):
        open_lab(place_tour(tmp_path), set(), seconds=0, browser=False, say=lambda _: None)


def test_a_computer_without_windows_has_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_lab.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not has_browser()
