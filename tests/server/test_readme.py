"""The sessions with curl that README and guide print do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from json import loads
from pathlib import Path

import pytest
from PIL import Image

from tests.checkout import ROOT
from tests.jupyter_server import TOKEN, JupyterServer
from tests.parts import require

pytestmark = pytest.mark.xdist_group("server-readme")


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[JupyterServer]:
    """One where nobody has registered and the first of everything has the number 1."""
    running = JupyterServer(tmp_path)
    yield running
    running.close()


@pytest.mark.parametrize("page", ["README.md", "docs/guide/rest.md"])
def test_upload_annotate_export_download(page: str, fresh_server: JupyterServer, tmp_path: Path) -> None:
    """With Jupyter's token in the README; in the guide after registering and logging in."""
    bash, _ = require("bash"), require("curl")
    text = (ROOT / page).read_text(encoding="utf-8")
    (session,) = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    assert ("auth/register" in session) == (page != "README.md")
    here = session.replace("http://localhost:8888/", fresh_server.url)
    assert here.count(fresh_server.url) == 1
    folder = tmp_path / "session"
    folder.mkdir()
    Image.new("RGB", (120, 90), "teal").save(folder / "cell.jpg")

    done = subprocess.run(
        [bash, "-eu", "-o", "pipefail", "-c", here],
        cwd=folder,
        env={**os.environ, "JUPYTER_TOKEN": TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr + fresh_server.log()
    assert '"error"' not in done.stdout
    with zipfile.ZipFile(folder / "cells-coco.zip") as found:
        pictures = [name for name in found.namelist() if name.endswith("cell.jpg")]
        (listing,) = [loads(found.read(name)) for name in found.namelist() if name.endswith(".json")]
        assert [found.read(name) for name in pictures] == [(folder / "cell.jpg").read_bytes()]
    (drawn,) = listing["annotations"]
    assert drawn["bbox"] == [10, 20, 30, 40]
    assert [category["name"] for category in listing["categories"]] == ["WBC"]
