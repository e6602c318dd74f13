"""Connecting: to a server by its address, to the notebook's own, or to nothing but this computer."""

from __future__ import annotations

import json
import textwrap
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient

import jupyter_roboflow as rf
from jupyter_roboflow.backend.http import HttpBackend
from jupyter_roboflow.backend.http.address import parse_address
from jupyter_roboflow.backend.local import LocalBackend
from tests.jupyter_server import TOKEN, JupyterServer
from tests.server.hub import Hub

from .conftest import write_pictures

pytestmark = pytest.mark.xdist_group("connect")
PASSWORD = "a long enough pass phrase"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    running = JupyterServer(tmp_path_factory.mktemp("connect"))
    yield running
    running.close()


@pytest.mark.parametrize(
    "url, api",
    [
        ("http://host:8888", "http://host:8888/roboflow/api/"),
        ("http://host:8888/lab?token=abc", "http://host:8888/roboflow/api/"),
        ("http://host:8888/lab/tree/a/b.ipynb", "http://host:8888/roboflow/api/"),
        ("https://hub.example/user/ann/", "https://hub.example/user/ann/roboflow/api/"),
        ("https://hub.example/user/lab/lab/workspaces/x#y", "https://hub.example/user/lab/roboflow/api/"),
        ("https://hub.example/services/roboflow/", "https://hub.example/services/roboflow/roboflow/api/"),
        ("http://host/base/roboflow/api", "http://host/base/roboflow/api/"),
        (" http://host/base/roboflow/api/docs ", "http://host/base/roboflow/api/"),
        ("http://ann:secret@host/tree", "http://host/roboflow/api/"),
    ],
)
def test_any_address_of_a_server_will_do(url: str, api: str) -> None:
    assert parse_address(url).api == api


def test_a_token_in_the_address_is_used_and_never_shown(server: JupyterServer) -> None:
    assert parse_address(f"{server.url}?token={TOKEN}").token == TOKEN
    assert TOKEN not in repr(parse_address(f"{server.url}lab?token={TOKEN}"))
    with rf.connect(f"{server.url}lab?token={TOKEN}") as ws:
        assert isinstance(ws.backend, HttpBackend)
        shown = repr(ws) + repr(ws.backend) + repr(vars(ws))
        assert server.url in repr(ws) and TOKEN not in shown
    with pytest.raises(rf.RoboflowError) as refused:
        rf.connect("host/lab?token=hush-hush")
    assert "hush" not in str(refused.value) and refused.value.code == "bad_url"


def test_without_proof_or_with_a_wrong_one_nobody_gets_in(server: JupyterServer) -> None:
    proof: dict[str, Any]
    for proof in ({}, {"token": "wrong"}, {"token": "jrf_wrong"}, {"username": "nobody", "password": "wrong wrong"}):
        with pytest.raises(rf.NotAuthenticated):
            rf.connect(server.url, **proof)
    with pytest.raises(rf.Invalid):
        rf.connect(server.url, username="ann")
    with pytest.raises(rf.Invalid, match="url"):
        rf.connect(token=TOKEN)
    with pytest.raises(rf.Invalid, match="Settings"):
        rf.connect(server.url, token=TOKEN, data_dir="/nowhere")


def test_an_address_without_the_interface_says_so(server: JupyterServer) -> None:
    with pytest.raises(rf.NotFound, match="no roboflow/api"):
        rf.connect(f"{server.url}elsewhere/", token=TOKEN)
    with pytest.raises(rf.BackendUnavailable, match="does not answer"):
        rf.connect("http://127.0.0.1:9/", token=TOKEN)


def test_a_notebook_works_the_same_over_http(server: JupyterServer, tmp_path: Path) -> None:
    with rf.connect(server.url, TOKEN, progress=False) as ws:
        ds = ws.create_dataset("over http")
        assert str(ds.upload(write_pictures(tmp_path / "in", 3))).startswith("3 added")
        ds.add_label("cat")
        image = ds["picture-001.png"]
        image.save([*image.annotations, rf.Annotation(rf.BBox(2, 3, 20, 10), "cat")])
        assert image.array().shape == (48, 64, 3) and image.state == "labeled"
        assert "<img" in ds._repr_html_() and "3 images" in repr(ds)
        assert len(ds.to_dataframe()) == 1 and ds.split(seed=1)["train"] == 2
        report = ds.export("coco", tmp_path)
        back = ws.create_dataset("over http again")
        assert back.import_(report.path).counts["images_added"] == 1
        assert "cat" in ds.health()._repr_html_()
        ds.delete()


