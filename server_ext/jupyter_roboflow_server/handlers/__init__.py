"""Every route, once: the path below `<base_url>roboflow/api/` and who answers. The first that matches wins."""

from __future__ import annotations

from .handler import Handler
from .health import LiveHandler
from .unknown import UnknownHandler

ROUTES: tuple[tuple[str, type[Handler]], ...] = (
    ("health/live", LiveHandler),
    (".*", UnknownHandler),
)
