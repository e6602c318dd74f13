"""The one rule that turns any file name into a name fit for every export and every file system."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping

from ..domain.errors import UnreadableDataset
from .files import Files, same_name_key
from .image_header import IMAGE_SUFFIXES

NAMES_FILE = "names.csv"
"""Where an export keeps the original names of the files it had to rename."""

_LONGEST_STEM = 200
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_PLAIN = re.compile(
    r"([A-Za-z0-9_](?:[A-Za-z0-9_ ().,+=@~-]{0,89}[A-Za-z0-9_()+=@~,-])?)(\.(?:jpg|jpeg|png|webp|gif|bmp|tif|tiff))\Z"
)
"""Stems and suffixes that stay as they are."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|\Z)", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/bmp": (".bmp",),
    "image/tiff": (".tif", ".tiff"),
}


class ExportNames:
    """Gives every image a file name of its own: visible, flat, safe on Linux, macOS and Windows.

    Two names never share a stem, whatever their case, because a label file is named by the stem. A name that is fine
    stays as it is; the same images in the same order get the same names.
    """

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        self.renamed: list[tuple[str, str]] = []
        """(name in the export, original name) of every image whose name had to change."""

    def name_for(self, filename: str, media_type: str = "") -> str:
        """The export's name for the next image. A suffix that contradicts the media type (`image/png`) is replaced."""
        plain = _PLAIN.match(filename)
        stem, suffix = plain.groups() if plain else _split(_clean(filename))
        known = _SUFFIXES.get(media_type)
        if known is not None and suffix.lower() not in known:
            suffix = known[0]
        if _RESERVED.match(stem):
            stem = f"_{stem}"
        stem = self._unique(stem if plain else _shortened(stem.rstrip(" .") or "image"))
        name = stem + suffix
        if name != filename:
            self.renamed.append((name, filename))
        return name

    def as_csv(self) -> bytes:
        """The table `file,original` of the renamed files, safe to open in a spreadsheet."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("file", "original"))
        writer.writerows((_quoted(name), _quoted(original)) for name, original in self.renamed)
        return text.getvalue().encode()

    def _unique(self, stem: str) -> str:
        key = same_name_key(stem)
        number = self._next.get(key)
        if number is None:
            self._next[key] = 2
            return stem
        while (other := same_name_key(f"{stem}_{number}")) in self._next:
            number += 1
        self._next[key] = number + 1
        self._next[other] = 2
        return f"{stem}_{number}"


def original_names(files: Files, folder: str = "") -> Mapping[str, str]:
    """The original name of each renamed file of an export of ours; empty when there is no such table.

    A table that is not ours (other columns) counts as none; a broken one raises `UnreadableDataset` (`bad_names`).
    """
    name = folder + NAMES_FILE
    if name not in files:
        return {}
    rows = csv.reader(io.StringIO(files.read(name).decode("utf-8", "replace"), newline=""))
    try:
        if next(rows, None) != ["file", "original"]:
            return {}
        return {_unquoted(row[0]): _unquoted(row[1]) for row in rows if len(row) == 2}
    except csv.Error as error:
        raise UnreadableDataset(f"{name}:{rows.line_num}: no table of names ({error}).", code="bad_names") from None


def _clean(filename: str) -> str:
    name = unicodedata.normalize("NFC", filename.replace("\\", "/"))
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cf", "Cs", "Cc", "Co", "Cn") or c == "\u200d")
    parts = [part for part in name.split("/") if part.strip(" .")]
    return _FORBIDDEN.sub("_", "_".join(part.strip(" ") for part in parts)).lstrip(". ").rstrip(" ")


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    if dot and f".{suffix.lower()}" in IMAGE_SUFFIXES:
        return stem, f".{suffix}"
    return name, ""


def _shortened(stem: str) -> str:
    raw = stem.encode()
    return stem if len(raw) <= _LONGEST_STEM else raw[:_LONGEST_STEM].decode(errors="ignore").rstrip(" .")


def _quoted(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell
