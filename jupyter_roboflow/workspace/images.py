"""The pictures of a dataset as a notebook sees them: one Image, and a lazy list of many."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, overload

from ..backend.backend import Backend, ImageChange
from ..domain import dataset as domain
from ..domain.annotation import Annotation, AnnotationSet
from ..domain.dataset import ImageState, Split
from ..domain.errors import Invalid, NotFound
from ..domain.page import ImageFilter
from ..plots import thumbnail_strip_html
from .query import member

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image as PILImage

_PAGE = 500
_SHOWN = 12


class Image:
    """One picture of a dataset. Its pixels and all coordinates are those of the upright image."""

    def __init__(self, backend: Backend, info: domain.Image) -> None:
        self._backend = backend
        self._info = info
        self._set: AnnotationSet | None = None

    @property
    def id(self) -> int:
        return self._info.id

    @property
    def filename(self) -> str:
        return self._info.filename

    @property
    def width(self) -> int:
        """Pixels of the upright image."""
        return self._info.width

    @property
    def height(self) -> int:
        """Pixels of the upright image."""
        return self._info.height

    @property
    def split(self) -> Split | None:
        return self._info.split

    @split.setter
    def split(self, split: Split | str | None) -> None:
        self._change(ImageChange(split=member(Split, split, "split")) if split else ImageChange(clear_split=True))

    @property
    def state(self) -> ImageState:
        """`unlabeled` (nobody looked), `empty` (looked, nothing there), `labeled` or `reviewed`."""
        return self._info.state

    @property
    def uploaded_at(self) -> datetime:
        return self._info.uploaded_at

    @property
    def tags(self) -> tuple[str, ...]:
        return self._info.tags

    def tag(self, *tags: str) -> None:
        """Put tags on the image."""
        self._change(ImageChange(add_tags=tags))

    def untag(self, *tags: str) -> None:
        """Take tags off the image."""
        self._change(ImageChange(remove_tags=tags))

    def _change(self, change: ImageChange) -> None:
        self._backend.update_images(self._info.dataset_id, [self.id], change)
        self._info = self._backend.get_image(self.id)

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """What is drawn on the image, lowest first. Loaded once; `reload()` asks again."""
        if self._set is None:
            self.reload()
        return cast(AnnotationSet, self._set).annotations

    def reload(self) -> Image:
        """Load the image's annotations and state again, as others may have changed them."""
        self._set = self._backend.annotations(self.id)
        self._info = self._backend.get_image(self.id)
        return self

    def save(self, annotations: Iterable[Annotation], *, state: ImageState | str | None = None) -> Image:
        """Replace the annotations. If somebody saved in between, `Conflict` is raised and nothing is overwritten."""
        if self._set is None:
            self.reload()
        revision = cast(AnnotationSet, self._set).revision
        wanted = member(ImageState, state, "state") if state else None
        self._set = self._backend.save_annotations(self.id, annotations, revision, state=wanted)
        self._info = self._backend.get_image(self.id)
        return self

    def bytes(self) -> bytes:
        """The original file, untouched."""
        return self._backend.image_bytes(self.id)

    def pil(self) -> PILImage:
        """The upright picture as a Pillow image."""
        from PIL import Image as Pillow
        from PIL import ImageOps

        with Pillow.open(io.BytesIO(self.bytes())) as picture:
            return ImageOps.exif_transpose(picture)

    def array(self) -> NDArray[np.uint8]:
        """The upright picture as (H, W, 3) uint8 RGB."""
        import numpy as np

        return np.asarray(self.pil().convert("RGB"))

    def download(self, path: str | Path) -> Path:
        """Write the original file to a path (into a folder under its own name), whole or not at all."""
        target = Path(path)
        target = target / self.filename if target.is_dir() else target
        if not target.parent.is_dir():
            raise Invalid(f"There is no folder {target.parent}: make it first.", code="no_such_folder")
        part = target.with_name(f".{target.name[:100]}.part")
        try:
            part.write_bytes(self.bytes())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    def delete(self) -> None:
        """Take the image and its annotations out of the dataset."""
        self._backend.delete_images(self._info.dataset_id, [self.id])

    def __repr__(self) -> str:
        split = f", {self.split}" if self.split else ""
        return f"<Image {self.id} {self.filename!r} {self.width}×{self.height}, {self.state}{split}>"

    def _repr_html_(self) -> str:
        strip = thumbnail_strip_html([(self._backend.thumbnails([self.id])[0], self.filename)])
        return f"{strip}<div>{escape(repr(self))}</div>"


