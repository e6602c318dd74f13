"""Which XML file belongs to which picture, and which split it is in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ...archive import IMAGE_SUFFIXES, Files
from ...domain.dataset import Split
from ...domain.errors import RoboflowError, UnreadableDataset
from ...domain.manifest import Losses
from ..format import split_of

_LISTS = (("train", Split.TRAIN), ("val", Split.VALID), ("valid", Split.VALID), ("test", Split.TEST))
_FLAG = re.compile(r"(.*\S)\s+-?[01]\Z")


class Layout:
    """The pictures by stem, and the splits from `ImageSets/Main` or from the names of folders."""

    def __init__(self, files: Files, annotations: Sequence[str], losses: Losses) -> None:
        self._losses = losses
        self.images = [name for name in files.names if name[name.rfind(".") :].lower() in IMAGE_SUFFIXES]
        self._by_stem: defaultdict[str, list[str]] = defaultdict(list)
        for name in self.images:
            self._by_stem[_key(name)].append(name)
        self._splits: dict[str, Split] = {}
        known = {_key(name) for name in annotations} | self._by_stem.keys()
        for key, split in _LISTS:
            for name in _image_sets(files, key):
                self._read_set(files, name, split, known)
        if not self._splits:
            for name in _image_sets(files, "trainval"):
                self._read_set(files, name, Split.TRAIN, known)
                losses.add("noted", name, "there is only a list of train and val together; all of it counts as train")

    def picture(self, annotation: str, filename: str) -> str | None:
        """The picture of an XML file: by the XML's own stem, else by its `<filename>`, whatever suffix or case.

        Among several of one stem the exact `<filename>` wins, then the nearest folder.
        """
        candidates = self._by_stem.get(_key(annotation))
        if candidates is None and filename:
            candidates = self._by_stem.get(_key(filename)) or self._by_stem.get(filename.lower())
        if not candidates:
            return None
        if len(candidates) == 1:
            return candidates[0]
        return max(candidates, key=lambda name: _closeness(name, annotation, filename))

    def split(self, name: str) -> Split | None:
        """The split of a picture or XML file: listed by stem, else by its folders."""
        return self._splits.get(_key(name)) or split_of(name)

    def _read_set(self, files: Files, name: str, split: Split, known: set[str]) -> None:
        for number, line in enumerate(_lines(files, name), 1):
            key = line.strip().lower()
            if not key:
                continue
            if key not in known and (match := _FLAG.match(key)):
                key = match.group(1)
            if key not in known and _key(f"/{key}") in known:
                key = _key(f"/{key}")
            if key not in known:
                self._losses.add("noted", f"{name}:{number}", "the listed image is not there")
                continue
            other = self._splits.setdefault(key, split)
            if other is not split:
                why = f"listed for {other} and for {split}; it counts as {other}"
                self._losses.add("noted", f"{name}:{number}", why)


def find_tree(files: Files) -> str | None:
    """A file that shows that the folder is a VOC tree even without any XML file: one of its lists of images."""
    return next((name for key in ("trainval", "train", "val", "test") for name in _image_sets(files, key)), None)


def _image_sets(files: Files, key: str) -> Iterator[str]:
    ending = f"ImageSets/Main/{key}.txt"
    return (name for name in files.names if name == ending or name.endswith(f"/{ending}"))


def _lines(files: Files, name: str) -> list[str]:
    try:
        return files.read(name).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UnreadableDataset(f"{name}: not UTF-8 text, save it as UTF-8.", code="not_utf8") from None
    except RoboflowError as error:
        raise UnreadableDataset(error.message, code=error.code) from error


def _key(name: str) -> str:
    """The stem of a file in lower case: `Annotations/A.1.xml` gives `a.1`."""
    base = name[name.rfind("/") + 1 :]
    stem, dot, suffix = base.rpartition(".")
    known = dot and (f".{suffix.lower()}" in IMAGE_SUFFIXES or suffix.lower() == "xml")
    return (stem if known else base).lower()


def _closeness(name: str, annotation: str, filename: str) -> tuple[bool, bool, int, str]:
    base = name.rpartition("/")[2]
    shared = 0
    for one, other in zip(name.split("/")[:-1], annotation.split("/")[:-1], strict=False):
        if one != other:
            break
        shared += 1
    return base == filename, base.lower() == filename.lower(), shared, name
