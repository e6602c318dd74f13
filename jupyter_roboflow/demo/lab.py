"""JupyterLab with a notebook open, for this computer alone, until it is stopped."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from ..domain.errors import BackendUnavailable
from ..workspace import connect

_START_SECONDS = 120
_STOP_SECONDS = 20

# What JupyterLab opens with: the sidebar with the datasets. The notebook comes from the URL.
_LAYOUT = {"left": {"collapsed": False, "visible": True, "current": "roboflow-datasets"}}


def open_lab(
    notebook: Path, datasets: set[str], *, seconds: float | None, browser: bool, say: Callable[[str], None]
) -> None:
    """Run JupyterLab on the notebook's folder with the notebook open, for some seconds or (None) until Ctrl-C.

    Its workspace is the embedded one of the same settings; BackendUnavailable if the datasets are not found there.
    """
    with _stopped_like_ctrl_c(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as private:
        lab = _Lab(notebook, Path(private))
        try:
            lab.wait_until_it_answers()
            lab.check(datasets)
            say(f"   {lab.url}")
            if browser:
                lab.open_browser()
            if seconds is None:
                say("   It runs until you press Ctrl-C.")
            lab.wait(seconds)
        except KeyboardInterrupt:
            say("")
        finally:
            lab.stop()
    say("   JupyterLab has ended.")


class _Lab:
    """The server: a process of its own, with a token, reached from this computer only."""

    def __init__(self, notebook: Path, private: Path) -> None:
        """`private` holds what nobody else may read: where the server says its address and token, and its log."""
        self._notebook, self._private = notebook, private
        self._log = private / "log.txt"
        self._server, self._token = "", secrets.token_urlsafe(24)
        # The token goes by the environment: others on this computer see the arguments of a process.
        given = {"JUPYTER_TOKEN": self._token, "JUPYTER_RUNTIME_DIR": str(private / "runtime")}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *self._options()],
                env={**os.environ, **given},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _options(self) -> list[str]:
        """Beside the person's own configuration: JupyterLab looks for a free port from 8888 on."""
        options = [
            "--no-browser",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.root_dir={self._notebook.parent.resolve()}",
            f"--LabApp.default_url=/lab/tree/{self._notebook.name}",
            f"--LabApp.workspaces_dir={self._private / 'workspaces'}",
        ]
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
        return [*options, "--allow-root"] if as_root else options

    @property
    def url(self) -> str:
        """Where the notebook is; whoever has it is let in."""
        return f"{self._server}lab/tree/{self._notebook.name}?token={self._token}"

    def wait_until_it_answers(self) -> None:
        """Returns when it takes requests; BackendUnavailable with the end of its log if it does not."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError, ValueError, StopIteration):  # not written yet, or half; not listening yet
                told = json.loads(next((self._private / "runtime").glob("jpserver-*.json")).read_text("utf-8"))
                self._server, self._token = told["url"], told["token"]
                self._ask("GET", "api")
                return
            time.sleep(0.1)
        raise BackendUnavailable(f"JupyterLab did not start. The end of its log:\n{self._log_end()}")

    def check(self, datasets: set[str]) -> None:
        """The notebook and the datasets are there, and the sidebar will show them."""
        self._ask("GET", f"api/contents/{self._notebook.name}?content=0")
        with connect(self._server, self._token, progress=False) as workspace:
            missing = datasets - {dataset.name for dataset in workspace.datasets()}
        if missing:
            raise BackendUnavailable(f"JupyterLab runs at {self._server} but does not show {sorted(missing)}.")
        layout = {"data": {"layout-restorer:data": _LAYOUT}, "metadata": {"id": "default"}}
        self._ask("PUT", "lab/api/workspaces/default", layout)

    def open_browser(self) -> None:
        """By the file that Jupyter writes for that: a browser's arguments can be seen by others, like any process's."""
        for file in (self._private / "runtime").glob("jpserver-*-open.html"):
            with suppress(webbrowser.Error):
                webbrowser.open(file.as_uri())

    def wait(self, seconds: float | None) -> None:
        """Until the time is over; BackendUnavailable if the server ends before."""
        end = None if seconds is None else time.monotonic() + seconds
        while end is None or time.monotonic() < end:
            with suppress(subprocess.TimeoutExpired):
                left = 1.0 if end is None else max(end - time.monotonic(), 0)
                if self._process.wait(min(left, 1.0)):  # short, as Windows tells of Ctrl-C only in between
                    raise BackendUnavailable(f"JupyterLab broke off. The end of its log:\n{self._log_end()}")
                return  # somebody shut it down in the browser

    def stop(self) -> None:
        """By its own door, so that kernels end as well; the same on every system. Harder where that does not help."""
        with suppress(OSError, ValueError):  # it may be ending already: Ctrl-C reaches it too
            self._ask("POST", "api/shutdown")
        for harder in (self._process.terminate, self._process.kill):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
                return
            harder()
        self._process.wait()

    def _ask(self, method: str, path: str, body: Any = None) -> None:
        headers = {"Authorization": f"token {self._token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._server + path, data, headers, method=method)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows nothing of this computer
        with direct.open(request, timeout=60) as answer:
            answer.read()

    def _log_end(self) -> str:
        text = self._log.read_text(encoding="utf-8", errors="replace").replace(self._token, "…")
        return "\n".join(text.splitlines()[-15:])


def has_browser() -> bool:
    """Whether a page would open in a window here rather than in the terminal, or not at all."""
    windows = sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return bool(windows)


@contextmanager
def _stopped_like_ctrl_c() -> Generator[None]:
    """SIGTERM, and a terminal that is closed, end what runs here as Ctrl-C does, instead of leaving a server behind."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    names = [name for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), _interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
