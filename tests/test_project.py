"""The project keeps its own rules: sizes, lists of siblings, light imports, public names, no traces of a machine."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from inspect import isabstract
from itertools import chain
from pathlib import Path

import grimp
import pytest

import jupyter_roboflow
from jupyter_roboflow.augment.steps import STEPS
from jupyter_roboflow.augment.steps.box_step import BoxStep
from jupyter_roboflow.augment.steps.step import Step
from jupyter_roboflow.domain.shapes import SHAPES
from jupyter_roboflow.domain.shapes.kept import KeptShape
from jupyter_roboflow.domain.shapes.shape import Shape
from jupyter_roboflow.domain.shapes.stored_polygon import StoredPolygon
from jupyter_roboflow.formats import FORMATS
from jupyter_roboflow.formats.format import Format
from jupyter_roboflow.jobs.kind import JobKind
from jupyter_roboflow.jobs.kinds import KINDS
from jupyter_roboflow_server.handlers import ROUTES
from jupyter_roboflow_server.handlers.handler import Handler
from tests.checkout import ROOT, files_of_checkout, listed, source_files, text_files

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60


class TestSizes:
    def test_no_file_is_longer_than_the_budget(self) -> None:
        lines = {
            path: len((ROOT / path).read_bytes().splitlines()) for path in source_files(".py", ".ts", ".tsx", ".mjs")
        }
        assert len(lines) > 50, "nothing was looked at"
        too_long = {path: count for path, count in lines.items() if count > MOST_LINES_OF_A_FILE}
        assert not too_long, f"over {MOST_LINES_OF_A_FILE} lines:\n{listed(too_long.items())}"

    def test_no_function_is_longer_than_the_budget(self) -> None:
        functions = list(python_functions())
        assert len(functions) > 300, "nothing was looked at"
        too_long = [(name, lines) for name, lines in functions if lines > MOST_LINES_OF_A_FUNCTION]
        assert not too_long, f"over {MOST_LINES_OF_A_FUNCTION} lines:\n{listed(too_long)}"

    def test_most_functions_are_short(self) -> None:
        sizes = sorted(lines for name, lines in python_functions() if not name.startswith("tests"))
        assert sizes[len(sizes) // 2] <= 12

    def test_no_folder_is_a_drawer_for_odds_and_ends(self) -> None:
        vague = {"common", "core", "helpers", "managers", "util", "utils"}
        found = [path for path in source_files(".py", ".ts", ".tsx") if vague & {*path.parts, path.stem}]
        assert not found, listed(found)


def python_functions() -> Iterator[tuple[str, int]]:
    """Every Python function as `file:line name`, and its length in lines without decorators."""
    for path in source_files(".py"):
        for node in ast.walk(ast.parse((ROOT / path).read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.as_posix()}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


class TestImports:
    def test_no_modules_import_each_other_in_a_circle(self) -> None:
        graph = grimp.build_graph("jupyter_roboflow", "jupyter_roboflow_server", cache_dir=None)
        # The front door names what lies behind it, lazily; everything may ask it for the version.
        modules = graph.modules - {"jupyter_roboflow"}
        assert len(modules) > 30, "nothing was looked at"
        sorter = TopologicalSorter({m: graph.find_modules_directly_imported_by(m) & modules for m in modules})
        try:
            sorter.prepare()
        except CycleError as error:
            pytest.fail(" -> ".join(error.args[1]))

    def test_importing_the_library_loads_nothing_heavy(self) -> None:
        heavy = ("albumentations", "cv2", "rq", "redis", "sqlalchemy", "matplotlib", "pandas", "anywidget", "tornado")
        code = f"import sys, jupyter_roboflow; print(*[name for name in {heavy!r} if name in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.split() == []

    def test_every_package_used_is_declared(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = (extra for name, extra in project["optional-dependencies"].items() if name not in ("test", "dev"))
        required = [*project["dependencies"], *chain.from_iterable(extras)]
        declared = {canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in required}
        home = packages_distributions()
        undeclared = {
            f"{package} in {module}"
            for module, package in third_party_imports()
            if not declared & {canonical(name) for name in home.get(package, [package])}
        }
        assert not undeclared, listed(sorted(undeclared))


def third_party_imports() -> Iterator[tuple[str, str]]:
    """(our module, top-level package it imports) for everything that is neither ours nor Python's own."""
    graph = grimp.build_graph(
        "jupyter_roboflow", "jupyter_roboflow_server", include_external_packages=True, cache_dir=None
    )
    ours = {"jupyter_roboflow", "jupyter_roboflow_server"}
    for module in (m for m in graph.modules if m.partition(".")[0] in ours):
        for imported in graph.find_modules_directly_imported_by(module):
            package = imported.partition(".")[0]
            if package not in ours and package not in sys.stdlib_module_names | {"_typeshed"}:
                yield module, package


def canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


class TestPublicNames:
    def test_are_sorted_and_there(self) -> None:
        names = jupyter_roboflow.__all__
        assert names == sorted(names)
        assert dir(jupyter_roboflow) == names
        for name in names:
            assert getattr(jupyter_roboflow, name) is not None

    def test_a_name_that_is_not_there_is_an_attribute_error(self) -> None:
        with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
            jupyter_roboflow.nonsense  # noqa: B018


