"""From a clone to an installation, as people do it: `pip install .` without Node, and the sdist on its own.

The environments are fresh; the packages ours depends on are not downloaded again but lent by the environment the tests
run in, through a path file. pip sees them and checks that they satisfy what we ask for.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import jupyter_roboflow
from tests.checkout import ROOT, files_of_checkout, listed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]

# Decided about, and not for those who only install.
NOT_IN_THE_SDIST = {".gitattributes"}
NODE = {"corepack", "node", "nodejs", "npm", "npx", "pnpm", "yarn"}


@pytest.fixture(scope="module")
def path_without_node(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH with every program of this machine but Node's."""
    folder = tmp_path_factory.mktemp("programs")
    for place in map(Path, os.environ["PATH"].split(os.pathsep)):
        # The environment the tests run in stays out: its scripts run its own Python.
        if place == Path(sysconfig.get_path("scripts")) or not place.is_dir():
            continue
        for program in place.iterdir():
            link = folder / program.name
            if program.name.removesuffix(".exe") not in NODE and not os.path.lexists(link):
                link.symlink_to(program)
    assert shutil.which("node", path=str(folder)) is None
    assert shutil.which("npm", path=str(folder)) is None
    return str(folder)


@pytest.fixture(scope="module")
def tracked() -> frozenset[Path]:
    """The files of the checkout when the tests began."""
    return frozenset(files_of_checkout())


