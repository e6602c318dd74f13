"""Somebody who may use a dataset, until they lose that in the middle of what they started."""

from __future__ import annotations

import jupyter_roboflow as rf
from jupyter_roboflow.domain.user import DatasetRole, Role
from jupyter_roboflow.storage import users
from tests.workspace.invariants import local


class Guest:
    """Eve, with a role in a dataset of somebody else's."""

    def __init__(self, ws: rf.Workspace, dataset: rf.Dataset, role: DatasetRole) -> None:
        backend = local(ws)
        with backend.installation.database.write() as conn:
            self.backend = backend.acting_as(users.create(conn, "eve", Role.ANNOTATOR))
        dataset.share("eve", role)
        self._dataset = dataset
        self.is_out = False

    def shut_out(self, done: float, total: float, message: str) -> None:
        """Told of progress for the first time, the owner takes her the role."""
        if not self.is_out:
            self.is_out = True
            self._dataset.unshare("eve")
