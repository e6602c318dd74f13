"""Pictures from the web: only from hosts on the allow-list, never from inside the network by accident."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from ..domain.errors import Invalid, NotAllowed, RoboflowError, TooLarge
from ..settings import Settings

URL_SECONDS = 60.0
"""A download that takes longer is given up."""

_PATIENCE = 10.0
_REDIRECTS = 3
_CHUNK = 1 << 16
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_url(text: str) -> bool:
    """Whether this is meant as a web address."""
    return text.lower().startswith(("http://", "https://"))


def filename_of(url: str) -> str:
    """The last part of the address's path, decoded once."""
    try:
        return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]) or "image"
    except ValueError:
        return "image"


def download(url: str, path: Path, settings: Settings) -> None:
    """Write what an address answers into a new file.

    `ROBOFLOW_URL_ALLOW_LIST` names hosts (`pics.example.org`, `*.example.org`): these must resolve to public addresses
    and the usual ports. `host:port` names one service exactly, which may lie in the own network. Redirects are followed
    on the same host. No proxy is used. Raises `NotAllowed` (`url_forbidden`), `TooLarge`, `Invalid` (`url_failed`).
    """
    deadline = time.monotonic() + URL_SECONDS
    host = ""
    for _ in range(_REDIRECTS + 1):
        parts = _split(url)
        if host and parts.hostname != host:
            raise _forbidden(url, "it redirects to another host")
        host = parts.hostname or ""
        try:
            target = _fetch(parts, path, settings, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _failed(url, str(error) or type(error).__name__) from error
        if target is None:
            return
        url = urljoin(url, target)
    raise _failed(url, f"more than {_REDIRECTS} redirects")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise _forbidden(url, str(error)) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise _forbidden(url, "only plain http and https addresses are fetched")
    return parts


def _fetch(parts: SplitResult, path: Path, settings: Settings, deadline: float) -> str | None:
    """Write the answer, or return where it redirects to."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _vetted_address(parts, port, settings.url_allow_list)
    connection = _Pinned(parts.hostname or "", port, str(address), secure=parts.scheme == "https")
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"Accept": "image/*", "Accept-Encoding": "identity"})
        with connection.getresponse() as answer:
            if answer.status in (301, 302, 303, 307, 308) and (location := answer.getheader("Location")):
                return location
            if answer.status != 200:
                raise _failed(parts.geturl(), f"the server answers {answer.status} {answer.reason}")
            _save(answer, path, parts.geturl(), settings.max_image_bytes, deadline)
        return None
    finally:
        connection.close()


def _save(answer: http.client.HTTPResponse, path: Path, url: str, limit: int, deadline: float) -> None:
    written = 0
    with path.open("xb") as file:
        while piece := answer.read1(_CHUNK):
            written += len(piece)
            if written > limit:
                raise TooLarge(f"{url} has more than the {limit:,} bytes allowed.", code="image_too_large")
            if time.monotonic() > deadline:
                raise _failed(url, f"it takes longer than {URL_SECONDS:g} s")
            file.write(piece)
    if answer.length:
        raise _failed(url, "the answer was cut off")


def _vetted_address(parts: SplitResult, port: int, allow_list: tuple[str, ...]) -> _Address:
    """The one address to connect to. All the host's addresses must be fit, or a name could point inside in turns."""
    host, url = (parts.hostname or "").rstrip("."), parts.geturl()
    exactly = f"{host}:{port}" in allow_list or f"[{host}]:{port}" in allow_list
    if not exactly and not any(_covers(entry.lower(), host) for entry in allow_list):
        raise _forbidden(url, f"{host} is not on the allow-list, ROBOFLOW_URL_ALLOW_LIST")
    if not exactly and port not in (80, 443):
        raise _forbidden(url, f"port {port} must be on the allow-list as {host}:{port}")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not exactly and not all(is_public(address) for address in addresses):
        raise _forbidden(url, f"{host} lies inside a private network")
    return addresses[0]


def _covers(entry: str, host: str) -> bool:
    return host == entry or (entry.startswith("*.") and host.endswith(entry[1:]))


def is_public(address: _Address) -> bool:
    """Whether an address lies in the open internet, also one wrapped in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was vetted: the name is not looked up a second time."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=_PATIENCE)
        self._address = address
        self._tls = ssl.create_default_context() if secure else None
        self.default_port = 443 if secure else 80  # leaves the port out of the Host header where it is the usual one

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), timeout=_PATIENCE)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def _forbidden(url: str, why: str) -> RoboflowError:
    return NotAllowed(f"{url} is not fetched: {why}.", code="url_forbidden")


def _failed(url: str, why: str) -> RoboflowError:
    return Invalid(f"{url} cannot be fetched: {why}.", code="url_failed")
