"""What a view has drawn, as it tells its kernel: of large sets only what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..backend.wire import annotations as wire
from ..domain.annotation import Annotation


@dataclass(frozen=True, slots=True)
class Changes:
    """Annotations by id as they are now, None for those that went; `order` are all ids when any changed its height."""

    touched: Mapping[str, Annotation | None]
    order: Sequence[str] | None = None

    @staticmethod
    def from_wire(content: Mapping[str, Any]) -> Changes:
        """Of a message `{touched: [{id, after?}], order?}`."""
        touched: dict[str, Annotation | None] = {}
        for change in content["touched"]:
            after = change.get("after")
            touched[change["id"]] = None if after is None else wire.Annotation.model_validate(after).to_domain()
        return Changes(touched, content.get("order"))

    def on(self, annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
        """The annotations with these changes, in z-order; what is new is on top. Twice the same is as once."""
        by_id = {annotation.id: annotation for annotation in annotations}
        for key, after in self.touched.items():
            if after is None:
                by_id.pop(key, None)
            else:
                by_id[key] = after
        if self.order is None:
            return tuple(by_id.values())
        place = {key: i for i, key in enumerate(self.order)}
        return tuple(sorted(by_id.values(), key=lambda annotation: place.get(annotation.id, len(place))))


class Unsaved:
    """Changes of images that are not yet where their annotations are kept."""

    def __init__(self) -> None:
        self._changes: dict[int, list[Changes]] = {}

    def keep(self, image_id: int, changes: Changes, *, saved: bool) -> None:
        """Add to what is kept of an image; when all of it is saved, nothing has to be."""
        if saved:
            self._changes.pop(image_id, None)
        else:
            self._changes.setdefault(image_id, []).append(changes)

    def on(self, image_id: int, annotations: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
        """An image's stored annotations with what is not stored yet."""
        for changes in self._changes.get(image_id, ()):
            annotations = changes.on(annotations)
        return annotations
