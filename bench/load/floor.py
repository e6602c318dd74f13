"""The floor: bare Tornado handlers with the product's statements on its tables and nothing else – nobody is asked who
they are, nothing is checked, no errors are told. `python -m bench.load.floor URL STORE`; prints its port.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sqlite3
import sys
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

_THREADS = ThreadPoolExecutor(16)
_local = threading.local()
URL, STORE = sys.argv[1], Path(sys.argv[2])
_SQLITE = URL.startswith("sqlite")

_COUNT = "SELECT count(*) FROM images WHERE dataset_id = ?"
_PAGE = (
    "SELECT id, dataset_id, filename, width, height, sha256, size, crc32, media_type, state, split, revision,"
    " uploaded_at, metadata, annotation_count FROM images WHERE dataset_id = ? ORDER BY id LIMIT ? OFFSET ?"
)
_TAGS = "SELECT image_id, tag FROM image_tags WHERE image_id IN ({}) ORDER BY image_id, tag"
_IMAGE = "SELECT dataset_id, sha256, width, height, state, revision FROM images WHERE id = ?"
_SET = (
    "SELECT a.id, l.name, a.shape_type, a.geometry, a.attributes, a.position, a.created_by, a.created_at, a.updated_at"
    " FROM annotations a JOIN labels l ON l.id = a.label_id WHERE a.image_id = ? ORDER BY a.position"
)
_CHANGE = "UPDATE annotations SET geometry = ?, x0 = ?, y0 = ?, x1 = ?, y1 = ?, area = ?, updated_at = ? WHERE id = ?"
_REVISE = "UPDATE images SET revision = revision + 1, annotation_count = ?, state = ? WHERE id = ? AND revision = ?"
_TOUCH = "UPDATE datasets SET changed_at = ? WHERE id = ?"
_AUDIT = (
    "INSERT INTO audit_log (at, user_id, username, action, dataset_id, image_id, subject, details)"
    " VALUES (?, 1, 'local', ?, ?, ?, '', '{}')"
)
_ENTER = (
    "INSERT INTO images (dataset_id, filename, filename_key, path, width, height, sha256, size, crc32, media_type,"
    " dhash, state, revision, annotation_count, uploaded_by, uploaded_at, metadata) VALUES"
    " (?, ?, ?, ?, ?, ?, ?, ?, 0, 'image/jpeg', '0', 'unlabeled', 0, 0, 1, ?, '{}')"
)


def _connection() -> Any:
    """This thread's, set up as the product's are."""
    if not hasattr(_local, "connection"):
        if _SQLITE:
            _local.connection = sqlite3.connect(URL.removeprefix("sqlite:///"), timeout=10, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                _local.connection.execute(f"PRAGMA {pragma}")
        else:
            import psycopg

            _local.connection = psycopg.connect(URL.replace("+psycopg", ""), autocommit=True)
    return _local.connection


def _sql(text: str) -> str:
    return text if _SQLITE else text.replace("?", "%s")


class _Transaction:
    def __init__(self, write: bool) -> None:
        self._begin = "BEGIN IMMEDIATE" if write and _SQLITE else "BEGIN"

    def __enter__(self) -> Callable[..., list[Any]]:
        self._db = _connection()
        self._db.execute(self._begin)

        def run(text: str, *values: Any) -> list[Any]:
            cursor = self._db.execute(_sql(text), values)
            return cursor.fetchall() if cursor.description else []

        return run

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def list_images(dataset: int, page: int, limit: int) -> bytes:
    with _Transaction(write=False) as run:
        total = run(_COUNT, dataset)[0][0]
        rows = run(_PAGE, dataset, limit, (page - 1) * limit)
        ids = [row[0] for row in rows]
        tags = run(_TAGS.format(",".join("?" * len(ids))), *ids)
    by_image: dict[int, list[str]] = {}
    for image_id, tag in tags:
        by_image.setdefault(image_id, []).append(tag)
    names = ("id", "dataset_id", "filename", "width", "height", "sha256", "size", "crc32", "media_type", "state",
             "split", "revision", "uploaded_at", "metadata", "annotation_count")  # fmt: skip
    items = [{**dict(zip(names, row, strict=True)), "tags": by_image.get(row[0], [])} for row in rows]
    return _json({"items": items, "total": total, "page": page, "limit": limit})


def _answer(image: int, found: Any, rows: list[Any]) -> bytes:
    drawn = [
        {"id": row[0], "label": row[1], "shape_type": row[2], "geometry": json.loads(row[3]),
         "attributes": json.loads(row[4]), "created_by": row[6], "created_at": row[7], "updated_at": row[8]}
        for row in rows
    ]  # fmt: skip
    return _json({"image_id": image, "revision": found[5], "state": found[4], "annotations": drawn})


def load(image: int) -> bytes:
    with _Transaction(write=False) as run:
        return _answer(image, run(_IMAGE, image)[0], run(_SET, image))


def save(image: int, body: bytes, revision: int) -> bytes:
    wanted = {each["id"]: each["geometry"] for each in json.loads(body)["annotations"]}
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ") if _SQLITE else datetime.now(UTC)
    with _Transaction(write=True) as run:
        found, rows = run(_IMAGE, image)[0], run(_SET, image)
        for row in rows:
            geometry = wanted[row[0]]
            if geometry != json.loads(row[3]):
                x, y, w, h = geometry["bbox"]
                text = json.dumps(geometry, separators=(",", ":"))
                run(_CHANGE, text, x, y, x + w, y + h, w * h, now, row[0])
                run(_AUDIT, now, "change_annotation", found[0], image)
        run(_REVISE, len(rows), "labeled", image, revision)
        run(_AUDIT, now, "annotate", found[0], image)
        run(_TOUCH, now, found[0])
        return _answer(image, run(_IMAGE, image)[0], run(_SET, image))


def thumbnail(image: int) -> bytes:
    with _Transaction(write=False) as run:
        sha256 = run(_IMAGE, image)[0][1]
    return (STORE / "thumbnails" / sha256[:2] / f"{sha256}.jpg").read_bytes()


def upload(dataset: int, name: str, data: bytes) -> bytes:
    sha256 = hashlib.sha256(data).hexdigest()
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (256, 256 * height // width), interpolation=cv2.INTER_AREA)
    path = f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    _put(STORE / path, data)
    _put(STORE / "thumbnails" / sha256[:2] / f"{sha256}.jpg", cv2.imencode(".jpg", small)[1].tobytes())
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ") if _SQLITE else datetime.now(UTC)
    with _Transaction(write=True) as run:
        run(_ENTER, dataset, name, name, path, width, height, sha256, len(data), now)
        run(_AUDIT, now, "upload_images", dataset, None)
        run(_TOUCH, now, dataset)
    return _json({"items": [{"filename": name, "sha256": sha256}]})


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(uuid.uuid4().hex)
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _json(answer: Any) -> bytes:
    return json.dumps(answer, default=str).encode()


class _Bare(RequestHandler):
    async def work(self, do: Callable[..., bytes], *given: Any, kind: str = "application/json") -> None:
        self.set_header("Content-Type", kind)
        self.finish(await asyncio.get_running_loop().run_in_executor(_THREADS, do, *given))


class List(_Bare):
    async def get(self, dataset: str) -> None:
        page, limit = int(self.get_query_argument("page")), int(self.get_query_argument("limit"))
        await self.work(list_images, int(dataset), page, limit)

    async def post(self, dataset: str) -> None:
        sent = self.request.files["file"][0]
        await self.work(upload, int(dataset), sent.filename, sent.body)


class Set(_Bare):
    async def get(self, image: str) -> None:
        await self.work(load, int(image))

    async def put(self, image: str) -> None:
        await self.work(save, int(image), self.request.body, int(self.request.headers["If-Match"]))


class Thumbnail(_Bare):
    async def get(self, image: str) -> None:
        await self.work(thumbnail, int(image), kind="image/jpeg")


async def main() -> None:
    routes = [
        (r"/datasets/(\d+)/images", List),
        (r"/images/(\d+)/annotations", Set),
        (r"/images/(\d+)/thumbnail", Thumbnail),
    ]
    sockets = bind_sockets(0, "127.0.0.1")
    HTTPServer(Application(routes)).add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
