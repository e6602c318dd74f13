"""What README and guide print for Python and the shell does what they say."""

from __future__ import annotations

import shlex
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import jupyter_roboflow as rf
from jupyter_roboflow import cli, demo
from tests.guide.pages import PAGES, blocks

BLOOD = Path(demo.__file__).parent / "data" / "blood-cells"
NUCLEI = Path(demo.__file__).parent / "data" / "nuclei"
PICTURES = 4

pytestmark = pytest.mark.xdist_group("guide")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the pages speak of, and a workspace of its own."""
    names = sorted(path.stem for path in (BLOOD / "JPEGImages").iterdir())[:PICTURES]
    (tmp_path / "images").mkdir()
    for name in names:
        shutil.copy(BLOOD / "JPEGImages" / f"{name}.jpg", tmp_path / "images")
    shutil.copy(tmp_path / "images" / f"{names[0]}.jpg", tmp_path / "photo.jpg")
    shutil.copy(tmp_path / "images" / f"{names[0]}.jpg", tmp_path / "smear-01.jpg")
    shutil.copytree(NUCLEI / "images", tmp_path / "coco" / "val2017")
    (tmp_path / "coco" / "annotations").mkdir()
    shutil.copy(NUCLEI / "instances_polygons.json", tmp_path / "coco" / "annotations" / "instances_val2017.json")
    _zip(tmp_path / "annotated.zip", [BLOOD / "Annotations" / f"{name}.xml" for name in names], tmp_path / "images")
    _zip(tmp_path / "more.zip", [], tmp_path / "images")
    (tmp_path / "recipe.yaml").write_text(rf.Recipe(["flip"], multiplier=2).to_yaml(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROBOFLOW_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def _zip(path: Path, annotations: list[Path], pictures: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for file in annotations:
            archive.write(file, f"Annotations/{file.name}")
        for file in pictures.iterdir():
            archive.write(file, f"JPEGImages/{file.name}")


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=str)
def test_every_block_of_python_runs_in_its_order(page: Path, here: Path) -> None:
    names: dict[str, object] = {}
    for i, block in enumerate(blocks(page, "python")):
        exec(compile(block, f"{page}, block {i + 1}", "exec"), names)
    opened = [value for value in names.values() if isinstance(value, rf.Workspace)]
    for workspace in opened:
        workspace.close()


def test_every_command_of_the_shell_runs_in_its_order(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All pages after each other, in the order in which the guide is read: later ones use what earlier ones made."""
    order = ["importing", "exporting", "health", "versions", "accounts", "troubleshooting"]
    named = {page.stem: page for page in PAGES if page.parent.name == "guide"}
    rest = [page for page in PAGES if page.stem not in order]
    lines = [(page, line) for page in [*map(named.__getitem__, order), *rest] for line in _commands(page)]
    assert len(lines) > 15
    for page, line in lines:
        assert cli.main([*shlex.split(line, comments=True)[2:], "--no-progress"]) == 0, f"{page}: {line}"
        capsys.readouterr()


def _commands(page: Path) -> Iterator[str]:
    for block in blocks(page, "sh"):
        yield from (line for line in block.splitlines() if line.startswith("jupyter roboflow "))
