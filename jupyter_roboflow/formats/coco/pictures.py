"""Which file in a folder or archive is the picture that a COCO file lists."""

from __future__ import annotations

from collections.abc import Iterator

from ...archive import IMAGE_SUFFIXES, Files
from ...domain.dataset import Split
from ...domain.errors import UnreadableDataset
from ...domain.manifest import Losses
from ..format import SPLIT_FOLDERS, split_of


class Pictures:
    """The picture files of a dataset, found by the names that COCO files give them."""

    def __init__(self, files: Files) -> None:
        self._names = {name for name in files.names if _suffix(name) in IMAGE_SUFFIXES}
        self._by_base: dict[str, list[str]] = {}
        for name in files.names:
            if name in self._names:
                self._by_base.setdefault(_base(name), []).append(name)
        self._listed: set[str] = set()
        self._likely: dict[tuple[str, Split | None], list[str]] = {}

    def find(self, file: str, split: Split | None, listed: str, losses: Losses) -> str | None:
        """The name of the picture that `file` lists as `listed`; None when there is none.

        Raises `UnreadableDataset` (`import_ambiguous_image`) when several pictures could be meant.
        """
        path = listed.replace("\\", "/")
        for folder in self._places(file, split):
            if (name := folder + path) in self._names:
                return self._take(name)
        matches = self._by_base.get(_base(path), [])
        if not matches:
            losses.add("noted", f"{file}: {listed}", "a listed picture is not there")
            return None
        name = self._best(matches, path, file, split)
        if "/" in path:
            losses.add("noted", f"{file}: {listed}", "file_name is a path that leads elsewhere: its last part is taken")
        return self._take(name)

    def unlisted(self, losses: Losses) -> Iterator[str]:
        """Pictures that no COCO file lists, from folders where it lists others; pictures elsewhere are only noted."""
        folders = {name.rpartition("/")[0] for name in self._listed}
        for name in sorted(self._names - self._listed):
            folder = name.rpartition("/")[0]
            if folder in folders or not folders:
                losses.add("noted", name, "a picture that no COCO file lists comes in as unlabeled")
                yield name
            else:
                losses.add("noted", folder or ".", "pictures in a folder that no COCO file refers to are left out")

    def _take(self, name: str) -> str:
        self._listed.add(name)
        return name

    def _places(self, file: str, split: Split | None) -> list[str]:
        """Folders, with their `/`, where the pictures of a COCO file usually are, the likeliest first."""
        key = (file, split)
        if key not in self._likely:
            beside = file.rpartition("/")[0]
            above = beside.rpartition("/")[0]
            roots = dict.fromkeys((beside, above))
            tails = [*_tails(file, split), "images", ""]
            places = [_join(root, tail) for root in roots for tail in tails]
            # The JSON file's own folder comes first: Roboflow keeps pictures and annotations together.
            wanted = dict.fromkeys([beside, *places])
            self._likely[key] = [f"{place}/" if place else "" for place in wanted]
        return self._likely[key]

    def _best(self, matches: list[str], path: str, file: str, split: Split | None) -> str:
        """The one match that shares most of the listed path's end; among equals, the one in the split's folder."""
        most = max(_shared_end(name, path) for name in matches)
        left = [name for name in matches if _shared_end(name, path) == most]
        if len(left) > 1 and split is not None:
            left = [name for name in left if split_of(name) is split] or left
        if len(left) > 1:
            raise UnreadableDataset(
                f"{file}: {path!r} could be {left[0]} or {left[1]}: keep the pictures beside the JSON file, "
                "or write their folder in file_name.",
                code="import_ambiguous_image",
                file=file,
            )
        return left[0]


def _tails(file: str, split: Split | None) -> list[str]:
    """Folder names of a split, and the rest of a name like `instances_train2017.json`."""
    rest = _base(file).removesuffix(".json").removeprefix("instances_")
    names = [rest, *(name for name, meant in SPLIT_FOLDERS.items() if meant is split)] if split else [rest]
    return [place for name in names for place in (name, f"images/{name}", f"{name}/images")]


def _join(folder: str, tail: str) -> str:
    return f"{folder}/{tail}".strip("/")


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _suffix(name: str) -> str:
    base = _base(name)
    return base[base.rfind(".") :].lower() if "." in base else ""


def _shared_end(name: str, path: str) -> int:
    """How many path components two names share, counted from their ends."""
    count = 0
    for ours, theirs in zip(reversed(name.split("/")), reversed(path.split("/")), strict=False):
        if ours != theirs:
            break
        count += 1
    return count
