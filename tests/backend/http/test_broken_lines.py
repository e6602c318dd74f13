"""Connections that break: uploads and downloads go on, nothing is there twice, nothing is there by half."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import jupyter_roboflow as rf
from jupyter_roboflow.backend.http import HttpBackend
from tests.backend.contract.conftest import write_pictures
from tests.jupyter_server import TOKEN

from .conftest import Opener
from .rough_line import RoughLine

pytestmark = pytest.mark.xdist_group("rough")


def noise(folder: Path, count: int, first: int = 0) -> list[Path]:
    """Pictures of about 280 kB each."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"noise-{number}.png" for number in range(first, first + count)]
    for number, path in enumerate(paths, first):
        pixels = np.random.default_rng(number).integers(0, 256, (310, 300, 3), dtype=np.uint8)
        Pillow.fromarray(pixels).save(path)
    return paths


def test_a_server_that_is_away_for_a_moment_is_waited_for(line: RoughLine, open_on: Opener, dataset: int) -> None:
    backend = open_on()
    line.refuse = 2
    assert backend.get_dataset(dataset).id == dataset and line.connections == 3


def test_what_must_not_be_done_twice_is_not_sent_twice(line: RoughLine, open_on: Opener, dataset: int) -> None:
    backend = open_on()
    backend.add_label(dataset, "source")
    backend.add_label(dataset, "target")
    line.requests.clear()
    line.lose_answers_to = [b"POST"]
    with pytest.raises(rf.BackendUnavailable):
        backend.merge_labels(dataset, "source", "target")
    assert len([request for request in line.requests if request.startswith(b"POST")]) == 1


def test_what_is_made_is_made_once_though_its_answer_is_lost(
    line: RoughLine, open_on: Opener, direct: HttpBackend
) -> None:
    backend, before = open_on(), direct.list_datasets().total
    line.lose_answers_to = [b"POST"]
    made = backend.create_dataset(f"made once {before}")
    assert len([request for request in line.requests if request.startswith(b"POST")]) == 2
    assert direct.list_datasets().total == before + 1 and direct.get_dataset(made.id).name == made.name


def test_a_save_whose_answer_is_lost_is_no_conflict_with_oneself(
    line: RoughLine, open_on: Opener, direct: HttpBackend, dataset: int, tmp_path: Path
) -> None:
    backend = open_on()
    direct.add_label(dataset, "cell")
    (added,) = direct.upload(dataset, noise(tmp_path / "in", 1)).added
    line.lose_answers_to = [b"PUT"]
    saved = backend.save_annotations(added.image_id, [rf.Annotation(rf.BBox(1, 2, 3, 4), "cell")], 0)
    assert saved.revision == 1 and not line.lose_answers_to
    assert direct.annotations(added.image_id) == saved


def test_an_upload_over_a_breaking_line_has_every_picture_once(
    line: RoughLine, open_on: Opener, direct: HttpBackend, dataset: int, tmp_path: Path
) -> None:
    paths = noise(tmp_path / "in", 40)
    backend = open_on()
    line.cut_sending = [1_000_000, 300_000, 2_000_000, 700_000]
    report = backend.upload(dataset, paths)
    assert [entry.filename for entry in report.added] == [path.name for path in paths] and report.refused == []
    stored = {image.sha256 for image in direct.images(dataset).items}
    assert stored == {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    assert direct.get_dataset(dataset).image_count == 40 and not line.cut_sending


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice(
    line: RoughLine, open_on: Opener, direct: HttpBackend, dataset: int, tmp_path: Path
) -> None:
    backend = open_on()
    line.lose_answers_to = [f"POST {direct._client._http.base_url.path}datasets/{dataset}/images HTTP".encode()]
    report = backend.upload(dataset, write_pictures(tmp_path, 3))
    assert (len(report.added), len(report.known)) == (3, 0) and not line.lose_answers_to
    keys = [_header(request, b"idempotency-key") for request in line.requests if b"/images HTTP" in request]
    assert len(keys) == 2 and len(set(keys)) == 1
    uploads = [row for row in direct.audit(dataset).items if row["action"] == "upload"]
    assert len(uploads) == 1


def test_an_upload_that_was_stopped_goes_on_by_hashes(
    line: RoughLine, open_on: Opener, direct: HttpBackend, dataset: int, tmp_path: Path
) -> None:
    paths = noise(tmp_path / "in", 12)
    direct.upload(dataset, paths[:9])
    backend = open_on()
    line.requests.clear()
    report = backend.upload(dataset, tmp_path / "in")
    assert (len(report.added), len(report.known)) == (3, 9)
    sent = [int(_header(request, b"content-length")) for request in line.requests if b"/images HTTP" in request]
    size = sum(path.stat().st_size for path in sorted(paths)[9:])
    assert 0 < sum(sent) < 4 * size, "only what was missing is sent"


def test_a_download_goes_on_where_the_line_broke(
    line: RoughLine, open_on: Opener, direct: HttpBackend, dataset: int, tmp_path: Path
) -> None:
    direct.upload(dataset, noise(tmp_path / "in", 8))
    direct.wait(direct.start_export(dataset, "coco", {"include_unlabeled": True}).id)
    (export,) = direct.exports(dataset)
    backend = open_on()
    line.cut_after = [500_000, 700_000, 300_000]
    line.requests.clear()
    path = backend.save_export(export.id, tmp_path / "out.zip")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == export.sha256
    ranges = [_header(request, b"range") for request in line.requests if b"/file" in request]
    starts = [int(value[6:-1]) for value in ranges if value]
    assert len(starts) >= 2 and starts == sorted(starts) and starts[0] > 100_000
    assert not list(tmp_path.glob(".*"))


def test_a_download_that_never_comes_leaves_nothing(
    line: RoughLine, open_on: Opener, direct: HttpBackend, dataset: int, tmp_path: Path
) -> None:
    direct.upload(dataset, noise(tmp_path / "in", 4))
    direct.wait(direct.start_export(dataset, "coco", {"include_unlabeled": True}).id)
    (export,) = direct.exports(dataset)
    backend = open_on(tries=2)
    backend.get_export(export.id)
    line.lose_answers_to = [b"GET"] * 50
    with pytest.raises(rf.BackendUnavailable):
        backend.save_export(export.id, tmp_path / "out.zip")
    assert [entry.name for entry in tmp_path.iterdir()] == ["in"]


def test_no_error_shows_the_token(line: RoughLine, open_on: Opener) -> None:
    backend = open_on(tries=1)
    line.close()
    with pytest.raises(rf.BackendUnavailable) as refused:
        backend.list_datasets()
    assert TOKEN not in f"{refused.value!r} {refused.value.details} {refused.value.__cause__!r}"


def _header(request: bytes, name: bytes) -> str:
    for row in request.split(b"\r\n"):
        key, _, value = row.partition(b": ")
        if key.lower() == name:
            return value.decode()
    return ""
