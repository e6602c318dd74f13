"""The health figure and the thumbnail strip: what is drawn, not how it looks."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from jupyter_roboflow.domain.dataset import Label, default_color
from jupyter_roboflow.domain.health import AnnotationColumns, Health, ImageColumns, compute_health
from jupyter_roboflow.plots import figure_html, health_figure, thumbnail_strip_html

NAMES = ["red <cell>", "$\\alpha_{", "猫 \U0001f9ec\ue000"]


def _health(names: list[str] = NAMES, count: int = 60) -> Health:
    """60 images of 640 × 480 in three splits, one annotation each, half of them with the first label."""
    ids = np.arange(count)
    labels = [Label(name, default_color(i), i) for i, name in enumerate(names)]
    split, label = 1 + ids % 3, np.where(ids % 2, 0, ids % len(names)) if names else ids
    images = ImageColumns(ids, ids * 0 + 640, ids * 0 + 480, split, ids % 4, ids * 0, [f"{i}.jpg" for i in ids])
    one = np.ones(count)
    boxes = AnnotationColumns(ids, label, ids * 0, one * 10, one * 20, one * 60, one * 60, one * 2000)
    return compute_health(labels, [images], [boxes] if names else [])


def _axes(figure: Figure, title: str) -> Axes:
    return next(axes for axes in figure.axes if axes.get_title(loc="left").startswith(title))


def _bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def test_bars_of_the_labels_are_as_long_as_their_counts() -> None:
    health = _health()
    axes = _axes(health_figure(health), "Annotations by label")
    drawn = {container.get_label(): [bar.get_width() for bar in container] for container in axes.containers}  # pyright: ignore[reportAttributeAccessIssue]
    ordered = sorted(health.labels, key=lambda label: -label.annotations)
    assert drawn == {split: [label.by_split[split] for label in ordered] for split in ("train", "valid", "test")}
    assert [text.get_text() for text in axes.texts] == [str(label.annotations) for label in ordered]
    assert axes.yaxis_inverted()  # the most frequent on top


def test_bars_of_the_states_add_up_to_the_splits() -> None:
    health = _health()
    axes = _axes(health_figure(health), "Images by split")
    tops = {round(bar.get_x() + bar.get_width() / 2): 0.0 for bar in _bars(axes)}
    for bar in _bars(axes):
        place = round(bar.get_x() + bar.get_width() / 2)
        tops[place] = max(tops[place], bar.get_y() + bar.get_height())
    assert list(tops.values()) == [20, 20, 20]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["train", "valid", "test"]


def test_histograms_and_sizes_show_the_counts() -> None:
    figure = health_figure(_health())
    objects = _axes(figure, "Objects per image")
    assert [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in _bars(objects)] == [(0, 0), (1, 60)]
    assert [bar.get_height() for bar in _bars(_axes(figure, "Object sizes"))] == [60]
    (bubbles,) = _axes(figure, "Picture sizes").collections
    assert np.asarray(bubbles.get_offsets()).tolist() == [[640, 480]]


def test_heat_maps_of_the_commonest_labels_in_their_own_colours() -> None:
    health = _health()
    maps = [axes for axes in health_figure(health).axes if axes.images]
    ordered = sorted(health.labels, key=lambda label: -label.annotations)
    assert [np.asarray(axes.images[0].get_array()).sum() for axes in maps] == [label.annotations for label in ordered]
    assert [to_hex(axes.spines["left"].get_edgecolor()) for axes in maps] == [label.color for label in ordered]


@pytest.mark.parametrize("paper", ["light", "dark", "clear"])
@pytest.mark.parametrize("health", [_health(), _health([]), _health([], 0), _health([str(i) * 40 for i in range(50)])])
def test_any_health_can_be_drawn_without_a_warning(health: Health, paper: str) -> None:
    figure = health_figure(health, paper=paper)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=40)
    assert buffer.getvalue().startswith(b"\x89PNG")
    red, green, blue, opacity = to_rgba(figure.get_facecolor())
    assert (opacity == 0) is (paper == "clear")
    assert (opacity == 1 and red + green + blue < 1) is (paper == "dark")


def test_the_figure_goes_into_a_page_as_one_image() -> None:
    html = figure_html(health_figure(_health()), 'a "plot"')
    assert 'alt="a &quot;plot&quot;"' in html
    data = re.search(r"base64,([^\"]+)", html)
    assert data and base64.b64decode(data[1]).startswith(b"\x89PNG")


def test_thumbnails_are_inside_the_page_and_their_names_escaped() -> None:
    html = thumbnail_strip_html([(b"\xff\xd8\xffone", '"><script>x</script>'), (b"\x89PNGtwo", "b.png")])
    assert html.count("<img") == 2 and "<script>" not in html and "&lt;script&gt;" in html
    kinds = re.findall(r'src="data:image/(\w+);base64,([^"]+)"', html)
    assert [(kind, base64.b64decode(data)) for kind, data in kinds] == [
        ("jpeg", b"\xff\xd8\xffone"),
        ("png", b"\x89PNGtwo"),
    ]
    assert thumbnail_strip_html([]) == "<div></div>"


def test_importing_plots_does_not_load_matplotlib_and_drawing_does_not_load_pyplot() -> None:
    code = """
import sys
import jupyter_roboflow.plots as plots
assert "matplotlib" not in sys.modules
from jupyter_roboflow.domain.health import compute_health
plots.figure_html(plots.health_figure(compute_health([], [], [])))
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
