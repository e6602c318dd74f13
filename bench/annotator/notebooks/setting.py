"""What a notebook with a peer needs besides it: the boxes of an image, and a database for what was drawn.

Runs in the peer's environment, so it imports the standard library alone.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

COLORS = {"cell": "#4c9be8", "nucleus": "#f0a030", "dirt": "#50c878", "mark": "#ff00ff"}


class Setting:
    """`folder` has the photos and shapes; what is saved goes to `saved.db` in the notebook's folder."""

    def __init__(self, folder: str, n: int) -> None:
        self.folder, self.n, self.number = Path(folder), n, 1
        self.advances = False
        self._db = sqlite3.connect("saved.db", isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
            self._db.execute(statement)
        self._db.execute("CREATE TABLE IF NOT EXISTS saved (boxes INTEGER, drawn TEXT)")
        self._db.execute("DELETE FROM saved")

    @property
    def photo(self) -> Path:
        return self.folder / f"photo-{self.number}.jpg"

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """`{label, box: [x, y, w, h]}` of the image on show; polygons are left out, no peer has both."""
        shapes = json.loads((self.folder / f"shapes-{self.n}-{self.number}.json").read_text())["shapes"]
        return [shape for shape in shapes if "box" in shape]

    def save(self, drawn: list[dict[str, Any]]) -> None:
        """What its author would write: all boxes of the image as one row."""
        self._db.execute("INSERT INTO saved VALUES (?, ?)", [len(drawn), json.dumps(drawn)])
