"""How late the server's event loop is: an extension for the measured server, which writes its figures to a file."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

_EVERY = 0.01


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    serverapp.io_loop.add_callback(_watch, Path(os.environ["BENCH_LAG"]))


async def _watch(target: Path) -> None:
    """Sleeps of 10 ms, and by how much each was too long; a file `<target>.reset` starts anew."""
    late: list[float] = []
    reset, told = target.with_suffix(".reset"), time.monotonic()
    while True:
        start = time.monotonic()
        await asyncio.sleep(_EVERY)
        late.append(time.monotonic() - start - _EVERY)
        if time.monotonic() - told > 0.5:
            told = time.monotonic()
            if reset.exists():
                late.clear()
                reset.unlink()
            target.with_suffix(".part").write_text(json.dumps(late))
            target.with_suffix(".part").replace(target)
