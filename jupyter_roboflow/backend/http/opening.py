"""From an address and whatever proves who asks to a HttpBackend that works."""

from __future__ import annotations

from ...domain.errors import Invalid, RoboflowError
from ...settings import Settings
from ..wire.accounts import Session
from .address import Address, parse_address
from .client import Client
from .credentials import Anonymous, Ask, Credentials, Login, Token
from .http_backend import HttpBackend
from .own_server import own_servers
from .retrying import TRIES

_FIRST_TRIES = 3
"""Until a server has answered once, the address may be wrong: then nobody wants to wait."""


def open_http(
    url: str, token: str | None = None, username: str | None = None, password: str | None = None
) -> HttpBackend:
    """The backend of a server, asked once who this is: a wrong address or token is an error here and now.

    `url` is that of a Jupyter server, with or without `?token=`; `token` is Jupyter's or one of ours.
    """
    address = parse_address(url)
    if (username is None) != (password is None):
        raise Invalid("To log in, give both username and password.", code="bad_login")
    if username is not None and token is not None:
        raise Invalid("Give a token, or username and password.", code="bad_login")
    if username is not None and password is not None:
        return _opened(address, Login(username, password, _asking(address)))
    token = token or address.token
    return _opened(address, Token(token) if token else Anonymous())


def open_own_server() -> tuple[HttpBackend | None, str]:
    """The backend of the Jupyter server that this kernel belongs to; otherwise None and, for people, why not."""
    why = "no Jupyter server of this kernel was found"
    for address in own_servers():
        try:
            return _opened(address, Token(address.token) if address.token else Anonymous(), direct=True), ""
        except RoboflowError as error:
            why = f"{address.server} cannot be used ({error.code})"
    return None, why


def _opened(address: Address, credentials: Credentials, *, direct: bool = False) -> HttpBackend:
    client = Client(address, credentials, tries=_FIRST_TRIES, direct=direct)
    backend = HttpBackend(client, Settings.from_environment())
    try:
        _ = backend.user
    except BaseException:
        client.close()
        raise
    client.tries = TRIES
    return backend


def _asking(address: Address) -> Ask:
    """How a login asks: with a client of its own, which proves nothing."""

    def ask(path: str, body: dict[str, str]) -> Session:
        client = Client(address, Anonymous())
        try:
            return client.ask(Session, "POST", path, body)
        finally:
            client.close()

    return ask
