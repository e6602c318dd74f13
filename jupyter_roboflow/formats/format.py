"""What a Format is: a codec between a Manifest and files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..archive import Files, Sink
from ..domain.errors import Invalid
from ..domain.manifest import Losses, Manifest


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
