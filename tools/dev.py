"""JupyterLab on this checkout, its front end rebuilt as it changes; Ctrl-C ends all. Arguments go to JupyterLab."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTENSIONS = ROOT / ".venv" / "share" / "jupyter" / "labextensions-of-this-checkout"


def main() -> int:
    npx = shutil.which("npx") or "npx"
    watchers = [
        [npx, "--no-install", "tsc", "-b", "--watch", "--preserveWatchOutput"],
        ["node", "widgets/build.mjs", "--watch"],
        ["jupyter-builder", "watch", "labextension"],
    ]
    running = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) for command in watchers]
    lab = [sys.executable, "-m", "jupyter", "lab", f"--LabServerApp.extra_labextensions_path={link_extension()}"]
    try:
        return subprocess.run([*lab, *sys.argv[1:]], env={**os.environ, "ANYWIDGET_HMR": "1"}, check=False).returncode
    except KeyboardInterrupt:
        return 0
    finally:
        for watcher in running:
            watcher.terminate()


def link_extension() -> Path:
    """A folder in which JupyterLab finds the built extension itself rather than the copy made at installation."""
    link = EXTENSIONS / "@jupyter-roboflow" / "labextension"
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        link.symlink_to(ROOT / "labextension" / "static", target_is_directory=True)
    return EXTENSIONS


if __name__ == "__main__":
    raise SystemExit(main())
