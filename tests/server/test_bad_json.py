"""Bodies that are no JSON, or JSON that nobody should send: API-013, GEO-020 and the limits of a body."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = pytest.mark.xdist_group("server")

BROKEN: dict[str, bytes] = {
    "empty": b"",
    "space": b"   ",
    "unclosed object": b'{"name": "x"',
    "unclosed string": b'{"name": "x}',
    "unclosed array": b'{"metadata": [1, 2',
    "extra brace": b'{"name": "x"}}',
    "two documents": b'{"name": "x"}{"name": "y"}',
    "garbage after": b'{"name": "x"} x',
    "comma after the last": b'{"name": "x",}',
    "comma before the first": b'{,"name": "x"}',
    "double comma": b'{"name": "x",,"metadata": {}}',
    "no comma": b'{"name": "x" "metadata": {}}',
    "no colon": b'{"name" "x"}',
    "double colon": b'{"name":: "x"}',
    "single quotes": b"{'name': 'x'}",
    "bare key": b'{name: "x"}',
    "bare value": b'{"name": x}',
    "a comment": b'{"name": "x" /* c */}',
    "a line comment": b'{"name": "x"} // c',
    "NaN": b'{"name": "x", "metadata": {"a": NaN}}',
    "Infinity": b'{"name": "x", "metadata": {"a": Infinity}}',
    "-Infinity": b'{"name": "x", "metadata": {"a": -Infinity}}',
    "undefined": b'{"name": undefined}',
    "True": b'{"name": "x", "metadata": {"a": True}}',
    "hexadecimal": b'{"name": "x", "metadata": {"a": 0x10}}',
    "leading zero": b'{"name": "x", "metadata": {"a": 012}}',
    "plus": b'{"name": "x", "metadata": {"a": +1}}',
    "point first": b'{"name": "x", "metadata": {"a": .5}}',
    "point last": b'{"name": "x", "metadata": {"a": 1.}}',
    "exponent without digits": b'{"name": "x", "metadata": {"a": 1e}}',
    "two minus": b'{"name": "x", "metadata": {"a": --1}}',
    "bad escape": b'{"name": "\\x41"}',
    "short unicode escape": b'{"name": "\\u12"}',
    "lone high surrogate": b'{"name": "\\ud800"}',
    "lone low surrogate": b'{"name": "\\udc00"}',
    "surrogates the wrong way round": b'{"name": "\\udc00\\ud800"}',
    "newline in a string": b'{"name": "a\nb"}',
    "tab in a string": b'{"name": "a\tb"}',
    "NUL in a string": b'{"name": "a\x00b"}',
    "NUL after": b'{"name": "x"}\x00',
    "byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "UTF-16 big end first": '{"name": "x"}'.encode("utf-16-be"),
    "UTF-32": '{"name": "x"}'.encode("utf-32"),
    "Latin-1": b'{"name": "\xe9"}',
    "overlong UTF-8": b'{"name": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
    "beyond Unicode": b'{"name": "\xf4\xbf\xbf\xbf"}',
    "half a character": b'{"name": "\xe2\x82',
    "form feed between": b'{\x0c"name": "x"}',
    "no-break space between": b'{\xc2\xa0"name": "x"}',
    "100,000 arrays": b'{"name": "x", "metadata": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "100,000 objects": b'{"name": "x", "metadata": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    "100,000 open arrays": b"[" * 100_000,
}

WRONG: dict[str, bytes] = {
    "null": b"null",
    "a number": b"1",
    "a string": b'"name"',
    "an array": b'["name"]',
    "a number as the name": b'{"name": 1}',
    "null as the name": b'{"name": null}',
    "an array as the name": b'{"name": ["x"]}',
    "no name": b"{}",
    "an unknown field": b'{"name": "x", "nmae": "y"}',
    "a field of the database": b'{"name": "x", "owner_id": 1}',
    "NUL escaped": b'{"name": "a\\u0000b"}',
    "a name of 10,000,000 characters": b'{"name": "' + b"x" * 10_000_000 + b'"}',
    "a name of spaces": b'{"name": "  "}',
    "1e999": b'{"name": "x", "metadata": {"a": 1e999}}',
    "-1e999": b'{"name": "x", "metadata": {"a": -1e999}}',
}


@pytest.fixture(scope="module")
def client(server: JupyterServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.url}roboflow/api/", timeout=60) as made:
        made.headers["Authorization"] = f"token {TOKEN}"
        before = made.get("datasets").json()["total"]
        yield made
        assert made.get("datasets").json()["total"] == before, "a body that was refused made a dataset"
        assert "Traceback" not in server.log()


def _send(client: httpx.Client, body: bytes, media_type: str = "application/json") -> httpx.Response:
    client.cookies.clear()
    response = client.post("datasets", content=body, headers={"Content-Type": media_type})
    assert set(response.json()["error"]) == {"code", "message", "details"}
    assert len(response.content) < 2000, "a refusal repeats the body"
    return response


@pytest.mark.parametrize("name", BROKEN)
def test_api_013_what_is_no_json_is_400(client: httpx.Client, name: str) -> None:
    response = _send(client, BROKEN[name])
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_json")


@pytest.mark.parametrize("name", WRONG)
def test_api_013_json_that_is_no_dataset_is_422(client: httpx.Client, name: str) -> None:
    response = _send(client, WRONG[name])
    assert response.status_code in (400, 422), response.text


def test_api_013_the_last_of_two_equal_names_counts(client: httpx.Client) -> None:
    """As in Python, JavaScript and most others; both are checked to be of the right kind only where they count."""
    client.cookies.clear()
    body = b'{"name": "first", "name": "of two equal names"}'
    made = client.post("datasets", content=body, headers={"Content-Type": "application/json"})
    assert (made.status_code, made.json()["name"]) == (201, "of two equal names")
    assert client.delete(f"datasets/{made.json()['id']}").status_code == 204


@pytest.mark.parametrize("number", ["1" * 400, "1e-999", "-0", "123456789012345678901234567890", "0.1e1"])
def test_api_013_huge_and_odd_numbers_are_kept_or_refused(client: httpx.Client, number: str) -> None:
    client.cookies.clear()
    body = f'{{"name": "numbers", "metadata": {{"a": {number}}}}}'.encode()
    made = client.post("datasets", content=body, headers={"Content-Type": "application/json"})
    assert made.status_code in (201, 400, 422), made.text[:300]
    if made.status_code == 201:
        assert client.delete(f"datasets/{made.json()['id']}").status_code == 204


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "text/html", "image/png"])
def test_another_media_type_is_415(client: httpx.Client, media_type: str) -> None:
    assert _send(client, b'{"name": "x"}', media_type).status_code == 415


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity, gzip"])
def test_api_011_a_compressed_body_is_415(client: httpx.Client, encoding: str) -> None:
    client.cookies.clear()
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    assert client.post("datasets", content=b"\x1f\x8b" + b"\x00" * 100, headers=headers).status_code == 415


def test_geo_020_a_polygon_of_a_million_points_is_413_before_it_is_read(client: httpx.Client) -> None:
    points = ",".join(["123.4567,89.01234"] * 1_250_000)
    body = f'{{"label": "a", "shape_type": "polygon", "geometry": {{"points": [{points}], "coords_unit": "px"}}}}'
    client.cookies.clear()
    for where, method in (("images/1/annotations", "POST"), ("annotations/abc", "PUT")):
        response = client.request(
            method, where, content=body.encode(), headers={"Content-Type": "application/json", "If-Match": "0"}
        )
        assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large"), where


def test_a_body_in_chunks_that_goes_on_is_413(client: httpx.Client) -> None:
    client.cookies.clear()
    response = client.post("datasets", content=(b" " * 1_000_000 for _ in range(40)))
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")
