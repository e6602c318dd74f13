"""Every setting in one place, read from environment variables `ROBOFLOW_*`."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from .domain.errors import Invalid


def default_data_dir() -> Path:
    """`jupyter_roboflow` under Jupyter's data folder."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "jupyter_roboflow"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation is made of. Every field has an environment variable `ROBOFLOW_<FIELD IN CAPITALS>`.

    `database_url` is any SQLAlchemy URL, `storage_url` a folder or `s3://bucket/prefix`; left empty, both are in
    `data_dir`. `jwt_secret` is what accounts are signed with; left empty, it is made there at first start.
    """

    data_dir: Path = field(default_factory=default_data_dir)
    """Where database and images lie unless said otherwise; made with mode 0700."""
    database_url: str = ""
    """Any SQLAlchemy URL of SQLite, PostgreSQL or Microsoft SQL Server; empty: an SQLite file in the data folder."""
    storage_url: str = ""
    """A folder, or `s3://bucket/prefix` (credentials and endpoint by the `AWS_*` variables); empty: a folder `store` in
    the data folder."""
    redis_url: str = ""
    """Where RQ workers listen; empty: there are none."""
    queue: str = ""
    """Who runs jobs: `inline` (the caller), `local` (child processes) or `rq`; empty: `rq` with a Redis URL, else
    `inline`. A server without Redis always takes child processes."""
    workers: int = 2
    """Child processes for decoding and for the local queue; 0: no jobs run here, another server on the same database
    runs them."""
    max_pixels: int = 100_000_000
    """Larger pictures are refused before they are decoded."""
    max_side: int = 65_500
    """The longest side of a picture, in pixels."""
    max_image_bytes: int = 200_000_000
    """The largest picture file."""
    max_upload_bytes: int = 20_000_000_000
    """The largest upload over HTTP, all its files together."""
    max_archive_entries: int = 500_000
    """The most files in a zip."""
    max_archive_bytes: int = 200_000_000_000
    """The most bytes in a zip once unpacked."""
    decode_seconds: float = 30.0
    """The time limit for one picture."""
    decode_memory_bytes: int = 3_000_000_000
    """The memory limit of a decoding process (not on Windows)."""
    url_allow_list: tuple[str, ...] = ()
    """Hosts that pictures may be fetched from, with commas between them; empty: none."""
    lease_seconds: float = 60.0
    """How long a silent worker keeps its job."""
    heartbeat_seconds: float = 15.0
    """How often a worker reports."""
    job_seconds: float = 6 * 3600.0
    """The time limit for one job."""
    allow_registration: bool = False
    """Whether people may register themselves; the very first one may in any case, as administrator."""
    jwt_secret: str = field(default="", repr=False)
    """What logins are signed with, at least 32 random bytes; servers that share a database need the same. Empty: made
    at the first start in `jwt_secret` in the data folder, mode 0600."""
    identity: str = "jupyter"
    """Whose users the server's requests are: `jupyter` for Jupyter's (and JupyterHub's) beside tokens of ours, or `own`
    for our tokens only."""
    export_days: float = 30.0
    """How long a server keeps finished exports; 0: until their dataset is deleted."""
    log_format: str = "text"
    """How the server and its workers log: `text`, or `json` with one object a line."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **changes: Any) -> Self:
        """The settings of this process; `changes` win over the environment. A value that cannot be is named."""
        if unknown := sorted(set(changes) - {f.name for f in fields(cls)}):
            known = ", ".join(f.name for f in fields(cls))
            raise Invalid(f"There is no setting {unknown[0]!r}; known: {known}.", code="bad_setting")
        env = os.environ if environment is None else environment
        found = {f.name: _read(f"ROBOFLOW_{f.name.upper()}", str(f.type), env) for f in fields(cls)}
        given = {name: value for name, value in found.items() if value is not None}
        return replace(cls(), **{**given, **changes}).completed()

    def completed(self) -> Self:
        """The same settings with every address filled in."""
        data_dir = Path(self.data_dir).expanduser().resolve()
        return replace(
            self,
            data_dir=data_dir,
            database_url=self.database_url or f"sqlite:///{(data_dir / 'roboflow.db').as_posix()}",
            storage_url=self.storage_url or (data_dir / "store").as_posix(),
            queue=self.queue or ("rq" if self.redis_url else "inline"),
        )

    def to_environment(self) -> dict[str, str]:
        """The variables that give another process the same settings, but for secrets that a worker has no need of.

        Those are there and empty, so that the worker does not inherit them either.
        """
        known = {f.name: "" if f.name in _SECRETS else _write(getattr(self, f.name)) for f in fields(self)}
        return {f"ROBOFLOW_{name.upper()}": value for name, value in known.items()}


_SECRETS = {"jwt_secret"}

_KINDS = {"int": "a whole number from 0", "float": "a number from 0", "bool": "1 or 0 (true, false, yes, no)"}


def _read(name: str, type_name: str, env: Mapping[str, str]) -> Any:
    text = env.get(name, "").strip()
    if not text:
        return None
    try:
        return _parse(text, type_name)
    except ValueError as error:
        raise Invalid(
            f"{name}={text!r} is not {_KINDS.get(type_name, type_name)}: change or unset it.", code="bad_setting"
        ) from error


def _parse(text: str, type_name: str) -> Any:
    if type_name == "bool":
        if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise ValueError(text)
        return text.lower() in ("1", "true", "yes")
    if type_name.startswith("tuple"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    parsers: dict[str, Any] = {"int": int, "float": float, "Path": Path}
    value = parsers.get(type_name, str)(text)
    if isinstance(value, int | float) and not 0 <= value < math.inf:  # NaN is neither
        raise ValueError(text)
    return value


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)
