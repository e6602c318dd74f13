"""Previews of recipes, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.preview import PreviewItem
from ..wire import previews as wire
from .remote import Remote


class PreviewMethods(Remote):
    """What a Backend shows of a recipe before it is used."""

    def preview_recipe(
        self,
        dataset_id: int,
        recipe: Mapping[str, Any],
        *,
        image_ids: Sequence[int] | None = None,
        count: int = 6,
        copies: int = 1,
        side: int = 640,
    ) -> list[PreviewItem]:
        body = {"recipe": dict(recipe), "count": count, "copies": copies, "side": side}
        body |= {} if image_ids is None else {"image_ids": list(image_ids)}
        path = f"datasets/{dataset_id}/augment/preview"
        found = self._client.ask(wire.Preview, "POST", path, body, repeatable=True)
        return [item.to_domain() for item in found.items]
