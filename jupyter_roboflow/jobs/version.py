"""The job that freezes a dataset by a recipe: planned here, made in parts by all workers, put together here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from ..augment import Recipe
from ..domain.dataset import Label, Split, default_color
from ..domain.errors import Invalid, JobCancelled, StorageCorrupt
from ..domain.job import Job, JobState
from ..domain.manifest import Losses
from ..domain.splitting import assign_splits
from ..domain.version import VersionImage
from ..formats.format import Option, choose
from ..storage import audit, jobs, users, versions
from ..storage.database import Connection
from ..storage.files import STAGED, VERSIONS, blob_key
from ..storage.frozen import content_hash
from ..storage.versions import FrozenImage, NewVersion, Sources
from .failure import failure_of
from .kind import JobContext, JobKind
from .version_libraries import libraries
from .version_sources import Companions, SourceList, chunks, list_sources, write_sources

OPTIONS: Mapping[str, Option] = {
    "on_error": Option("fail", ("fail", "skip"), "whether a picture that cannot be read ends the job, or is left out"),
    "include_unlabeled": Option(False, (False, True), "also images that nobody has looked at"),
    "quality": Option(95, tuple(range(50, 101)), "of JPEGs that are written anew; what came without loss stays so"),
}
"""What every version can be asked for, whatever the recipe."""

NOTE_LIMIT = 10_000
_PATIENCE = timedelta(hours=12)
"""Files without a row are left alone for longer than this; after it, it is looked whether they are still there."""


class Version(JobKind):
    """Params: `recipe`, `splits` (None or shares), `options`, `name`, `note`. Result: `version_id`, `number`, `counts`.

    With `rebuild`, the id of a version, that one is made once more from what it was made from: what is missing in the
    store is there again, and the result says whether everything came out as it was (`same`).
    """

    name: ClassVar[str] = "version"

    def check_params(self, params: Mapping[str, Any]) -> None:
        Recipe.from_dict(params["recipe"])
        choose(params["options"], OPTIONS)
        if params.get("splits") is not None:
            check_splits(params["splits"])
        note = params.get("note") or ""
        if len(note) > NOTE_LIMIT:
            raise Invalid(f"A note has at most {NOTE_LIMIT:,} characters: shorten it.", code="note_too_long")
        if "\0" in note or any("\ud800" <= c <= "\udfff" for c in note):
            raise Invalid("The note holds NUL or broken Unicode: type it again.", code="bad_unicode")

    def run(self, context: JobContext) -> Mapping[str, Any]:
        recipe = Recipe.from_dict(context.job.params["recipe"])
        parts = context.parts() or self._hand_out(context, recipe)
        if parts is None:
            return {}
        result = _Together(context, recipe, parts).publish()
        for left in list(context.store.list(_staged(context))):
            context.store.delete(left.key)
        return result

    def _hand_out(self, context: JobContext, recipe: Recipe) -> tuple[Job, ...] | None:
        """Freeze what the version is made from, and give it to the workers."""
        again = context.job.params.get("rebuild")
        sources, found = self._written(context, recipe) if again is None else self._found(context, again)
        if not found.wanted:
            raise Invalid(
                "There is no image to make a version of: annotate some, or include_unlabeled.", code="no_images"
            )
        companions = Companions(found, recipe)
        context.progress(0, 1, f"{len(found.wanted):,} images are being prepared")
        noted, names = found.losses.as_list(), [asdict(label) for label in found.labels]

        def create(conn: Connection) -> list[int]:
            user = users.get(conn, context.job.user_id)
            ids: list[int] = []
            for places in chunks(found, recipe):
                each = [companions.of(place) for place in places] if recipe.companions else []
                lines = [found.lines[place] for place in places]
                params: dict[str, Any] = {"sources": sources.path, "lines": lines, "companions": each}
                params |= {} if ids else {"file": [sources.size, sources.sha256], "losses": noted, "labels": names}
                new = jobs.create(conn, user, "version_chunk", context.job.dataset_id, params, parent_id=context.job.id)
                ids.append(new.id)
            return ids

        return context.hand_out(create, len(found.wanted))

    def _written(self, context: JobContext, recipe: Recipe) -> tuple[Sources, SourceList]:
        params, path = context.job.params, context.workdir / "sources"
        assert context.job.dataset_id is not None
        with context.db.snapshot() as conn:
            unlabeled = bool(choose(params["options"], OPTIONS)["include_unlabeled"])
            found = write_sources(conn, context.job.dataset_id, path, params.get("splits"), recipe.seed, unlabeled)
        key = f"{VERSIONS}{context.job.id}-{context.job.attempt}.jsonl"
        stored = context.store.put_artefact(path, key)
        return Sources(stored.key, stored.size, stored.sha256), found

    def _found(self, context: JobContext, version_id: int) -> tuple[Sources, SourceList]:
        with context.db.read() as conn:
            version = versions.get(conn, version_id)
            sources, used = versions.sources(conn, version_id), versions.sources_used(conn, version_id)
        return sources, list_sources(context.store, sources.path, version.labels, used)


class _Together:
    """What the parts made, as one version."""

    def __init__(self, context: JobContext, recipe: Recipe, parts: Sequence[Job]) -> None:
        self._context, self._recipe, self._parts = context, recipe, parts
        for part in sorted(parts, key=lambda part: part.state is not JobState.FAILED):
            if part.state is JobState.FAILED:
                raise failure_of(part.error, part.id)
            if part.state is not JobState.SUCCEEDED:
                raise JobCancelled(f"Job {context.job.id} was cancelled.")
        self._results = [part.result or {} for part in parts]
        self._total = sum(int(result["images"]) for result in self._results)
        self._digests: list[str] = []
        self._counts: Counter[str] = Counter()

    def publish(self) -> Mapping[str, Any]:
        """The version, all of it, in one transaction; the job's result."""
        if not self._total:
            raise Invalid(
                "The recipe leaves no image: look at its filters, and at what is drawn in the dataset.",
                code="no_images",
            )
        self._context.progress(0.99 * self._total, self._total, "is being put together")
        self._look_after_old_files()
        again = self._context.job.params.get("rebuild")
        write: Callable[[Connection], Mapping[str, Any]] = self._enter if again is None else self._compare
        return self._context.publish(write)

    def _enter(self, conn: Connection) -> Mapping[str, Any]:
        job, params = self._context.job, self._context.job.params
        first = self._parts[0].params
        assert job.dataset_id is not None
        names = changed_labels([Label(**label) for label in first["labels"]], self._recipe)
        used = libraries()
        new = NewVersion(
            dataset_id=job.dataset_id,
            job_id=job.id,
            recipe=self._recipe.as_dict(),
            seed=self._recipe.seed,
            labels=names,
            libraries=used,
            options={**choose(params["options"], OPTIONS), "splits": params.get("splits")},
            sources_path=first["sources"],
            sources_size=first["file"][0],
            sources_sha256=first["file"][1],
            name=params.get("name"),
            note=params.get("note"),
        )
        version_id, number = versions.start(conn, job.user_id, new)
        versions.add_images(conn, version_id, self._images())
        content = content_hash(new.recipe, new.seed, names, used, self._digests)
        counts, losses, refused = self._told()
        versions.finish(conn, version_id, content, counts, losses, refused)
        details = {"version": version_id, "number": number, "content_hash": content, **counts}
        user = users.get(conn, job.user_id)
        audit.record(conn, user, "create_version", dataset_id=job.dataset_id, subject=f"v{number}", details=details)
        told = {"version_id": version_id, "number": number, "content_hash": content, "counts": counts}
        return {**told, "losses": losses, "refused": refused}

    def _compare(self, conn: Connection) -> Mapping[str, Any]:
        version = versions.get(conn, self._context.job.params["rebuild"])
        for _ in self._images():
            self._context.check()
        found = content_hash(version.recipe, version.seed, version.labels, version.libraries, self._digests)
        now = libraries()
        others = {name: [had, now.get(name)] for name, had in version.libraries.items() if now.get(name) != had}
        same = found == version.content_hash
        return {"version_id": version.id, "same": same, "images": len(self._digests), "libraries": others}

    def _images(self) -> Iterator[FrozenImage]:
        """Every picture in order, with its position; counted on the way."""
        self._digests, self._counts = [], Counter()
        for result in self._results:
            with self._context.store.open(result["staged"]) as stream:
                for line in stream:
                    yield self._image(json.loads(line))
            self._context.check()

    def _image(self, told: Mapping[str, Any]) -> FrozenImage:
        self._digests.append(told["digest"])
        fields: dict[str, Any] = dict(told["image"])
        split = fields["split"]
        fields |= {"position": len(self._digests), "split": Split(split) if split else None}
        image = VersionImage(**fields)
        self._counts.update({"images": 1, "annotations": image.annotation_count, str(split): 1})
        self._counts["augmented"] += image.copy > 0
        return FrozenImage(image, told["annotations"], told["source"])

    def _told(self) -> tuple[dict[str, int], list[dict[str, Any]], list[dict[str, Any]]]:
        names = ("images", "annotations", *Split, "augmented")
        losses = Losses()
        for told in (self._parts[0].params["losses"], *(result["losses"] for result in self._results)):
            losses.extend(_losses(told))
        refused = [entry for result in self._results for entry in result["refused"]]
        return {str(name): self._counts[name] for name in names}, losses.as_list(), refused

    def _look_after_old_files(self) -> None:
        """A job that waited for long: what was stored for it in the beginning may have been cleared away meanwhile."""
        if datetime.now(UTC) - self._context.job.created_at < _PATIENCE:
            return
        for frozen in self._images():
            key = blob_key(frozen.image.sha256)
            if self._context.store.stat(key) is None:
                raise StorageCorrupt(
                    f"{key} was cleared away while the version waited to be finished: start it again.",
                    code="storage_missing",
                )


