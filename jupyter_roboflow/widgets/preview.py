"""What a notebook shows of an annotator where no kernel runs: some pictures, and how many there are of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ..domain.dataset import ImageState
from ..domain.errors import RoboflowError
from ..plots import thumbnail_strip_html
from .source import Source

SHOWN = 8


_HIDE_DEAD = (
    ".jp-OutputArea:has(.rf-preview) > .jp-OutputArea-child > "
    '[data-mime-type="application/vnd.jupyter.widget-view+json"]:not(:has(*)) {display: none}'
)
"""JupyterLab's "model not found" in the place of a widget without a kernel: the preview says more."""


def preview_html(source: Source, image_id: int | None, key: str = "") -> str:
    """The images around the one on show as a strip, with the counts of what is drawn on them.

    The live view that goes by the same key hides it.
    """
    ids = source.image_ids()
    here = ids.index(image_id) if image_id in ids else 0
    start = max(0, min(here - 2, len(ids) - SHOWN))
    shown = ids[start : start + SHOWN]
    lines = [f"<b>{escape(source.title)}</b> – {len(ids):,} image{'' if len(ids) == 1 else 's'}"]
    if len(ids) > len(shown):
        lines.append(f"{start + 1:,}–{start + len(shown):,} shown")
    head = f'<div class="rf-preview" data-rf-for="{escape(key)}"><style>{_HIDE_DEAD}</style>'
    return f"{head}<div>{', '.join(lines)}</div>{_strip(source, shown)}<div>Run the cell to annotate.</div></div>"


def _strip(source: Source, ids: Sequence[int]) -> str:
    try:
        images = {image["id"]: image for image in source.images(ids)}
        drawn = [i for i in ids if images[i]["state"] in _DRAWN]
        counts = source.annotation_counts(drawn) if drawn else dict[int, int]()
        cells = [
            (picture, _caption(images[i], counts.get(i, 0)))
            for i, picture in zip(ids, source.thumbnails(ids), strict=True)
        ]
    except (RoboflowError, KeyError) as error:  # a picture is gone or broken: the annotator itself says more
        return f"<div>{escape(str(error))}</div>"
    return thumbnail_strip_html(cells)


_DRAWN = (ImageState.LABELED, ImageState.REVIEWED)
"""On images of any other state there are no annotations."""


def _caption(image: Mapping[str, Any], count: int) -> str:
    name = image["filename"]
    return f"{name}: {count:,} annotation{'' if count == 1 else 's'}" if count else f"{name}: {image['state']}"
