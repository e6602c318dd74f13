"""A folder of very many files is dropped on the panel, broken ones among them."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import expect

from jupyter_roboflow import Workspace
from tests.e2e.panel_page import PanelPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

MANY, BROKEN = 1_000, 100


def test_of_very_many_files_in_a_folder_each_broken_one_says_why_and_all_others_are_there(
    panel: PanelPage, workspace: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "all of them"
    broken = fill(folder, MANY, BROKEN)
    (folder / "notes.txt").write_text("No picture.", encoding="utf-8")
    panel.create("Very many cells")
    watched = panel.page.evaluate_handle(_WATCH)
    panel.drop(folder)
    upload = panel.page.get_by_role("region", name="Upload")
    expect(panel.page.get_by_text("1 file is not a picture and was left out.")).to_be_visible()
    told = f"{MANY - BROKEN:,} images added, {BROKEN:,} could not be added"
    expect(upload.get_by_role("status")).to_have_text(told, timeout=240_000)
    shares, texts = json.loads(watched.evaluate("watched => JSON.stringify(watched)"))
    assert len(shares) > 10 and shares == sorted(shares) and shares[-1] == 1.0
    assert any(text.startswith("Looking through what was dropped: ") for text in texts)

    listed = upload.get_by_role("list", name="Files").get_by_role("listitem")
    said = dict(text.split("\n", 1) for text in listed.all_inner_texts())
    assert set(said) == {f"{folder.name}/{name}" for name in broken}
    for name, why in broken.items():
        assert why in said[f"{folder.name}/{name}"], said[f"{folder.name}/{name}"]

    expect(panel.page.get_by_text(f"{MANY - BROKEN:,} images", exact=True)).to_be_visible()
    panel.thumbnails_are_drawn()
    first = panel.cells.first.get_attribute("aria-label") or ""
    assert int(first[:5]) < 3 * 24, first  # in the order of names, but for the requests that are under way together
    added = workspace.dataset("Very many cells").images()
    assert Counter(image.filename for image in added) == Counter(
        path.name for path in folder.iterdir() if path.name not in {*broken, "notes.txt"}
    )
    some = added[len(added) // 2]
    assert some.bytes() == (folder / some.filename).read_bytes()


_WATCH = """() => {
    const shares = [], texts = [];
    new MutationObserver(() => {
        const bar = document.querySelector('.jp-rf-Upload progress');
        if (bar && bar.value !== shares.at(-1)) shares.push(bar.value);
        texts.push(bar?.nextElementSibling.textContent ?? '');
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    return [shares, texts];
}"""
"""Every share that the progress bar shows, and what is said beside it."""


def fill(folder: Path, count: int, broken: int) -> dict[str, str]:
    """So many tiny files, all different; the names of the broken ones among them, and a part of what is wrong."""
    folder.mkdir()
    noise = np.random.default_rng(7)
    breaks = list(_breaks())
    every, wrong = count // broken, dict[str, str]()
    for number in range(count):
        kind = ("JPEG", "PNG")[number % 2]
        name = f"{number:05}.{'jpg' if kind == 'JPEG' else 'png'}"
        stream = io.BytesIO()
        Pillow.fromarray(noise.integers(0, 256, (16, 16, 3), np.uint8)).save(stream, kind)
        data = stream.getvalue()
        if number % every == number // every % every:  # of either kind
            spoil, wrong[name] = breaks[len(wrong) % len(breaks)]
            data = spoil(data)
        (folder / name).write_bytes(data)
    return wrong


def _breaks() -> Iterator[tuple[Callable[[bytes], bytes], str]]:
    """What can be wrong with a file, and how that is told."""
    yield lambda data: b"", "empty"
    yield lambda data: data[: len(data) // 2], "cut off"
    yield lambda data: b"This is text " + data[:8], "no known kind"
    yield lambda data: _png_of(60_000, 60_000), "60,000"
    yield lambda data: _png_of(60_000, 60_000)[:33], "cannot be decoded as PNG: its beginning is damaged"
    yield lambda data: bytes(reversed(data)), "no known kind"


def _png_of(width: int, height: int) -> bytes:
    """The beginning of a picture that would fill the memory."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b""))]
    made = b"\x89PNG\r\n\x1a\n"
    for kind, data in chunks:
        made += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return made
