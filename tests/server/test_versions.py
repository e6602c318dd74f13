"""Versions over HTTP: made as jobs, read page by page, their files as those of images."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

import jupyter_roboflow as rf
from jupyter_roboflow.augment import Recipe
from tests.jupyter_server import TOKEN, JupyterServer
from tests.server import watching

DEMO = Path(rf.__file__).parent / "demo" / "data" / "blood-cells"
RECIPE = {"steps": ["flip", {"step": "rotate", "degrees": 10}], "seed": 2, "multiplier": 2}


@pytest.fixture(scope="module")
def cells(server: JupyterServer) -> int:
    with rf.connect(data_dir=server.folder, progress=False) as ws:
        dataset = ws.create_dataset("cells for versions")
        dataset.import_(DEMO)
        return dataset.id


def started(server: JupyterServer, path: str, body: Any = None) -> Any:
    """The job that a request began, once it is over."""
    status, _, answer = server.ask(path, "POST", body=body)
    assert status == 202, answer
    return watching.over(server, answer["job_id"])


def fetch(server: JupyterServer, path: str) -> httpx.Response:
    headers = {"Authorization": f"token {TOKEN}"}
    return httpx.get(f"{server.url}roboflow/api/{path}", headers=headers, timeout=30)


@pytest.fixture(scope="module")
def version(server: JupyterServer, cells: int) -> Any:
    body = {"recipe": RECIPE, "splits": {"train": 0.5, "valid": 0.5}, "name": "one", "options": {"quality": 80}}
    job = started(server, f"datasets/{cells}/versions", body)
    assert job["state"] == "succeeded" and job["result_url"] == f"versions/{job['result']['version_id']}"
    status, _, found = server.ask(job["result_url"])
    assert status == 200
    return found


def test_the_steps_are_told_with_the_range_of_each_setting(server: JupyterServer) -> None:
    status, _, body = server.ask("augment/steps")
    steps = {step["name"]: step for step in body["items"]}
    assert status == 200 and next(iter(steps)) == "auto_orient" and len(steps) == len(body["items"]) > 30
    [degrees, fill] = steps["rotate"]["parameters"]
    assert steps["rotate"]["stage"] == "augment" and steps["rotate"]["moves"] is True
    assert (degrees["type"], degrees["default"], degrees["low"], degrees["high"], degrees["unit"]) == (
        "number",
        15,
        0,
        180,
        "°",
    )
    assert fill["choices"] == ["black", "grey", "white"] and steps["modify_classes"]["parameters"][0]["default"] == {}
    assert Recipe.from_dict({"steps": list(steps)}).as_dict()["augment"]


def test_a_version_tells_what_it_is(server: JupyterServer, cells: int, version: Any) -> None:
    assert (version["name"], version["number"], version["state"]) == ("one", 1, "ready")
    assert version["counts"]["images"] == 72 and version["counts"]["augmented"] == 24
    assert version["recipe"]["augment"][0]["step"] == "flip" and version["options"]["quality"] == 80
    listed = server.ask(f"datasets/{cells}/versions")[2]["items"]
    assert version in listed


def test_the_older_address_makes_the_same(server: JupyterServer, cells: int) -> None:
    job = started(server, f"datasets/{cells}/augment", {"spec": {"steps": ["grayscale"]}})
    assert job["state"] == "succeeded" and job["result_url"].startswith("versions/")


def test_pictures_come_page_by_page_and_as_files(server: JupyterServer, version: Any) -> None:
    path, after, seen = f"versions/{version['id']}", 0, []
    while after is not None:
        status, _, page = server.ask(f"{path}/examples?limit=50&after={after}")
        assert status == 200
        seen += page["items"]
        after = page["next"]
    assert [item["image"]["position"] for item in seen] == list(range(1, 73))
    valid = server.ask(f"{path}/examples?split=valid&limit=500")[2]["items"]
    assert len(valid) == 24 and {item["image"]["copy_number"] for item in valid} == {0}
    copied = next(item["image"] for item in seen if item["image"]["copy_number"])
    file = fetch(server, f"{path}/images/{copied['position']}/file")
    assert (file.status_code, file.headers["Content-Type"], len(file.content)) == (200, "image/jpeg", copied["size"])
    assert hashlib.sha256(file.content).hexdigest() == file.headers["ETag"].strip('"') == copied["sha256"]
    assert "immutable" in file.headers["Cache-Control"]
    assert fetch(server, f"{path}/images/{copied['position']}/thumbnail").content[:2] == b"\xff\xd8"
    assert fetch(server, f"{path}/images/73/file").status_code == 404


def test_a_version_is_exported_rebuilt_compared_and_deleted(server: JupyterServer, cells: int, version: Any) -> None:
    export = started(server, f"datasets/{cells}/export", {"format": "coco", "version": version["id"]})
    assert export["result"]["counts"]["images"] == 72
    assert started(server, f"versions/{version['id']}/rebuild")["result"]["same"] is True
    other = started(server, f"datasets/{cells}/versions", {"recipe": RECIPE})["result"]["version_id"]
    status, _, diff = server.ask(f"versions/{version['id']}/diff/{other}")
    assert status == 200 and diff["recipe_changed"] is False and diff["same_content"] is False
    assert all(diff["images"][what] for what in ("added", "removed", "changed")), "other images train"
    assert server.ask(f"versions/{other}", "DELETE")[0] == 204
    assert server.ask(f"versions/{other}")[0] == 404
    watching.assert_sound(server.folder)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"recipe": []}, 422),
        ({"recipe": {"steps": ["nonsense"]}}, 422),
        ({"recipe": {}, "splits": {"train": 0.4}}, 422),
        ({"recipe": {}, "options": {"on_error": "ignore"}}, 422),
        ({"recipe": {}, "options": {"quality": 1}}, 422),
        ({"recipe": {}, "more": 1}, 422),
        ({"recipe": {"multiplier": 1000, "steps": ["flip"]}}, 422),
    ],
)
def test_what_cannot_be_is_refused_before_there_is_a_job(
    server: JupyterServer, cells: int, body: Any, status: int
) -> None:
    before = server.ask(f"jobs?dataset_id={cells}")[2]["total"]
    found, _, answer = server.ask(f"datasets/{cells}/versions", "POST", body=body)
    assert (found, bool(answer["error"]["message"])) == (status, True)
    assert server.ask(f"jobs?dataset_id={cells}")[2]["total"] == before


def test_a_recipe_that_leaves_no_image_fails_with_a_reason(server: JupyterServer, cells: int) -> None:
    recipe = {"steps": [{"step": "filter_by_tag", "require": ["nobody has it"]}]}
    job = started(server, f"datasets/{cells}/versions", {"recipe": recipe})
    assert (job["state"], job["error"]["code"]) == ("failed", "no_images")
