"""Who may do what on an installation: the one place where permission is decided."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from ...domain.dataset import Image
from ...domain.errors import NotAllowed, NotFound
from ...domain.user import Action, DatasetRole, User, may
from ...storage import audit, datasets, images
from ...storage.database import Connection
from ..installation import Installation


class Access:
    """A user on an Installation; every action asks here before it does anything."""

    def __init__(self, installation: Installation, user: User) -> None:
        self._here = installation
        self._user = user

    @property
    def user(self) -> User:
        """Who is acting."""
        return self._user

    @property
    def installation(self) -> Installation:
        """What all backends of this process share."""
        return self._here

    def close(self) -> None:
        """Let go of connections and child processes, for everybody on this installation."""
        self._here.close()

    def require(self, dataset_id: int, action: Action) -> None:
        """Raise `NotFound` or `NotAllowed` unless the user may do that in the dataset."""
        with self._reading(dataset_id, action):
            pass

    def _allow(self, conn: Connection, dataset_id: int, action: Action) -> None:
        role = datasets.role_in(conn, dataset_id, self._user)
        if not may(self._user.role, role, Action.READ):
            raise NotFound(f"There is no dataset {dataset_id} that you may see.")
        self._check(role, action)

    def _check(self, role: DatasetRole | None, action: Action) -> None:
        if not may(self._user.role, role, action):
            raise NotAllowed(
                f"Your role here does not allow that ({action.value.replace('_', ' ')}): ask the dataset's owner.",
                action=action.value,
            )

    def _allow_everywhere(self, action: Action) -> None:
        if not may(self._user.role, None, action):
            raise NotAllowed(f"A {self._user.role} may not {action.value.replace('_', ' ')}: ask an administrator.")

    def _sees(self, conn: Connection, dataset_id: int) -> bool:
        return may(self._user.role, datasets.role_in(conn, dataset_id, self._user), Action.READ)

    def _image(self, conn: Connection, image_id: int, action: Action) -> Image:
        self._image_in(conn, image_id, action)
        return images.get(conn, image_id)

    def _image_in(self, conn: Connection, image_id: int, action: Action) -> int:
        """The dataset of an image with which the user may do that."""
        dataset_id, role = datasets.role_at_image(conn, image_id, self._user)
        if not may(self._user.role, role, Action.READ):
            raise NotFound(f"There is no image {image_id}.")
        self._check(role, action)
        return dataset_id

    @contextmanager
    def _reading(self, dataset_id: int, action: Action = Action.READ) -> Generator[Connection]:
        with self._here.database.read() as conn:
            self._allow(conn, dataset_id, action)
            yield conn

    @contextmanager
    def _writing(self, dataset_id: int, action: Action, subject: str = "", **details: Any) -> Generator[Connection]:
        """A transaction in which the change and its audit row stand or fall together."""
        with self._here.database.write() as conn:
            self._allow(conn, dataset_id, action)
            yield conn
            self._note(conn, dataset_id, action, subject, details)

    def _note(
        self, conn: Connection, dataset_id: int, action: Action, subject: str, details: Mapping[str, Any]
    ) -> None:
        """The dataset has changed, and the audit log says how."""
        datasets.touch(conn, dataset_id)
        audit.record(conn, self._user, action.value, dataset_id=dataset_id, subject=subject, details=details)
