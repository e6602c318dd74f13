"""Labels in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...domain.dataset import Label
from ...domain.errors import NotFound
from ...domain.user import Action
from ...storage import labels
from ...storage.database import Connection
from ..backend import LabelWish
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

    def set_labels(self, dataset_id: int, wanted: Sequence[LabelWish]) -> tuple[Label, ...]:
        names = [wish.name for wish in wanted]
        with self._writing(dataset_id, Action.EDIT_LABELS, "labels", labels=names) as conn:
            before = {label.id: label for label in labels.list_labels(conn, dataset_id)}
            kept = {wish.id for wish in wanted if wish.id is not None}
            if missing := sorted(kept - set(before)):
                raise NotFound(f"There is no label {missing[0]} in this dataset.", code="unknown_label")
            for label in before.values():
                if label.id not in kept:
                    labels.delete_label(conn, dataset_id, label.name)
            order = [self._grant(conn, dataset_id, wish, before) for wish in wanted]
            labels.reorder(conn, dataset_id, order)
            return labels.list_labels(conn, dataset_id)

    def _grant(self, conn: Connection, dataset_id: int, wish: LabelWish, before: Mapping[int, Label]) -> str:
        """Make or change one label; the name it has then."""
        if wish.id is None:
            return labels.add(conn, dataset_id, wish.name, wish.color).name
        label = before[wish.id]
        if wish.color is not None and wish.color != label.color:
            labels.recolor(conn, dataset_id, label.name, wish.color)
        return label.name if wish.name == label.name else labels.rename(conn, dataset_id, label.name, wish.name).name

    def merge_labels(self, dataset_id: int, source: str, target: str) -> int:
        with self._writing(dataset_id, Action.EDIT_LABELS, source, merged_into=target) as conn:
            return labels.merge(conn, dataset_id, source, target)

    def delete_label(self, dataset_id: int, name: str, reassign_to: str | None = None) -> None:
        with self._writing(dataset_id, Action.EDIT_LABELS, name, deleted=name, reassign_to=reassign_to) as conn:
            labels.delete_label(conn, dataset_id, name, reassign_to)
