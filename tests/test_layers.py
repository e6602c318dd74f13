"""The import rules catch what they are there for: each fails on a planted violation, in Python and in TypeScript."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, files_of_checkout
from tests.parts import require

pytestmark = pytest.mark.xdist_group("layers")


@pytest.fixture(scope="module")
def python_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python sources and the rules, to plant violations in."""
    folder = tmp_path_factory.mktemp("python")
    for path in files_of_checkout():
        if path.suffix == ".py" and path.parts[0] in ("jupyter_roboflow", "server_ext"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)
    shutil.copy2(ROOT / "pyproject.toml", folder)
    return folder


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over a copy; its output names each contract as KEPT or BROKEN."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(folder / "server_ext")])}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def broken(folder: Path) -> set[str]:
    """The names of the contracts that do not hold."""
    return set(re.findall(r"^(.+?) BROKEN", lint_imports(folder).stdout, re.MULTILINE))


def test_the_python_rules_hold(python_copy: Path) -> None:
    done = lint_imports(python_copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Contracts: \d\d kept, 0 broken", done.stdout)


@pytest.mark.parametrize(
    "file, code, contract",
    [
        ("jupyter_roboflow/domain/planted.py", "from ..storage import tables", "Layers: import only what is below"),
        (
            "jupyter_roboflow/archive/planted.py",
            "def later() -> None:\n    from ..workspace import Workspace",
            "Layers: import only what is below",
        ),
        (
            "jupyter_roboflow/ingest/planted.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..jobs.kind import JobKind",
            "Layers: import only what is below",
        ),
        (
            "jupyter_roboflow/formats/coco/planted.py",
            "from ..yolo import Yolo",
            "A format knows only what a Format is",
        ),
        ("jupyter_roboflow/augment/steps/tile.py", "from .resize import Resize", "A step knows only what a Step is"),
        ("jupyter_roboflow/augment/planted.py", "from ..storage import tables", "Layers: import only what is below"),
        ("jupyter_roboflow/augment/planted.py", "from ..formats import FORMATS", "Layers: import only what is below"),
        ("jupyter_roboflow/jobs/planted.py", "import albumentations", "Only augment knows albumentations"),
        ("jupyter_roboflow/domain/planted.py", "import sqlalchemy.orm", "Only storage knows SQL"),
        ("jupyter_roboflow/jobs/planted.py", "import redis", "Only jobs.rq_queue knows RQ and Redis"),
        ("jupyter_roboflow/storage/planted.py", "import obstore", "Only storage.files knows the object store"),
        ("jupyter_roboflow/cli.py", "import tornado.web", "Only the server knows Tornado and Jupyter Server"),
        ("jupyter_roboflow/workspace/planted.py", "import anywidget", "Only widgets knows the widget libraries"),
        ("jupyter_roboflow/domain/planted.py", "import pydantic", "Only backend.wire and the server know Pydantic"),
        ("jupyter_roboflow/ingest/planted.py", "import httpx", "Only backend.http knows an HTTP client"),
        ("jupyter_roboflow/backend/planted.py", "import jwt", "Only backend.accounts knows password hashes and tokens"),
        ("jupyter_roboflow/cli.py", "import argon2", "Only backend.accounts knows password hashes and tokens"),
        ("jupyter_roboflow/widgets/planted.py", "from ..storage import tables", "Widgets ask their Backend"),
        ("jupyter_roboflow/cli.py", "import jupyter_roboflow_server", "The library never imports the server"),
    ],
)
def test_a_planted_python_import_is_caught(python_copy: Path, file: str, code: str, contract: str) -> None:
    path = python_copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{code}\n", encoding="utf-8")
    try:
        assert contract in broken(python_copy)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")


@pytest.fixture(scope="module")
def web_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript sources and the rules, with the installed packages of this checkout."""
    require("node")
    if not (ROOT / "node_modules").is_dir():
        pytest.fail("node_modules is missing: run `make setup`.")
    folder = tmp_path_factory.mktemp("web")
    for name in ("widgets/src", "labextension/src"):
        shutil.copytree(ROOT / name, folder / name)
    for name in (".dependency-cruiser.cjs", "tsconfig.base.json", "tsconfig.check.json", "labextension/package.json"):
        shutil.copy2(ROOT / name, folder / name)
    (folder / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
    return folder


def cruise(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = str(ROOT / "node_modules" / "dependency-cruiser" / "bin" / "dependency-cruise.mjs")
    command = [require("node"), tool, "--config", ".dependency-cruiser.cjs", "widgets/src", "labextension/src"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_typescript_rules_hold(web_copy: Path) -> None:
    done = cruise(web_copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"no dependency violations found \(\d\d+ modules", done.stdout)


@pytest.mark.parametrize(
    "file, code, rule",
    [
        ("widgets/src/engine/planted.ts", "import '../ui/index.js';", "engine-knows-no-host"),
        ("widgets/src/engine/planted.ts", "import type { ReactNode } from 'react';", "engine-knows-no-host"),
        ("widgets/src/engine/shapes/planted.ts", "import '../summary.js';", "shapes-are-leaves"),
        ("widgets/src/engine/render.ts", "import './tools/pen.js';", "render-never-sees-tools"),
        ("widgets/src/engine/document.ts", "import './editor.js';", "values-never-see-the-editor"),
        ("widgets/src/engine/tools/planted.ts", "import './pen.js';", "tools-never-see-each-other"),
        ("widgets/src/ui/planted.tsx", "import '../views/dataset-card.js';", "ui-knows-no-host"),
        ("labextension/src/planted.ts", "import '../../widgets/src/engine/summary.js';", "lab-uses-entry-points"),
        ("widgets/src/engine/backend.ts", "import type { X } from './index.js'; export type Y = X;", "no-cycles"),
        ("widgets/src/ui/planted.tsx", "import './nowhere.js';", "all-found"),
    ],
)
def test_a_planted_typescript_import_is_caught(web_copy: Path, file: str, code: str, rule: str) -> None:
    """Some of the files the rules speak of are planted too: what is forbidden must be there to be imported."""
    planted = {"widgets/src/engine/tools/pen.ts": "export {};", "widgets/src/engine/editor.ts": "export {};"}
    kept = {name: (web_copy / name).read_text() for name in (file,) if (web_copy / name).exists()}
    for name, text in {**planted, file: f"{kept.get(file, '')}\n{code}\nexport {{}};\n"}.items():
        (web_copy / name).parent.mkdir(parents=True, exist_ok=True)
        (web_copy / name).write_text(text, encoding="utf-8")
    try:
        assert rule in cruise(web_copy).stdout
    finally:
        for name in (*planted, file):
            (web_copy / name).unlink()
        for name, text in kept.items():
            (web_copy / name).write_text(text, encoding="utf-8")
