"""What people see of something long: how many where things are counted, how far where a job tells a share."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

from jupyter_roboflow.workspace.progress import job_bar, progress_bar


class Terminal(io.StringIO):
    """Somebody looks at it, unlike at a file."""

    def isatty(self) -> bool:
        return True


@contextmanager
def looked_at() -> Iterator[Terminal]:
    """A fixture would be too early: pytest puts its own stderr in place for the test itself."""
    terminal = Terminal()
    with redirect_stderr(terminal):
        yield terminal


@pytest.mark.parametrize("total", [96, 100.0])
def test_a_job_tells_its_share_here_and_elsewhere_and_counts_nothing(total: float) -> None:
    with looked_at() as terminal, job_bar("Generate") as move:
        assert move is not None
        move(total / 4, total, "a.jpg")
        move(0, 0, "")
    shown = terminal.getvalue()
    assert "Generate:  25%" in shown and "a.jpg" in shown
    assert "/100" not in shown and "/96" not in shown


def test_an_upload_counts_its_images() -> None:
    with looked_at() as terminal, progress_bar("Upload", unit=" images") as move:
        assert move is not None
        move(12, 0, "a.jpg")
    assert "Upload: 12 images" in terminal.getvalue()


def test_no_bar_is_shown_to_who_wants_none() -> None:
    with looked_at() as terminal, job_bar("Export", shown=False) as move:
        assert move is None
    assert terminal.getvalue() == ""
