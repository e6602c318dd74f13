"""Annotation Sets over HTTP: sent once, asked for again with their ETag, changed one annotation at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from jupyter_roboflow.storage.tables import annotations as table
from tests.server.bytes_place import BytesPlace, code_of

pytestmark = pytest.mark.xdist_group("bytes")

BOX = {"label": "cell", "shape_type": "bbox", "geometry": {"bbox": [1.5, 1.0, 4.0, 4.0], "coords_unit": "px"}}


@pytest.fixture
def path(place: BytesPlace) -> str:
    """Where the set of a new image of a dataset with the label `cell` is; one box is drawn."""
    dataset = place.dataset()
    place.local.add_label(dataset, "cell")
    path = f"images/{place.image(dataset)}/annotations"
    assert place.api.post(path, json=BOX).status_code == 201
    return path


def again(place: BytesPlace, path: str, loaded: httpx.Response) -> httpx.Response:
    return place.api.get(path, headers={"If-None-Match": loaded.headers["ETag"]})


def test_a_set_that_is_as_it_was_is_not_sent_again(place: BytesPlace, path: str) -> None:
    loaded = place.api.get(path)
    assert loaded.headers["Cache-Control"] == "private, no-cache" and not loaded.headers["ETag"].startswith("W/")
    same = again(place, path, loaded)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", loaded.headers["ETag"])
    assert same.headers["Cache-Control"] == loaded.headers["Cache-Control"]
    several = f'"0-0000000000000000", W/{loaded.headers["ETag"]}'
    assert place.api.get(path, headers={"If-None-Match": several}).status_code == 304
    assert place.api.get(path, headers={"If-None-Match": '"1"'}).content == loaded.content


def test_whoever_has_the_set_is_told_without_its_annotations_being_read(place: BytesPlace, path: str) -> None:
    loaded = place.api.get(path)
    with place.local.installation.database.write() as conn:
        this = table.c.id == loaded.json()["annotations"][0]["id"]
        good = conn.execute(table.select().where(this)).one().geometry
        conn.execute(update(table).where(this).values(geometry="{"))
    try:
        assert again(place, path, loaded).status_code == 304
        damaged = place.api.get(path)
        assert damaged.status_code == 500 and code_of(damaged) == "geometry_corrupt"
        assert "ETag" not in damaged.headers
    finally:
        with place.local.installation.database.write() as conn:
            conn.execute(update(table).where(this).values(geometry=good))


CHANGES: dict[str, Callable[[BytesPlace, str, dict[str, Any]], object]] = {
    "another annotation": lambda p, path, _: p.api.post(path, json=BOX),
    "a changed one": lambda p, _, drawn: p.api.put(f"annotations/{drawn['id']}", json=BOX, headers={"If-Match": "*"}),
    "a deleted one": lambda p, _, drawn: p.api.delete(f"annotations/{drawn['id']}"),
    "the whole set": lambda p, path, _: p.api.put(path, json={"annotations": []}, headers={"If-Match": "1"}),
    "the image's state": lambda p, path, _: p.api.patch(path.rpartition("/")[0], json={"state": "reviewed"}),
    "a label's name": lambda p, path, _: p.local.edit_label(
        p.local.get_image(int(path.split("/")[1])).dataset_id, "cell", new_name="blob"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_set_is_sent_anew(place: BytesPlace, path: str, change: str) -> None:
    loaded = place.api.get(path)
    CHANGES[change](place, path, loaded.json()["annotations"][0])
    anew = again(place, path, loaded)
    assert anew.status_code == 200 and anew.headers["ETag"] != loaded.headers["ETag"]
    assert anew.json() != loaded.json()
    assert again(place, path, anew).status_code == 304


def test_what_a_save_answers_is_small_and_tells_the_etag_of_the_set(place: BytesPlace, path: str) -> None:
    added = place.api.post(path, json=BOX, headers={"If-Match": place.api.get(path).headers["ETag"]})
    assert added.status_code == 201 and again(place, path, added).status_code == 304
    one = f"annotations/{added.json()['id']}"
    changed = place.api.put(
        one, json={**BOX, "attributes": {"sure": True}}, headers={"If-Match": added.headers["ETag"]}
    )
    assert changed.status_code == 200 and again(place, path, changed).status_code == 304
    assert changed.json() == {**added.json(), "attributes": {"sure": True}, "revision": 3}
    gone = place.api.delete(one, headers={"If-Match": changed.headers["ETag"]})
    image = added.json()["image_id"]
    assert gone.json() == {"image_id": image, "revision": 4, "state": "labeled"}
    assert again(place, path, gone).status_code == 304
    kept = place.api.get(path).json()["annotations"]
    whole = place.api.put(path, json={"annotations": kept}, headers={"If-Match": gone.headers["ETag"]})
    assert whole.status_code == 200 and again(place, path, whole).status_code == 304
    stale = place.api.delete(f"annotations/{kept[0]['id']}", headers={"If-Match": gone.headers["ETag"]})
    assert stale.status_code == 409 and stale.json()["error"]["details"]["annotations"] == kept
    for wrong in ('"4-xyz"', '"4-"', '"-e145bf8ecd3c186e"', "4-e145bf8ecd3c186e0"):
        refused = place.api.delete(f"annotations/{kept[0]['id']}", headers={"If-Match": wrong})
        assert code_of(refused) == "bad_revision"


def test_who_may_not_see_the_image_learns_nothing_from_an_etag(place: BytesPlace, path: str) -> None:
    loaded = place.api.get(path)
    _, stranger = place.person()
    with stranger:
        for tag in (loaded.headers["ETag"], "*"):
            assert stranger.get(path, headers={"If-None-Match": tag}).status_code == 404
        one = f"annotations/{loaded.json()['annotations'][0]['id']}"
        assert stranger.delete(one).status_code == stranger.delete(f"annotations/{'0' * 32}").status_code == 404
        assert stranger.put(one, json=BOX, headers={"If-Match": "*"}).status_code == 404
    assert again(place, path, loaded).status_code == 304