def _staged(context: JobContext) -> str:
    return f"{STAGED}{context.job.id}/"


def _losses(told: Sequence[Mapping[str, Any]]) -> Losses:
    """A record of losses from its plain data."""
    losses = Losses()
    for loss in told:
        key = (loss["what"], loss["why"])
        losses.counts[key] = loss["count"]
        losses.examples[key] = list(loss["examples"])
    return losses


def check_splits(splits: Mapping[str, Any]) -> None:
    """Raise `Invalid` unless these are shares of splits that add up to 1."""
    known = {str(split) for split in Split}
    for name, share in splits.items():
        if name not in known or isinstance(share, bool) or not isinstance(share, int | float):
            raise Invalid(
                f"Splits are shares of train, valid and test, not {name!r}: {str(share)[:40]}.", code="bad_fractions"
            )
    assign_splits((), {Split(name): float(share) for name, share in splits.items()}, 0)


def changed_labels(before: Sequence[Label], recipe: Recipe) -> tuple[Label, ...]:
    """The labels of a version: those of the dataset as the recipe renames, merges and drops them.

    A label that several become keeps the number of the first; numbers of the others stay unused.
    """
    labels = list(before)
    for step in recipe.preprocess:
        if step.name == "modify_classes":
            labels = _modified(labels, step.settings["rename"], step.settings["drop"])
    return tuple(labels)


def _modified(before: Sequence[Label], rename: Mapping[str, str], drop: Sequence[str]) -> list[Label]:
    kept: dict[str, Label] = {}
    for label in before:
        if label.name in drop:
            continue
        name = rename.get(label.name, label.name)
        same = next((one for one in before if one.name == name), None)
        origin = same if same is not None and name not in drop else label
        color = origin.color or default_color(origin.index)
        kept.setdefault(name, Label(name, color, origin.index, len(kept)))
    return list(kept.values())
