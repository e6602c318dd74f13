"""jupyter-bbox-widget as its documentation shows it: boxes given and read as a list, the next image on Submit."""

from __future__ import annotations

from typing import Any

from ipywidgets import Layout, VBox  # pyright: ignore[reportMissingImports]
from jupyter_bbox_widget import BBoxWidget  # pyright: ignore[reportMissingImports]
from setting import COLORS, Setting


def show(folder: str, n: int, width: int) -> Any:
    """The widget with the first image; every change of its boxes is saved."""
    setting = Setting(folder, n)
    widget = BBoxWidget(
        image=str(setting.photo), classes=list(COLORS), colors=list(COLORS.values()), bboxes=_boxes(setting)
    )
    widget.observe(lambda change: setting.save(change["new"]), "bboxes")

    @widget.on_submit
    def advance() -> None:
        setting.number += 1
        widget.image = str(setting.photo)
        widget.bboxes = _boxes(setting)

    return VBox([widget], layout=Layout(width=f"{width}px"))


def _boxes(setting: Setting) -> list[dict[str, Any]]:
    names = ("x", "y", "width", "height")
    return [{**dict(zip(names, each["box"], strict=True)), "label": each["label"]} for each in setting.boxes]
