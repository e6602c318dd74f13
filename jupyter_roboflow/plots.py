"""Health as a figure, and thumbnails as HTML. matplotlib is loaded when the first figure is drawn."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (matplotlib's own types are unknown in part: every drawing call takes **kwargs without types)

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from html import escape
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .domain.health import Health, Histogram, LabelHealth

# Paul Tol's "bright" scheme: distinct for every kind of colour vision, and readable on white and on black.
SPLIT_COLORS = {"train": "#4477aa", "valid": "#ccbb44", "test": "#ee6677", "none": "#999999"}
STATE_COLORS = {"unlabeled": "#999999", "empty": "#66ccee", "labeled": "#228833", "reviewed": "#aa3377"}

FALLBACK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Hiragino Sans",
    "PingFang SC",
    "Arial Unicode MS",
    "Noto Sans Devanagari",
    "Nirmala UI",
    "Noto Emoji",
    "Segoe UI Emoji",
)

LABELS_SHOWN = 20
HEAT_MAPS = 4


def health_figure(health: Health, *, paper: str = "light") -> Figure:
    """Class balance by split, images by state, objects per image, picture sizes, heat maps of the commonest labels.

    `paper` is "light", "dark" or "clear": transparent, in an ink that is readable on any background.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with rc_context(cast("Any", _style(paper))):
        labels = sorted(health.labels, key=lambda label: -label.annotations)
        shown = labels[:LABELS_SHOWN]
        balance = max(2.6, 0.25 * len(shown) + 0.9)
        mapped = [label for label in labels[:HEAT_MAPS] if label.annotations]
        heights = [balance, 2.4, 2.6] if mapped else [balance, 2.4]
        figure = Figure(figsize=(11, sum(heights) + 0.4), layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1))
        FigureCanvasAgg(figure)
        rows = figure.add_gridspec(len(heights), 1, height_ratios=heights)
        top, middle = rows[0].subgridspec(1, 3), rows[1].subgridspec(1, 3)
        _class_balance(figure.add_subplot(top[0, :2]), health, shown, len(labels) - len(shown))
        _states(figure.add_subplot(top[0, 2]), health)
        _bars(figure.add_subplot(middle[0, 0]), health.objects_per_image, "Objects per image", "images", "objects")
        _sizes(figure.add_subplot(middle[0, 1]), health)
        _box_sizes(figure.add_subplot(middle[0, 2]), health)
        maps = rows[-1].subgridspec(1, HEAT_MAPS) if mapped else None
        for place, label in enumerate(mapped):
            _heat_map(figure.add_subplot(cast("Any", maps)[0, place]), label, first=place == 0)
    return figure


