"""Recipes tried out, and a version by a recipe under its older address."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire import previews
from jupyter_roboflow.backend.wire.jobs import JobStarted
from jupyter_roboflow.backend.wire.versions import AugmentSpec
from jupyter_roboflow.workspace.recipes import step_descriptions

from .handler import Handler
from .operation import operation


class AugmentHandler(Handler):
    @operation(body=AugmentSpec, answer=JobStarted, status=HTTPStatus.ACCEPTED, idempotent=True)
    def post(self, backend: Backend, dataset_id: int, body: AugmentSpec) -> Mapping[str, int]:
        """Freeze the dataset by a recipe, as a job."""
        return {"job_id": backend.create_version(dataset_id, body.spec).id}


class StepsHandler(Handler):
    @operation(answer=previews.Steps)
    def get(self) -> Mapping[str, Any]:
        """Every step that a recipe may have, with the range of each of its settings."""
        return {"items": tuple(step_descriptions().values())}


class PreviewHandler(Handler):
    @operation(body=previews.PreviewSpec, answer=previews.Preview, changes=False)
    def post(self, backend: Backend, dataset_id: int, body: previews.PreviewSpec) -> Mapping[str, Any]:
        """What a recipe would make of a few images, small; nothing is saved."""
        items = backend.preview_recipe(
            dataset_id,
            body.recipe,
            image_ids=body.image_ids,
            count=body.count,
            copies=body.copies,
            side=body.side,
        )
        return previews.preview_fields(items)
