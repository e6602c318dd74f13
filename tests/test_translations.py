"""What the server says in English and the panel shows is known to the panel's translator: nothing new is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_roboflow.domain.user import Action
from jupyter_roboflow.jobs.kinds import KINDS
from tests.checkout import listed
from tests.server_texts import (
    PACKAGE,
    PANEL,
    advice_texts,
    loss_texts,
    progress_texts,
    step_texts,
    translatable,
)

TABLES = tuple(path for path in sorted((PANEL / "server-texts").glob("*.ts")) if ".test." not in path.name)
BY_SERVER_TEXTS = {
    "steps.ts": (step_texts, 150),
    "losses.ts": (loss_texts, 100),
    "health-advice.ts": (advice_texts, 18),
    "messages.ts": (progress_texts, 4),
}


@pytest.mark.parametrize("name", BY_SERVER_TEXTS)
def test_every_text_of_the_server_is_in_the_table_of_texts_to_translate(name: str) -> None:
    said, at_least = BY_SERVER_TEXTS[name]
    texts = said()
    assert len(texts) >= at_least, "the texts were not found"
    missing = texts - translatable(*TABLES)
    assert not missing, f"put into labextension/src/server-texts/{name}:\n{listed(sorted(missing))}"


@pytest.mark.parametrize("name", ["steps.ts", "losses.ts", "health-advice.ts"])
def test_nothing_is_translated_that_the_server_does_not_say(name: str) -> None:
    said, _ = BY_SERVER_TEXTS[name]
    old = translatable(PANEL / "server-texts" / name) - said()
    assert not old, f"take out of labextension/src/server-texts/{name}:\n{listed(sorted(old))}"


def test_every_kind_of_job_has_a_title_in_the_panel() -> None:
    assert set(KINDS) <= names_before_colons(PANEL / "jobs" / "job-texts.ts")


def test_everything_that_is_recorded_of_a_dataset_is_a_sentence_in_the_panel() -> None:
    recorded = set(actions_of_datasets())
    assert {"upload", "import_started", "export_expired", "image_state", "create_annotation"} <= recorded
    missing = recorded - names_before_colons(PANEL / "settings" / "audit-texts.ts")
    assert not missing, f"put into labextension/src/settings/audit-texts.ts: {sorted(missing)}"


def test_sentences_of_the_panel_itself_are_translated() -> None:
    files = [path for path in sorted(PANEL.rglob("*.ts*")) if ".test." not in path.name and path.name not in NOT_SHOWN]
    known = translatable(*files)
    said = {(path.name, text) for path in files for text in sentences(path.read_text(encoding="utf-8"))}
    assert len(said) > 200, "the sentences were not found"
    missing = {(name, text) for name, text in said if text not in known}
    assert not missing, (
        f"say it by trans.__('…'), or where nobody translates put it into messages.ts:\n{listed(missing)}"
    )


NOT_SHOWN = {"host.ts"}
"""A mistake of whoever programs the panel, and nobody else's."""


def sentences(code: str) -> Iterator[str]:
    """Literals that begin with a capital letter and have more than one word, with spots for what is put into them."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", code, flags=re.DOTALL | re.MULTILINE)
    for one, other in re.findall(r"""'((?:[^'\\\n]|\\.)*)'|`([^`\n]*)`""", code):
        text = re.sub(r"%(\d)", r"{\1}", re.sub(r"\$\{.*", "{1}", one or other))
        if re.match(r"[A-Z][\w’]* .*[a-z]", text):
            yield re.sub(r"\\(.)", r"\1", text)


def names_before_colons(path: Path) -> set[str]:
    return set(re.findall(r"^  +(\w+):", path.read_text(encoding="utf-8"), re.MULTILINE))


def actions_of_datasets() -> Iterator[str]:
    """The names under which what happens in a dataset is recorded, as the code that records it has them."""
    for folder in ("backend/local", "storage", "jobs", "backend"):
        for path in sorted((PACKAGE / folder).glob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                yield from _recorded(node)


def _recorded(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="_writing" | "_finding"), args=[_, ast.Attribute(attr=name), *_]):
            yield Action[name].value
        case ast.Call(func=ast.Attribute(attr="_start"), args=[ast.Constant(value=str(kind)), *_]):
            yield f"{kind}_started"
        case ast.Call(func=ast.Attribute(attr="record", value=ast.Name(id="audit")), args=[_, _, action, *_]):
            if isinstance(action, ast.Constant):
                yield str(action.value)
            elif isinstance(action, ast.Attribute) and isinstance(action.value, ast.Attribute):
                yield Action[action.value.attr].value
        case ast.Tuple(elts=[ast.Constant(value=str(action)), _, *rest]) if len(rest) in (1, 3):
            if re.fullmatch(r"(create|update|delete)_annotation|image_state|\w+_expired", action):
                yield action
        case _:
            pass
