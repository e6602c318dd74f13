"""A dataset at a glance; the TypeScript twin is `widgets/src/views/dataset-card.tsx`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

import anywidget
import traitlets

from .view import view_files


class LabelCount(TypedDict):
    """One label and how many annotations carry it; `color` is `#rrggbb`."""

    name: str
    color: str
    count: int


class DatasetCard(anywidget.AnyWidget):
    """A dataset's name, how far people have got with it, and what its labels count; it follows its traits.

    `images` are all images, `seen` those somebody has looked at (labeled, reviewed, or empty on purpose).
    """

    _esm, _css = view_files("dataset-card")

    name = traitlets.Unicode().tag(sync=True)
    images = traitlets.Int(0, min=0).tag(sync=True)
    seen = traitlets.Int(0, min=0).tag(sync=True)
    labels = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(self, name: str, *, images: int = 0, seen: int = 0, labels: Iterable[LabelCount] = ()) -> None:
        super().__init__(name=name, images=images, seen=seen, labels=[dict(label) for label in labels])

    @traitlets.validate("labels")
    def _check_labels(self, proposal: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        for label in proposal["value"]:
            if set(label) != {"name", "color", "count"}:
                raise traitlets.TraitError(f"A label count is {{'name', 'color', 'count'}}, this is {dict(label)!r}.")
        return proposal["value"]