def figure_html(figure: Figure, alt: str = "Plots of the dataset's health") -> str:
    """The figure as an `<img>` with its PNG inside."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return f'<img alt="{escape(alt)}" style="max-width:100%" src="{_data_uri(buffer.getvalue())}">'


def thumbnail_strip_html(thumbnails: Sequence[tuple[bytes, str]]) -> str:
    """Small pictures with captions side by side; the pictures are inside, the captions escaped."""
    cell = "display:inline-block;width:128px;margin:2px;vertical-align:top;text-align:center;font-size:smaller"
    name = "overflow:hidden;text-overflow:ellipsis;white-space:nowrap"
    image = "max-width:128px;max-height:128px"
    cells = [
        f'<div style="{cell}"><img alt="{escape(caption)}" style="{image}" src="{_data_uri(data)}">'
        f'<div style="{name}" title="{escape(caption)}">{escape(caption)}</div></div>'
        for data, caption in thumbnails
    ]
    return f"<div>{''.join(cells)}</div>"


def _data_uri(data: bytes) -> str:
    kind = "png" if data.startswith(b"\x89PNG") else "webp" if data[8:12] == b"WEBP" else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


_PAPERS = {
    "light": ("#222222", "#ffffff", "#dddddd"),
    "dark": ("#e8e8e8", "#1a1a1a", "#444444"),
    "clear": ("#808080", "none", "#80808055"),
}
"""Colours of text, background and grid lines."""


def _style(name: str) -> dict[str, Any]:
    ink, paper, faint = _PAPERS[name]
    return {
        "text.color": ink,
        "axes.labelcolor": ink,
        "axes.edgecolor": faint,
        "xtick.color": ink,
        "ytick.color": ink,
        "figure.facecolor": paper,
        "savefig.facecolor": paper,
        "axes.facecolor": paper,
        "grid.color": faint,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.axisbelow": True,
        "font.family": _fonts(),
        "font.size": 9,
        "text.parse_math": False,  # a label may be called "$\\alpha"
        "legend.frameon": False,
    }


def _class_balance(axes: Axes, health: Health, labels: Sequence[LabelHealth], hidden: int) -> None:
    splits = [split for split in SPLIT_COLORS if any(label.by_split[split] for label in labels)]
    places = range(len(labels))
    start = [0] * len(labels)
    for split in splits:
        counts = [label.by_split[split] for label in labels]
        axes.barh(places, counts, left=start, color=SPLIT_COLORS[split], label=_split_name(split), height=0.7)
        start = [low + count for low, count in zip(start, counts, strict=True)]
    for place, total in zip(places, start, strict=True):
        axes.annotate(f"{total:,}", (total, place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.set_yticks(list(places), [_short(label.name) for label in labels])
    axes.invert_yaxis()
    more = f" (the {len(labels)} commonest of {len(labels) + hidden})" if hidden else ""
    axes.set_title(f"Annotations by label and split{more}")
    _quiet(axes, "x")
    if splits:
        axes.margins(x=0.12)
        axes.legend(loc="lower right", ncols=len(splits))
    elif not labels:
        _nothing(axes, "no labels")


def _states(axes: Axes, health: Health) -> None:
    from matplotlib.transforms import ScaledTranslation

    splits = [split for split in SPLIT_COLORS if health.images_by_split[split]]
    names = [_split_name(split) for split in splits]
    base = [0] * len(splits)
    for state, color in STATE_COLORS.items():
        counts = [health.images_by_split_and_state[split][state] for split in splits]
        if any(counts):
            axes.bar(names, counts, bottom=base, color=color, label=state, width=0.6)
        base = [low + count for low, count in zip(base, counts, strict=True)]
    for place, total in enumerate(base):
        axes.annotate(f"{total:,}", (place, total), xytext=(0, 3), textcoords="offset points", ha="center")
    axes.set_title("Images by split and state")
    axes.margins(y=0.12)
    _quiet(axes, "y")
    if splits:
        axes.set_xlim(-0.6, max(3, len(splits)) - 0.4)
        whole = cast("Figure", axes.get_figure(root=True))
        below = axes.transAxes + ScaledTranslation(0, -14 / 72, whole.dpi_scale_trans)  # 14 points, for the names
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=below, ncols=2)
    else:
        _nothing(axes, "no images")


def _bars(axes: Axes, histogram: Histogram, title: str, counted: str, unit: str) -> None:
    edges = histogram.edges
    widths = [high - low for low, high in pairwise(edges)]
    axes.bar(edges[:-1], histogram.counts, widths, align="edge", color=SPLIT_COLORS["train"], linewidth=0)
    axes.set_title(title)
    axes.set_ylabel(counted)
    axes.set_xlabel(unit)
    if not any(histogram.counts):
        _nothing(axes, "no images")
    _quiet(axes, "y")


def _sizes(axes: Axes, health: Health) -> None:
    """A bubble a bin of width and height, its area as large as its share of the images."""
    sizes = health.sizes
    xs, ys = _middles(sizes.x_edges), _middles(sizes.y_edges)
    bubbles = [(x, y, n) for y, row in zip(ys, sizes.counts, strict=True) for x, n in zip(xs, row, strict=True) if n]
    axes.set_title("Picture sizes")
    axes.set_xlabel("width, px")
    axes.set_ylabel("height, px")
    if bubbles:
        most = max(n for _, _, n in bubbles)
        areas = [max(12.0, 400.0 * n / most) for _, _, n in bubbles]
        x, y = [b[0] for b in bubbles], [b[1] for b in bubbles]
        axes.scatter(x, y, s=areas, color=SPLIT_COLORS["train"], alpha=0.75, linewidths=0)
        axes.set_xlim(0, 1.15 * sizes.x_edges[-1])
        axes.set_ylim(0, 1.2 * sizes.y_edges[-1])
    else:
        _nothing(axes, "no images")
    _quiet(axes, "y")
    _quiet(axes, "x")


def _middles(edges: Sequence[float]) -> list[float]:
    return [(low + high) / 2 for low, high in pairwise(edges)]


def _box_sizes(axes: Axes, health: Health) -> None:
    """Bars between powers of two, spaced evenly."""
    histogram = health.box_sizes
    used = [i for i, count in enumerate(histogram.counts) if count]
    axes.set_title("Object sizes")
    axes.set_ylabel("objects")
    axes.set_xlabel("square root of the box's area, px")
    if used:
        low, high = used[0], used[-1] + 1
        places = range(high - low)
        axes.bar(places, histogram.counts[low:high], 0.94, align="edge", color=SPLIT_COLORS["train"], linewidth=0)
        axes.set_xticks(range(high - low + 1), [f"{edge:g}" for edge in histogram.edges[low : high + 1]])
        axes.tick_params(axis="x", labelsize=9 if high - low < 8 else 7)
    else:
        _nothing(axes, "no objects")
    _quiet(axes, "y")


def _heat_map(axes: Axes, label: LabelHealth, *, first: bool) -> None:
    axes.imshow(label.heat_map, cmap="cividis", extent=(0, 1, 1, 0), vmin=0, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(_short(label.name), loc="center", fontsize=9)
    if first:
        axes.set_ylabel("where the boxes lie")
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(label.color)
        spine.set_linewidth(2)


def _nothing(axes: Axes, why: str) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.annotate(why, (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", alpha=0.7)


def _quiet(axes: Axes, axis: str) -> None:
    from matplotlib.ticker import MaxNLocator

    counting = axes.xaxis if axis == "x" else axes.yaxis
    counting.set_major_locator(MaxNLocator(nbins=5, integer=True))
    counting.set_major_formatter("{x:,.0f}")
    axes.grid(axis="x" if axis == "x" else "y", linewidth=0.6)
    axes.tick_params(length=0)


def _split_name(split: str) -> str:
    return "no split" if split == "none" else split


def _short(name: str) -> str:
    """A label's name that fits beside an axis, in characters that an installed font can draw."""
    from matplotlib.font_manager import findfont, get_font

    fonts = [get_font(findfont(family)) for family in _fonts()]
    drawn = "".join(c if any(font.get_char_index(ord(c)) for font in fonts) else "□" for c in name)
    return drawn if len(drawn) <= 24 else f"{drawn[:23]}…"


@cache
def _fonts() -> list[str]:
    """matplotlib's own font, then whatever is installed for the scripts and symbols that it lacks."""
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return ["DejaVu Sans", *(name for name in FALLBACK_FONTS if name in installed)]
