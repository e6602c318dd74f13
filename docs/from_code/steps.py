"""Every step of recipes with its parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .table import table


def steps(stage: str) -> str:
    """Every step of a stage with its parameters."""
    from jupyter_roboflow.augment import AUGMENTATION, PREPROCESSING

    listed = PREPROCESSING if stage == "preprocess" else AUGMENTATION
    return "\n\n".join(_step(step.describe(), stage) for step in listed)


def _step(told: Mapping[str, Any], stage: str) -> str:
    chance = f" Acts with probability {told['probability']:g} unless told otherwise." if stage == "augment" else ""
    moves = " Annotations move with the pixels." if told["moves"] else ""
    rows = [(f"`{p['name']}`", _allowed(p), _json(p["default"]), p["help"]) for p in told["parameters"]]
    listed = table(["parameter", "values", "default", "meaning"], rows) if rows else "No parameters."
    return f"### {told['title']}\n\n`{told['name']}` – {told['help']}{moves}{chance}\n\n{listed}"


def _allowed(parameter: Mapping[str, Any]) -> str:
    kind = parameter["type"]
    if kind == "choice":
        return ", ".join(f"`{choice}`" for choice in parameter["choices"])
    if kind in ("number", "numbers"):
        unit = f" {parameter['unit']}" if parameter.get("unit") else ""
        count = f"{parameter['count']} numbers, " if "count" in parameter else ""
        return f"{count}{parameter['low']:g} … {parameter['high']:g}{unit}{', whole' if parameter.get('whole') else ''}"
    words = {"flag": "true, false", "text": "text", "names": "a list of names", "renames": "old name: new name"}
    return words.get(kind, "JSON by name")


def _json(value: Any) -> str:
    return "required" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"
