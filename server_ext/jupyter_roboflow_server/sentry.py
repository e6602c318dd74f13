"""Errors to Sentry, for those who set `SENTRY_DSN`: what broke and where, and nothing of what people sent."""

from __future__ import annotations

import logging
import os
from typing import Any

from jupyter_roboflow import __version__

log = logging.getLogger(__name__)


def start_sentry() -> bool:
    """Send errors from now on if `SENTRY_DSN` is set and the extra `[sentry]` is installed; whether they are."""
    dsn = os.environ.get("SENTRY_DSN", "").strip()
    if not dsn:
        return False
    try:
        import sentry_sdk
    except ImportError:
        log.warning("SENTRY_DSN is set, but sentry-sdk is missing: pip install 'jupyter-roboflow[sentry]'.")
        return False
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=f"jupyter-roboflow@{__version__}",
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            before_send=scrubbed,
        )
    except Exception as error:  # a mistyped address is no reason not to start
        log.warning("SENTRY_DSN cannot be used (%s): errors are not sent.", error)
        return False
    return True


def scrubbed(event: Any, _hint: Any = None) -> Any:
    """An event without headers, cookies, body, query, environment, names of people and machine."""
    request = event.get("request")
    if request:
        event["request"] = {"method": request.get("method")}
    for part in ("user", "server_name", "breadcrumbs", "extra"):
        event.pop(part, None)
    return event
