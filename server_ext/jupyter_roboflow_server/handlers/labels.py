"""Labels of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jupyter_roboflow.backend import Backend, LabelWish
from jupyter_roboflow.backend.wire import datasets as wire
from jupyter_roboflow.domain.dataset import Label

from .handler import Handler
from .operation import operation


class LabelsHandler(Handler):
    @operation(answer=wire.Labels)
    def get(self, backend: Backend, dataset_id: int) -> Mapping[str, Any]:
        """The labels in their order."""
        return {"items": backend.labels(dataset_id)}

    @operation(body=wire.NewLabel, answer=wire.Label, status=HTTPStatus.CREATED)
    def post(self, backend: Backend, dataset_id: int, body: wire.NewLabel) -> Label:
        """Add a label at the end."""
        return backend.add_label(dataset_id, body.name, body.color)

    @operation(body=wire.WantedLabels, answer=wire.Labels)
    def put(self, backend: Backend, dataset_id: int, body: wire.WantedLabels) -> Mapping[str, Any]:
        """Bring the labels to exactly these: add, rename, recolour, order, and delete the unused ones left out."""
        wanted = [LabelWish(label.name, label.color, label.id) for label in body.labels]
        return {"items": backend.set_labels(dataset_id, wanted)}


class LabelHandler(Handler):
    @operation(body=wire.LabelChange, answer=wire.Label)
    def patch(self, backend: Backend, dataset_id: int, label: str, body: wire.LabelChange) -> Label:
        """Rename or recolour a label."""
        return backend.edit_label(dataset_id, label, new_name=body.name, color=body.color)

    @operation(query=wire.LabelDeletion)
    def delete(self, backend: Backend, dataset_id: int, label: str, query: wire.LabelDeletion) -> None:
        """Delete a label; one in use only with `reassign_to`."""
        backend.delete_label(dataset_id, label, query.reassign_to)


class LabelOrderHandler(Handler):
    @operation(body=wire.LabelOrder, answer=wire.Labels)
    def put(self, backend: Backend, dataset_id: int, body: wire.LabelOrder) -> Mapping[str, Any]:
        """Change the order of the labels; their export numbers stay."""
        return {"items": backend.reorder_labels(dataset_id, body.names)}


class LabelMergeHandler(Handler):
    @operation(body=wire.LabelMerge, answer=wire.Moved)
    def post(self, backend: Backend, dataset_id: int, body: wire.LabelMerge) -> Mapping[str, int]:
        """Give all annotations of one label to another and delete it."""
        return {"annotations": backend.merge_labels(dataset_id, body.source, body.target)}
