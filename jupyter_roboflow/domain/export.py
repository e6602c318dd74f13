"""A finished export: a file that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Export:
    """One dataset, written in a format. `losses` lists what the format could not hold, `counts` what is in it.

    `path` is its key in the store, `filename` what it is called when it is downloaded, `size` is in bytes.
    """

    id: int
    dataset_id: int
    format: str
    filename: str
    path: str
    size: int
    sha256: str
    losses: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, Any]
    created_at: datetime
