"""Previews of recipes, in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.dataset import Image, ImageState
from ...domain.errors import Invalid, NotFound
from ...domain.page import ImageFilter
from ...domain.preview import PreviewItem
from ...domain.user import Action
from ...storage import annotations, images
from ...storage.database import Connection
from ..previewing import IMAGES_LIMIT, Subject, Wish, spread
from .access import Access


class PreviewMethods(Access):
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
        from ...augment import Recipe

        with self._reading(dataset_id, Action.READ) as conn:
            wish = Wish(Recipe.from_dict(recipe), copies, side)
            found = _chosen(conn, dataset_id, image_ids, count)
            subjects = [Subject(image, annotations.load(conn, image.id).annotations) for image in found]
        return self._here.previewing.items(subjects, wish)


def _chosen(conn: Connection, dataset_id: int, image_ids: Sequence[int] | None, count: int) -> list[Image]:
    asked = count if image_ids is None else len(image_ids)
    if not 1 <= asked <= IMAGES_LIMIT:
        raise Invalid(f"A preview shows 1 to {IMAGES_LIMIT} images, not {asked}.", code="bad_count", parameter="count")
    if image_ids is None:
        return _spread(conn, dataset_id, count)
    where = ImageFilter(ids=tuple(image_ids))
    by_id = {image.id: image for image in images.list_page(conn, dataset_id, where, 1, IMAGES_LIMIT, "id").items}
    if missing := [each for each in image_ids if each not in by_id]:
        raise NotFound(f"There is no image {missing[0]} in this dataset.")
    return [by_id[each] for each in dict.fromkeys(image_ids)]


def _spread(conn: Connection, dataset_id: int, count: int) -> list[Image]:
    """Images with annotations, evenly spread over the dataset; any where there are none."""
    for where in (ImageFilter(state=ImageState.LABELED), ImageFilter()):
        total = images.list_page(conn, dataset_id, where, 1, 1, "id").total
        if total:
            pages = [images.list_page(conn, dataset_id, where, place + 1, 1, "id") for place in spread(total, count)]
            return [image for page in pages for image in page.items]
    return []
