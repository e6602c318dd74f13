"""Whether requests can be answered: database, store and queue, asked side by side and not for long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from jupyter_roboflow.domain.errors import RoboflowError

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0
OK = "ok"


class Readiness:
    """Asks each part in a thread of its own. A part that hangs is not asked again until it has answered."""

    def __init__(self, checks: Mapping[str, Callable[[], None]]) -> None:
        self._checks = checks
        self._threads = ThreadPoolExecutor(len(checks), thread_name_prefix="roboflow-ready")
        self._asked: dict[str, Future[str]] = {}

    async def look(self) -> dict[str, str]:
        """Each part's name and `ok`, or a short reason that tells nothing about addresses and paths."""
        futures = {name: self._ask(name) for name in self._checks}
        await asyncio.wait([asyncio.wrap_future(future) for future in futures.values()], timeout=TIMEOUT_SECONDS)
        return {name: future.result() if future.done() else "timeout" for name, future in futures.items()}

    def _ask(self, name: str) -> Future[str]:
        asked = self._asked.get(name)
        if asked is None or asked.done():
            asked = self._asked[name] = self._threads.submit(answer_of, self._checks[name])
        return asked

    def close(self) -> None:
        """Ask nobody any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def answer_of(check: Callable[[], None]) -> str:
    """`ok`, or the code of the error; the whole error is in the log."""
    try:
        check()
    except RoboflowError as error:
        log.debug("not ready: %s", error)
        return error.code
    except Exception as error:
        log.debug("not ready", exc_info=error)
        return "error"
    return OK