@pytest.fixture(scope="module")
def clone(tracked: frozenset[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout as somebody else gets it: nothing built, nothing installed."""
    folder = tmp_path_factory.mktemp("clone") / "jupyter-roboflow"
    for path in tracked:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path)
    assert not (folder / "labextension" / "static").exists()
    assert not (folder / "jupyter_roboflow" / "widgets" / "static").exists()
    return folder


class Environment:
    """A fresh virtual environment that may use the packages of ours, but not our editable installation."""

    def __init__(self, folder: Path, path: str) -> None:
        venv.create(folder, with_pip=True, symlinks=os.name != "nt")
        self.folder = folder
        self.scripts = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.scripts / ("python.exe" if os.name == "nt" else "python")
        self._environment = {
            **{k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")},
            "PATH": os.pathsep.join([str(self.scripts), path]),
            "JUPYTER_DATA_DIR": str(folder / "nobodys-data"),
            "JUPYTER_CONFIG_DIR": str(folder / "nobodys-config"),
        }
        lent = self("import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        (Path(lent) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    def __call__(self, code: str) -> str:
        """What a line of Python prints."""
        return self.run("-c", code)

    def run(self, *arguments: str) -> str:
        """What `python …` says, run away from any checkout."""
        command = [self.python, *arguments]
        where = {"cwd": self.folder, "env": self._environment}
        done = subprocess.run(command, **where, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(clone: Path, path_without_node: str, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment after `pip install .` in the clone on a machine without Node."""
    environment = Environment(tmp_path_factory.mktemp("installed") / "venv", path_without_node)
    environment.run("-m", "pip", "install", "--no-input", "--no-warn-script-location", str(clone))
    return environment


class TestInstalledFromAClone:
    def test_imports_from_there(self, installed: Environment) -> None:
        where = installed(
            "import jupyter_roboflow, jupyter_roboflow_server as s; print(jupyter_roboflow.__file__, s.__file__)"
        )
        assert all(str(installed.folder) in path for path in where.split())

    def test_the_server_extension_is_enabled(self, installed: Environment) -> None:
        said = installed.run("-m", "jupyter_server.extension.serverextension", "list")
        assert f"jupyter_roboflow_server {jupyter_roboflow.__version__}" in plain(said)
        assert "jupyter_roboflow_server enabled" in plain(said)

    def test_the_jupyterlab_extension_is_enabled(self, installed: Environment) -> None:
        said = plain(installed.run("-m", "jupyterlab.labextensions", "list"))
        assert f"@jupyter-roboflow/labextension v{jupyter_roboflow.__version__} enabled OK" in said

    def test_the_shell_answers(self, installed: Environment) -> None:
        assert "usage: jupyter roboflow" in installed.run("-m", "jupyter", "roboflow", "--help")

    def test_a_widget_brings_its_view(self, installed: Environment) -> None:
        assert "images" in installed("from jupyter_roboflow.widgets import DatasetCard as C; print(C('x').get_state())")

    def test_the_demo_data_is_there(self, installed: Environment) -> None:
        pictures = "importlib.resources.files('jupyter_roboflow.demo') / 'data' / 'blood-cells' / 'JPEGImages'"
        assert int(installed(f"import importlib.resources; print(len([*({pictures}).iterdir()]))")) >= 10

    def test_everything_asked_for_is_there_and_fits(self, installed: Environment) -> None:
        assert "No broken requirements" in installed.run("-m", "pip", "check")


@pytest.fixture(scope="module")
def sdist(installed: Environment, clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked sdist, made where node_modules lies about: that once made hatchling drop the widgets."""
    assert installed and (clone / "node_modules" / "@jupyter-roboflow" / "widgets").exists()
    folder = tmp_path_factory.mktemp("sdist")
    build(clone, folder, "--sdist")
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheels(
    clone: Path, sdist: Path, path_without_node: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Names and CRC-32 of what is in the wheel of the clone and in that of the sdist, the latter made without Node."""
    folder = tmp_path_factory.mktemp("wheels")
    build(clone, folder / "clone", "--wheel")
    build(sdist, folder / "sdist", "--wheel", path=path_without_node)
    return contents(folder / "clone"), contents(folder / "sdist")


def build(source: Path, target: Path, kind: str, path: str | None = None) -> None:
    command = [sys.executable, "-m", "build", kind, "--no-isolation", "--outdir", str(target), str(source)]
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def contents(folder: Path) -> dict[str, int]:
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {info.filename: info.CRC for info in archive.infolist()}


class TestSdist:
    def test_holds_every_file_of_the_clone(self, sdist: Path, tracked: frozenset[Path]) -> None:
        missing = [path for path in tracked if not (sdist / path).is_file()]
        assert {path.as_posix() for path in missing} <= NOT_IN_THE_SDIST, listed(missing)

    def test_holds_nothing_else_but_what_was_built(self, sdist: Path, tracked: frozenset[Path]) -> None:
        known = {path.as_posix() for path in tracked} | {"PKG-INFO"}
        built = (
            "labextension/static/",
            "jupyter_roboflow/widgets/static/",
            "server_ext/jupyter_roboflow_server/static/",
        )
        names = {path.relative_to(sdist).as_posix() for path in sdist.rglob("*") if path.is_file()}
        assert not [name for name in names - known if not name.startswith(built)]

    def test_gives_the_same_wheel_without_node(self, wheels: tuple[Mapping[str, int], Mapping[str, int]]) -> None:
        from_clone, from_sdist = wheels
        assert from_clone == from_sdist

    def test_the_wheel_holds_the_front_end_once(self, wheels: tuple[Mapping[str, int], Mapping[str, int]]) -> None:
        names = list(wheels[0])
        assert "jupyter_roboflow/widgets/static/dataset-card.js" in names
        assert len([name for name in names if "/remoteEntry." in name]) == 1
        assert not [name for name in names if name.endswith((".ts", ".tsx")) or "node_modules" in name]


def plain(said: str) -> str:
    """Without colours, and with single spaces."""
    return " ".join(re.sub(r"\x1b\[\d*m", "", said).split())


def test_building_needs_node_when_there_is_none_to_fetch(clone: Path, path_without_node: str, tmp_path: Path) -> None:
    """Without Node and without isolation the message says what to do."""
    fresh = tmp_path / "clone"
    shutil.copytree(clone, fresh, ignore=shutil.ignore_patterns("node_modules", "static"))
    command = [sys.executable, "tools/front_end.py"]
    done = subprocess.run(
        command, cwd=fresh, env={**os.environ, "PATH": path_without_node}, capture_output=True, text=True, check=False
    )
    if "Front end built" in done.stdout:
        pytest.skip("the environment the tests run in has a Node of its own")
    assert done.returncode == 1
    assert "needs Node 20.19 or newer" in done.stderr
