"""What a process keeps of pictures that somebody draws on, and how large ones are worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from jupyter_roboflow.assist import OpenCV, Prompt
from jupyter_roboflow.assist.assistant import Pixels
from jupyter_roboflow.backend import assistance, open_backend
from jupyter_roboflow.backend.assistance import Assistance, Cache
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.dataset import Image
from jupyter_roboflow.domain.shapes import BBox, Polygon
from jupyter_roboflow.settings import Settings
from tests.assist.pictures import ellipse, loose_box, overlap, photo_of

AREA = ellipse(500, 300, 200, 120, 30)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[LocalBackend]:
    opened = open_backend(Settings.from_environment({}, data_dir=tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def stored(backend: LocalBackend, tmp_path: Path) -> Callable[[str], Image]:
    """A picture of 1000 × 600 in a file of some kind."""
    dataset = backend.create_dataset("cells").id

    def store(kind: str) -> Image:
        path = tmp_path / f"a.{kind.lower()}"
        Pillow.fromarray(photo_of(AREA, 1000, 600)).save(path, kind)
        backend.upload(dataset, path)
        return backend.images(dataset).items[-1]

    return store


def test_a_cache_keeps_what_was_asked_for_last_and_no_more_bytes_than_allowed() -> None:
    cache, made = Cache(100), list[str]()

    def get(name: str, size: int) -> str:
        return cache.get(name, lambda: made.append(name) or name, lambda _: size)

    assert [get("a", 40), get("b", 40), get("a", 40), get("c", 40)] == ["a", "b", "a", "c"]
    assert (made, cache.size) == (["a", "b", "c"], 80)
    get("b", 40)
    assert made == ["a", "b", "c", "b"]
    get("larger than all", 101)
    assert cache.size == 0


def test_a_picture_is_read_once_for_many_questions(stored: Callable[[str], Image], backend: LocalBackend) -> None:
    image, reads = stored("JPEG"), list[str]()

    def read(sha256: str) -> bytes:
        reads.append(sha256)
        return backend.installation.store.read_blob(sha256)

    helper = Assistance(read)
    for _ in range(3):
        helper.outline(image, Prompt(loose_box(AREA, 1000, 600)))
        helper.path(image, (500, 180), (600, 250))
    assert reads == [image.sha256]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("most_pixels", [24_000_000, 300_000, 40_000])
def test_a_picture_too_large_to_work_on_is_made_smaller(
    stored: Callable[[str], Image],
    backend: LocalBackend,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    most_pixels: int,
) -> None:
    monkeypatch.setattr(assistance, "MOST_PIXELS", most_pixels)
    image = stored(kind)
    found = backend.suggest_outline(image.id, Prompt(loose_box(AREA, 1000, 600), exclude=([(20, 20)],)))
    assert overlap([shape for shape in found if isinstance(shape, Polygon)], AREA) >= 0.95
    assert backend.suggest_path(image.id, (500.0, 180.0), (600.0, 250.0))[-1] == pytest.approx((600.0, 250.0))


def test_a_model_takes_the_place_of_opencv(stored: Callable[[str], Image], backend: LocalBackend) -> None:
    class Model(OpenCV):
        def outline(self, image: Pixels, prompt: Prompt) -> list[Polygon]:
            assert image.shape == (600, 1000, 3) and image.dtype == np.uint8
            x0, y0, x1, y1 = prompt.bounds()
            return [Polygon([x0, y0, x1, y0, (x0 + x1) / 2, y1])]

    backend.installation.assistance.assistant = Model()
    image = stored("PNG")
    assert backend.suggest_outline(image.id, Prompt(BBox(10, 10, 20, 20))) == (Polygon([10, 10, 30, 10, 20, 30]),)
    assert backend.suggest_path(image.id, (500.0, 180.0), (600.0, 250.0))
