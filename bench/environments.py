"""Where each contender runs: this environment, and one per peer, made on first use in `bench/out/venvs`."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path

from .inputs import OUT
from .trial import Contender

PEERS: Mapping[str, tuple[str, ...]] = {
    "datumaro": ("datumaro==1.13.*",),
    "supervision": ("supervision==0.31.*", "opencv-python-headless"),
    "imgaug": ("imgaug==0.4.0", "numpy==1.23.*", "opencv-python-headless==4.10.*", "scikit-image<0.23"),
}
"""What pip installs for each peer. Without OpenCV supervision is slower and says so; imgaug, no longer maintained,
needs the numpy of its time.
"""

_LAB = ("jupyterlab==4.6.*", "ipykernel")
BROWSER_PEERS: Mapping[str, tuple[str, ...]] = {
    "jupyter-bbox-widget": ("jupyter-bbox-widget==0.7.*", *_LAB),
    "ipyannotations": ("ipyannotations==0.5.*", *_LAB),
}
"""The same for those that are measured in JupyterLab."""

TOOLS: Mapping[str, tuple[str, ...]] = {"locust": ("locust==2.*",)}
"""What is no contender, and has an environment all the same."""


def contender(name: str) -> Contender:
    """The contender of this name; a peer's environment is made if it is not there."""
    if name in PEERS:
        return Contender(name, f"peer_{name}", environment_of(name))
    return Contender(name, name)


def environment_of(name: str) -> Path:
    """The Python of a peer's or a tool's environment; it is made if it is not there."""
    packages = {**PEERS, **BROWSER_PEERS, **TOOLS}[name]
    folder = OUT / "venvs" / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "ready"
    wanted = " ".join(packages)
    if not ready.exists() or ready.read_text() != wanted:
        print(f"Installing {name} into its own environment …", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        subprocess.run(install, check=True)
        ready.write_text(wanted)
    return python


def machine() -> str:
    """The machine and the versions that were measured, in one line; nothing that tells whose machine it is."""
    return "; ".join((f"{_cores()} cores{_processor()}", f"{_memory()} memory", _system(), _versions()))


def load_average() -> float:
    """Processes that wanted a core in the last minute, our own included."""
    import psutil

    return psutil.getloadavg()[0]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f" ({model or platform.machine()})"


def _memory() -> str:
    import psutil

    return f"{psutil.virtual_memory().total / 1e9:.0f} GB"


def _system() -> str:
    return f"{platform.system()}, Python {platform.python_version()}"


def _versions() -> str:
    here = ("jupyter-roboflow", "msgspec", "numpy", "opencv-python-headless", "pillow", "sqlalchemy")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in here]
    return ", ".join(versions + [_peer_version(name) for name in PEERS])


def _peer_version(name: str) -> str:
    ask = f"import importlib.metadata as m; print(m.version({name!r}))"
    python = environment_of(name)
    return (
        f"{name} {subprocess.run([str(python), '-c', ask], check=True, capture_output=True, text=True).stdout.strip()}"
    )
