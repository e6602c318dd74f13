"""The way in: `connect()` and the Workspace it gives."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from ..backend import open_backend
from ..backend.backend import Backend
from ..domain.errors import NotFound
from ..settings import Settings
from .dataset import Dataset


def connect(*, progress: bool = True, **settings: Any) -> Workspace:
    """The workspace of this computer, made on first use: a database and a folder, nothing else running.

    Keyword arguments are fields of `Settings` and win over the environment variables `ROBOFLOW_*`, for example
    `connect(data_dir="/data/roboflow")`.
    """
    return Workspace(open_backend(Settings.from_environment(**settings)), progress=progress)


class Workspace:
    """All datasets one may see. Close it, or use it in a `with` block, to let go of files and child processes."""

    def __init__(self, backend: Backend, *, progress: bool = True) -> None:
        self._backend = backend
        self._progress = progress

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
        return f"<Workspace of {self._backend.user.username}: {len(self.datasets())} datasets>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(info.name)}</td><td>{info.image_count:,}</td><td>{info.annotation_count:,}</td>"
            f"<td>{escape(info.role)}</td></tr>"
            for info in self._infos(None)
        )
        head = "<tr><th>Dataset</th><th>Images</th><th>Annotations</th><th>You are</th></tr>"
        return f"<table>{head}{rows}</table>" if rows else "No datasets yet: <code>ws.create_dataset(name)</code>."
