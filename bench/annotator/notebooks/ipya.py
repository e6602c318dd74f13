"""ipyannotations as its documentation shows it: an image and its boxes displayed, saved on Submit."""

from __future__ import annotations

from typing import Any

from ipyannotations.images import BoxAnnotator  # pyright: ignore[reportMissingImports]
from setting import COLORS, Setting

state: dict[str, Any] = {}


def show(folder: str, n: int, size: tuple[int, int]) -> Any:
    """The widget with the first image."""
    setting = state["setting"] = Setting(folder, n)
    widget = state["widget"] = BoxAnnotator(canvas_size=size, options=list(COLORS))
    widget.canvas.colormap = COLORS
    _display(widget, setting)

    def submitted(drawn: list[dict[str, Any]]) -> None:
        setting.save(drawn)
        if setting.advances:
            setting.number += 1
            _display(widget, setting)

    widget.on_submit(submitted)
    return widget


def edit(on: bool) -> None:
    """Corners can be dragged, and are easy to hit."""
    state["widget"].canvas.point_size = 20
    state["widget"].canvas.editing = on


def advance() -> None:
    """From now on the next image comes after each Submit."""
    state["setting"].advances = True


def _display(widget: Any, setting: Setting) -> None:
    widget.display(setting.photo)
    widget.data = [_box(each) for each in setting.boxes]


def _box(each: dict[str, Any]) -> dict[str, Any]:
    x, y, w, h = each["box"]
    return {"type": "box", "label": each["label"], "xyxy": (x, y, x + w, y + h)}
