"""The shell, as processes: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from .conftest import BLOOD_CELLS, write_pictures
from .datasets_on_disk import coco, coco_files, write_folder


@pytest.fixture
def shell(tmp_path: Path) -> Any:
    """Runs `jupyter-roboflow` with a home of its own."""
    home = tmp_path / "home"
    environment = {**os.environ, "ROBOFLOW_DATABASE_URL": f"sqlite:///{home / 'shell.db'}"}
    environment |= {"ROBOFLOW_STORAGE_URL": str(home / "store"), "ROBOFLOW_DATA_DIR": str(home)}

    def run(*arguments: str | Path, code: int = 0, **variables: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "jupyter_roboflow.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**environment, **variables},
        )
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 or "--json" in arguments else done.stderr

    return run


def test_import_list_health_export_check(shell: Any, tmp_path: Path) -> None:
    said = json.loads(shell("import", BLOOD_CELLS, "--dataset", "blood", "--json"))
    assert said["format"] == "voc" and said["counts"]["annotations_added"] == 678
    assert json.loads(shell("datasets", "--json"))[0]["images"] == 48
    assert "RBC" in shell("health", "blood", "--plot", tmp_path / "health.png")
    assert (tmp_path / "health.png").read_bytes().startswith(b"\x89PNG")
    assert "678" in shell("export", "blood", "--format", "coco", "--output", tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
    shell("check", "--deep")
    assert (tmp_path / "home" / "shell.db").exists() and (tmp_path / "home" / "store").is_dir()


def test_format_options_are_passed_on(shell: Any, tmp_path: Path) -> None:
    shell("import", BLOOD_CELLS, "--dataset", "blood", "--format", "voc")
    shell("export", "blood", "--format", "coco", "--output", "zero.zip", "--option", "id_base=0")
    with zipfile.ZipFile(tmp_path / "zero.zip") as archive:
        name = next(n for n in archive.namelist() if n.endswith(".json"))
        assert min(c["id"] for c in json.loads(archive.read(name))["categories"]) == 0


def test_a_coco_file_is_imported_by_itself(shell: Any, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in", coco_files(coco()))
    said = json.loads(shell("import", folder / "train" / "_annotations.coco.json", "--dataset", "cats", "--json"))
    assert said["format"] == "coco" and said["counts"]["images_added"] == 2


def test_errors_say_what_to_do_and_leave_nothing_behind(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    assert "zip" in shell("import", tmp_path / "notes.txt", "--dataset", "new", code=1)
    assert json.loads(shell("datasets", "--json")) == []
    error = json.loads(shell("export", "nothing", "--format", "coco", "--json", code=1))["error"]
    assert error["code"] == "not_found" and "nothing" in error["message"]
    assert "ROBOFLOW_DATABASE_URL" in shell("datasets", code=1, ROBOFLOW_DATABASE_URL="nonsense")
    assert "ROBOFLOW_WORKERS" in shell("datasets", code=1, ROBOFLOW_WORKERS="many")
    shell("export", "blood", "--format", "kitti", code=2)


def test_uploads_report_what_was_refused(shell: Any, tmp_path: Path) -> None:
    write_pictures(tmp_path / "in", 3)
    (tmp_path / "in" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    said = json.loads(shell("upload", tmp_path / "in", "--dataset", "mine", "--json"))
    assert len(said["added"]) == 3 and said["refused"][0]["filename"] == "broken.jpg"


def test_check_finds_a_damaged_picture_and_changes_nothing(shell: Any, tmp_path: Path) -> None:
    shell("upload", *write_pictures(tmp_path / "in", 2), "--dataset", "mine")
    blob = next(p for p in (tmp_path / "home" / "store" / "blobs").rglob("*") if p.is_file())
    damaged = bytes([blob.read_bytes()[0] ^ 1]) + blob.read_bytes()[1:]
    blob.chmod(0o600)
    blob.write_bytes(damaged)
    said = json.loads(shell("check", "--deep", "--json", code=3))
    assert "checksum_mismatch" in json.dumps(said) and blob.read_bytes() == damaged


def test_the_database_command_shows_and_brings_up_to_date(shell: Any) -> None:
    assert json.loads(shell("db", "status", "--json"))["revision"] == "none"
    upgraded = json.loads(shell("db", "upgrade", "--json"))
    assert upgraded["upgraded"] and upgraded["revision"] != "none"
    assert not json.loads(shell("db", "upgrade", "--json"))["upgraded"]


def test_the_demo_shows_that_nothing_changed(shell: Any, tmp_path: Path) -> None:
    said = shell("demo", "--no-lab", "--output", tmp_path / "results", "--no-progress")
    assert "nothing changed" in said and "RBC" in said
    names = {path.name for path in (tmp_path / "results").iterdir()}
    assert {"blood-cells-coco.zip", "blood-cells-yolo.zip", "blood-cells-voc.zip", "blood-cells-health.png"} <= names
    assert "tour.ipynb" in names
    assert json.loads(shell("demo", "--json"))["unchanged"] is True


def test_collecting_waits_a_day_and_keeps_what_is_in_use(shell: Any, tmp_path: Path) -> None:
    shell("upload", *write_pictures(tmp_path / "in", 2), "--dataset", "mine")
    blobs = tmp_path / "home" / "store" / "blobs"
    kept = sorted(path for path in blobs.rglob("*") if path.is_file())
    (blobs / "00" / "00").mkdir(parents=True, exist_ok=True)
    (blobs / "00" / "00" / ("0" * 64)).write_bytes(b"left over")
    assert json.loads(shell("collect", "--json")) == {"deleted": 0}
    assert set(kept) < {path for path in blobs.rglob("*") if path.is_file()}


def test_every_command_is_listed_with_help(shell: Any) -> None:
    help = shell("--help")
    for command in ("datasets", "upload", "import", "export", "health", "worker", "db", "check", "collect", "demo"):
        assert command in help and "--json" in shell(command, "--help")


def test_plots_of_a_kind_or_in_a_place_that_cannot_be_are_refused_with_what_to_do(shell: Any, tmp_path: Path) -> None:
    write_pictures(tmp_path / "pictures", 1)
    shell("upload", tmp_path / "pictures", "--dataset", "few")
    assert ".png, .svg or .pdf" in shell("health", "few", "--plot", "plots.xyz", code=1)
    assert "choose another place" in shell("health", "few", "--plot", "nowhere/plots.png", code=1)
    said = json.loads(shell("health", "few", "--plot", "nowhere/plots.png", "--json", code=1))
    assert said["error"]["code"] == "not_writable"


def test_a_folder_that_cannot_be_made_is_named_without_a_traceback(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    assert "taken" in shell("demo", "--output", tmp_path / "taken", code=1)
    said = json.loads(shell("demo", "--json", "--output", tmp_path / "taken" / "below", code=1))
    assert said["error"]["code"] == "file_error"
