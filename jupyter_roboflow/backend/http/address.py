"""Where a server's interface is, from whatever people copy out of their browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit, urlunsplit

from ...domain.errors import Invalid

API = "roboflow/api/"
_PAGE = re.compile(r"(?<!/user)/(?:lab|tree|notebooks|edit|consoles|terminals|login|doc|files)/")
"""A page of a Jupyter server: what is from there on is not part of its base URL. People on a Hub may be called lab."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """The interface's URL, with a slash at the end, and the token that came in the address, which is in no `repr`."""

    api: str
    token: str | None = field(default=None, repr=False)

    @property
    def server(self) -> str:
        """The server's base URL, fit to be shown."""
        return self.api.removesuffix(API)

    @property
    def is_loopback(self) -> bool:
        """Whether it is this computer: no proxy leads there."""
        return urlsplit(self.api).hostname in _LOOPBACK


def parse_address(url: str) -> Address:
    """The interface below the URL of a Jupyter server, its base URL, one of its pages, or the interface's own.

    `?token=` is taken out. `Invalid` (`bad_url`) for anything that is no http(s) address, without showing its token.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        shown = url.partition("?")[0].rpartition("@")[2][:200]
        raise Invalid(
            f"{shown!r} is no address of a Jupyter server: copy it from the browser, with http:// in front.",
            code="bad_url",
        )
    token = next(iter(parse_qs(parts.query).get("token", [])), None)
    where = parts.netloc.rpartition("@")[2]
    return Address(urlunsplit((parts.scheme, where, _base_path(parts.path) + API, "", "")), token or None)


def _base_path(path: str) -> str:
    """The path of the server, with slashes around."""
    path = f"{path.rstrip('/')}/"
    own = path.rfind(f"/{API}")
    if own >= 0:
        return path[: own + 1]
    page = _PAGE.search(path)
    return path[: page.start() + 1] if page else path
