"""A process that uploads picture after picture and says so after each commit: `ack <image id> <sha256>`.

`python -m tests.storage.uploader URL STORE COUNT MODE`. Mode `row-first` is the mutant: it enters the row before it
stores the bytes, which a kill between the two turns into a row without a file.
"""

from __future__ import annotations

import os
import sys

from jupyter_roboflow.storage import annotations, audit, images, labels, users
from jupyter_roboflow.storage.database import Database
from jupyter_roboflow.storage.files import ImageStore
from tests.storage.things import box, new_image, picture


def upload(url: str, folder: str, count: int, mode: str, out: int) -> None:
    db, store = Database(url), ImageStore(folder)
    with db.write() as conn:
        user = users.get(conn, 1)
        if not labels.list_labels(conn, 1):
            labels.add(conn, 1, "RBC")
    for _ in range(count):
        seed = os.urandom(8).hex()
        incoming = picture(store, seed, 40_000)
        if mode == "safe":
            store.put_pictures([incoming])
        with db.write() as conn:
            [(image, _)] = images.add(conn, 1, user, [new_image(seed, incoming.data)])
            audit.record(conn, user, "upload", dataset_id=1, image_id=image.id)
            annotations.save(conn, user, image.id, [box(), box(20)], 0)
        if mode != "safe":
            store.put_pictures([incoming])
        os.write(out, f"ack {image.id} {image.sha256}\n".encode())
    db.close()


def upload_for_ever(url: str, folder: str, mode: str, told: str) -> None:
    """Uploads until it is killed; what it says goes to a file."""
    upload(url, folder, 1_000_000, mode, os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND))


if __name__ == "__main__":
    upload(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], 1)
