"""Every key of the annotator, as its engine has them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .table import table

_COMPILED = Path(__file__).resolve().parents[2] / "widgets" / "lib" / "engine" / "keys.js"


def bindings() -> Mapping[str, Mapping[str, Any]]:
    """The annotator's table of keys, from its compiled source: `make setup` compiles it."""
    script = "const { BINDINGS, displayChord } = await import(process.argv[1]);"
    script += "const shown = (b) => ({ ...b, keys: b.keys.map((key) => displayChord(key, false)) });"
    script += "console.log(JSON.stringify(Object.fromEntries(Object.entries(BINDINGS).map(([a, b]) => [a, shown(b)]))))"
    command = ["node", "--input-type=module", "--eval", script, _COMPILED.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"The keys could not be read: `make setup` builds the front end first.\n{done.stderr}")
    return json.loads(done.stdout)


def keys() -> str:
    """Every key of the annotator, in groups."""
    parts: list[str] = []
    for group, inside in _by_group(bindings()).items():
        rows = [(_chords(each["keys"]), each["title"] + _when(each)) for each in inside.values()]
        parts += [f"**{group}**", table(["keys", "what they do"], rows)]
    return "\n\n".join(parts)


def keys_in_short() -> str:
    """The same, a line a group: for the README."""
    rows: list[tuple[str, str]] = []
    for group, inside in _by_group(bindings()).items():
        told = [f"{_chords(each['keys'])} {_lower(each['title'])}" for each in inside.values()]
        rows.append((group, " · ".join(_shortened(told))))
    return table(["", "keys"], rows)


def _by_group(found: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    groups: dict[str, dict[str, Mapping[str, Any]]] = {}
    for action, binding in found.items():
        groups.setdefault(binding["group"], {})[action] = binding
    return groups


def _chords(chords: Iterable[str]) -> str:
    return " ".join(f"`{chord}`" for chord in chords)


def _when(binding: Mapping[str, Any]) -> str:
    return {"selected": " (something selected)", "unselected": " (nothing selected)"}.get(binding.get("when", ""), "")


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]


def _shortened(told: list[str]) -> Iterator[str]:
    """Digits and arrows as one entry each."""
    for entry in told:
        if re.fullmatch(r"`1` label 1", entry):
            yield "`1` … `9` label"
        elif entry.endswith("nudge left"):
            yield "arrows nudge, with `Shift` by 10"
        elif not re.search(r"label \d$|nudge ", entry):
            yield entry
