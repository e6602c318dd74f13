"""Augmentation under its older address: a version by a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire.jobs import JobStarted
from jupyter_roboflow.backend.wire.versions import AugmentSpec

from .handler import Handler
from .operation import operation


class AugmentHandler(Handler):
    @operation(body=AugmentSpec, answer=JobStarted, status=HTTPStatus.ACCEPTED, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: AugmentSpec) -> Mapping[str, int]:
        """Freeze the dataset by a recipe, as a job."""
        return {"job_id": backend.create_version(dataset_id, body.spec).id}
