"""What people elsewhere are told when this machine has a problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_roboflow.settings import Settings
from jupyter_roboflow_server.handlers.statuses import without_places

HERE = Settings(data_dir=Path("/srv/people/data"), storage_url="s3://bucket/cells")


@pytest.mark.parametrize(
    "said, told",
    [
        ("The store /srv/people/data/store is full.", "The store … is full."),
        ("([Errno 21] '/srv/people/data/store/blobs/a b.jpg'): try", "([Errno 21] '… b.jpg'): try"),
        ("The store s3://bucket/cells does not answer.", "The store … does not answer."),
        ("The queue does not answer: try again.", "The queue does not answer: try again."),
        ("/srv/people/data, /srv/people/data/x", "…, …"),
    ],
)
def test_folders_of_the_server_are_left_out(said: str, told: str) -> None:
    """ACL-022"""
    assert without_places(said, HERE) == told
