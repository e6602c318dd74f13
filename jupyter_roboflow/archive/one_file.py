"""One file of annotations and the pictures around it."""

from __future__ import annotations

import os
from pathlib import Path

from ..domain.dataset import Split
from ..domain.errors import UnreadableDataset
from .export_names import NAMES_FILE
from .files import MAX_ENTRIES
from .folder_files import FolderFiles
from .image_header import IMAGE_SUFFIXES

_INNER = frozenset({"annotations", "val", *(split.value for split in Split)})
"""Folders inside a dataset, as formats lay it out: pictures, and the name of the split, may be beside or above them."""


class OneFile(FolderFiles):
    """A file of annotations and every picture of the dataset's folder; other annotations there are not looked at.

    The dataset's folder is the file's own, or the one above a folder `annotations`, `train`, `val`, `valid`, `test`.
    """

    def __init__(self, path: Path, *, max_entries: int = MAX_ENTRIES) -> None:
        path = Path(os.path.abspath(path))  # noqa: PTH100 - links stay: pictures are beside the link
        root = path.parent.parent if path.parent.name.lower() in _INNER else path.parent
        super().__init__(root, max_entries=max_entries)
        self.title = str(path)
        self.chosen = self._name_of(path, root)
        wanted = (self.chosen, NAMES_FILE)
        self._names = [name for name in self._names if name in wanted or _is_picture(name)]
        self._known = set(self._names)

    def _name_of(self, path: Path, root: Path) -> str:
        """Its name among the files, which may be written otherwise where case does not count."""
        given = path.relative_to(root).as_posix()
        if given in self._known:
            return given
        for name in self._names:
            if name.lower() == given.lower() and path.samefile(root / name):
                return name
        raise UnreadableDataset(
            f"{path} cannot be used: it is hidden, or a link that leads elsewhere. Copy it beside its pictures.",
            code="not_a_dataset",
        )


def _is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES  # noqa: PTH122 - a name in a dataset, not a path here
