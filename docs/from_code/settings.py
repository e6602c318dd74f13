"""Every setting, as `settings.py` says it."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path
from typing import Any

from .table import table

_SOURCE = Path(__file__).resolve().parents[2] / "jupyter_roboflow" / "settings.py"


def settings() -> str:
    """Every setting: its environment variable, default and meaning."""
    from jupyter_roboflow.settings import Settings

    rows = [(f"`ROBOFLOW_{name.upper()}`", _default(Settings, name), text) for name, text in _meanings().items()]
    return table(["variable", "default", "meaning"], rows)


def _meanings() -> dict[str, str]:
    """The texts below the fields of `Settings`, by field."""
    tree = ast.parse(_SOURCE.read_text(encoding="utf-8"))
    (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            if not (isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)):
                raise ValueError(f"settings.py: say below {field.target.id} what it means.")
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found


def _default(settings_type: Any, name: str) -> str:
    if name == "data_dir":
        return "`jupyter_roboflow` under Jupyter's data folder"
    value = getattr(settings_type(), name)
    if isinstance(value, bool):
        return "no" if not value else "yes"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    return f"{value}" if isinstance(value, int | float) else f"`{value}`" if value else ""
