"""Which picture has which label file and belongs to which split, in every layout YOLO datasets come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ...archive import IMAGE_SUFFIXES, Files
from ...domain.dataset import Split
from ...domain.manifest import Losses
from ..format import README_FILE, split_of
from .class_names import ClassNames, text_of

_KEYS = (
    ("train", Split.TRAIN),
    ("val", Split.VALID),
    ("valid", Split.VALID),
    ("validation", Split.VALID),
    ("test", Split.TEST),
)
_LABEL_FOLDERS = {"images": "labels", "Images": "Labels", "IMAGES": "LABELS", "JPEGImages": "labels"}


class Layout:
    """The pictures of a dataset in order of their names, with their label files and splits."""

    def __init__(self, files: Files, classes: ClassNames) -> None:
        self._files = files
        self._classes = classes
        self._root = classes.root
        self.notes = Losses()
        self.images = [name for name in files.names if _suffix(name) in IMAGE_SUFFIXES]
        self._folders = {folder for name in self.images for folder in _folders_of(name)}
        self._prefixes: dict[str, Split] = {}
        self._listed: dict[str, Split] = {}
        self._lists: set[str] = set()
        self._read_splits()

    def label_file(self, image: str) -> str | None:
        """The label file of a picture, None when it has none."""
        return next((name for name in _label_names(image) if name in self._files), None)

    def has_labels(self) -> bool:
        """Whether any picture has a label file, or there are label files without pictures."""
        return any(self.label_file(image) for image in self.images) or any(
            name.endswith(".txt") and "labels" in name.lower().split("/")[:-1] for name in self._files.names
        )

    def split(self, image: str) -> Split | None:
        """The split that the yaml, a list of pictures or the folder's name gives a picture, in this order."""
        if self._listed and image in self._listed:
            return self._listed[image]
        folder = image.rpartition("/")[0]
        while self._prefixes:
            if folder in self._prefixes:
                return self._prefixes[folder]
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        return split_of(image.removeprefix(self._root))

    def orphans(self) -> Iterator[tuple[str, bool]]:
        """Text files that belong to no picture, and whether they lie where only label files lie."""
        used = {name for image in self.images for name in (self.label_file(image),) if name is not None}
        used |= self._lists | {self._classes.file, self._root + README_FILE}
        image_folders = {image.rpartition("/")[0] for image in self.images}
        for name in self._files.names:
            if not name.endswith(".txt") or name in used or name.rpartition("/")[2].lower().startswith("readme"):
                continue
            folder = name.rpartition("/")[0]
            sure = "labels" in folder.lower().split("/")
            if sure or folder in image_folders:
                yield name, sure

    def _read_splits(self) -> None:
        for key, split in _KEYS:
            value = self._classes.data.get(key)
            for entry in cast("list[object]", value) if isinstance(value, list) else [value]:
                if isinstance(entry, str) and entry.strip():
                    self._read_split(entry, split)
        if not any(key in self._classes.data for key, _ in _KEYS):
            for key, split in _KEYS:
                if (name := f"{self._root}{key}.txt") in self._files:
                    self._read_list(name, split)

    def _read_split(self, entry: str, split: Split) -> None:
        base = self._classes.data.get("path")
        places = list(_places(self._root, f"{base if isinstance(base, str) else ''}/{entry}"))
        for place in places:
            if place in self._files and place.endswith(".txt"):
                self._read_list(place, split)
                return
            if place in self._folders:
                other = self._prefixes.setdefault(place, split)
                if other is not split:
                    chosen = self._prefixes[place] = split_of(f"{place}/") or other
                    why = f"the folder is named for {other} and for {split}; its pictures count as {chosen}"
                    self.notes.add("noted", f"{self._classes.file}: {entry}", why)
                return
        self.notes.add("noted", f"{self._classes.file}: {entry}", f"no pictures are there for the split {split}")

    def _read_list(self, name: str, split: Split) -> None:
        self._lists.add(name)
        for number, line in enumerate(text_of(self._files, name, 2**30).splitlines(), 1):
            if not line.strip():
                continue
            found = next((p for p in _places(self._root, line.strip()) if p in self._files), None)
            if found is None:
                self.notes.add("noted", f"{name}:{number}", "the listed picture is not there")
            else:
                self._listed.setdefault(found, split)


def _places(root: str, path: str) -> Iterator[str]:
    """Where a path of another machine may lie below the root: the whole path first, then without its first folders."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if not parts:
        yield root.rstrip("/")
    for start in range(len(parts)):
        yield root + "/".join(parts[start:])


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower()


def _folders_of(name: str) -> Iterator[str]:
    folder = name.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _label_names(image: str) -> Iterator[str]:
    stem = image[: image.rfind(".")]
    *folders, base = stem.split("/")
    for at in range(len(folders) - 1, -1, -1):
        if folders[at] in _LABEL_FOLDERS:
            yield "/".join([*folders[:at], _LABEL_FOLDERS[folders[at]], *folders[at + 1 :], f"{base}.txt"])
    yield f"{stem}.txt"
    yield "/".join([*folders, "labels", f"{base}.txt"])
