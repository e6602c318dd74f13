"""Every command of `jupyter roboflow`, as its parser has them."""

from __future__ import annotations

import argparse

from .table import table

_OF_EVERY_COMMAND = {"help", "json", "no_progress"}


def commands() -> str:
    """Every command of `jupyter roboflow` with its arguments."""
    from jupyter_roboflow.cli import parser

    (found,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return "\n\n".join(_command(name, sub) for name, sub in found.choices.items())


def _command(name: str, sub: argparse.ArgumentParser) -> str:
    rows = [(_argument(a), _argument_text(a)) for a in sub._actions if a.dest not in _OF_EVERY_COMMAND]
    return f"### {name}\n\n{sub.description}\n\n" + (table(["argument", "meaning"], rows) if rows else "")


def _argument(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{action.dest.upper()}`" + {"+": " …", "?": " (may be left out)"}.get(str(action.nargs), "")
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return f"`{action.option_strings[-1]}{value}`" + (" (needed)" if action.required else "")


def _argument_text(action: argparse.Action) -> str:
    choices = ", ".join(f"`{choice}`" for choice in action.choices or ())
    parts = [str(action.help or "").strip(), f"one of {choices}" if choices else ""]
    return "; ".join(part for part in parts if part)
