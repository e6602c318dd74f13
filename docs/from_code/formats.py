"""Every format with its options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .table import table


def formats() -> str:
    """Every format with its options."""
    from jupyter_roboflow.formats import FORMATS

    parts: list[str] = []
    for name, format in FORMATS.items():
        kept = " and ".join(f"`{kind}`" for kind in sorted(format.keeps))
        rows = [(f"`{o}`", use, _choices(told), told.help) for use, o, told in _options(format)]
        parts += [f"### {format.title}", f"`{name}` – {_first_line(type(format))} Shapes that survive: {kept}."]
        parts.append(table(["option", "when", "values, the default first", "meaning"], rows))
    return "\n\n".join(parts)


def _options(format: Any) -> Iterator[tuple[str, str, Any]]:
    for name, option in format.read_options.items():
        both = format.write_options.get(name) == option
        yield "import, export" if both else "import", name, option
    for name, option in format.write_options.items():
        if format.read_options.get(name) != option:
            yield "export", name, option


def _choices(option: Any) -> str:
    ordered = [option.default, *(choice for choice in option.choices if choice != option.default)]
    return ", ".join(f"`{choice}`" for choice in ordered)


def _first_line(thing: Any) -> str:
    return (thing.__doc__ or "").strip().partition("\n\n")[0]
