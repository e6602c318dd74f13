"""What brings many images back to how they were before a change of all that fit a filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ...domain.errors import Conflict
from ...domain.page import ImageFilter
from ...storage import labels
from ...storage.database import Connection
from ...storage.image_changes import Before
from ...storage.relabeling import Move
from ..changes import ImageChange, ImagesUndo, RelabelUndo

MOST_IDS = 100_000
"""Images in one step, as many as a request may name."""

_IDS_SHOWN = 100


def undo_of(found: Sequence[Before], change: ImageChange) -> tuple[ImagesUndo, ...]:
    """The way back: images that need the same are together, and those that stay as they are in none."""
    groups: dict[ImageChange, list[int]] = defaultdict(list)
    for image in found:
        groups[_way_back(image, change)].append(image.id)
    return tuple(
        ImagesUndo(tuple(ids[at : at + MOST_IDS]), back)
        for back, ids in groups.items()
        if back != ImageChange()
        for at in range(0, len(ids), MOST_IDS)
    )


def _way_back(image: Before, change: ImageChange) -> ImageChange:
    splits, had = change.split is not None or change.clear_split, set(image.tags)
    new_split = splits and image.split is not change.split
    return ImageChange(
        split=image.split if new_split else None,
        clear_split=new_split and image.split is None,
        state=image.state if change.state not in (None, image.state) else None,
        add_tags=tuple(sorted(had & set(change.remove_tags) - set(change.add_tags))),
        remove_tags=tuple(sorted(set(change.add_tags) - had)),
    )


def relabel_undo(conn: Connection, dataset_id: int, moves: Sequence[Move]) -> tuple[RelabelUndo, ...]:
    """Moves with labels by their names, as those who ask for them back know them."""
    names = {label.id: label.name for label in labels.list_labels(conn, dataset_id)} if moves else {}
    return tuple(RelabelUndo(names[move.source], names[move.target], move.at) for move in moves)


def moves_of(conn: Connection, dataset_id: int, undo: Sequence[RelabelUndo]) -> list[Move]:
    """Moves with labels by their ids; `NotFound` (`unknown_label`) when one is not there any more."""
    names = {name for each in undo for name in (each.source, each.target)}
    ids = {name: labels.by_name(conn, dataset_id, name).id for name in sorted(names)}
    return [Move(ids[each.source], ids[each.target], each.at) for each in undo]


def check_expected(expected: int | None, found: int) -> None:
    """Raise `Conflict` (`other_images`) unless as many images fit as somebody saw."""
    if expected is not None and expected != found:
        raise Conflict(
            f"{found:,} images fit now, not {expected:,}: somebody changed the dataset in between. Nothing was done: "
            "look again.",
            code="other_images",
            images=found,
        )


def shown(where: ImageFilter) -> dict[str, Any]:
    """A filter as the audit log tells it: of many ids the first."""
    given = {name: [value] if isinstance(value, str) else value for name, value in where.given().items()}
    return {name: value[:_IDS_SHOWN] if isinstance(value, tuple) else value for name, value in given.items()}
