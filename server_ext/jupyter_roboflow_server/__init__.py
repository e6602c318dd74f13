"""The Jupyter Server extension: REST under `<base_url>roboflow/api/`."""

from __future__ import annotations

from typing import Any

from jupyter_roboflow import __version__ as __version__


def _jupyter_server_extension_points() -> list[dict[str, Any]]:  # pyright: ignore[reportUnusedFunction] # Jupyter Server looks for it by name
    from .extension import RoboflowExtension

    return [{"module": "jupyter_roboflow_server", "app": RoboflowExtension}]