def test_a_login_and_a_personal_token_get_in_as_that_person(server: JupyterServer) -> None:
    with rf.connect(server.url, TOKEN) as ws:
        assert isinstance(ws.backend, HttpBackend)
        client = ws.backend._client
        client.send("POST", "auth/register", body={"username": "bob", "password": PASSWORD, "role": "annotator"})
    with rf.connect(server.url, username="bob", password=PASSWORD) as bob:
        assert bob.backend.user.username == "bob" and bob.datasets() == []
        assert isinstance(bob.backend, HttpBackend)
        made = bob.backend._client.send("POST", "auth/tokens", body={"name": "script", "scope": "read"}).json()
    with rf.connect(server.url, made["token"]) as script:
        assert repr(script).startswith("<Workspace of bob at ")
        with pytest.raises(rf.NotAllowed):
            script.create_dataset("not with a token that reads")


def test_outside_of_a_notebook_the_workspace_is_embedded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with rf.connect(data_dir=tmp_path / "home") as ws:
        assert isinstance(ws.backend, LocalBackend) and str(tmp_path / "home") in repr(ws)
    with rf.connect(embedded=True, data_dir=tmp_path / "home"):
        pass
    assert capsys.readouterr().out == ""


class Kernel:
    """A kernel that a Jupyter server started, as for a notebook."""

    def __init__(self, url: str, token: str, runtime: Path) -> None:
        self._url = f"{url}api/kernels"
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._url, b'{"name": "python3"}', headers, method="POST")
        with urllib.request.urlopen(request, timeout=180) as answer:
            self.id = json.load(answer)["id"]
        self._headers = headers
        self._client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{self.id}.json"))
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(180)

    def run(self, code: str) -> str:
        """What the code prints."""
        printed: list[str] = []

        def listen(message: dict[str, dict[str, str]]) -> None:
            content = message["content"]
            printed.append(content.get("text", "") or content.get("evalue", ""))

        self._client.execute_interactive(textwrap.dedent(code), timeout=180, output_hook=listen)
        return "".join(printed)

    def close(self) -> None:
        self._client.stop_channels()
        request = urllib.request.Request(f"{self._url}/{self.id}", headers=self._headers, method="DELETE")
        urllib.request.urlopen(request, timeout=180).close()


SHOW = """
    import jupyter_roboflow as rf
    for _ in range(2):
        with rf.connect(progress=False) as ws:
            print(type(ws.backend).__name__, repr(ws))
"""


def test_a_notebook_finds_the_server_it_runs_in_and_says_so_once(server: JupyterServer) -> None:
    kernel = Kernel(server.url, TOKEN, server.folder / "runtime")
    try:
        printed = kernel.run(SHOW)
        assert printed.count("The workspace is that of this Jupyter server") == 1
        assert printed.count(f"HttpBackend <Workspace of local at {server.url}: ") == 2 and TOKEN not in printed
        by_parent = kernel.run("import os; del os.environ['ROBOFLOW_SERVER_INFO']" + textwrap.dedent(SHOW))
        assert by_parent.count("HttpBackend") == 2 and "The workspace" not in by_parent
        assert "LocalBackend" in kernel.run("with rf.connect(embedded=True) as ws: print(type(ws.backend).__name__)")
    finally:
        kernel.close()


def test_a_notebook_in_a_server_without_the_extension_is_embedded(tmp_path: Path) -> None:
    plain = JupyterServer(tmp_path, "--ServerApp.jpserver_extensions={'jupyter_roboflow_server': False}")
    try:
        kernel = Kernel(plain.url, TOKEN, plain.folder / "runtime")
        try:
            printed = kernel.run(SHOW)
            assert printed.count("The workspace is embedded in this notebook") == 1, printed
            assert printed.count("LocalBackend <Workspace of local in ") == 2
        finally:
            kernel.close()
    finally:
        plain.close()


def test_a_notebook_under_jupyterhub_works_as_the_hubs_user(tmp_path: Path) -> None:
    hub = Hub(tmp_path)
    try:
        hub.add_user("ann")
        url = hub.server_of("ann")
        kernel = Kernel(url, hub.token_of("ann"), tmp_path / "runtime")
        try:
            printed = kernel.run(SHOW)
            assert printed.count(f"HttpBackend <Workspace of ann at {url}: 0 datasets>") == 2, printed
            by_service_url = "import os; os.environ['ROBOFLOW_SERVER_INFO'] = ''; os.getppid = lambda: 0"
            assert kernel.run(by_service_url + textwrap.dedent(SHOW)).count("HttpBackend <Workspace of ann at ") == 2
        finally:
            kernel.close()
    finally:
        hub.close()
