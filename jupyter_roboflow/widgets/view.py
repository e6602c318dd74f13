"""What a widget's view is: one bundled JavaScript module and its style, built from `widgets/src/views`."""

from __future__ import annotations

from pathlib import Path

_STATIC = Path(__file__).parent / "static"


def view_files(name: str) -> tuple[Path, Path]:
    """The module and the style sheet of a view. ImportError when this checkout's front end has not been built."""
    module, style = _STATIC / f"{name}.js", _STATIC / f"{name}.css"
    if not (module.is_file() and style.is_file()):
        raise ImportError(
            f"The front end is not built ({module.name} is missing): run `make build`, or `pip install .`."
        )
    return module, style
