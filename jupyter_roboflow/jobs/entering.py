"""Staged examples into the dataset, within the one transaction that an import is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from ..domain.annotation import ANNOTATIONS_LIMIT
from ..domain.dataset import Image, ImageState, Label, Split
from ..domain.errors import Invalid, UnreadableDataset
from ..domain.manifest import Losses
from ..ingest.filename import display_name
from ..storage import audit, bulk, datasets, images, labels, users
from ..storage.bulk import Addition, BulkRow, BulkWriter, KnownImage
from ..storage.database import Connection
from ..storage.images import NewImage
from .kind import JobContext

AnyImage: TypeAlias = "Image | KnownImage"

COUNTS = ("images_added", "images_known", "annotations_added", "annotations_known")


class Entering:
    """Writes staged batches: pictures the dataset has already are not added twice, nor are annotations."""

    def __init__(self, conn: Connection, context: JobContext, wanted: Sequence[Label], policy: str) -> None:
        assert context.job.dataset_id is not None
        self._conn, self._dataset_id, self._policy = conn, context.job.dataset_id, policy
        self._user = users.get(conn, context.job.user_id)
        self._labels = labels.ensure(conn, self._dataset_id, wanted)
        self._names = {given: label.name for given, label in self._labels.items()}
        self._writer = BulkWriter(conn, self._user, {name: label.id for name, label in self._labels.items()})
        self._ours: set[int] = set()
        """Images whose annotations all come from this import."""
        self.counts: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
        self.losses = Losses()
        for given, name in self._names.items():
            if given != name:
                self.losses.add("changed", given, f"the label is {name!r} in the dataset, where case does not count")

    def enter(self, batch: Sequence[tuple[Any, ...]]) -> None:
        """Write one batch."""
        images_of_batch = self._enter_pictures([entry for entry in batch if entry[0]])
        images_of_batch += self._find_listed([entry for entry in batch if not entry[0]])
        together = self._merge_same(images_of_batch)
        fresh = [(image, entry) for image, known, entry in together if not known]
        known = [(image, entry) for image, known, entry in together if known]
        self._writer.write([_addition(image, entry[7], ImageState(entry[5])) for image, entry in fresh])
        self._ours.update(image.id for image, _ in fresh)
        self.counts["annotations_added"] += sum(len(entry[7]) for _, entry in fresh)
        self._add_to_known(known)

    def finish(self, source: str, format: str) -> dict[str, int]:
        """The audit row and the counts."""
        datasets.touch(self._conn, self._dataset_id)
        details = {"format": format, "source": source, **self.counts}
        audit.record(self._conn, self._user, "import", dataset_id=self._dataset_id, subject=source, details=details)
        return {name: self.counts[name] for name in COUNTS}

    def _enter_pictures(self, entries: Sequence[tuple[Any, ...]]) -> list[tuple[AnyImage, bool, tuple[Any, ...]]]:
        if not entries:
            return []
        entered = images.add(self._conn, self._dataset_id, self._user, [_new_image(entry) for entry in entries])
        for _, known in entered:
            self.counts["images_known" if known else "images_added"] += 1
        return [(image, known, entry) for (image, known), entry in zip(entered, entries, strict=True)]

    def _find_listed(self, entries: Sequence[tuple[Any, ...]]) -> list[tuple[AnyImage, bool, tuple[Any, ...]]]:
        """Pictures that the files only list are those of that name and size which the dataset has already."""
        names = [_stored_name(entry[1]) for entry in entries]
        by_name = bulk.by_filename(self._conn, self._dataset_id, names) if entries else {}
        found: list[tuple[AnyImage, bool, tuple[Any, ...]]] = []
        for name, entry in zip(names, entries, strict=True):
            fitting = [i for i in by_name.get(name, []) if (i.width, i.height) == (entry[2], entry[3])]
            if len(fitting) == 1:
                self.counts["images_known"] += 1
                found.append((fitting[0], True, entry))
            else:
                self.losses.add("dropped", entry[1], _why_not_found(bool(fitting), name in by_name))
        return found

    def _merge_same(
        self, entered: Sequence[tuple[AnyImage, bool, tuple[Any, ...]]]
    ) -> list[tuple[AnyImage, bool, tuple[Any, ...]]]:
        """One entry an image: a picture that the files hold twice gets the annotations of both."""
        by_id: dict[int, tuple[AnyImage, bool, tuple[Any, ...]]] = {}
        for image, known, entry in entered:
            if image.id not in by_id:
                by_id[image.id] = (image, known, entry)
                continue
            first, first_known, before = by_id[image.id]
            rows = _unique([*before[7], *entry[7]])
            state = _joint_state(ImageState(before[5]), ImageState(entry[5]), bool(rows))
            by_id[image.id] = (first, first_known, (*before[:5], str(state), before[6], rows))
            self.losses.add("changed", entry[1], f"the same picture came twice; it is kept as {first.filename}")
        return list(by_id.values())

    def _add_to_known(self, known: Sequence[tuple[AnyImage, tuple[Any, ...]]]) -> None:
        self._complete([image for image, _ in known], [entry for _, entry in known])
        ids = [image.id for image, _ in known]
        if self._policy == "replace":
            drawn = [image.id for image, entry in known if entry[7]]
            bulk.remove_all(self._conn, set(drawn) - self._ours)
        before = bulk.existing_rows(self._conn, ids)
        self._ours.update(image_id for image_id in ids if not before[image_id])
        additions = [self._addition_to(image, entry, before[image.id]) for image, entry in known]
        self._writer.write([addition for addition in additions if addition is not None])

    def _addition_to(
        self, image: AnyImage, entry: tuple[Any, ...], before: list[tuple[str, str, str]]
    ) -> Addition | None:
        rows: list[BulkRow] = entry[7]
        if before and self._policy == "skip" and image.id not in self._ours:
            fresh: list[BulkRow] = []
        else:
            there = set(before)
            fresh = [row for row in rows if (self._names[row[0]], row[1], row[2]) not in there]
        self.counts["annotations_added"] += len(fresh)
        self.counts["annotations_known"] += len(rows) - len(fresh)
        if fresh:
            _check_count(image, len(before) + len(fresh))
            return Addition(image.id, fresh, ImageState.LABELED, len(before))
        if image.state == ImageState.UNLABELED and entry[5] == ImageState.EMPTY:
            return Addition(image.id, [], ImageState.EMPTY, 0)
        return None

    def _complete(self, known: Sequence[AnyImage], entries: Sequence[tuple[Any, ...]]) -> None:
        """Known images get the split that the files name, if they have none."""
        splits = {
            image.id: Split(entry[4])
            for image, entry in zip(known, entries, strict=True)
            if entry[4] and not image.split
        }
        if splits:
            images.set_split(self._conn, splits)


def _addition(image: AnyImage, rows: Sequence[BulkRow], state: ImageState) -> Addition:
    _check_count(image, len(rows))
    return Addition(image.id, rows, state)


def _check_count(image: AnyImage, count: int) -> None:
    if count > ANNOTATIONS_LIMIT:
        raise UnreadableDataset(
            f"{image.filename} would have {count:,} annotations; an image may have {ANNOTATIONS_LIMIT:,}.",
            code="too_many_annotations",
        )


def _joint_state(one: ImageState, other: ImageState, drawn: bool) -> ImageState:
    """The state of a picture that came twice: whichever says more, and one that fits what is drawn."""
    order = list(ImageState)
    said = max(one, other, key=order.index)
    return max(said, ImageState.LABELED, key=order.index) if drawn else said


def _stored_name(name: str) -> str:
    """The name under which an upload would have been stored; what cannot be stored is nobody's name."""
    try:
        return display_name(name)
    except Invalid:
        return ""


def _unique(rows: Iterable[BulkRow]) -> list[BulkRow]:
    return list({(row[0], row[1], row[2]): row for row in rows}.values())


def _new_image(entry: tuple[Any, ...]) -> NewImage:
    picture, _, _, _, split, _, tags, _ = entry
    return replace(NewImage(*picture), split=Split(split) if split else None, tags=tuple(tags))


def _why_not_found(ambiguous: bool, other_size: bool) -> str:
    if ambiguous:
        return "the picture is not in the files and the dataset has several of that name and size"
    if other_size:
        return "the picture is not in the files and the dataset's picture of that name has another size"
    return "the picture is neither in the files nor in the dataset"


def nothing_entered(counts: Mapping[str, int], losses: Losses) -> UnreadableDataset | None:
    """The error of an import in which no picture was found, or None."""
    if counts["images_added"] or counts["images_known"]:
        return None
    why = "; ".join(f"{loss['count']}× {loss['why']}" for loss in losses.as_list()[:3]) or "the files list no images"
    return UnreadableDataset(
        f"Nothing could be imported ({why}). Put the pictures beside the annotations, or upload them first.",
        code="nothing_to_import",
    )
