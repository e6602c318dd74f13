"""Where the product's own log lines go, as text or JSON, and how not to say the same thing every few seconds."""

from __future__ import annotations

import logging
import sys
import time

from .domain.errors import Invalid
from .settings import Settings

LOGGERS = ("jupyter_roboflow", "jupyter_roboflow_server")
"""The roots of all our loggers."""

_TEXT = "[%(levelname).1s %(asctime)s %(name)s] %(message)s"
_JSON = "%(asctime)s %(levelname)s %(name)s %(message)s"


def start_logging(settings: Settings, level: int = logging.INFO) -> None:
    """Our log lines on standard error in the format of `settings.log_format`: `text`, or one JSON object a line.

    Called again it changes format and level; there is never a second line for one event.
    """
    handler = OwnHandler()
    handler.setFormatter(_formatter(settings.log_format))
    for name in LOGGERS:
        ours = logging.getLogger(name)
        for old in [handler for handler in ours.handlers if isinstance(handler, OwnHandler)]:
            ours.removeHandler(old)
        ours.addHandler(handler)
        ours.setLevel(level)
        ours.propagate = False


class OwnHandler(logging.Handler):
    """Ours, to be told from those that others added. Writes to whatever standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


def _formatter(log_format: str) -> logging.Formatter:
    if log_format == "text":
        return logging.Formatter(_TEXT)
    if log_format != "json":
        raise Invalid(f"ROBOFLOW_LOG_FORMAT={log_format!r} is none of text, json.", code="bad_setting")
    from pythonjsonlogger.json import JsonFormatter

    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    formatter = JsonFormatter(_JSON, rename_fields=names)
    formatter.converter = time.gmtime
    formatter.default_time_format, formatter.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"
    return formatter


class News:
    """Tells when something stops or starts working, and not every time it is found so again."""

    AGAIN_SECONDS = 600.0

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._told: tuple[bool, str] | None = None
        self._at = 0.0

    def bad(self, message: str, *details: object) -> None:
        """It does not work: a warning, again after ten minutes, and at once when the reason changes."""
        text = message % details
        if self._told != (False, text) or time.monotonic() - self._at > self.AGAIN_SECONDS:
            self._told, self._at = (False, text), time.monotonic()
            self._log.warning("%s", text)

    def good(self, message: str, *details: object) -> None:
        """It works; told if it did not before."""
        if self._told is not None and not self._told[0]:
            self._log.info(message, *details)
        self._told = (True, "")
