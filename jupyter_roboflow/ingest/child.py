"""The process that looks at untrusted bytes: reads requests from stdin, answers on stdout, ends when stdin does."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from ..domain.errors import BackendUnavailable, Invalid, RoboflowError, TooLarge
from .examine import examine, prepare
from .frames import read_frame, write_frame
from .picture import Limits


def main() -> None:
    """Serve until the parent goes away. The last argument is the limits as JSON."""
    limits = Limits.from_json(sys.argv[-1])
    requests, answers = _own_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us by closing the pipe
    warnings.simplefilter("ignore")
    prepare(limits.extra_formats)
    _limit_memory(limits.memory_bytes)
    write_frame(answers, {"ready": os.getpid()})
    with ThreadPoolExecutor(1) as writer:
        while (frame := read_frame(requests)) is not None:
            request, _ = frame
            try:
                facts, thumbnail = _look(request, limits, writer)
                write_frame(answers, {"picture": facts}, thumbnail)
            except RoboflowError as error:
                write_frame(answers, {"error": type(error).__name__, **error.as_dict()})


def _look(request: dict[str, Any], limits: Limits, writer: ThreadPoolExecutor) -> tuple[dict[str, Any], bytes]:
    """Read once; hash, decode and write the copy from the same bytes, the disk working while the picture decodes."""
    name: str = request["name"]
    data = _read(request["path"], name, limits.max_bytes)
    kept = writer.submit(_keep, data if request["copy_to"] else None, request["copy_to"] or request["path"])
    try:
        facts, thumbnail = examine(data, name, limits)
    finally:
        problem = kept.exception()
    if problem:
        raise BackendUnavailable(
            f"{name} could not be written to {request['copy_to'] or request['path']}: {problem}. Is the disk full?",
            code="storage_unwritable",
        ) from problem
    facts |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "crc32": zlib.crc32(data)}
    return facts, thumbnail


def _read(path: str, name: str, limit: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(min(limit, os.fstat(file.fileno()).st_size) + 1)
    except OSError as error:
        raise Invalid(f"{name} cannot be read: {error.strerror or error}.", code="file_unreadable") from error
    if len(data) > limit:
        raise TooLarge(
            f"{name} has more than the {limit:,} bytes allowed: make it smaller, or raise ROBOFLOW_MAX_IMAGE_BYTES.",
            code="image_too_large",
        )
    return data


def _keep(data: bytes | None, path: str) -> None:
    """Put the bytes (None: those already there) safely on the disk under a path."""
    with Path(path).open("r+b" if data is None else "xb") as file:
        if data is not None:
            file.write(data)
            file.flush()
        os.fsync(file.fileno())


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the parent, moved out of the way: what a codec prints goes to stderr, not into an answer."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return requests, answers


def _limit_memory(limit: int) -> None:
    """Address space of this process, where the system can limit it; no core dumps of other people's pictures."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, wanted in ((resource.RLIMIT_AS, limit), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (ceiling, ceiling))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS and may refuse to set it
            continue