class TestSiblings:
    """A folder of siblings has one list; a file that is not in it would be dead, and nobody would notice."""

    def test_every_shape_is_in_its_list(self) -> None:
        found = classes_in("jupyter_roboflow.domain.shapes", Shape)
        # the polygon of a row, equal to it; and what only a newer version can make
        found -= named([StoredPolygon, KeptShape])
        assert found == named(SHAPES.values())
        assert all(kind.kind == name for name, kind in SHAPES.items())

    def test_every_format_is_in_its_list(self) -> None:
        assert classes_in("jupyter_roboflow.formats", Format) == named(type(format) for format in FORMATS.values())
        assert all(format.name == name for name, format in FORMATS.items())

    def test_every_file_beside_format_py_is_a_format(self) -> None:
        siblings = {m.name for m in pkgutil.iter_modules(importlib.import_module("jupyter_roboflow.formats").__path__)}
        homes = {type(format).__module__.split(".")[2] for format in FORMATS.values()}
        assert siblings - {"format"} == homes

    def test_every_step_is_in_its_list(self) -> None:
        found = classes_in("jupyter_roboflow.augment.steps", Step) - named([BoxStep])
        assert found == named(type(step) for step in STEPS.values())
        assert all(step.name == name for name, step in STEPS.items())

    def test_every_file_beside_step_py_is_a_family_of_steps(self) -> None:
        steps = importlib.import_module("jupyter_roboflow.augment.steps")
        siblings = {m.name for m in pkgutil.iter_modules(steps.__path__)}
        homes = {type(step).__module__.split(".")[3] for step in STEPS.values()}
        assert siblings - {"step", "box_step"} == homes

    def test_every_job_kind_is_in_its_list(self) -> None:
        assert classes_in("jupyter_roboflow.jobs", JobKind) == set(KINDS.values())

    def test_every_handler_is_in_its_list(self) -> None:
        listed = [handler for _, handler in ROUTES]
        bases = named(base for handler in listed for base in handler.__mro__[1:])
        found = classes_in("jupyter_roboflow_server.handlers", Handler) - bases
        assert found == named(listed) - bases

    def test_the_check_sees_a_sibling_that_is_not_listed(self) -> None:
        class Forgotten(Handler):
            pass

        Forgotten.__module__ = "jupyter_roboflow_server.handlers.forgotten"
        try:
            assert named([Forgotten]) <= classes_in("jupyter_roboflow_server.handlers", Handler)
        finally:
            Forgotten.__module__ = __name__


def classes_in(package: str, base: type) -> set[str]:
    """The concrete classes below `base` that are defined in the package, every module of it having been loaded."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)
    found: set[type] = set()
    waiting = [base]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.startswith(package) and not isabstract(kind):
            found.add(kind)
    return named(found)


def named(kinds: Iterable[type]) -> set[str]:
    """`module:Class` of each; a dataclass with slots is made twice, so that the classes themselves differ."""
    return {f"{kind.__module__}:{kind.__qualname__}" for kind in kinds}


class TestTraces:
    def test_no_file_names_a_path_of_somebodys_machine(self) -> None:
        parent = f"(?<![\\w.])/{re.escape(ROOT.parent.name)}/" if len(ROOT.parts) > 2 else "(?!)"
        traces = re.compile(rf"{re.escape(str(ROOT))}|{parent}|/(?:home|Users)/(?!(?:jovyan|me|user|you)/)\w+/")
        found = [f"{path}: {match[0]}" for path, text in text_files() if (match := traces.search(text))]
        assert not found, listed(found)

    def test_no_file_names_a_package_registry(self) -> None:
        hosts = "|".join(
            ["registry" + r"\.npmjs", "registry" + r"\.yarnpkg", "files" + r"\.pythonhosted", r"/simple" + "/?$"]
        )
        found = [f"{p}: {match[0]}" for p, text in text_files() if (match := re.search(hosts, text, re.MULTILINE))]
        assert not found, listed(found)

    def test_the_lock_file_has_hashes_and_no_addresses(self) -> None:
        packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        installed = {
            name: entry for name, entry in packages.items() if "node_modules/" in name and not entry.get("link")
        }
        assert len(installed) > 100
        assert not [name for name, entry in installed.items() if "resolved" in entry]
        assert not [name for name, entry in installed.items() if "integrity" not in entry]


class TestTree:
    @pytest.mark.parametrize(
        "name",
        [
            ".ci/run",
            ".github/workflows/ci.yml",
            ".pre-commit-config.yaml",
            "CHANGELOG.md",
            "CONTEXT.md",
            "CONTRIBUTING.md",
            "LICENSE",
            "Makefile",
            "README.md",
            "docs/adr/README.md",
            "package-lock.json",
            "pyproject.toml",
        ],
    )
    def test_has_what_people_look_for(self, name: str) -> None:
        assert (ROOT / name).stat().st_size > 100

    def test_one_version_everywhere(self) -> None:
        version = jupyter_roboflow.__version__
        for name in ("package.json", "widgets/package.json", "labextension/package.json"):
            assert json.loads((ROOT / name).read_text(encoding="utf-8"))["version"] == version, name
        assert f"[{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    def test_make_lists_every_command(self) -> None:
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        documented = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE))
        phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
        assert documented == phony
        assert documented >= {"setup", "demo", "test", "check", "fix", "build", "dev", "e2e", "bench", "help"}

    def test_every_decision_record_is_listed_and_names_what_was_rejected(self) -> None:
        index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
        records = [path for path in files_of_checkout() if path.parent == Path("docs/adr") and path.name != "README.md"]
        assert len(records) >= 8
        for path in records:
            assert f"({path.name})" in index, path
            assert "## Rejected" in (ROOT / path).read_text(encoding="utf-8"), path
