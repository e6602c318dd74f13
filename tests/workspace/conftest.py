"""A workspace of its own for every test, on a real SQLite file and a real folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import jupyter_roboflow as rf
from tests.jupyter_server import TOKEN, JupyterServer

DEMO = Path(rf.__file__).parent / "demo" / "data"
BLOOD_CELLS = DEMO / "blood-cells"
NUCLEI = Path(__file__).parents[1] / "data" / "nuclei-dsb2018"


BOTH_WAYS = pytest.mark.parametrize("ws", ["embedded", "http"], indirect=True)
"""A test that holds for a workspace in this process and for one behind a Jupyter server."""


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    running = JupyterServer(tmp_path_factory.mktemp("workspace"))
    yield running
    running.close()


@pytest.fixture
def ws(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[rf.Workspace]:
    if getattr(request, "param", "embedded") == "embedded":
        with rf.connect(data_dir=tmp_path / "home", progress=False) as workspace:
            yield workspace
        return
    server: JupyterServer = request.getfixturevalue("jupyter_server")
    with rf.connect(server.url, TOKEN, progress=False) as workspace:
        yield workspace
        for dataset in workspace.datasets():
            dataset.delete()


@pytest.fixture
def ds(ws: rf.Workspace) -> rf.Dataset:
    return ws.create_dataset("cells")


def picture(seed: int, width: int = 64, height: int = 48) -> Pillow.Image:
    """A small picture that differs from every other seed's."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Pillow.fromarray(pixels)


def write_pictures(folder: Path, count: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"picture-{seed:03d}.png" for seed in range(count)]
    for seed, path in enumerate(paths):
        picture(seed).save(path)
    return paths
