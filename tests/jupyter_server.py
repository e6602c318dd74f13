"""A real Jupyter server in a process of its own, with our extension as an installation enables it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TOKEN = "a-token-for-tests"
_BASE = "/user/ann/"


def light(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a server that starts a second sooner: without what is in `tests/light`."""
    paths = [str(Path(__file__).with_name("light")), environment.get("PYTHONPATH", "")]
    return {**environment, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


class JupyterServer:
    """Started with a base URL as under JupyterHub; `ask` speaks HTTP to it. `program` may be `jupyterlab`.

    Without a port it takes a free one, another each time it is started.
    """

    def __init__(
        self,
        folder: Path,
        *options: str,
        program: str = "jupyter_server",
        base_url: str = _BASE,
        ip: str = "127.0.0.1",
        token: str = TOKEN,
        port: int = 0,
        environment: Mapping[str, str] | None = None,
        python: str | Path = sys.executable,
    ) -> None:
        self.folder, self.root = folder, folder / "root"
        self.root.mkdir(exist_ok=True)
        self._log = (folder / "log.txt").open("a+", encoding="utf-8")
        given = {"JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "ROBOFLOW_DATA_DIR": str(folder)}
        command = [str(python), "-m", program, "--no-browser", "--allow-root", f"--port={port}", f"--ip={ip}"]
        command += [f"--ServerApp.base_url={base_url}", f"--IdentityProvider.token={token}"]
        command += [f"--ServerApp.root_dir={self.root}", *options]
        self._command, self._environment = command, light({**os.environ, **given, **(environment or {})})
        try:
            self.start()
        except BaseException:
            self._log.close()  # nobody has a server to close
            raise

    def start(self, **environment: str) -> None:
        """Start it, again after `kill` or `stop`: on the same data, at another address."""
        before = getattr(self, "_process", None)
        assert before is None or before.poll() is not None, "it runs already"
        self._environment |= environment
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT
        )
        try:
            self.url = self._address(self.folder / "runtime")
        except BaseException:  # also when the test's time is over: no process is left running
            self.kill()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would, without its children."""
        self._process.kill()
        self._process.wait()

    def stop(self, seconds: float = 120) -> int:
        """End it with SIGTERM; the exit code. One that does not end is killed, and that is an error."""
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except BaseException:
            self.kill()
            raise

    def _address(self, runtime: Path) -> str:
        """Where it listens, once it does."""
        end = time.monotonic() + 240
        while time.monotonic() < end and self._process.poll() is None:
            for file in runtime.glob(f"jpserver-{self._process.pid}.json"):
                try:
                    told = json.loads(file.read_text(encoding="utf-8"))
                    socket.create_connection(("127.0.0.1", told["port"]), timeout=5).close()
                    return str(told["url"])
                except (ValueError, OSError):
                    pass  # half-written, or not listening yet
            time.sleep(0.05)
        raise RuntimeError(f"The Jupyter server did not start:\n{self.log()}")

    def ask(
        self,
        path: str,
        method: str = "GET",
        token: str | None = TOKEN,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and the JSON body of `roboflow/api/<path>`; `body` is sent as JSON."""
        sent = {**({"Authorization": f"token {token}"} if token else {}), **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(f"{self.url}roboflow/api/{path}", data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return response.status, dict(response.headers), json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), json.loads(error.read() or b"null")

    def log(self) -> str:
        # By a handle of its own: the server's shares the place in the file with whoever reads through it.
        return Path(self._log.name).read_text(encoding="utf-8")

    def close(self) -> None:
        try:
            self.stop()
        finally:
            self._log.close()
