"""File formats, as one list: `FORMATS` by name, and `detect` to find the format of a folder or archive."""

from __future__ import annotations

from ..archive import Files
from ..domain.errors import UnreadableDataset
from .coco import Coco
from .format import Format, Option
from .pascal_voc import PascalVoc
from .yolo import Yolo

FORMATS: dict[str, Format] = {format.name: format for format in (Coco(), Yolo(), PascalVoc())}


def detect(files: Files) -> Format:
    """The one format the files follow; `UnreadableDataset` says of each why not, or which ones it could be."""
    reasons = {name: format.detect(files) for name, format in FORMATS.items()}
    fitting = [name for name, reason in reasons.items() if reason is None]
    if len(fitting) == 1:
        return FORMATS[fitting[0]]
    if fitting:
        raise UnreadableDataset(
            f"{files.title} could be {' or '.join(fitting)}: say which with format=.",
            code="ambiguous_format",
            formats=fitting,
        )
    listed = "; ".join(f"{FORMATS[name].title}: {str(reason).rstrip('.')}" for name, reason in reasons.items())
    raise UnreadableDataset(f"The format of {files.title} is not known. {listed}.", code="unknown_format")


__all__ = ["FORMATS", "Format", "Option", "detect"]
