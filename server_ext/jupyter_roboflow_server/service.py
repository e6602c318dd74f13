"""What all handlers of a server share: the installation, the accounts and the threads that work for requests."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import TypeVar

from jupyter_roboflow.backend.accounts import Accounts, Caller, Via
from jupyter_roboflow.backend.accounts.secret import load_secret
from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.backend.opening import open_installation
from jupyter_roboflow.backend.upkeep import checks
from jupyter_roboflow.domain.errors import BackendUnavailable, RoboflowError
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.settings import Settings

from .disk import Disk
from .readiness import Readiness
from .reconciler import Reconciler
from .under_way import UnderWay

_log = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 16
"""Requests worked on at once: SQLite has one writer, and a database server as many connections as its pool."""

WAITING = 500
"""Requests that may wait for a thread; more than that are told to come again."""

_MANY_USERS = 10_000
_RECONCILER_SECONDS = 2.0
_OWNER_SECONDS = 5.0


class Service:
    """Opened with the server; the database and the store are opened by the first request that needs them."""

    def __init__(self, settings: Settings) -> None:
        # a request never waits for a job: where nothing else is said, workers of the server's own run them
        self.settings = replace(settings, queue="local") if settings.queue == "inline" else settings
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="roboflow-request")
        self.disk = Disk()
        self._lock = threading.Lock()
        self._installation: Installation | None = None
        self._accounts: Accounts | None = None
        self._waiting = 0
        self._closed = False
        self._owner: User | None = None
        self._owner_at = 0.0
        self._said = ""
        self.open_to_strangers = False
        self.under_way = UnderWay()
        self.readiness = Readiness({**checks(self.installation, self.settings), "secret": self.check_secret})
        self._reconciler = Reconciler(self.settings, self.installation)
        self._denied_at: dict[int, float] = {}
        self._writing: set[asyncio.Future[None]] = set()

    def installation(self) -> Installation:
        """Database, store and queue; opened on first use, so call it in a thread. `BackendUnavailable` if it cannot."""
        with self._lock:
            if self._closed:
                raise BackendUnavailable("The server is being stopped: try again in a moment.", code="stopping")
            if self._installation is None:
                self._installation = open_installation(self.settings)
            return self._installation

    def accounts(self) -> Accounts:
        """Users and tokens; call it in a thread, as it opens the installation.

        `BackendUnavailable` also when there is no good secret: `check_secret`.
        """
        here = self.installation()
        with self._lock:
            if self._accounts is None:
                self.check_secret()
                self._accounts = Accounts(here)
            return self._accounts

    def check_secret(self) -> None:
        """`BackendUnavailable` (`weak_secret`, `exposed_secret`, …) when what tokens are signed with protects nothing.

        What to do is for whoever runs the server, and so in the log; there, once.
        """
        try:
            load_secret(self.settings)
        except (RoboflowError, OSError) as error:
            if self._said != str(error):
                self._said = str(error)
                _log.error("Nobody is let in: %s", error)
            raise BackendUnavailable(
                "The secret of this server protects nothing, so nobody is let in: the server's log says what to do.",
                code=error.code if isinstance(error, RoboflowError) else "secret_unreadable",
            ) from None

    def backend(self, caller: Caller) -> LocalBackend:
        """The Backend that acts for whoever asks."""
        return LocalBackend(self.installation(), caller.user)

    async def local_caller(self) -> Caller:
        """The owner of a server without a Hub, who asks in every request and is looked up every few seconds."""
        if self._owner is None or monotonic() - self._owner_at > _OWNER_SECONDS:
            self._owner, self._owner_at = await self.in_thread(lambda: self.accounts().local_owner()), monotonic()
        return Caller(self._owner, Via.LOCAL)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """What `work` returns, done beside the event loop. `BackendUnavailable` when too many wait already."""
        if self._waiting >= THREADS + WAITING:
            raise BackendUnavailable("The server has too much to do: try again in a moment.", code="busy")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def note_denial(self, user: User | None, action: str, where: str, address: str) -> None:
        """Has a refusal written to the audit log, beside the event loop; one a second of each user is enough."""
        now, who = monotonic(), user.id if user else 0
        if now - self._denied_at.get(who, -math.inf) < 1.0:
            return
        if len(self._denied_at) > _MANY_USERS:
            self._denied_at.clear()
        self._denied_at[who] = now
        task = asyncio.ensure_future(self.in_thread(lambda: self._record_denial(user, action, where, address)))
        self._writing.add(task)  # the event loop keeps no task alive by itself
        task.add_done_callback(self._written)

    def _record_denial(self, user: User | None, action: str, where: str, address: str) -> None:
        self.accounts().record_denial(user, action, where, address)

    def _written(self, task: asyncio.Future[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("A refusal could not be written to the audit log: %s", error)

    def start(self) -> None:
        """Look after jobs from now on, also after those that a server before this one left."""
        self._reconciler.start()

    async def stop(self) -> None:
        """Let requests end that are worked on, but not for ever, then close; called on the event loop."""
        if not await self.under_way.over():
            _log.warning("%d requests took too long and are cut off", len(self.under_way))
        await asyncio.get_running_loop().run_in_executor(None, self.close)

    def close(self) -> None:
        """Stop child processes, which hand their jobs back, and let go of connections."""
        self._reconciler.stop(_RECONCILER_SECONDS)
        self.readiness.close()
        self.disk.close()
        self._threads.shutdown(wait=len(self.under_way) == 0, cancel_futures=True)
        with self._lock:
            self._closed = True
            if self._installation is not None:
                self._installation.close()
            self._installation = self._accounts = None
