"""The Jupyter server that a kernel belongs to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

from ...domain.errors import Invalid
from ..kernel import INFO
from .address import Address, parse_address

_SECONDS = 3.0


def own_servers() -> Iterator[Address]:
    """The servers this process may belong to and that have the extension, the likeliest first."""
    seen: set[str] = set()
    for address in _candidates(os.environ):
        if address.api not in seen and has_extension(address):
            yield address
        seen.add(address.api)


def has_extension(address: Address) -> bool:
    """Whether the interface answers there."""
    try:
        answer = httpx.get(f"{address.api}health/live", timeout=_SECONDS, trust_env=False)
        return answer.status_code == HTTPStatus.OK and answer.json() == {"status": "ok"}
    except (httpx.HTTPError, ValueError):
        return False


def _candidates(environment: Mapping[str, str]) -> Iterator[Address]:
    hub_token = environment.get("JUPYTERHUB_API_TOKEN")
    for file in _info_files(environment):
        found = _read(file, hub_token)
        if found is not None:
            yield found
    hub_url = urlsplit(environment.get("JUPYTERHUB_SERVICE_URL", ""))
    if hub_token and hub_url.port:
        prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX") or hub_url.path
        # the server listens on this computer, whatever it calls that
        address = parse_address(f"{hub_url.scheme}://127.0.0.1:{hub_url.port}{prefix}")
        yield Address(address.api, hub_token)


def _info_files(environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get(INFO):
        yield Path(named)
    from jupyter_core.paths import jupyter_runtime_dir

    for file in sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        if _json(file).get("pid") == os.getppid():
            yield file


def _read(file: Path, hub_token: str | None) -> Address | None:
    """The server that a file of Jupyter's describes; under JupyterHub its own token is empty, and the Hub's counts."""
    info = _json(file)
    try:
        found = parse_address(str(info.get("url", "")))
    except Invalid:
        return None
    return Address(found.api, str(info.get("token") or "") or hub_token)


def _json(file: Path) -> dict[str, Any]:
    try:
        read: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it has ended, or is being written
        return {}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {}
