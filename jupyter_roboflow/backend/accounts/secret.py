"""The secret that everything signed hangs on: a setting, or a file that is made once and only its owner may read."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
import tempfile
import time
from pathlib import Path

from ...domain.errors import BackendUnavailable, Invalid
from ...settings import Settings
from ...storage.database import make_private_folder

FILE = "jwt_secret"
LEAST_BYTES = 32
"""As many as the hash has; PyJWT only warns below."""

_LEAST_DIFFERENT = 8
"""Fewer different bytes than any random secret has; `aaaa…` is none."""

_PATIENCE_SECONDS = 5.0


def load_secret(settings: Settings) -> bytes:
    """The secret of an installation; made on first use.

    `Invalid` (`weak_secret`, `exposed_secret`) when it protects nothing. Servers that share a database need
    the same one: `ROBOFLOW_JWT_SECRET`.
    """
    if settings.jwt_secret:
        return _strong(settings.jwt_secret.encode(), "ROBOFLOW_JWT_SECRET")
    path = settings.data_dir / FILE
    if not path.exists():
        _make(path)
    return _strong(_read(path), str(path))


def derive_key(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, so that what is signed for one is worth nothing for another."""
    return hmac.new(secret, f"jupyter-roboflow {purpose}".encode(), hashlib.sha256).digest()


def _strong(secret: bytes, where: str) -> bytes:
    if len(secret) < LEAST_BYTES or len(set(secret)) < _LEAST_DIFFERENT:
        raise Invalid(
            f"{where} is too weak a secret: it needs at least {LEAST_BYTES} random bytes, for example from "
            '`python -c "import secrets; print(secrets.token_urlsafe(48))"`.',
            code="weak_secret",
        )
    return secret


def _make(path: Path) -> None:
    """A new secret, whole before it has its name; whoever is second keeps what is there."""
    make_private_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{FILE}-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            _give_name(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)


def _give_name(temporary: Path, path: Path) -> None:
    """Rename without replacing: `FileExistsError` when somebody was faster."""
    if os.name == "nt":
        temporary.rename(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(temporary.read_bytes())


def _read(path: Path) -> bytes:
    """The bytes of the file, refused where others may read them. One that is being written is waited for."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with path.open("rb") as file:
                _check_private(path, os.fstat(file.fileno()).st_mode)
                found = file.read(4096).strip()
        except OSError as error:
            raise BackendUnavailable(
                f"{path} cannot be read ({error.strerror}): it holds the secret of this installation; give this user "
                "the right to read it.",
                code="secret_unreadable",
            ) from error
        if found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def _check_private(path: Path, mode: int) -> None:
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise Invalid(
            f"{path} may be read by others (mode {stat.S_IMODE(mode):04o}), who could act as anybody with it: delete "
            "it, and a new one is made that is private (everybody logs in again). Where modes mean nothing, as on some "
            "network drives, set ROBOFLOW_JWT_SECRET.",
            code="exposed_secret",
        )
