"""A picture that crashes, hangs or eats memory costs only itself; whoever stops early leaves nothing behind."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from PIL import Image

import jupyter_roboflow
from jupyter_roboflow.domain.errors import BackendUnavailable, JobCancelled, RoboflowError, UnreadableImage
from jupyter_roboflow.ingest import DecodePool, Incoming, Picture
from jupyter_roboflow.settings import Settings
from tests.ingest import pictures as make

needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@pytest.fixture(scope="module")
def slow_picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """81 million pixels: sound, and well over a second of work."""
    path = tmp_path_factory.mktemp("slow") / "slow.png"
    Image.new("RGB", (9000, 9000), (1, 2, 3)).save(path, compress_level=1)
    return path


@pytest.fixture
def small_picture(tmp_path: Path) -> Path:
    path = tmp_path / "small.png"
    path.write_bytes(make.png())
    return path


def wait_for(condition: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def is_working(pid: int) -> bool:
    return psutil.Process(pid).memory_info().rss > 150_000_000


def test_a_child_killed_midway_is_replaced_and_the_picture_still_comes(slow_picture: Path, tmp_path: Path) -> None:
    with DecodePool(Settings(), children=1) as pool, ThreadPoolExecutor(1) as thread:
        future = thread.submit(pool.check, slow_picture, "slow.png", tmp_path / "copy")
        wait_for(lambda: pool.pids and is_working(pool.pids[0]))
        first = pool.pids[0]
        psutil.Process(first).kill()
        assert future.result().width == 9000
        assert pool.pids[0] != first
        assert (tmp_path / "copy").read_bytes() == slow_picture.read_bytes()


@needs_fifo
def test_a_picture_that_kills_two_children_is_refused_and_the_next_is_fine(tmp_path: Path, small_picture: Path) -> None:
    fifo = tmp_path / "pipe.jpg"
    os.mkfifo(fifo)
    with DecodePool(Settings(), children=1) as pool, ThreadPoolExecutor(1) as thread:
        future = thread.submit(pool.check, fifo, "pipe.jpg")
        killed: set[int] = set()
        for _ in range(2):
            wait_for(lambda: pool.busy_pids and pool.busy_pids[0] not in killed)
            killed.add(pool.busy_pids[0])
            psutil.Process(pool.busy_pids[0]).kill()
        with pytest.raises(UnreadableImage) as caught:
            future.result()
        assert caught.value.code == "image_undecodable"
        assert "pipe.jpg crashes" in caught.value.message
        assert pool.check(small_picture, "small.png").width == 320


def test_a_child_that_died_while_idle_costs_nothing(small_picture: Path) -> None:
    with DecodePool(Settings(), children=1) as pool:
        pool.check(small_picture, "small.png")
        psutil.Process(pool.pids[0]).kill()
        assert pool.check(small_picture, "small.png").width == 320


@needs_fifo
def test_a_hanging_picture_is_given_up(tmp_path: Path, small_picture: Path) -> None:
    fifo = tmp_path / "pipe.jpg"
    os.mkfifo(fifo)
    with DecodePool(Settings(decode_seconds=3.0), children=1) as pool:
        pool.check(small_picture, "small.png")
        child = pool.pids[0]
        with pytest.raises(UnreadableImage) as caught:
            pool.check(fifo, "pipe.jpg", tmp_path / "copy")
        assert caught.value.code == "image_decode_timeout"
        assert not psutil.pid_exists(child)
        assert pool.check(small_picture, "small.png").width == 320


def test_a_picture_that_takes_too_long_to_decode_is_given_up(slow_picture: Path, tmp_path: Path) -> None:
    with DecodePool(Settings(decode_seconds=0.05), children=1) as pool:
        with pytest.raises(UnreadableImage) as caught:
            pool.check(slow_picture, "slow.png", tmp_path / "copy")
        assert caught.value.code == "image_decode_timeout"
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of address space for a process")
def test_a_picture_that_needs_too_much_memory_is_refused(slow_picture: Path, small_picture: Path) -> None:
    with DecodePool(Settings(decode_memory_bytes=300_000_000), children=1) as pool:
        pool.check(small_picture, "small.png")
        child = pool.pids[0]
        with pytest.raises(UnreadableImage) as caught:
            pool.check(slow_picture, "slow.png")
        assert caught.value.code == "image_decode_memory"
        assert pool.check(small_picture, "small.png").width == 320
        assert pool.pids == (child,)


@pytest.mark.skipif(find_spec("pillow_heif") is not None, reason="the extra is installed")
def test_a_child_that_cannot_start_is_said(small_picture: Path) -> None:
    with DecodePool(Settings(), children=1, extra_formats=("HEIF",)) as pool:
        with pytest.raises(BackendUnavailable) as caught:
            pool.check(small_picture, "small.png")
        assert caught.value.code == "ingest_child_failed"
        assert "pillow_heif" in caught.value.message


def test_a_child_knows_no_passwords(small_picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOFLOW_DATABASE_URL", "postgresql://me:secret@db/x")
    with DecodePool(Settings(), children=1) as pool:
        pool.check(small_picture, "small.png")
        child = psutil.Process(pool.pids[0])
        assert "secret" not in " ".join((*child.environ().values(), *child.cmdline()))


def test_no_child_is_started_before_there_is_work(small_picture: Path) -> None:
    with DecodePool(Settings(), children=2) as pool:
        assert pool.pids == ()
        pool.check(small_picture, "small.png")
        assert len(pool.pids) == 1


def test_many_threads_share_the_children(small_picture: Path) -> None:
    with DecodePool(Settings(), children=2) as pool, ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda number: pool.check(small_picture, f"{number}.png"), range(60)))
        assert [picture.filename for picture in results] == [f"{number}.png" for number in range(60)]
        assert len(pool.pids) == 2


def test_closing_leaves_no_process_behind(small_picture: Path) -> None:
    with DecodePool(Settings(), children=2) as pool, ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: pool.check(small_picture, "a.png"), range(20)))
        pids = pool.pids
    assert pids
    assert not any(psutil.pid_exists(pid) for pid in pids)
    with pytest.raises(JobCancelled):
        pool.check(small_picture, "a.png")


def test_cancelling_stops_what_is_under_way(slow_picture: Path, tmp_path: Path) -> None:
    with DecodePool(Settings(), children=1) as pool, ThreadPoolExecutor(2) as threads:
        futures = [threads.submit(pool.check, slow_picture, "slow.png", tmp_path / f"{n}") for n in range(2)]
        wait_for(lambda: pool.pids and is_working(pool.pids[0]))
        pids = pool.pids
        pool.cancel()
        for future in futures:
            with pytest.raises(JobCancelled):
                future.result()
        assert not any(psutil.pid_exists(pid) for pid in pids)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="ends its children another way")
def test_children_end_when_their_parent_is_killed(small_picture: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from jupyter_roboflow.ingest import DecodePool; "
        "from jupyter_roboflow.settings import Settings; pool = DecodePool(Settings(), children=1); "
        "pool.check(Path(sys.argv[1]), 'a.png'); print(pool.pids[0], flush=True); time.sleep(600)"
    )
    root = str(Path(jupyter_roboflow.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", code, str(small_picture)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        parent.kill()
    wait_for(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def several(folder: Path, data: list[bytes]) -> Iterator[Incoming]:
    for number, content in enumerate(data):
        path = folder / f"in-{number}"
        path.write_bytes(content)
        yield Incoming(f"{number}.jpg", path)


def test_one_bad_picture_does_not_stop_the_rest(pool: DecodePool, tmp_path: Path) -> None:
    outcomes = list(pool.map(several(tmp_path, [make.jpeg(), b"no", make.png(), b"", make.jpeg()[:-2], make.png()])))
    assert [outcome.filename for outcome in outcomes] == [f"{number}.jpg" for number in range(6)]
    codes = [outcome.error.code if outcome.error else "" for outcome in outcomes]
    assert codes == ["", "image_undecodable", "", "image_empty", "image_truncated", ""]
    kept = sorted(outcome.picture.path.name for outcome in outcomes if outcome.picture)
    assert sorted(path.name for path in tmp_path.iterdir()) == kept


def test_a_stream_is_taken_only_a_little_ahead(pool: DecodePool, tmp_path: Path) -> None:
    taken: list[int] = []

    def endless() -> Iterator[Incoming]:
        for number in range(10_000):
            taken.append(number)
            yield from several(tmp_path, [make.png()])

    stream = pool.map(endless())
    for _ in range(5):
        next(stream)
    assert len(taken) <= 5 + 4 * pool.children + 1
    stream.close()


def test_stopping_early_leaves_only_what_was_handed_over(pool: DecodePool, tmp_path: Path) -> None:
    stream = pool.map(several(tmp_path, [make.png() for _ in range(30)]))
    first = next(stream)
    stream.close()
    assert first.picture
    assert list(tmp_path.iterdir()) == [first.picture.path]


def test_a_full_disk_ends_it(pool: DecodePool, tmp_path: Path) -> None:
    original = tmp_path / "a.png"
    original.write_bytes(make.png())
    item = Incoming("a.png", tmp_path / "gone" / "copy", original=original)
    with pytest.raises(BackendUnavailable):
        list(pool.map([item]))


def test_a_source_that_fails_ends_the_stream_with_its_own_error(pool: DecodePool, tmp_path: Path) -> None:
    def broken() -> Iterator[Incoming]:
        yield from several(tmp_path, [make.png()])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(pool.map(broken()))


def test_an_interrupted_wait_leaves_the_pool_usable(pool: DecodePool, small_picture: Path) -> None:
    threads = [threading.Thread(target=pool.check, args=(small_picture, "a.png")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pool.check(small_picture, "a.png").width == 320


# Fuzzing: fixed seeds, so that a failure can be repeated.


def damaged(data: bytes, rounds: int) -> Iterator[bytes]:
    """The file with bytes changed at even places, cut at odd ones, and with a piece taken out."""
    state = len(data)
    for number in range(rounds):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        at = (state >> 20) % len(data)
        if number % 3 == 0:
            yield data[:at] + bytes([data[at] ^ (1 << (state >> 60) % 8)]) + data[at + 1 :]
        elif number % 3 == 1:
            yield data[:at]
        else:
            yield data[:at] + data[at + 1 + (state >> 58) :]


def first_bytes_changed(data: bytes) -> Iterator[bytes]:
    """Headers are where sizes and offsets are: every one of the first bytes set to its extremes."""
    for at in range(min(len(data), 64)):
        for value in (0, 0x7F, 0xFF):
            yield data[:at] + bytes([value]) + data[at + 1 :]


@pytest.mark.parametrize("name", make.good_of_every_kind())
def test_damage_gives_a_picture_or_a_reason_and_kills_nobody(pool: DecodePool, tmp_path: Path, name: str) -> None:
    data = make.good_of_every_kind()[name]
    list(pool.map(several(tmp_path, [data] * 8)))
    before = set(pool.pids)
    samples = [*damaged(data, 90), *first_bytes_changed(data)]
    outcomes = list(pool.map(several(tmp_path, samples)))
    assert len(outcomes) == len(samples)
    for outcome in outcomes:
        assert isinstance(outcome.picture, Picture) or isinstance(outcome.error, RoboflowError)
    assert set(pool.pids) == before


@pytest.mark.parametrize("name", ["jpeg", "jpeg-progressive", "png", "png-16-bit", "webp", "gif", "bmp", "tiff"])
def test_a_cut_file_is_never_taken(pool: DecodePool, tmp_path: Path, name: str) -> None:
    data = make.good_of_every_kind()[name]
    cuts = [data[:end] for end in (*range(1, len(data), max(1, len(data) // 60)), *range(len(data) - 8, len(data)))]
    for outcome in pool.map(several(tmp_path, cuts)):
        assert outcome.error, f"{name} cut to {outcome.filename} was taken"


@pytest.mark.parametrize("name", ["jpeg", "jpeg-progressive", "jpeg-cmyk"])
def test_what_is_taken_also_decodes_at_full_size(pool: DecodePool, tmp_path: Path, name: str) -> None:
    """A JPEG is decoded smaller than it is: this must find all that decoding it whole would find."""
    photo = make.photo(900, 600, "CMYK" if name == "jpeg-cmyk" else "RGB")
    data = make.saved(photo, "JPEG", progressive=name == "jpeg-progressive")
    for outcome in pool.map(several(tmp_path, list(damaged(data, 150)))):
        if outcome.picture:
            with Image.open(io.BytesIO(outcome.picture.path.read_bytes())) as image:
                image.load()
