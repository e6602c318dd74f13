"""A real JupyterHub in a process of its own, whose users have single-user servers with our extension.

Without a proxy the test talks to each server where it listens, with tokens that the Hub gives and checks. With one
people come in by the front door, as in a browser.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.checkout import ROOT
from tests.jupyter_server import light
from tests.parts import missing, require
from tests.ports import free_ports

_SERVERS = 20  # started in the life of one Hub, at most
SERVICE_TOKEN = "a-token-of-the-test-service-0123456789"

_NO_PROXY = """
from jupyterhub.proxy import Proxy

class NoProxy(Proxy):
    should_start = False
    async def add_route(self, routespec, target, data):
        known = getattr(self, "routes", {})
        self.routes = {**known, routespec: {"routespec": routespec, "target": target, "data": data}}
    async def delete_route(self, routespec):
        getattr(self, "routes", {}).pop(routespec, None)
    async def get_all_routes(self):
        return getattr(self, "routes", {})

c.JupyterHub.proxy_class = NoProxy
"""

_PROXY = """
c.ConfigurableHTTPProxy.command = {command!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{port}"
"""

_CONFIG = """
import sys
{proxy}
ports = {ports!r}

def with_a_port_of_its_own(spawner):
    spawner.port = ports.pop()

c.Spawner.pre_spawn_hook = with_a_port_of_its_own
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/homes/{{username}}"
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root", *{options!r}]
c.Spawner.http_timeout = c.Spawner.start_timeout = 240
c.Spawner.ip = "127.0.0.1"
c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", "read:users!user"]
c.Spawner.environment = {environment!r}
c.JupyterHub.services = [{{"name": "tests", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [
    {{"name": "tests", "services": ["tests"], "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"]}}
]
"""


class Hub:
    """Users are made on the way; `server_of(name)` starts somebody's server and says where it listens.

    With the command of a proxy (`proxy_command`) it runs, and people come in by it. `options` are those of everybody's
    server.
    """

    def __init__(self, folder: Path, *, proxy: Sequence[str] = (), options: Sequence[str] = ()) -> None:
        ports = free_ports(3 + _SERVERS)
        self._folder, self._runtime = folder, folder / "runtime"
        self.url = f"http://127.0.0.1:{ports[0]}"
        environment = {
            "ROBOFLOW_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self._runtime),
            "PATH": os.environ["PATH"],
        }
        (folder / "home").mkdir()
        config = folder / "jupyterhub_config.py"
        config.write_text(
            _CONFIG.format(
                proxy=_PROXY.format(command=list(proxy), port=ports[2]) if proxy else _NO_PROXY,
                port=ports[0],
                hub_port=ports[1],
                folder=folder,
                options=list(options),
                ports=ports[3:],
                environment=environment,
                token=SERVICE_TOKEN,
            ),
            encoding="utf-8",
        )
        self._log = (folder / "hub.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", str(config)],
            cwd=folder,
            env=light({**os.environ, "HOME": str(folder / "home")}),
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._api = httpx.Client(
            base_url=f"http://127.0.0.1:{ports[1]}/hub/api",
            headers={"Authorization": f"token {SERVICE_TOKEN}"},
            timeout=120,
        )
        try:
            self._wait(lambda: self._api.get("/").status_code == 200, "the Hub to answer")
            if proxy:
                self._wait(lambda: httpx.get(f"{self.url}/hub/login").status_code == 200, "the proxy to answer")
        except BaseException:  # nobody has a Hub to close
            self._end()
            raise

    def add_user(self, name: str, *, admin: bool = False) -> None:
        self._done(self._api.post(f"/users/{name}", json={"admin": admin}))

    def delete_user(self, name: str) -> None:
        self._done(self._api.delete(f"/users/{name}"))

    def token_of(self, name: str, *scopes: str) -> str:
        """A token for somebody; without scopes one that opens their own servers."""
        wanted = list(scopes) or [f"access:servers!user={name}"]
        return self._done(self._api.post(f"/users/{name}/tokens", json={"scopes": wanted}))["token"]

    def server_of(self, name: str) -> str:
        """The address of somebody's server, base URL and all."""
        before = set(self._runtime.glob("jpserver-*.json"))
        self._api.post(f"/users/{name}/server").raise_for_status()
        self._wait(lambda: bool(self._api.get(f"/users/{name}").json()["servers"][""]["ready"]), f"{name}'s server")
        (file,) = set(self._runtime.glob("jpserver-*.json")) - before
        return str(json.loads(file.read_text(encoding="utf-8"))["url"])

    def log(self) -> str:
        self._log.flush()
        return (self._folder / "hub.log").read_text(encoding="utf-8")

    def close(self) -> None:
        """Ends the Hub and what it started: the servers, the proxy."""
        try:
            for user in self._api.get("/users").json():
                if user["servers"]:
                    self._api.delete(f"/users/{user['name']}/server")
        finally:
            self._end()

    def _end(self) -> None:
        self._api.close()
        self._process.terminate()
        try:
            self._process.wait(120)
        finally:
            self._process.kill()
            self._log.close()

    def _done(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def _wait(self, there: Any, what: str) -> None:
        end = time.monotonic() + 240
        while time.monotonic() < end:
            try:
                if self._process.poll() is None and there():
                    return
            except (httpx.HTTPError, KeyError):
                pass
            time.sleep(0.1)
        raise AssertionError(f"waited in vain for {what}:\n{self.log()[-5000:]}")


def proxy_command() -> list[str]:
    """How to start JupyterHub's own proxy, an npm package."""
    program = ROOT / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    if not program.is_file():
        missing("configurable-http-proxy is not in node_modules: run `make setup`.")
    return [require("node"), str(program)]
