"""Part of a version: some pictures through the recipe, stored, and a file that says what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import IO, Any, ClassVar

import msgspec

from ..augment import Recipe
from ..domain.errors import BackendUnavailable, JobFailed, RoboflowError
from ..domain.manifest import Losses
from ..formats.format import choose
from ..storage import jobs
from ..storage.files import STAGED
from ..storage.frozen import content_digest
from .behind import Behind
from .failure import disk_is_full
from .kind import JobContext, JobKind
from .version import OPTIONS
from .version_pictures import Made, Maker, plain
from .version_sources import SourceImage, read_sources

STORED_AT_ONCE = 32
"""Pictures that are flushed to the disk together."""

_encode = msgspec.json.Encoder().encode


class VersionChunk(JobKind):
    """Params: `lines` of the file `sources`, and for each its `companions`. Result: `staged`, the file with the
    pictures, with `images`, `losses` and `refused`. What it stores is nobody's until the whole version is published.
    """

    name: ClassVar[str] = "version_chunk"

    def run(self, context: JobContext) -> Mapping[str, Any]:
        with context.db.read() as conn:
            assert context.job.parent_id is not None
            asked = jobs.get(conn, context.job.parent_id).params
        path = context.workdir / "staged"
        chunk = _Chunk(context, asked)
        with path.open("wb") as file, Behind() as behind:
            chunk.make(file, behind)
        key = f"{STAGED}{context.job.parent_id}/{context.job.id}-{context.job.attempt}"
        context.check()
        context.store.place.put([(key, path)])
        return {"staged": key, "images": chunk.count, "losses": chunk.losses.as_list(), "refused": chunk.refused}


class _Chunk:
    """The pictures of one part, one after the other."""

    def __init__(self, context: JobContext, asked: Mapping[str, Any]) -> None:
        self._context, options = context, choose(asked["options"], OPTIONS)
        self._skip = options["on_error"] == "skip"
        self._maker = Maker(
            context.store,
            Recipe.from_dict(asked["recipe"]),
            int(options["quality"]),
            context.settings.max_pixels,
        )
        self.count = 0
        self.losses = Losses()
        self.refused: list[dict[str, Any]] = []

    def make(self, file: IO[bytes], behind: Behind) -> None:
        """Write a line for each picture that is made; the pictures themselves are stored a few at a time."""
        params, store = self._context.job.params, self._context.store
        lines = [(int(start), int(length)) for start, length in params["lines"]]
        pending: list[Made] = []
        for number, source in enumerate(read_sources(store, params["sources"], lines)):
            self._context.check()
            self._context.progress(number, len(lines), source.filename)
            made = self._of(source, params["companions"][number] if params["companions"] else ())
            for one in made:
                digest = content_digest(one.frozen.image, one.frozen.annotations)
                file.write(_encode(plain(one.frozen, digest)) + b"\n")
            self.count += len(made)
            pending += made
            if len(pending) >= STORED_AT_ONCE:
                behind.do(partial(self._store, pending))
                pending = []
        behind.do(partial(self._store, pending))
        behind.wait()
        self._context.progress(len(lines), len(lines), "stored")

    def _of(self, source: SourceImage, companions: Sequence[Sequence[tuple[int, int]]]) -> list[Made]:
        """What becomes of one picture; one that cannot be read is noted, or ends the job, as the person chose."""
        sources = self._context.job.params["sources"]
        try:
            others = [list(read_sources(self._context.store, sources, lines)) for lines in companions]
            return self._maker.make(source, others, self.losses)
        except (BackendUnavailable, JobFailed):
            raise
        except (RoboflowError, MemoryError) as error:
            if disk_is_full(error):
                raise
            failure = _about(source, error)
            if not self._skip:
                raise failure from error
        entry = {"image": source.id, "filename": source.filename, "code": failure.code, "why": failure.message}
        self.refused.append(entry)
        self.losses.add("dropped", source.filename, f"the picture could not be used ({failure.code})")
        return []

    def _store(self, made: Sequence[Made]) -> None:
        self._context.store.put_pictures([one.written for one in made if one.written is not None])


def _about(source: SourceImage, error: RoboflowError | MemoryError) -> RoboflowError:
    """The same error, with the name of the picture."""
    if isinstance(error, RoboflowError):
        kind, code, said = type(error), error.code, error.message
    else:
        kind, code, said = RoboflowError, "out_of_memory", "it needs more memory than there is"
    message = said if source.filename in said else f"{source.filename}: {said}"
    return kind(message, code=code, image=source.id)
