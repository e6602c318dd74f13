"""What guide and README print from the code: settings, keys, steps, commands, formats, operations, roles, errors.

Every function gives Markdown. `python docs/from_code.py` puts the README's tables in again.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_KEYS = ROOT / "widgets" / "lib" / "engine" / "keys.js"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    """Without what Markdown takes for the end of a cell or, outside of code, for HTML."""
    parts = text.replace("|", "\\|").split("`")
    return "`".join(part if i % 2 else part.replace("<", "&lt;") for i, part in enumerate(parts))


# settings


def settings() -> str:
    """Every setting: its environment variable, default and meaning."""
    from jupyter_roboflow.settings import Settings

    rows = [(f"`ROBOFLOW_{name.upper()}`", _default(Settings, name), text) for name, text in _meanings().items()]
    return table(["variable", "default", "meaning"], rows)


def _meanings() -> dict[str, str]:
    """The texts below the fields of `Settings`, by field."""
    tree = ast.parse((ROOT / "jupyter_roboflow" / "settings.py").read_text(encoding="utf-8"))
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


# keys


def bindings() -> Mapping[str, Mapping[str, Any]]:
    """The annotator's table of keys, from its compiled source: `make setup` compiles it."""
    script = "const { BINDINGS, displayChord } = await import(process.argv[1]);"
    script += "const shown = (b) => ({ ...b, keys: b.keys.map((key) => displayChord(key, false)) });"
    script += "console.log(JSON.stringify(Object.fromEntries(Object.entries(BINDINGS).map(([a, b]) => [a, shown(b)]))))"
    command = ["node", "--input-type=module", "--eval", script, _KEYS.as_uri()]
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


# steps of recipes


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


# the shell


def commands() -> str:
    """Every command of `jupyter roboflow` with its arguments."""
    from jupyter_roboflow.cli import parser

    (found,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return "\n\n".join(_command(name, sub) for name, sub in found.choices.items())


_OF_EVERY_COMMAND = {"help", "json", "no_progress"}


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


# formats


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


# REST


def operations() -> str:
    """Every operation of the REST interface."""
    from jupyter_roboflow_server.handlers import ROUTES
    from jupyter_roboflow_server.openapi import document

    groups: dict[str, list[tuple[str, str]]] = {}
    for path, methods in document(ROUTES, "")["paths"].items():
        for method, told in methods.items():
            open_to_all = " *Open to all.*" if told.get("security") == [] else ""
            row = (f"`{method.upper()} {path.removeprefix('/')}`", told["summary"] + open_to_all)
            groups.setdefault(told["tags"][0], []).append(row)
    return "\n\n".join(f"## {name}\n\n" + table(["operation", "what it does"], rows) for name, rows in groups.items())


# roles


def roles() -> str:
    """What each role may do in a dataset."""
    from jupyter_roboflow.domain.user import IN_DATASET, Action

    listed = sorted(IN_DATASET, key=lambda role: -len(IN_DATASET[role]))
    asked = [action for action in Action if any(action in allowed for allowed in IN_DATASET.values())]
    rows = [
        (action.replace("_", " "), *("✓" if action in IN_DATASET[role] else "" for role in listed)) for action in asked
    ]
    return table(["", *listed], rows)


# errors


def errors() -> str:
    """The tree of errors with their codes and HTTP statuses."""
    from jupyter_roboflow.domain import errors as tree
    from jupyter_roboflow_server.handlers.statuses import status_of

    told = dict(re.findall(r"^ +(\w+) {2,}(.+)$", str(tree.__doc__), re.MULTILINE))
    rows = [
        (
            f"{'&emsp;' * depth}`{kind.__name__}`",
            f"`{kind.code}`",
            str(int(status_of(kind("")))),
            told.get(kind.__name__, ""),
        )
        for depth, kind in _below(tree.RoboflowError)
    ]
    return table(["error", "code", "HTTP", "when"], rows)


def _below(kind: type[Any], depth: int = 0) -> Iterator[tuple[int, type[Any]]]:
    for each in kind.__subclasses__():
        if each.__module__ == kind.__module__:
            yield depth, each
            yield from _below(each, depth + 1)


MADE: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "keys": keys,
    "preprocessing": lambda: steps("preprocess"),
    "augmentation": lambda: steps("augment"),
    "commands": commands,
    "formats": formats,
    "operations": operations,
    "roles": roles,
    "errors": errors,
}


# the README

IN_README: Mapping[str, Callable[[], str]] = {"settings": settings, "keys": keys_in_short}


def filled_in(readme: str) -> str:
    """The README with its tables made anew, each between `<!-- NAME -->` and `<!-- /NAME -->`."""
    for name, make in IN_README.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, found, rest = readme.partition(start)
        _, ended, after = rest.partition(end)
        if not (found and ended):
            raise ValueError(f"README.md has no place for {name}: {start.strip()} and {end}.")
        readme = f"{before}{start}{make()}\n{end}{after}"
    return readme


def main() -> None:
    path = ROOT / "README.md"
    path.write_text(filled_in(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
