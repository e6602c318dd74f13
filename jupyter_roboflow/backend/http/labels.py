"""Labels over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.dataset import Label, clean_name
from ..backend import LabelWish
from ..wire import datasets as wire
from .client import part
from .remote import Remote


class LabelMethods(Remote):
    """What a Backend says of labels."""

    def labels(self, dataset_id: int) -> tuple[Label, ...]:
        return _all(self._client.get(wire.Labels, f"datasets/{dataset_id}/labels"))

    def add_label(self, dataset_id: int, name: str, color: str | None = None) -> Label:
        clean_name(name, "label")
        body = {"name": name, "color": color}
        return self._client.ask(wire.Label, "POST", f"datasets/{dataset_id}/labels", body).to_domain()

    def edit_label(self, dataset_id: int, name: str, *, new_name: str | None = None, color: str | None = None) -> Label:
        if new_name is not None:
            clean_name(new_name, "label")
        body = {"name": new_name, "color": color}
        return self._client.ask(wire.Label, "PATCH", self._path(dataset_id, name), body).to_domain()

    def reorder_labels(self, dataset_id: int, names: Sequence[str]) -> tuple[Label, ...]:
        path = f"datasets/{dataset_id}/label-order"
        return _all(self._client.ask(wire.Labels, "PUT", path, {"names": list(names)}))

    def set_labels(self, dataset_id: int, wanted: Sequence[LabelWish]) -> tuple[Label, ...]:
        for wish in wanted:
            clean_name(wish.name, "label")
        body = {"labels": [{"id": wish.id, "name": wish.name, "color": wish.color} for wish in wanted]}
        return _all(self._client.ask(wire.Labels, "PUT", f"datasets/{dataset_id}/labels", body))

    def merge_labels(self, dataset_id: int, source: str, target: str) -> int:
        body = {"source": source, "target": target}
        return self._client.ask(wire.Moved, "POST", f"datasets/{dataset_id}/label-merges", body).annotations

    def delete_label(self, dataset_id: int, name: str, reassign_to: str | None = None) -> None:
        self._client.send("DELETE", self._path(dataset_id, name), query={"reassign_to": reassign_to})

    def _path(self, dataset_id: int, name: str) -> str:
        return f"datasets/{dataset_id}/labels/{part(name)}"


def _all(found: wire.Labels) -> tuple[Label, ...]:
    return tuple(label.to_domain() for label in found.items)
