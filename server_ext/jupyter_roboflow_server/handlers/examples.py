"""Whole datasets, image by image with what is drawn on it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from jupyter_roboflow.backend import Backend
from jupyter_roboflow.backend.wire import examples as wire

from .handler import Handler
from .operation import operation


class ExamplesHandler(Handler):
    @operation(query=wire.ExampleQuery, answer=wire.Examples)
    def get(self, backend: Backend, dataset_id: int, query: wire.ExampleQuery) -> Mapping[str, Any]:
        """The images that fit with their annotations, in the order of their numbers."""
        with closing(backend.examples(dataset_id, query.to_filter(), after=query.after, limit=query.limit)) as found:
            return wire.page_of_examples(found, query.limit, lambda image: image.id)
