"""A real PostgreSQL for tests, in a folder of its own, reached by a Unix socket."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

import psycopg

from tests.parts import require

_SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class PostgresServer:
    """Runs until it is closed, fast and careless unless `settings` say otherwise.

    As root it runs as the user `postgres`, because PostgreSQL refuses to run as root.
    """

    def __init__(self, settings: str = _SPEED) -> None:
        initdb, self._pg_ctl = require("initdb"), require("pg_ctl")
        # a socket's path has about a hundred characters at most, so not in pytest's folder
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._names = count(1)
        self._settings = settings
        if _is_root():
            shutil.chown(self._folder, "postgres")
        self._run(
            initdb, "-D", self._data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
        )
        self.start()

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, *command: str) -> None:
        user = ["runuser", "-u", "postgres", "--"] if _is_root() else []
        done = subprocess.run([*user, *command], cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert done.returncode == 0, done.stderr.decode(errors="replace")

    def start(self) -> None:
        settings = f"-k {self._folder} -c listen_addresses='' {self._settings}"
        self._run(self._pg_ctl, "-w", "-D", self._data, "-l", str(self._folder / "log"), "-o", settings, "start")

    def kill(self) -> None:
        """Ends the server and the processes that serve clients with SIGKILL, as a power cut of the database would."""
        main = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        for pid in (main, *pids):
            with suppress(ProcessLookupError):  # it has noticed by itself that the server is gone
                os.kill(pid, signal.SIGKILL)

    def restart(self) -> None:
        """Starts a killed server; waits until the last of its processes has let go of the data folder."""
        end = time.monotonic() + 120
        while True:
            try:
                self.start()
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def new_database(self) -> str:
        """The SQLAlchemy URL of a new, empty database."""
        name = f"test_{next(self._names)}"
        with psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def drop_database(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        with psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def close(self) -> None:
        self._run(self._pg_ctl, "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
