"""Flushing while writing: what is flushed is what was written, and a disk's failure is not swallowed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from jupyter_roboflow.archive.early_flush import EVERY, EarlyFlush

pytestmark = pytest.mark.skipif(not hasattr(os, "fdatasync"), reason="this system has no fdatasync")


def test_a_large_file_is_flushed_on_the_way_and_a_small_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(os, "fdatasync", flushed.append)
    with (tmp_path / "file").open("wb") as file:
        early = EarlyFlush(file.fileno())
        early.wrote(EVERY - 1)
        assert flushed == []
        early.wrote(1)
        early.finish()
        assert flushed == [file.fileno()]


def test_what_a_flush_says_of_the_disk_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", full)
    with (tmp_path / "file").open("wb") as file:
        early = EarlyFlush(file.fileno())
        early.wrote(EVERY)
        with pytest.raises(OSError, match="No space"):
            early.finish()
