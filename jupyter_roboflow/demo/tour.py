"""The tour: a notebook that goes through everything, on the packaged images."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import count
from pathlib import Path

NAME = "tour.ipynb"


def place_tour(folder: Path) -> Path:
    """The tour in a folder. A copy that was run stays as it is; one with other cells makes room under another name."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (files("jupyter_roboflow.demo") / NAME).read_text(encoding="utf-8")
    path = folder / NAME
    if path.exists():
        if _sources(path.read_text(encoding="utf-8", errors="replace")) == _sources(text):
            return path
        path.rename(_free(path))
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _sources(notebook: str) -> list[str] | None:
    """What its cells say; None when that is no notebook."""
    try:
        return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]
    except (ValueError, KeyError, TypeError):
        return None


def _free(path: Path) -> Path:
    """`tour-1.ipynb`, or the next number that is not taken."""
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(1))
    return next(name for name in names if not name.exists())
