"""The way in: `connect()` and the Workspace it gives."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from ..backend import open_backend
from ..backend.backend import Backend
from ..backend.kernel import in_kernel
from ..domain.errors import Invalid, NotFound
from ..settings import Settings
from .dataset import Dataset


def connect(
    url: str | None = None,
    token: str | None = None,
    username: str | None = None,
    password: str | None = None,
    *,
    embedded: bool = False,
    progress: bool = True,
    **settings: Any,
) -> Workspace:
    """The workspace at a URL; without one that of the Jupyter server this notebook runs in, else this computer's own.

    `url` is any address of a Jupyter server with the extension; prove who you are by its `token` (also as `?token=` in
    the URL), by a personal access token, or by `username` and `password`.

    The embedded workspace is a database and a folder, made on first use, nothing else running: always with
    `embedded=True`, outside of notebooks, and where other keyword arguments are given. Those are fields of `Settings`
    and win over the environment variables `ROBOFLOW_*`, for example `connect(data_dir="/data/roboflow")`.
    """
    if url is not None:
        if embedded or settings:
            raise Invalid("Settings are for the embedded workspace, a server has its own: leave out one of them.")
        from ..backend.http import open_http

        remote = open_http(url, token, username, password)
        return Workspace(remote, progress=progress, where=f"at {remote.server}")
    if token or username or password:
        raise Invalid("To log in, say where: give the url of the Jupyter server.", code="no_url")
    if not embedded and not settings and in_kernel():
        from ..backend.http import open_own_server

        own, why = open_own_server()
        if own is not None:
            _say(f"The workspace is that of this Jupyter server: {own.server}")
            return Workspace(own, progress=progress, where=f"at {own.server}")
        _say(f"The workspace is embedded in this notebook, as {why}.")
    chosen = Settings.from_environment(**settings)
    return Workspace(open_backend(chosen), progress=progress, where=f"in {chosen.data_dir}")


@functools.cache
def _say(text: str) -> None:
    """Print it, the first time."""
    print(text)  # noqa: T201 - where one works is something to read, in the notebook


class Workspace:
    """All datasets one may see. Close it, or use it in a `with` block, to let go of files and child processes."""

    def __init__(self, backend: Backend, *, progress: bool = True, where: str = "") -> None:
        self._backend = backend
        self._progress = progress
        self._where = where

    @property
    def backend(self) -> Backend:
        """The interface below, for everything that has no word here."""
        return self._backend

    def create_dataset(
        self, name: str, *, exist_ok: bool = False, metadata: Mapping[str, Any] | None = None
    ) -> Dataset:
        """A new, empty dataset. A taken name raises `Conflict`, or gives that dataset with `exist_ok`."""
        if exist_ok:
            try:
                return self.dataset(name)
            except NotFound:
                pass
        return self._handle(self._backend.create_dataset(name, metadata))

    def dataset(self, name: str | int) -> Dataset:
        """A dataset by its name or its id."""
        found = self._backend.get_dataset(name) if isinstance(name, int) else self._backend.find_dataset(name)
        return self._handle(found)

    def datasets(self, search: str | None = None) -> list[Dataset]:
        """Every dataset one may see whose name contains the text."""
        return [self._handle(info) for info in self._infos(search)]

    def _infos(self, search: str | None) -> Iterator[Any]:
        page, seen = 1, 0
        while True:
            found = self._backend.list_datasets(search, page=page, limit=500)
            yield from found.items
            seen, page = seen + len(found.items), page + 1
            if not found.items or seen >= found.total:
                return

    @functools.cached_property
    def _handle(self) -> Any:
        return functools.partial(Dataset, self._backend, progress=self._progress)

    def close(self) -> None:
        """Let go of the database and of child processes; nothing is unsaved at any time."""
        self._backend.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        where = f" {self._where}" if self._where else ""
        return f"<Workspace of {self._backend.user.username}{where}: {len(self.datasets())} datasets>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(info.name)}</td><td>{info.image_count:,}</td><td>{info.annotation_count:,}</td>"
            f"<td>{escape(info.role)}</td></tr>"
            for info in self._infos(None)
        )
        head = "<tr><th>Dataset</th><th>Images</th><th>Annotations</th><th>You are</th></tr>"
        return f"<table>{head}{rows}</table>" if rows else "No datasets yet: <code>ws.create_dataset(name)</code>."
