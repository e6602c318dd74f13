"""A server that pictures, datasets and exports are sent to and fetched from, and what must hold afterwards."""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from PIL import Image

from jupyter_roboflow.backend import check_installation, open_backend
from jupyter_roboflow.backend.accounts import Accounts, Caller, Via
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.user import Role, Scope, User
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage.files import IMPORTS
from jupyter_roboflow.storage.files.folder import TEMPORARY
from tests.jupyter_server import TOKEN, JupyterServer
from tests.workspace.invariants import temporary_files

_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_PASSWORD = "a password for tests"


class BytesPlace:
    """`api` asks as the server's owner, an administrator; `local` is the same installation as the library sees it."""

    def __init__(self, folder: Path, server: JupyterServer) -> None:
        self.folder, self.server = folder, server
        self.settings = Settings.from_environment({}, data_dir=folder, queue="inline")
        self.local: LocalBackend = open_backend(self.settings)
        self.accounts = Accounts(self.local.installation, hasher=_CHEAP)
        self._numbers = itertools.count(1)
        self.api = self.client({"Authorization": f"token {TOKEN}"})

    def client(self, headers: Mapping[str, str]) -> httpx.Client:
        return httpx.Client(base_url=f"{self.server.url}roboflow/api/", headers=headers, timeout=60)

    def person(self, scope: Scope = Scope.WRITE) -> tuple[User, httpx.Client]:
        """An annotator who sees nothing yet, and a client that asks as them."""
        user = self.accounts.register(f"person {self.number()}", _PASSWORD, self.local.user, Role.ANNOTATOR)
        token = self.accounts.create_token(Caller(user, Via.SESSION), "test", scope).token
        return user, self.client({"Authorization": f"Bearer {token}"})

    def number(self) -> int:
        return next(self._numbers)

    def dataset(self) -> int:
        """A new dataset's number."""
        return int(self.api.post("datasets", json={"name": f"set {self.number()}"}).json()["id"])

    def image(self, dataset: int | None = None, data: bytes | None = None) -> int:
        """A new image's number."""
        sent = self.upload(dataset or self.dataset(), [("a.png", data or self.picture())])
        return int(sent.json()["id"])

    def picture(self) -> bytes:
        """A PNG file that nobody has sent before."""
        file = io.BytesIO()
        Image.new("RGB", (30, 20), (*divmod(self.number(), 256), 9)).save(file, "PNG")
        return file.getvalue()

    def upload(
        self, dataset: int, files: Sequence[tuple[str, bytes]], headers: Mapping[str, str] | None = None, **data: Any
    ) -> httpx.Response:
        sent = [("file", file) for file in files]
        return self.api.post(f"datasets/{dataset}/images", files=sent, data=data, headers=headers)

    def finished(self, job: int) -> dict[str, Any]:
        """The job once it is over."""
        found: dict[str, Any] = {}

        def over() -> bool:
            found.update(self.api.get(f"jobs/{job}").json())
            return found["state"] in ("succeeded", "failed", "cancelled")

        until(over, 180)
        return found

    def exported(self, dataset: int, **body: Any) -> int:
        """The number of a new export."""
        started = self.api.post(f"datasets/{dataset}/export", json={"format": "coco", **body}).json()
        return int(self.finished(started["job_id"])["result"]["export_id"])

    def count(self, dataset: int) -> int:
        return int(self.api.get(f"datasets/{dataset}").json()["image_count"])

    def assert_sound(self) -> None:
        """Database and store agree to the last byte; nothing that was sent lies about."""
        until(lambda: self.leftovers() == [], 60, lambda: str(self.leftovers()))
        report = check_installation(self.settings, deep=True)
        assert report.ok, str(report)
        assert report.checked["tables"] > 10
        assert "files that nothing refers to" not in report.notes, str(report)
        assert "files on their way in" not in report.notes, str(report)

    def leftovers(self) -> list[str]:
        waiting = [stored.key for stored in self.local.installation.store.list(IMPORTS)]
        folder = Path(self.settings.storage_url) / TEMPORARY
        folder.mkdir(parents=True, exist_ok=True)  # the server makes it for the first upload
        return [*temporary_files(self.settings), *waiting]

    def close(self) -> None:
        self.api.close()
        self.local.close()


@contextmanager
def open_bytes_place(folder: Path, **environment: str) -> Iterator[BytesPlace]:
    """A server of its own on a new installation."""
    server = JupyterServer(folder, environment=environment)
    try:
        place = BytesPlace(folder, server)
        try:
            yield place
        finally:
            place.close()
    finally:
        server.close()


def until(true: Callable[[], bool], seconds: float, else_say: Callable[[], str] = str) -> None:
    """Wait for it."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, else_say()
        time.sleep(0.02)


BOUNDARY = "boundary-of-tests"


def part(header: str | bytes, data: bytes = b"") -> bytes:
    """One part, exactly as given."""
    raw = header.encode() if isinstance(header, str) else header
    return b"--" + BOUNDARY.encode() + b"\r\n" + raw + b"\r\n\r\n" + data + b"\r\n"


def file_part(filename: str | bytes, data: bytes, more: str = "") -> bytes:
    """A part with a file of that name, which is not escaped."""
    raw = filename.encode() if isinstance(filename, str) else filename
    return part(b'Content-Disposition: form-data; name="file"; filename="' + raw + b'"' + more.encode(), data)


def body(*parts: bytes) -> dict[str, Any]:
    """Content and headers of a request, for httpx."""
    content = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return {"content": content, "headers": {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}}


def code_of(answer: httpx.Response) -> str:
    """The code of a refusal."""
    return str(answer.json()["error"]["code"])