def images_by_id(backend: Backend, dataset_id: int, ids: Sequence[int]) -> list[Image]:
    """The images of a dataset with these ids, in their order, asked for by the page; `NotFound` names one that is not
    there."""
    found: dict[int, domain.Image] = {}
    for at in range(0, len(ids), _PAGE):
        where = ImageFilter(ids=tuple(ids[at : at + _PAGE]))
        found |= {info.id: info for info in backend.images(dataset_id, where, limit=_PAGE).items}
    if missing := [i for i in ids if i not in found]:
        raise NotFound(f"There is no image {missing[0]} in this dataset.")
    return [Image(backend, found[i]) for i in ids]


class Images(Sequence[Image]):
    """The images that fit a filter; pages are fetched when they are needed."""

    def __init__(self, backend: Backend, dataset_id: int, where: ImageFilter, sort: str = "id") -> None:
        self._backend = backend
        self._dataset_id = dataset_id
        self._where = where
        self._sort = sort
        self._total: int | None = None
        self._pages: dict[int, tuple[domain.Image, ...]] = {}

    def _page(self, number: int) -> tuple[domain.Image, ...]:
        if number not in self._pages:
            page = self._backend.images(self._dataset_id, self._where, page=number, limit=_PAGE, sort=self._sort)
            self._total = page.total
            self._pages = {number: page.items}
        return self._pages[number]

    def __len__(self) -> int:
        if self._total is None:
            self._page(1)
        return cast(int, self._total)

    @overload
    def __getitem__(self, index: int) -> Image: ...
    @overload
    def __getitem__(self, index: slice) -> list[Image]: ...
    def __getitem__(self, index: int | slice) -> Image | list[Image]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"There are {len(self)} images, no number {index}.")
        return Image(self._backend, self._page(position // _PAGE + 1)[position % _PAGE])

    def __iter__(self) -> Iterator[Image]:
        for number in range(1, (len(self) + _PAGE - 1) // _PAGE + 1):
            for info in self._page(number):
                yield Image(self._backend, info)

    @property
    def ids(self) -> list[int]:
        return self._backend.image_ids(self._dataset_id, self._where, sort=self._sort)

    def set_split(self, split: Split | str | None) -> None:
        """Give all of them one split, or None."""
        self._change(ImageChange(split=member(Split, split, "split")) if split else ImageChange(clear_split=True))

    def tag(self, *tags: str) -> None:
        """Put tags on all of them."""
        self._change(ImageChange(add_tags=tags))

    def untag(self, *tags: str) -> None:
        """Take tags off all of them."""
        self._change(ImageChange(remove_tags=tags))

    def delete(self) -> int:
        """Take all of them out of the dataset; how many there were."""
        deleted = self._backend.delete_images_where(self._dataset_id, self._where)
        self._forget()
        return deleted

    def _change(self, change: ImageChange) -> None:
        self._backend.change_images_where(self._dataset_id, self._where, change)
        self._forget()

    def _forget(self) -> None:
        self._pages, self._total = {}, None

    def to_dataframe(self) -> Any:
        """One row an image, as a pandas DataFrame."""
        pandas: Any = importlib.import_module("pandas")
        columns = ["id", "filename", "width", "height", "split", "state", "tags", "uploaded_at"]
        return pandas.DataFrame([[getattr(image, c) for c in columns] for image in self], columns=columns)

    def __repr__(self) -> str:
        return f"<{len(self)} images>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self) -> str:
        """How many there are, and the first of them as thumbnails."""
        shown = self[:_SHOWN]
        thumbnails = self._backend.thumbnails([image.id for image in shown])
        strip = thumbnail_strip_html(list(zip(thumbnails, (image.filename for image in shown), strict=True)))
        more = f" – the first {len(shown)} shown" if len(shown) < len(self) else ""
        return f"<div>{len(self)} images{more}</div>{strip}"
