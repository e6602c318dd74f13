"""Help with drawing by the product: an outline from a box, a path along an edge, on a photograph of 12 megapixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_roboflow.assist import Prompt
from jupyter_roboflow.backend import Backend, open_backend
from jupyter_roboflow.domain.shapes import BBox
from jupyter_roboflow.settings import Settings

from ..gauge import Case, Job
from .photo import BOX, EDGE, write_photo


def outline(*, again: bool) -> Job:
    """The first outline on a picture, which has to be read for it; or one after another."""

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        with _stored(case.output) as (backend, image):
            prompt = Prompt(BBox(*BOX))
            if again:
                backend.suggest_outline(image, prompt)
            yield lambda: backend.suggest_outline(image, prompt)

    return job


def path(*, again: bool) -> Job:
    """The first path from a point on a picture that has been read; or one more as the pointer moves."""

    @contextmanager
    def job(case: Case) -> Iterator[Callable[[], object]]:
        with _stored(case.output) as (backend, image):
            start, end = EDGE
            backend.suggest_path(image, start if again else end, (end[0] - 40, end[1] + 10))
            yield lambda: backend.suggest_path(image, start, end)

    return job


@contextmanager
def _stored(folder: Path) -> Iterator[tuple[Backend, int]]:
    photo = write_photo(folder / "photo.jpg")
    backend = open_backend(Settings.from_environment({}, data_dir=folder / "workspace"))
    try:
        dataset = backend.create_dataset("photos").id
        backend.upload(dataset, photo)
        yield backend, backend.images(dataset).items[0].id
    finally:
        backend.close()
