"""Everything people call a picture, as a stream of incoming files: paths, globs, folders, zips, arrays, URLs, …"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from ..archive import open_files
from ..domain.errors import Invalid, NotFound, RoboflowError, TooLarge
from ..domain.manifest import ByteSource
from ..settings import Settings
from .filename import printable
from .incoming import Incoming, fresh_path
from .pixels import array_writer, is_array, is_pillow, pillow_writer
from .urls import download, filename_of, is_url

__all__ = ["Incoming", "open_sources"]

PICTURE_SUFFIXES = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"),
        # no less pictures for not being accepted: whoever has them wants to be told
        *(".heic", ".heif", ".avif", ".jp2", ".j2k", ".jpx", ".jxl", ".psd", ".ico", ".icns", ".tga", ".dds", ".svg"),
        *(".exr", ".hdr", ".qoi", ".ppm", ".pgm", ".pbm"),
    )
)
"""Which files of a folder or zip are looked at. What they are is decided by their bytes."""

_CHUNK = 1 << 20
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")


def open_sources(
    sources: Any, settings: Settings, workdir: Path, skipped: Counter[str] | None = None
) -> Iterator[Incoming]:
    """Every picture of a source, or of an iterable of sources, one at a time.

    A source is a path, a glob (`**` goes into folders), a folder, a zip, an open binary file, bytes, a `ByteSource`, a
    numpy array (RGB, see `pixels.array_writer`), a Pillow image, an http(s) URL of an allowed host, or an `Incoming`.
    New files are made in `workdir`; `skipped` counts files that are no pictures, by suffix.

    One source alone that does not exist or has no pictures raises (`NotFound`, `Invalid`, …); one of several becomes an
    entry with that `error`.
    """
    finder = _Finder(settings, workdir, Counter() if skipped is None else skipped)
    if not _is_several(sources):
        yield from finder.find(sources)
        return
    for source in sources:
        try:
            yield from finder.find(source)
        except RoboflowError as error:
            yield Incoming(_title(source), fresh_path(workdir), error=error)


def _is_several(sources: Any) -> bool:
    single = (str, bytes, bytearray, memoryview, os.PathLike, Mapping, Incoming, ByteSource)
    if isinstance(sources, single) or is_array(sources) or is_pillow(sources) or hasattr(sources, "read"):
        return False
    return isinstance(sources, Iterable)


def _title(source: Any) -> str:
    if isinstance(source, str | os.PathLike):
        return printable(os.fsdecode(cast("str", source)))
    name: object = getattr(source, "name", None) or getattr(source, "filename", None)
    return printable(name) if isinstance(name, str) else type(source).__name__


class _Finder:
    def __init__(self, settings: Settings, workdir: Path, skipped: Counter[str]) -> None:
        self._settings = settings
        self._workdir = workdir
        self._skipped = skipped

    def find(self, source: Any) -> Iterator[Incoming]:
        """The pictures of one source."""
        if isinstance(source, Incoming):
            yield source
        elif isinstance(source, str):
            yield from self._text(source)
        elif isinstance(source, os.PathLike):
            yield from self._path(Path(os.fsdecode(cast("os.PathLike[str]", source))))
        elif isinstance(source, bytes | bytearray | memoryview):
            yield self._spooled("image", iter((bytes(cast("bytes", source)),)))
        elif is_array(source):
            yield Incoming("image.png", fresh_path(self._workdir), write=array_writer(source))
        elif is_pillow(source):
            yield self._pillow(source)
        elif isinstance(source, ByteSource):
            yield self._byte_source(source)
        elif hasattr(source, "read"):
            yield self._spooled(_file_name(source), _read_pieces(source))
        else:
            raise Invalid(
                f"{type(source).__name__} is no source of pictures: give a path, a glob, a folder, a zip, an open "
                "file, bytes, an array, a Pillow image or a URL.",
                code="wrong_type",
            )

    def _text(self, text: str) -> Iterator[Incoming]:
        if is_url(text):
            settings = self._settings
            yield Incoming(
                filename_of(text), fresh_path(self._workdir), write=lambda path: download(text, path, settings)
            )
            return
        path = Path(text).expanduser()
        if _exists(path) or not glob.has_magic(text):
            yield from self._path(path)
            return
        yield from self._glob(str(path))

    def _glob(self, pattern: str) -> Iterator[Incoming]:
        empty = True
        for name in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207 - absolute patterns, too
            path = Path(name)
            if path.is_file() and (path.suffix.lower() in PICTURE_SUFFIXES or not pattern.endswith("*")):
                empty = False
                yield from self._path(path)
            elif path.is_file():
                self._skipped[path.suffix.lower()] += 1
        if empty:
            raise NotFound(
                f"Nothing matches {pattern}: check the pattern and the folder ({Path.cwd()}).", code="source_empty"
            )

    def _path(self, path: Path) -> Iterator[Incoming]:
        if not _exists(path):
            raise NotFound(
                f"There is no {printable(str(path))} (from {Path.cwd()}): check the path.", code="source_not_found"
            )
        if path.is_dir():
            yield from self._folder(path)
        elif path.is_file() and _is_zip(path):
            yield from self._zip(path)
        else:
            # Names that are not UTF-8 come from other systems' archives: shown with a mark, and not refused.
            name = os.fsencode(path.name).decode("utf-8", "replace")
            yield Incoming(name, fresh_path(self._workdir), original=path.absolute())

    def _folder(self, folder: Path) -> Iterator[Incoming]:
        with open_files(folder, max_entries=self._settings.max_archive_entries) as files:
            names = self._pictures(folder, files.names)
            self._note_left_out(files.notes)
        for name in names:
            yield Incoming(PurePosixPath(name).name, fresh_path(self._workdir), original=(folder / name).absolute())

    def _zip(self, path: Path) -> Iterator[Incoming]:
        settings = self._settings
        with open_files(path, max_entries=settings.max_archive_entries, max_bytes=settings.max_archive_bytes) as files:
            names = self._pictures(path, files.names)
            self._note_left_out(files.notes)
            for name in names:  # taken out here and now: the archive is closed before the last picture was looked at
                try:
                    with files.get(name).open() as stream:
                        yield self._spooled(PurePosixPath(name).name, _read_pieces(stream))
                except RoboflowError as error:
                    yield Incoming(name, fresh_path(self._workdir), error=error)

    def _pictures(self, where: Path, names: Iterable[str]) -> list[str]:
        """The names of pictures among all; the others are counted."""
        found: list[str] = []
        for name in names:
            suffix = PurePosixPath(name).suffix.lower()
            if suffix in PICTURE_SUFFIXES:
                found.append(name)
            else:
                self._skipped[suffix] += 1
        if not found:
            raise NotFound(f"There are no pictures in {printable(str(where))}.", code="source_empty")
        return found

    def _note_left_out(self, notes: Any) -> None:
        for entry in notes.as_list():
            self._skipped[entry["why"]] += entry["count"]

    def _pillow(self, image: Any) -> Incoming:
        stem = Path(str(getattr(image, "filename", "") or "image")).stem
        try:
            write = pillow_writer(image)
        except (OSError, ValueError, SyntaxError) as error:
            raise Invalid(f"This Pillow image cannot be read: {error}.", code="source_unreadable") from error
        return Incoming(f"{stem}.png", fresh_path(self._workdir), write=write)

    def _byte_source(self, source: ByteSource) -> Incoming:
        """Read later and elsewhere: whoever gave it keeps its archive open until then."""
        name = PurePosixPath(source.name).name
        path: object = getattr(source, "path", None)
        if isinstance(path, Path):
            return Incoming(name, fresh_path(self._workdir), original=path)

        def write(target: Path) -> None:
            with source.open() as stream:
                self._write(name, _read_pieces(stream), target)

        return Incoming(name, fresh_path(self._workdir), write=write)

    def _spooled(self, name: str, pieces: Iterator[bytes]) -> Incoming:
        """A file written now, because the stream may be closed or changed before its turn comes."""
        path = fresh_path(self._workdir)
        incoming = Incoming(name, path, write=lambda target: self._write(name, pieces, target))
        try:
            incoming.fetch()
        except RoboflowError as error:
            incoming.discard()
            return Incoming(name, path, error=error)
        return Incoming(name, path)

    def _write(self, name: str, pieces: Iterator[bytes], target: Path) -> None:
        limit, written = self._settings.max_image_bytes, 0
        with target.open("xb") as file:
            for piece in pieces:
                written += len(piece)
                if written > limit:
                    raise too_large(name, limit)
                file.write(piece)


def too_large(name: str, limit: int) -> TooLarge:
    """The error for a file over the byte limit."""
    return TooLarge(
        f"{printable(name)} has more than the {limit:,} bytes allowed: make it smaller, "
        "or raise ROBOFLOW_MAX_IMAGE_BYTES.",
        code="image_too_large",
    )


def _read_pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_CHUNK):
        if not isinstance(piece, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise Invalid('A file opened as text is no picture: open it with mode "rb".', code="wrong_type")
        yield piece


def _file_name(source: object) -> str:
    name: object = getattr(source, "filename", None) or getattr(source, "name", None)
    return name if isinstance(name, str) and name else "image"


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long for the system, or NUL
        return False


def _is_zip(path: Path) -> bool:
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as file:
            return file.read(4) in _ZIP_STARTS
    except OSError:
        return False
