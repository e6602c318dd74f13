"""A server with people and one dataset, and every credential each of them could hold or forge."""

from __future__ import annotations

import io
import itertools
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
from argon2 import PasswordHasher
from PIL import Image

import jupyter_roboflow as rf
from jupyter_roboflow.backend import open_backend
from jupyter_roboflow.backend.accounts import Accounts, Caller, Via
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.user import DatasetRole, Role, Scope, User
from jupyter_roboflow.settings import Settings
from tests.jupyter_server import TOKEN, JupyterServer

WHO = ("admin", "owner", "collab_admin", "collab_annotator", "collab_viewer", "viewer", "foreign")
"""`admin` and `foreign` have no grant in the dataset; `viewer` is one everywhere, whatever the dataset grants."""

PASSWORD = "a password for tests"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_REFUSALS_WRITE = {
    "audit_log",
    "personal_access_tokens",
    "sqlite_sequence",
}  # who was refused; when a token was last seen
_GRANTS = {"collab_admin": "admin", "collab_annotator": "annotator", "collab_viewer": "viewer", "viewer": "admin"}


class Place:
    """`fresh` makes every thing that is asked for a new one, for calls that use it up; else it is the shared one."""

    def __init__(self, folder: Path, server: JupyterServer) -> None:
        self.server = server
        settings = Settings.from_environment({}, data_dir=folder, queue="inline")
        self._database = folder / "roboflow.db"
        local = open_backend(settings)
        self.local = local
        self.accounts = Accounts(local.installation, hasher=_CHEAP)
        self._old_accounts = Accounts(
            local.installation, hasher=_CHEAP, clock=lambda: datetime.now(UTC) - timedelta(hours=2)
        )
        self.fresh = False
        self._numbers = itertools.count(1)
        admin = self.accounts.register("admin", PASSWORD)
        roles = {name: Role.VIEWER if name == "viewer" else Role.ANNOTATOR for name in WHO[1:]}
        self.people: dict[str, User] = {"admin": admin} | {
            name: self.accounts.register(name, PASSWORD, admin, role) for name, role in roles.items()
        }
        self.accounts.register("guest", PASSWORD, admin)
        self.owner: LocalBackend = local.acting_as(self.people["owner"])
        self.backends = {name: local.acting_as(user) for name, user in self.people.items()}
        self._make_dataset()
        self.bearers = {name: self._bearers(name) for name in WHO}
        self.refresh_token = self.accounts.login("owner", PASSWORD, "").refresh_token

    def _make_dataset(self) -> None:
        self.shared_dataset = self._new_dataset("cells")
        for label in ("cat", "dog"):
            self.owner.add_label(self.shared_dataset, label)
        self.shared_image = self._new_image()
        saved = self.owner.add_annotation(self.shared_image, rf.Annotation(rf.BBox(1, 1, 5, 5), "cat"))
        self.shared_annotation = saved.annotations[0].id
        job = self.owner.start_export(self.shared_dataset, "coco")
        self.job = job.id
        self.export = int((self.owner.wait(job.id).result or {})["export_id"])
        self.shared_version = self._new_version()

    # what calls are about

    def number(self) -> int:
        """Another one each time, for names."""
        return next(self._numbers)

    @property
    def dataset(self) -> int:
        return self._new_dataset(f"set {self.number()}") if self.fresh else self.shared_dataset

    @property
    def image(self) -> int:
        return self._new_image() if self.fresh else self.shared_image

    @property
    def version(self) -> int:
        return self._new_version() if self.fresh else self.shared_version

    @property
    def label(self) -> str:
        return self.owner.add_label(self.shared_dataset, f"l{self.number()}").name if self.fresh else "dog"

    @property
    def annotation(self) -> str:
        if not self.fresh:
            return self.shared_annotation
        drawn = rf.Annotation(rf.BBox(2, 2, 3, 3), "cat")
        return self.owner.add_annotation(self.shared_image, drawn).annotations[-1].id

    @property
    def collaborator(self) -> str:
        if self.fresh:
            self.owner.set_collaborator(self.shared_dataset, "guest", DatasetRole.VIEWER)
        return "guest"

    @property
    def revision(self) -> Mapping[str, str]:
        """The header that a save of the shared image needs."""
        return {"If-Match": str(self.owner.annotations(self.shared_image).revision)}

    def _new_dataset(self, name: str) -> int:
        made = self.owner.create_dataset(name).id
        for collaborator, role in _GRANTS.items():
            self.owner.set_collaborator(made, collaborator, DatasetRole(role))
        return made

    def picture(self) -> bytes:
        """A PNG file that nobody has sent before."""
        file = io.BytesIO()
        Image.new("RGB", (30, 20), (*divmod(self.number(), 256), 7)).save(file, "PNG")
        return file.getvalue()

    def _new_image(self) -> int:
        self.owner.upload(self.shared_dataset, self.picture())
        return self.owner.images(self.shared_dataset, sort="-id", limit=1).items[0].id

    def _new_version(self) -> int:
        job = self.owner.create_version(self.shared_dataset, {"seed": self.number()})
        return int((self.owner.wait(job.id).result or {})["version_id"])

    # credentials

    def _bearers(self, name: str) -> dict[str, str]:
        user = self.people[name]
        session = self.accounts.login(name, PASSWORD, "")
        caller = Caller(user, Via.SESSION)
        claims = jwt.decode(session.token, options={"verify_signature": False})
        return {
            "session": session.token,
            "pat": self.accounts.create_token(caller, "all", Scope.WRITE).token,
            "read-only pat": self.accounts.create_token(caller, "look", Scope.READ).token,
            "refresh token": session.refresh_token,
            "expired": self._old_accounts.login(name, PASSWORD, "").token,
            "alg none": jwt.encode(claims, "", algorithm="none"),
            "foreign key": jwt.encode(claims, "k" * 32, algorithm="HS256"),
        }

    def cookies(self) -> tuple[str, str]:
        """The cookies of a browser that logged in with Jupyter's token, and its XSRF token."""
        with httpx.Client(base_url=self.server.url, follow_redirects=True) as browser:
            browser.get("login", params={"token": TOKEN})
            xsrf = re.sub(r"^\"|\"$", "", browser.cookies["_xsrf"])
            return "; ".join(f"{name}={value}" for name, value in browser.cookies.items()), xsrf

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, but of those that refusals may write to."""
        with closing(sqlite3.connect(f"{self._database.as_uri()}?mode=ro", uri=True)) as conn:
            while conn.execute("SELECT 1 FROM jobs WHERE state IN ('queued', 'running')").fetchone():
                time.sleep(0.02)  # exports that were started before
            names = [str(name) for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            wanted = [name for name in sorted(names) if name not in _REFUSALS_WRITE]
            return {name: conn.execute(f'SELECT * FROM "{name}"').fetchall() for name in wanted}

    def close(self) -> None:
        self.local.close()


@contextmanager
def open_place(folder: Path, *options: str) -> Iterator[Place]:
    """A server of its own on a new installation."""
    server = JupyterServer(folder, *options)
    try:
        place = Place(folder, server)
        try:
            yield place
        finally:
            place.close()
    finally:
        server.close()
