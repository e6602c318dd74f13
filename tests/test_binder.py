"""A Binder link opens the demo: binder/ is built the way repo2docker would, started, and the tour runs in it."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from tests.binder_image import BinderImage
from tests.checkout import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("binder"),
    pytest.mark.skipif(os.name == "nt", reason="Binder images are Linux; their scripts are for a POSIX shell"),
]


TOUR = "/lab/tree/roboflow-demo/tour.ipynb"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> BinderImage:
    """After `postBuild`."""
    made = BinderImage(tmp_path_factory.mktemp("binder"), lent=True)
    made.build()
    return made


def test_nothing_that_only_the_build_needed_stays_in_the_image(image: BinderImage) -> None:
    assert not (image.home / "node_modules").exists() and not (image.home / ".npm").exists()


def test_no_secret_is_part_of_the_image(image: BinderImage) -> None:
    """Whoever makes a session of the image would share it with everybody else."""
    assert (image.home / ".local" / "share" / "jupyter" / "jupyter_roboflow" / "roboflow.db").is_file()
    assert not list(image.home.rglob("jwt_secret"))


def test_the_tour_is_the_start_page_of_the_classic_notebook_too(image: BinderImage) -> None:
    """Binder starts whichever it likes."""
    with image.started("notebook") as server:
        assert image.front_page(server) == TOUR


def test_jupyterlab_opens_with_the_tour_which_runs_and_sees_the_demo_datasets(image: BinderImage) -> None:
    with image.started("jupyterlab") as server:
        assert image.front_page(server) == TOUR
        done = nbformat.read(image.run_tour(server), as_version=4)
    outputs = [output for cell in done.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output["output_type"] == "error"]
    said = " ".join(output.get("text", "") + output.get("data", {}).get("text/html", "") for output in outputs)
    assert "that of this Jupyter server" in said and "Blood cells (demo)" in said
    assert re.search(r"\d+ training pictures of RBC, WBC, Platelets", said)


def test_binder_uses_a_python_that_the_package_supports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert f"Programming Language :: Python :: {named}" in project["classifiers"]


@pytest.mark.parametrize("script", ["postBuild", "start"])
def test_its_scripts_may_be_executed(script: str) -> None:
    assert os.access(ROOT / "binder" / script, os.X_OK), Path("binder") / script
