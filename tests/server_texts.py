"""Every text of the server that the panel shows as it comes: read from the code that says it, so that none is missed.

A value in a text is a spot: `{1}`, `{2}`, … in its order, as `labextension/src/server-texts` has it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jupyter_roboflow.augment.steps import AUGMENTATION, PREPROCESSING
from tests.checkout import ROOT

PACKAGE = ROOT / "jupyter_roboflow"
PANEL = ROOT / "labextension" / "src"
WHAT = {"clipped", "split", "changed", "dropped", "noted", "left out"}

_LITERAL = r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"""
# As programs that collect texts look for calls: of `trans`, not of something that has one.
_CALL = re.compile(rf"(?<![\w.])trans\.(?:__|_n)\(\s*{_LITERAL}(?:,\s*{_LITERAL})?")


def translatable(*files: Path) -> set[str]:
    """What a program that collects texts for translators finds: literals, with spots for their arguments."""
    found = (match for file in files for match in _CALL.finditer(file.read_text(encoding="utf-8")))
    literals = (literal for match in found for literal in match.groups() if literal is not None)
    return {re.sub(r"%(\d)", r"{\1}", re.sub(r"\\(.)", r"\1", literal)) for literal in literals}


def step_texts() -> set[str]:
    """Titles, names and helps as the recipe builder shows them."""
    texts: set[str] = set()
    for step in (*PREPROCESSING, *AUGMENTATION):
        texts |= {step.title, step.help}
        for parameter in step.parameters:
            texts |= {parameter.name, parameter.help, *getattr(parameter, "choices", ())}
    return {spoken(text) for text in texts if text}


def spoken(text: str) -> str:
    """A name of code as words; sentences stay."""
    return text if " " in text else text.replace("_", " ")


def loss_texts() -> set[str]:
    """Why something is clipped, split, changed, dropped, left out or noted."""
    found: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        found |= set(_whys(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def advice_texts() -> set[str]:
    """The sentences of a dataset's health."""
    tree = ast.parse((PACKAGE / "domain" / "health" / "advice.py").read_text(encoding="utf-8"))
    said: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and node.value is not None:
            said |= set(_texts(node.value, tree))
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.List):
            said |= {text for item in node.value.elts for text in _texts(item, tree)}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_box":
            one, many, remedy = (text for item in node.args[1:] for text in _texts(item, tree))
            said |= {f"{{1}} {verb} (first on {{2}}): {remedy}." for verb in (one, many)}
    return said - {"{1} {2} (first on {3}): {4}."}


def progress_texts() -> set[str]:
    """What jobs say of themselves while they run; what is only a name has no letters of its own."""
    said: set[str] = set()
    for path in sorted((PACKAGE / "jobs").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in _calls(tree, {"progress"}):
            said |= set(_texts(call.args[2], tree)) if len(call.args) == 3 else set()
    return {text for text in said if re.sub(r"\{\d\}", "", text).strip()}


def _whys(tree: ast.Module) -> Iterator[str]:
    for call in _calls(tree, {"add", "note", "_note", "drop", "leave_out"}):
        name, arguments = getattr(call.func, "attr", ""), call.args
        if name in ("drop", "leave_out") and arguments and len(arguments) <= 2:
            yield from _texts(arguments[-1], tree)
        elif len(arguments) >= 3 and isinstance(arguments[0], ast.Constant) and arguments[0].value in WHAT:
            yield from _texts(arguments[2], tree)
    for call in _calls(tree, {"Dropped"}):
        yield from _texts(call.args[1], tree)
    for node in ast.walk(tree):  # losses.counts["noted", why] = count
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            what, why = node.slice.elts
            if isinstance(what, ast.Constant) and what.value in WHAT:
                yield from _texts(why, tree)


def _calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (getattr(node.func, "attr", None) or getattr(node.func, "id", "")) in names:
            yield node


def _texts(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    """The texts that an expression can be; nothing for one that is a text from elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield _template(parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, tree)
            yield from _texts(other, tree)
        case ast.Name(id=name):
            yield from _assigned(name, tree)
        case ast.Call(func=ast.Name(id=name)):
            yield from _returned(name, tree)
        case _:
            pass


def _template(parts: Iterable[ast.expr]) -> str:
    text, spots = "", 0
    for part in parts:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        else:
            spots += 1
            text += f"{{{spots}}}"
    return text


def _assigned(name: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets):
            yield from () if isinstance(node.value, ast.Name) else _texts(node.value, tree)


def _returned(name: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from _texts(inner.value, tree)
