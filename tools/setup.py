"""Makes this checkout ready to run: environment, packages, front end, and with `--services` what the tests run against.

Needs Python 3.11 or newer and nothing else. What is ready already is left alone: running it again takes a moment.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from front_end import NODE_FROM_PYPI, build_front_end, fitting_node, install_node_modules

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / ".packages.sha256"
LABEXTENSION = "share/jupyter/labextensions/@jupyter-roboflow/labextension"

# What the tests run against: how to tell that it is there, and the Debian package that brings it.
SERVICES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "curl": ("curl",),
    "redis-server": ("redis-server",),
    "postgresql": ("initdb",),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--services", action="store_true", help="also what tests run against: chromium and two servers"
    )
    services = options.parse_args().services
    if sys.version_info < (3, 11):  # noqa: UP036 -- this runs before anybody has looked at requires-python
        stop(f"This is Python {platform.python_version()}; 3.11 or newer is needed: make PYTHON=python3.12 …")
    # The environment's own programs first: npm's scripts call its jupyter-builder, and its Node where it has one.
    os.environ["PATH"] = os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", os.defpath)])
    make_environment()
    install_packages()
    install_front_end()
    if services:
        install_services()


def make_environment() -> None:
    """`.venv`, with pip in it."""
    if PYTHON.exists() and quiet(PYTHON, "-m", "pip", "--version"):
        return
    say("Making .venv")
    if quiet(sys.executable, "-m", "venv", VENV):
        return
    # Debian keeps `ensurepip` in a package of its own.
    install_debian([f"python3.{sys.version_info.minor}-venv"])
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", VENV)


def install_packages() -> None:
    """The package, editable, with what tests and checks need; again only when pyproject.toml asks for others."""
    wanted = digest_of_requirements()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8").strip() == wanted:
        return
    if not fitting_node():
        say("No Node 20.19 or newer with npm here: taking one from PyPI into .venv")
        run(PYTHON, "-m", "pip", "install", "--quiet", NODE_FROM_PYPI)
    say("Installing the Python packages (about two minutes the first time)")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--editable", ".[test,dev]")
    STAMP.write_text(wanted + "\n", encoding="utf-8")


def digest_of_requirements() -> str:
    """Over everything that decides what an installation holds besides the sources themselves."""
    import tomllib  # not before the version of Python has been looked at

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [project["build-system"], project["project"], project["tool"]["hatch"], platform.python_version()]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def install_front_end() -> None:
    """node_modules as the lock file says, the built files, and the extension where JupyterLab looks for it."""
    install_node_modules(ROOT)
    build_front_end(ROOT)
    built, installed = ROOT / "labextension" / "static", VENV / LABEXTENSION
    if (built / "sources.sha256").read_bytes() != read_or_nothing(installed / "sources.sha256"):
        # An editable installation copies these files once; they are not followed like the Python ones.
        for old in installed.glob("static/*"):
            old.unlink()
        shutil.copytree(built, installed, dirs_exist_ok=True)


def install_services() -> None:
    """What is missing of chromium, curl, redis-server and postgresql, where this user may install it."""
    missing = [package for package, programs in SERVICES.items() if not any(map(find_program, programs))]
    if not missing:
        return
    try:
        install_debian(missing)
    except SystemExit as reason:
        say(f"{reason}\nWithout them their tests are skipped, each saying so (with CI=true they fail).")


def install_debian(packages: list[str]) -> None:
    """Debian packages by apt-get, as root or through sudo without a password. SystemExit when neither is possible."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        stop(f"Missing: {names}. Install them with your system's package manager.")
    rights = [] if is_root() else ["sudo", "-n"]
    if rights and not quiet(*rights, "true"):
        stop(f"Missing: {names}. As an administrator: apt-get install {names}")
    say(f"Installing {names} (Debian packages)")
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    if not (quiet(*apt, "update") and quiet(*apt, "install", "--no-install-recommends", *packages)):
        stop(f"apt-get could not install {names}; run it by hand to see why.")


def find_program(name: str) -> str | None:
    """On the PATH, or where Debian keeps PostgreSQL's server programs."""
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(hidden[-1]) if hidden else None)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def read_or_nothing(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def run(*command: str | Path) -> None:
    """Runs it in the checkout; ends with its exit code when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def quiet(*command: str | Path) -> bool:
    """Whether it ran well; nothing of it is shown."""
    try:
        return (
            subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> None:
    raise SystemExit(text)


if __name__ == "__main__":
    main()
