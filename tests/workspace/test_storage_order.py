"""What the operating system is asked for when pictures come in: bytes before names, names before rows, then the answer.

The child process flushes the picture, the parent its thumbnail and names; nobody flushes the picture a second time.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from jupyter_roboflow.storage.files import blob_key, thumbnail_key
from jupyter_roboflow.storage.files.flush import Together

STRACE = Path("/usr/bin/strace")

SCRIPT = """
import os, sys
import jupyter_roboflow as rf
with rf.connect(data_dir=sys.argv[1], workers=1, progress=False) as ws:
    ds = ws.create_dataset("cells")
    getattr(ds, sys.argv[2])(sys.argv[3])
    os.write(1, f"done {len(ds)}".encode())
"""


def folder_with_a_picture(folder: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (60, 80, 3), np.uint8)
    folder.mkdir()
    Image.fromarray(noise).save(folder / "a.png")
    image = {"id": 1, "file_name": "a.png", "width": 80, "height": 60}
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 40], "area": 1200, "iscrowd": 0}
    coco = {"images": [image], "annotations": [box], "categories": [{"id": 1, "name": "RBC"}]}
    (folder / "_annotations.coco.json").write_text(json.dumps(coco))


@pytest.mark.skipif(not STRACE.exists(), reason="strace is not there")
@pytest.mark.parametrize("way", ["upload", "import_"])
def test_a_picture_is_on_the_disk_before_its_name_and_its_name_before_its_row(tmp_path: Path, way: str) -> None:
    folder_with_a_picture(tmp_path / "pictures")
    log = tmp_path / "calls"
    watched = "trace=fsync,fdatasync,rename,renameat,renameat2,write"
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "home"), way, str(tmp_path / "pictures")]
    trace = [str(STRACE), "-f", "-y", "-s", "200", "-e", watched, "-o", str(log)]
    done = subprocess.run([*trace, *command], capture_output=True, text=True, check=False)
    if "ptrace" in done.stderr and done.returncode:
        pytest.skip("tracing is not allowed here")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "done 1"
    sha256 = hashlib.sha256((tmp_path / "pictures" / "a.png").read_bytes()).hexdigest()
    calls = log.read_text(errors="replace").splitlines()

    def first(*words: str, after: int = -1) -> int:
        found = (i for i, line in enumerate(calls) if i > after and all(word in line for word in words))
        return next(found, len(calls))

    committed_after = 0
    for key in (blob_key(sha256), thumbnail_key(sha256)):
        renamed = first("rename", key)
        temporary = calls[renamed].partition('"')[2].partition('"')[0]
        flushed = [i for i, line in enumerate(calls) if "fsync(" in line and temporary + ">" in line]
        assert len(flushed) == 1, "flushed once, by whoever wrote it"
        named = first("fsync", str(Path(key).parent) + ">", after=renamed)
        assert flushed[0] < renamed < named
        committed_after = max(committed_after, named)
    committed = first("roboflow.db-wal", "sync", after=committed_after)
    assert committed < first("write(", '"done 1"')


def test_the_first_failure_of_many_flushes_ends_them_and_is_raised() -> None:
    done: list[int] = []

    def flush(number: int) -> None:
        if number == 3:
            raise OSError("the disk is gone")
        done.append(number)

    with Together() as together:
        together.do(done.append, range(100, 200))
        assert sorted(done) == list(range(100, 200))
        with pytest.raises(OSError, match="the disk is gone"):
            together.do(flush, range(10_000))
    assert len(done) < 10_100
