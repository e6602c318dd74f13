"""The Backend behind a Jupyter server: the same methods, over REST."""

from __future__ import annotations

from .http_backend import HttpBackend
from .opening import open_http, open_own_server

__all__ = ["HttpBackend", "open_http", "open_own_server"]
