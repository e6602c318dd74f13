"""The people, for locust: each looks at lists, opens images, moves a box and saves, and now and then uploads.

Runs in locust's own environment, so it imports the standard library and locust alone. Settings by `BENCH_*`.
"""

from __future__ import annotations

import itertools
import json
import os
import random
from pathlib import Path

from locust import HttpUser, between, events, task  # pyright: ignore[reportMissingImports]

API = os.environ["BENCH_API"]
HEADERS = json.loads(os.environ["BENCH_HEADERS"])
DATASET, TARGET = int(os.environ["BENCH_DATASET"]), int(os.environ["BENCH_TARGET"])
FIRST, COUNT = int(os.environ["BENCH_FIRST"]), int(os.environ["BENCH_COUNT"])
PEOPLE = int(os.environ["BENCH_PEOPLE"])
SAVED = Path(os.environ["BENCH_SAVED"])

_pictures = iter(sorted(Path(os.environ["BENCH_PICTURES"]).iterdir()))
_numbers = itertools.count()
_saved: dict[int, float] = {}
"""Image -> where its first box is, as the last save that was acknowledged says."""


class Person(HttpUser):
    wait_time = between(0.2, 0.6)

    def on_start(self) -> None:
        self.number = next(_numbers)
        self.random = random.Random(self.number)

    def _image(self) -> int:
        """An image that nobody else saves."""
        return FIRST + self.random.randrange(COUNT // PEOPLE) * PEOPLE + self.number % PEOPLE

    @task(6)
    def list(self) -> None:
        page = self.random.randrange(1, COUNT // 100 + 1)
        self.client.get(f"{API}datasets/{DATASET}/images?page={page}&limit=100", headers=HEADERS, name="list")

    @task(6)
    def load_and_save(self) -> None:
        image = self._image()
        address = f"{API}images/{image}/annotations"
        with self.client.get(address, headers=HEADERS, name="load", catch_response=True) as loaded:
            if loaded.status_code != 200:
                loaded.failure(loaded.text[:200])
                return
            found = loaded.json()
        drawn = [{"id": a["id"], "label": a["label"], "shape_type": a["shape_type"], "geometry": a["geometry"],
                  "attributes": a["attributes"]} for a in found["annotations"]]  # fmt: skip
        x = drawn[0]["geometry"]["bbox"][0] = round(self.random.uniform(1, 400), 2)
        sent = {**HEADERS, "If-Match": str(found["revision"])}
        with self.client.put(
            address, json={"annotations": drawn}, headers=sent, name="save", catch_response=True
        ) as saved:
            if saved.status_code == 200:
                _saved[image] = x
            else:
                saved.failure(saved.text[:200])

    @task(6)
    def thumbnail(self) -> None:
        image = FIRST + self.random.randrange(COUNT)
        self.client.get(f"{API}images/{image}/thumbnail", headers=HEADERS, name="thumbnail")

    @task(1)
    def upload(self) -> None:
        picture = next(_pictures, None)
        if picture is not None:
            files = {"file": (picture.name, picture.read_bytes(), "image/jpeg")}
            self.client.post(f"{API}datasets/{TARGET}/images", files=files, headers=HEADERS, name="upload")


@events.quitting.add_listener
def tell_saved(**_: object) -> None:
    SAVED.write_text(json.dumps(_saved))
