"""What a Format is: a codec between a Manifest and files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..archive import Files, Sink
from ..domain.dataset import Split
from ..domain.errors import Invalid
from ..domain.manifest import Example, Losses, Manifest

SPLIT_FOLDERS: Mapping[str, Split] = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "valid": Split.VALID,
    "val": Split.VALID,
    "validation": Split.VALID,
    "test": Split.TEST,
    "testing": Split.TEST,
}
"""The split that a folder of this name (lower case) means."""

README_FILE = "README.md"

INDEX_LIMIT = 10_000
"""Class numbers lie below it: exports fill every gap, so one huge number would make a list that no machine holds."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice a person may make when reading or writing: its default, its possible values and what it means."""

    default: str | int | bool
    choices: tuple[str | int | bool, ...]
    help: str


class Format(ABC):
    """Streaming and stateless: the same Format object serves any number of threads, in constant memory."""

    name: ClassVar[str]
    title: ClassVar[str]
    keeps: ClassVar[frozenset[str]]
    """The shape kinds that survive a round trip unchanged."""
    read_options: ClassVar[Mapping[str, Option]] = {}
    write_options: ClassVar[Mapping[str, Option]] = {}

    @abstractmethod
    def detect(self, files: Files) -> str | None:
        """None when the files are of this format, otherwise why they are not (a sentence for people)."""

    @abstractmethod
    def read(self, files: Files, options: Mapping[str, object] | None = None) -> Manifest:
        """The files as a Manifest; its examples are read while they are walked.

        Raises `UnreadableDataset` naming the file and the line or object. Shapes partly outside their picture are
        clipped and reported; nothing is dropped or changed without an entry in `manifest.losses`.
        """

    @abstractmethod
    def write(self, manifest: Manifest, sink: Sink, options: Mapping[str, object] | None = None) -> Losses:
        """Write the Manifest and say what of it the format could not hold. The same Manifest gives the same bytes."""


def choose(given: Mapping[str, object] | None, options: Mapping[str, Option]) -> dict[str, str | int | bool]:
    """Every option with its given or default value; an unknown option or value raises `Invalid` naming the choices."""
    chosen = {name: option.default for name, option in options.items()}
    for name, value in (given or {}).items():
        if name not in options:
            known = ", ".join(sorted(options)) or "none"
            raise Invalid(f"Unknown option {name!r}; known here: {known}.", code="unknown_option")
        allowed = options[name].choices
        match = next((choice for choice in allowed if str(choice).lower() == str(value).lower()), None)
        if match is None:
            raise Invalid(f"{name}={value!r}: choose one of {', '.join(map(str, allowed))}.", code="bad_option")
        chosen[name] = match
    return chosen


def split_of(name: str) -> Split | None:
    """The split of a file by its folders: whole folder names only, the innermost that says anything wins."""
    for folder in reversed(name.lower().split("/")[:-1]):
        if folder in SPLIT_FOLDERS:
            return SPLIT_FOLDERS[folder]
    return None


@dataclass(slots=True)
class Counts:
    """What went into an export, counted while it is written."""

    images: Counter[str] = field(default_factory=Counter[str])
    annotations: int = 0
    background: int = 0

    def add(self, example: Example, annotations: int, split: str) -> None:
        self.images[split] += 1
        self.annotations += annotations
        self.background += not annotations


def readme(title: str, manifest: Manifest, conventions: Iterable[str], counts: Counts, losses: Losses) -> bytes:
    """The export's README.md: what it is, its numbers, how to read its coordinates, what did not survive.

    Says nothing but what the Manifest and the arguments say, so that the same version gives the same bytes.
    """
    about = {key: str(manifest.metadata[key]) for key in ("version", "date") if manifest.metadata.get(key)}
    product = str(manifest.metadata.get("product_version", "")).strip()
    lines = [f"# {_plain(str(manifest.metadata.get('dataset') or manifest.name))}", ""]
    lines += [f"Exported as {title} by jupyter-roboflow {product}".rstrip() + ".", ""]
    lines += [f"- {key.capitalize()}: {_plain(value)}" for key, value in about.items()]
    lines += [f"- Images: {counts.images.total():,}{_by_split(counts.images)}"]
    lines += [f"- Images without annotations: {counts.background:,}", f"- Annotations: {counts.annotations:,}"]
    lines += [
        "- Labels: " + (", ".join(f"{_plain(label.name)} ({label.index})" for label in manifest.labels) or "none")
    ]
    lines += ["", "## Conventions", ""] + [f"- {rule}" for rule in conventions]
    lines += ["", "## What this format could not hold", ""] + (_loss_lines(losses) or ["Nothing: everything is here."])
    return ("\n".join(lines) + "\n").encode()


def _by_split(images: Counter[str]) -> str:
    parts = [f"{name} {count:,}" for name, count in sorted(images.items()) if count and name]
    return f" ({', '.join(parts)})" if parts else ""


def _loss_lines(losses: Losses) -> list[str]:
    lines: list[str] = []
    for item in losses.as_list():
        lines.append(f"- {item['count']:,} × {item['what']}: {_plain(str(item['why']))}")
        lines += [f"  - {_plain(str(where))}" for where in list(dict.fromkeys(item["examples"]))[:5]]
    return lines


def _plain(text: str) -> str:
    """Text that stays on its line and is not taken for Markdown or HTML."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return "".join(f"\\{c}" if c in "\\`*[]<>#|" else c for c in kept)
