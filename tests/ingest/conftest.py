from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_roboflow.domain.errors import RoboflowError
from jupyter_roboflow.ingest import DecodePool, Picture
from jupyter_roboflow.settings import Settings


@pytest.fixture(scope="session")
def pool() -> Iterator[DecodePool]:
    with DecodePool(Settings(), children=2) as started:
        yield started


@pytest.fixture
def check(pool: DecodePool, tmp_path: Path) -> Callable[..., Picture]:
    """Bytes in, picture out, the way an upload goes; whatever happens, the original stays and nothing else is left."""

    def run(data: bytes, filename: str = "a.jpg", pool: DecodePool = pool) -> Picture:
        original, kept = tmp_path / "original", tmp_path / "kept"
        original.write_bytes(data)
        kept.unlink(missing_ok=True)
        try:
            picture = pool.check(original, filename, kept)
        except RoboflowError:
            assert not kept.exists()
            raise
        finally:
            assert original.read_bytes() == data
        assert picture.path.read_bytes() == data
        return picture

    return run


@pytest.fixture
def refusal(check: Callable[..., Picture]) -> Callable[..., RoboflowError]:
    """Bytes in, the error out; a picture instead is a failure."""

    def run(data: bytes, filename: str = "a.jpg", **options: DecodePool) -> RoboflowError:
        with pytest.raises(RoboflowError) as caught:
            check(data, filename, **options)
        return caught.value

    return run
