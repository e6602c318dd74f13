"""One door to a dataset's files, whatever they lie in."""

from __future__ import annotations

from pathlib import Path

from ..domain.errors import NotFound, UnreadableDataset
from .files import MAX_BYTES, MAX_ENTRIES, Files
from .folder_files import FolderFiles
from .one_file import OneFile
from .zip_files import ZipFiles

_OTHER_ARCHIVES = (".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")


def open_files(path: Path, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> Files:
    """The files of a folder or zip archive, or a JSON file and the pictures around it. Close it, or use it in a `with`.

    Raises `NotFound`, or `UnreadableDataset` with one of the codes `archive_corrupt`, `too_many_entries`,
    `unsafe_path`, `unsafe_entry`, `duplicate_entry`, `archive_bomb`, `not_a_dataset`.
    """
    path = Path(path)
    if path.is_dir():
        return FolderFiles(path, max_entries=max_entries)
    if not path.exists():
        raise NotFound(f"There is no folder or file {path}: check the path.", code="path_not_found")
    if not path.is_file():
        raise UnreadableDataset(f"{path} is neither a folder nor a file.", code="not_a_dataset")
    with path.open("rb") as stream:
        start = stream.read(2)
    if start != b"PK" and path.suffix.lower() == ".json":
        return OneFile(path, max_entries=max_entries)
    if start != b"PK" and path.suffix.lower() != ".zip":
        how = "unpack it and give the folder" if path.suffix.lower() in _OTHER_ARCHIVES else "give its folder or a zip"
        raise UnreadableDataset(f"{path.name} is not a zip archive: {how}.", code="not_a_dataset")
    return ZipFiles(path, max_entries=max_entries, max_bytes=max_bytes)
