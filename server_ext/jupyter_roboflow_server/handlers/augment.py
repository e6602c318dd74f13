"""Augmentation: the addresses are there, the work is not yet."""

from __future__ import annotations

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire.jobs import AugmentSpec, JobStarted
from jupyter_roboflow.domain.errors import RoboflowError

from .handler import Handler
from .operation import operation


class AugmentHandler(Handler):
    @operation(body=AugmentSpec, answer=JobStarted)
    def post(self, backend: Backend, dataset_id: int, body: AugmentSpec) -> None:
        """Augment a dataset, as a job (answers 501 until versions are there)."""
        backend.get_dataset(dataset_id)
        raise RoboflowError(
            "This server cannot augment yet: export the dataset and augment it with a library of your own.",
            code="not_there_yet",
        )
