"""What a widget's view is: one bundled JavaScript module and its style, built from `widgets/src/views`."""

from __future__ import annotations

import os
from pathlib import Path

_STATIC = Path(__file__).parent / "static"


def view_files(name: str) -> tuple[Path, Path]:
    """The module and the style sheet of a view. ImportError when this checkout's front end has not been built."""
    return _built(f"{name}.js"), _built(f"{name}.css")


def kept_view_files(name: str) -> tuple[Path, Path, str]:
    """As `view_files`, for a large module that a page is to import only once: the module that stands in for it, the
    style sheet, and the text of the module itself, for the trait `_module`.

    While the front end is being developed (`ANYWIDGET_HMR`) nothing stands in: anywidget reloads the module itself.
    """
    module, style = view_files(name)
    if os.environ.get("ANYWIDGET_HMR") == "1":
        return module, style, ""
    return _built("kept-view.js"), style, module.read_text(encoding="utf-8")


def _built(name: str) -> Path:
    file = _STATIC / name
    if not file.is_file():
        raise ImportError(f"The front end is not built ({name} is missing): run `make build`, or `pip install .`.")
    return file
