"""What repo2docker makes of this repository, without Docker: the same steps in the same order, in a clean folder.

`python -m tests.binder_image FOLDER` downloads every package and builds the front end, in minutes. The tests lend the
packages of the environment they run in, and what is built already: building from a clone is tested by test_packaging.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.checkout import ROOT, files_of_checkout

TOKEN = "a-token-for-tests"
_BUILT = ("jupyter_roboflow/widgets/static", "labextension/static", "server_ext/jupyter_roboflow_server/static")
_PERSONAL = ("JUPYTER", "ROBOFLOW", "PYTHON", "VIRTUAL_ENV", "IPYTHON", "MPL")


class BinderImage:
    """A checkout that is the home of its user, and an environment that knows nothing else of this computer."""

    def __init__(self, folder: Path, *, lent: bool) -> None:
        """`lent`: packages come from the environment this runs in, through a path file; ours alone is installed."""
        self.home, self.prefix = folder / "home", folder / "env"
        self._binder = self.home / "binder"
        copy_files(files_of_checkout(), self.home)
        venv.create(self.prefix, with_pip=True, symlinks=os.name != "nt")
        self.python = self.prefix / "bin" / "python"
        if lent:
            copy_files((path for name in _BUILT for path in files_below(name)), self.home)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_PERSONAL)}
        programs = [place for place in kept["PATH"].split(os.pathsep) if place != sysconfig.get_path("scripts")]
        kept["PATH"] = os.pathsep.join([str(self.prefix / "bin"), *programs])
        self.environment = {**kept, "HOME": str(self.home), "REPO_DIR": str(self.home), "MPLBACKEND": "agg"}
        if lent:
            self._borrow()

    def build(self) -> None:
        """The steps of repo2docker after its base: packages of the system, requirements, postBuild."""
        self.check_system_packages()
        if (requirements := self._binder / "requirements.txt").exists():
            self.run(self.python, "-m", "pip", "install", "--no-cache-dir", "-r", requirements)
        self.run(self._binder / "postBuild")

    @property
    def wanted_python(self) -> str:
        """`3.12`, as runtime.txt names it."""
        return (self._binder / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")

    def check_system_packages(self) -> None:
        """RuntimeError if apt.txt names what is not installed: nobody here may install it."""
        listed = self._binder / "apt.txt"
        lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
        for name in filter(None, (line.partition("#")[0].strip() for line in lines)):
            if subprocess.run(["dpkg", "-s", name], capture_output=True, check=False).returncode:
                raise RuntimeError(f"apt.txt asks for {name}: apt-get install {name}")

    def run(self, *command: str | Path, folder: Path | None = None) -> str:
        """What a command prints; RuntimeError with it if the command fails."""
        where = {"cwd": folder or self.home, "env": self.environment}
        done = subprocess.run([str(part) for part in command], **where, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    @contextmanager
    def started(self, program: str) -> Iterator[Path]:
        """A server by the `start` script, on this computer alone; the file in which it says its address and token."""
        options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}"]
        command = [self._binder / "start", self.python, "-m", program, *options]
        with (self.home.parent / "log.txt").open("a+", encoding="utf-8") as log:
            process = subprocess.Popen(command, cwd=self.home, env=self.environment, stdout=log, stderr=log)
            try:
                yield self._told(process)
            finally:
                process.terminate()
                process.wait(120)

    def _told(self, process: subprocess.Popen[bytes]) -> Path:
        file = self.home / ".local" / "share" / "jupyter" / "runtime" / f"jpserver-{process.pid}.json"
        end = time.monotonic() + 240
        while time.monotonic() < end and process.poll() is None:
            try:
                self.front_page(file)
                return file
            except (OSError, ValueError):  # not written yet, or half; not listening yet
                time.sleep(0.1)
        raise RuntimeError((self.home.parent / "log.txt").read_text(encoding="utf-8")[-3000:])

    def front_page(self, server: Path) -> str:
        """Where a started server sends whoever asks for nothing in particular, or the page itself; below its address.

        OSError while it does not listen yet.
        """
        url = urlsplit(json.loads(server.read_text(encoding="utf-8"))["url"])
        asking = http.client.HTTPConnection(url.netloc, timeout=60)
        try:
            asking.request("GET", url.path, headers={"Authorization": f"token {TOKEN}"})
            return (asking.getresponse().headers["Location"] or url.path).partition("?")[0]
        finally:
            asking.close()

    def run_tour(self, server: Path) -> Path:
        """The tour, run from top to bottom in a kernel that knows the server, as those that it starts do."""
        self.environment["ROBOFLOW_SERVER_INFO"] = str(server)
        tour = self.home / "roboflow-demo" / "tour.ipynb"
        done = tour.with_name("done.ipynb")
        execute = "import sys; from nbclient.cli import main; main(sys.argv[1:])"
        self.run(self.python, "-c", execute, tour, "--output", done, "--timeout=300", folder=tour.parent)
        return done

    def _borrow(self) -> None:
        """The packages, and JupyterLab's own pages, which lie outside of its package."""
        ours = self.run(self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        (Path(ours) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        pages = Path("share") / "jupyter" / "lab"
        (self.prefix / pages).mkdir(parents=True)
        for name in ("static", "schemas", "themes"):
            (self.prefix / pages / name).symlink_to(sys.prefix / pages / name, target_is_directory=True)


def copy_files(files: Iterable[Path], target: Path) -> None:
    """Files of the checkout to the same places below another folder."""
    for path in files:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path)


def files_below(name: str) -> Iterator[Path]:
    """Every file in a folder of the checkout, relative to its root."""
    return (path.relative_to(ROOT) for path in (ROOT / name).rglob("*") if path.is_file())


def main() -> None:
    say = sys.stdout.write
    image = BinderImage(Path(sys.argv[1]).resolve(), lent=False)
    begun = time.monotonic()
    image.build()
    say(f"built in {time.monotonic() - begun:.0f} s\n")
    with image.started("jupyterlab") as server:
        say(f"opens {image.front_page(server)}; ran {image.run_tour(server)}\n")
    say(f"all in {time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
