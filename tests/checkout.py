"""The files of this checkout, for tests that look at the project itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_NOT_OURS = {".git", ".hypothesis", ".pytest_cache", ".ruff_cache", ".venv", "__pycache__", "dist", "node_modules"}


def files_of_checkout() -> list[Path]:
    """What a clone would hold, relative to the root: everything git knows or would not ignore."""
    if not (ROOT / ".git").exists():  # an unpacked sdist
        return sorted(p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file() and not _NOT_OURS & set(p.parts))
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted(Path(name) for name in set(names) if name and (ROOT / name).is_file())


def source_files(*suffixes: str) -> Iterator[Path]:
    """The source files with one of these suffixes."""
    return (path for path in files_of_checkout() if path.suffix in suffixes)


def text_files() -> Iterator[tuple[Path, str]]:
    """Every file that is text, with its text."""
    for path in files_of_checkout():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def listed(items: Iterable[object]) -> str:
    """One line each, for the message of an assertion."""
    return "\n".join(f"  {item}" for item in items)
