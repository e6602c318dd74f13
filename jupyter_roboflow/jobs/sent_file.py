"""Where an import finds its files: on this computer, or in the store, where somebody's upload waits for the job."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..domain.errors import BackendUnavailable, RoboflowError, StorageCorrupt, UnreadableDataset
from ..ingest.filename import display_name
from .interrupt import HandedBack, LeaseLost
from .kind import JobContext

_COPY = 1 << 20


@contextmanager
def source_of(context: JobContext) -> Generator[Path]:
    """The folder or file to import. What was sent for the job is deleted when it is over, whatever became of it."""
    params = context.job.params
    if "upload" not in params:
        yield Path(params["path"])
        return
    key = str(params["upload"])
    folder = context.workdir / "sent"
    try:
        yield _fetched(context, key, folder, str(params["filename"]))
    except (BackendUnavailable, HandedBack, LeaseLost):
        raise  # another attempt needs it
    except RoboflowError as error:
        context.store.delete(key)
        raise without_folder(folder, error) from error
    except BaseException:
        context.store.delete(key)
        raise
    context.store.delete(key)


def _fetched(context: JobContext, key: str, folder: Path, filename: str) -> Path:
    """The sent file under its own name, alone in a folder of the job's."""
    folder.mkdir(exist_ok=True)
    path = folder / safe_name(filename)
    there = context.store.path(key)
    if there is not None and _linked(there, path):
        return path
    try:
        stream = context.store.open(key)
    except StorageCorrupt as error:
        raise UnreadableDataset(
            f"{filename} is not there any more: send it again.", code="upload_gone", filename=filename
        ) from error
    with stream, path.open("wb") as target:
        while data := stream.read(_COPY):
            context.check()
            target.write(data)
    return path


def safe_name(filename: str) -> str:
    """A sent file's name as the name of a file here: what it is called shows only in messages and by its suffix."""
    name = display_name(filename)
    plain = "".join(c if c.isalnum() or c in "-_. ()" else "_" for c in name)
    suffix = Path(plain).suffix[:10]
    return f"{Path(plain).stem.strip(' .')[:60] or 'upload'}{suffix}"


def _linked(there: Path, path: Path) -> bool:
    """Whether a second name for the file could be made, so that nothing has to be copied."""
    try:
        path.unlink(missing_ok=True)
        path.hardlink_to(there)
    except OSError:  # another disk, or no such thing here
        return False
    return True


def without_folder(folder: Path, error: RoboflowError) -> RoboflowError:
    """The same error without the folder where the file lay: nobody outside has a use for it."""
    places = (f"{folder}/", f"{folder}\\", str(folder))

    def cleaned(text: object) -> object:
        if isinstance(text, str):
            for place in places:
                text = text.replace(place, "")
        return text

    details = {name: cleaned(value) for name, value in error.details.items()}
    return type(error)(str(cleaned(error.message)), code=error.code, **details)
