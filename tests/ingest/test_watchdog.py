"""The time limit on looking at pictures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from jupyter_roboflow.ingest.watchdog import Watchdog


class Bitten:
    """Counts the bites and can be waited for."""

    def __init__(self) -> None:
        self.times = 0
        self.now = threading.Event()

    def __call__(self) -> None:
        self.times += 1
        self.now.set()


@pytest.fixture
def bitten() -> Bitten:
    return Bitten()


@pytest.fixture
def dog(bitten: Bitten) -> Iterator[Watchdog]:
    before = set(threading.enumerate())
    watchdog = Watchdog(bitten)
    yield watchdog
    watchdog.close()
    assert set(threading.enumerate()) <= before


def test_what_takes_too_long_is_ended(dog: Watchdog, bitten: Bitten) -> None:
    with dog.watch(0.05):
        assert bitten.now.wait(20)
    assert bitten.times == 1


def test_what_ends_in_time_is_left_alone(dog: Watchdog, bitten: Bitten) -> None:
    longest = 0.0
    for _ in range(100):
        began = time.monotonic()
        with dog.watch(0.5):
            pass
        longest = max(longest, time.monotonic() - began)
    time.sleep(0.8)
    assert bitten.times == 0 or longest >= 0.5, "unless the machine itself stood still"


def test_the_limit_holds_after_a_pause_and_right_after_another(dog: Watchdog, bitten: Bitten) -> None:
    with dog.watch(0.05):
        pass
    time.sleep(0.3)  # longer than the limit: nothing is being watched
    bitten.now.clear()
    before = bitten.times  # none, unless the machine stood still
    with dog.watch(0.05):
        assert bitten.now.wait(20)
    bitten.now.clear()
    with dog.watch(0.05):
        assert bitten.now.wait(20)
    assert bitten.times == before + 2


def test_a_shorter_limit_after_a_longer_one_is_kept(dog: Watchdog, bitten: Bitten) -> None:
    with dog.watch(60):
        time.sleep(0.2)  # it sleeps by now
    with dog.watch(0.05):
        assert bitten.now.wait(20)


def test_one_that_was_never_used_can_be_closed(dog: Watchdog, bitten: Bitten) -> None:
    assert bitten.times == 0
