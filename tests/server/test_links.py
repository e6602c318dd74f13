"""Who may fetch bytes over HTTP, by login, by cookie and by signed link; and that no log tells a secret."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from jupyter_roboflow.backend.accounts import Accounts
from jupyter_roboflow.domain.user import DatasetRole, Scope
from jupyter_roboflow.storage.files import blob_key
from tests.jupyter_server import TOKEN
from tests.server.bytes_place import BytesPlace, code_of

pytestmark = pytest.mark.xdist_group("bytes")


# who may


def test_who_does_not_see_the_image_gets_404(place: BytesPlace, image: int, export: int) -> None:
    _, client = place.person()
    for path in (f"images/{image}/file", f"images/{image}/thumbnail", f"exports/{export}/file"):
        known = {"If-None-Match": "*"}
        assert client.get(path).status_code == client.get(path, headers=known).status_code == 404
        assert httpx.get(f"{place.server.url}roboflow/api/{path}").status_code == 401
    client.close()


def test_a_token_that_may_only_read_may_read(place: BytesPlace) -> None:
    dataset = place.dataset()
    image = place.image(dataset)
    user, client = place.person(Scope.READ)
    place.local.set_collaborator(dataset, user.username, DatasetRole.VIEWER)
    assert client.get(f"images/{image}/file").status_code == 200
    assert client.head(f"images/{image}/file").status_code == 200
    assert client.post("images/links", json={"ids": [image]}).status_code == 200
    client.close()


@pytest.fixture
def browser(place: BytesPlace) -> Iterator[httpx.Client]:
    """One that has logged in and has nothing but cookies."""
    with httpx.Client(base_url=place.server.url, follow_redirects=True) as client:
        client.get("login", params={"token": TOKEN})
        yield client


def test_a_page_of_another_site_sees_no_picture(place: BytesPlace, browser: httpx.Client, image: int) -> None:
    """WEB-006"""
    path = f"roboflow/api/images/{image}/file"
    for headers in (
        {"Referer": "https://evil.example/page"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Referer": "https://evil.example/"},
    ):
        for method in ("GET", "HEAD"):
            assert browser.request(method, path, headers=headers).status_code in (403, 404), headers


def test_our_own_pages_see_pictures(place: BytesPlace, browser: httpx.Client, image: int, picture: bytes) -> None:
    path = f"roboflow/api/images/{image}/file"
    for headers in (
        {"Referer": f"{place.server.url}lab"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"X-XSRFToken": browser.cookies["_xsrf"].strip('"')},
    ):
        answer = browser.get(path, headers=headers)
        assert answer.status_code == 200 and answer.content == picture, headers


# links


def link_to(place: BytesPlace, image: int, kind: str = "file") -> str:
    return str(place.api.post("images/links", json={"ids": [image], "kind": kind}).json()["items"][0]["url"])


def fetch(place: BytesPlace, url: str, **headers: str) -> httpx.Response:
    """Without any login."""
    return httpx.get(f"{place.server.url}roboflow/api/{url}", headers=headers)


def test_a_link_shows_its_image_in_another_sites_page(place: BytesPlace, image: int, picture: bytes) -> None:
    answer = fetch(place, link_to(place, image), Referer="https://elsewhere.example/")
    assert answer.status_code == 200 and answer.content == picture
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert 0 < int(answer.headers["Cache-Control"].rpartition("=")[2]) <= 300
    assert fetch(place, link_to(place, image, "thumbnail")).headers["Content-Type"] == "image/jpeg"


def test_a_link_opens_nothing_else(place: BytesPlace, image: int, export: int) -> None:
    """ACL-014"""
    other, url = place.image(), link_to(place, image)
    signature = url.partition("?")[2]
    for path in (
        f"images/{other}/file",
        f"images/{image}/thumbnail",
        f"images/{image}",
        "datasets",
        f"exports/{export}/file",
        f"images/{image}/annotations",
    ):
        assert fetch(place, f"{path}?{signature}").status_code in (400, 401), path
    assert httpx.delete(f"{place.server.url}roboflow/api/images/{image}?{signature}").status_code in (401, 403)
    for wrong in (url[:-1], url[:-1] + ("A" if url[-1] != "A" else "B"), url + "x", f"images/{image}/file?signature="):
        assert fetch(place, wrong).status_code == 401, wrong
    user, _, code = signature.partition("=")[2].split(".")
    later = f"images/{image}/file?signature={user}.{int(time.time()) + 3000}.{code}"
    assert fetch(place, later).status_code == 401


def test_a_link_is_good_whoever_else_is_logged_in(place: BytesPlace, browser: httpx.Client, image: int) -> None:
    user, client = place.person()
    dataset = place.dataset()
    theirs = place.image(dataset)
    place.local.set_collaborator(dataset, user.username, DatasetRole.VIEWER)
    url = client.post("images/links", json={"ids": [theirs]}).json()["items"][0]["url"]
    assert browser.get(f"roboflow/api/{url}").status_code == 200
    client.close()


def test_a_link_ends_with_the_right_of_who_made_it(place: BytesPlace) -> None:
    """ACL-014"""
    dataset = place.dataset()
    image = place.image(dataset)
    user, client = place.person()
    place.local.set_collaborator(dataset, user.username, DatasetRole.VIEWER)
    url = client.post("images/links", json={"ids": [image]}).json()["items"][0]["url"]
    assert fetch(place, url).status_code == 200
    place.local.remove_collaborator(dataset, user.username)
    assert fetch(place, url).status_code == 404
    assert client.post("images/links", json={"ids": [image]}).status_code == 404
    client.close()


def test_a_link_ends_with_its_time(place: BytesPlace, image: int) -> None:
    earlier = Accounts(place.local.installation, clock=lambda: datetime.now(UTC) - timedelta(seconds=200))
    for seconds, status in ((300, 200), (199, 401)):
        signature = earlier.sign("image-file", str(image), place.local.user, seconds)
        answer = fetch(place, f"images/{image}/file?signature={signature}")
        assert answer.status_code == status, seconds
    assert (answer.status_code, code_of(answer)) == (401, "bad_signature")


def test_links_come_for_many_at_once_and_for_all_or_none(place: BytesPlace, image: int) -> None:
    other = place.image()
    answer = place.api.post("images/links", json={"ids": [other, image, other]})
    assert [item["id"] for item in answer.json()["items"]] == [other, image, other]
    assert place.api.post("images/links", json={"ids": [image, 999_999]}).status_code == 404
    assert place.api.post("images/links", json={"ids": [image] * 501}).status_code == 422
    assert place.api.post("images/links", json={"ids": []}).status_code == 422
    assert place.api.post("images/links", json={"ids": [image], "kind": "blob"}).status_code == 422


def test_an_export_has_a_link_too(place: BytesPlace, export: int) -> None:
    url = place.api.post(f"exports/{export}/link").json()["url"]
    assert fetch(place, url).content == place.api.get(f"exports/{export}/file").content
    assert fetch(place, url.replace("exports/", "images/")).status_code == 401


def test_no_log_has_a_signature_or_a_token(place: BytesPlace) -> None:
    """WEB-028"""
    image = place.image()
    url = link_to(place, image)
    signature = url.partition("=")[2]
    sha256 = place.api.get(f"images/{image}").json()["sha256"]
    blob = place.local.installation.store.path(blob_key(sha256))
    assert blob is not None
    hidden = blob.rename(blob.with_name("hidden"))
    blob.mkdir()  # nothing that anybody foresaw: Jupyter logs the headers of such requests
    logged = len(place.server.log())
    try:
        broken = fetch(place, url, Authorization="Bearer not-a-token-of-ours", Referer=f"https://x.example/?{url}")
        assert broken.status_code == 503 and str(place.folder) not in broken.text  # ACL-022
    finally:
        blob.rmdir()
        hidden.rename(blob)
    assert fetch(place, url).status_code == 200
    assert fetch(place, f"images/999999/file?signature={signature}").status_code == 401
    assert fetch(place, f"images/{image}/file?signature={signature}&token=s3cret-token").status_code in (200, 400)
    assert fetch(place, f"images/{image}/file?signature={signature}&signature={signature}").status_code == 400
    log = place.server.log()[logged:]
    assert f"images/{image}/file" in log
    for secret in (signature, signature.rpartition(".")[2], "not-a-token-of-ours", "s3cret-token"):
        assert secret not in log
