"""Labels in this process."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.dataset import Label
from ...domain.user import Action
from ...storage import labels
from .access import Access


class LabelMethods(Access):
    """What a Backend says of labels."""

    def labels(self, dataset_id: int) -> tuple[Label, ...]:
        with self._reading(dataset_id) as conn:
            return labels.list_labels(conn, dataset_id)

    def add_label(self, dataset_id: int, name: str, color: str | None = None) -> Label:
        with self._writing(dataset_id, Action.EDIT_LABELS, name, added=name) as conn:
            return labels.add(conn, dataset_id, name, color)

    def edit_label(self, dataset_id: int, name: str, *, new_name: str | None = None, color: str | None = None) -> Label:
        with self._writing(dataset_id, Action.EDIT_LABELS, name, new_name=new_name, color=color) as conn:
            if color is not None:
                labels.recolor(conn, dataset_id, name, color)
            if new_name is not None:
                labels.rename(conn, dataset_id, name, new_name)
            return labels.by_name(conn, dataset_id, new_name or name)

    def reorder_labels(self, dataset_id: int, names: Sequence[str]) -> tuple[Label, ...]:
        with self._writing(dataset_id, Action.EDIT_LABELS, "order", order=list(names)) as conn:
            labels.reorder(conn, dataset_id, names)
            return labels.list_labels(conn, dataset_id)

    def merge_labels(self, dataset_id: int, source: str, target: str) -> int:
        with self._writing(dataset_id, Action.EDIT_LABELS, source, merged_into=target) as conn:
            return labels.merge(conn, dataset_id, source, target)

    def delete_label(self, dataset_id: int, name: str, reassign_to: str | None = None) -> None:
        with self._writing(dataset_id, Action.EDIT_LABELS, name, deleted=name, reassign_to=reassign_to) as conn:
            labels.delete_label(conn, dataset_id, name, reassign_to)
