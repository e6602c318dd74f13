"""Ports for servers that must be told beforehand where to listen.

A port that the system gives out and that is let go again may be anybody's a moment later: of a connection, of another
test's server. These lie below those that Linux (32768 on, in some sandboxes 16000 on), macOS and Windows give out by
themselves, each worker of a run has its own, and none is given twice.
"""

from __future__ import annotations

import itertools
import os
import socket

_FIRST, _OF_A_WORKER, _WORKERS = 11_200, 290, 16
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
# Two runs at once on one machine begin at different places.
_ports = itertools.chain.from_iterable(itertools.repeat(range(_OF_A_WORKER)))
_start = os.getpid() % _OF_A_WORKER


def free_ports(count: int) -> list[int]:
    """So many ports of 127.0.0.1 on which nobody listens."""
    offsets = itertools.islice(_ports, _OF_A_WORKER)
    numbers = (_FIRST + _worker * _OF_A_WORKER + (_start + offset) % _OF_A_WORKER for offset in offsets)
    found = list(itertools.islice((number for number in numbers if _is_free(number)), count))
    assert len(found) == count, f"There are not {count} free ports from {_FIRST} on."
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
