"""The controls of one step of a recipe, made from what the step says of itself."""

# ipywidgets and ipycanvas come without types.
# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false, reportUnknownVariableType=false

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as untyped  # pyright: ignore[reportMissingTypeStubs]

w: Any = untyped
_WIDE = {"description_width": "130px"}
_FULL = w.Layout(width="98%")

PROBABILITY: Mapping[str, Any] = {
    "name": "probability",
    "type": "number",
    "low": 0.0,
    "high": 1.0,
    "step": 0.01,
    "whole": False,
    "unit": "",
    "help": "How often it acts.",
}


class Control:
    """One parameter: a widget, and its value as a recipe holds it."""

    def __init__(self, about: Mapping[str, Any], value: Any, changed: Callable[[], None]) -> None:
        self.name, self._kind = str(about["name"]), str(about["type"])
        self.widgets: list[Any] = _widgets(about, value)
        for widget in self.widgets:
            widget.tooltip = about["help"]
            widget.observe(lambda change: changed(), "value")

    @property
    def value(self) -> Any:
        """What the parameter is set to; a text that is not JSON stays text, and the recipe says what it wants."""
        if self._kind == "numbers":
            return [widget.value for widget in self.widgets]
        held = self.widgets[0].value
        return _parsed(held) if self._kind in ("names", "renames", "arguments") else held


class StepControls(w.VBox):
    """A step with a slider, box or list for every parameter, and buttons to move and remove it.

    `changed` hears of new values, `moved` of -1 and 1, `removed` of the end.
    """

    def __init__(
        self,
        about: Mapping[str, Any],
        settings: Mapping[str, Any],
        changed: Callable[[], None],
        moved: Callable[[StepControls, int], None],
        removed: Callable[[StepControls], None],
    ) -> None:
        self.name, self.stage = str(about["name"]), str(about["stage"])
        parameters = [*about["parameters"], *([PROBABILITY] if self.stage == "augment" else [])]
        self.controls = {each["name"]: Control(each, settings[each["name"]], changed) for each in parameters}
        self.up, self.down, self.bin = (
            _button("arrow-up", "Earlier"),
            _button("arrow-down", "Later"),
            _button("trash", "Remove"),
        )
        self.up.on_click(lambda _: moved(self, -1))
        self.down.on_click(lambda _: moved(self, 1))
        self.bin.on_click(lambda _: removed(self))
        title = w.Label(str(about["title"]), layout=w.Layout(flex="1 1 auto"), style={"font_weight": "bold"})
        title.tooltip = str(about["help"])
        head = w.HBox([title, self.up, self.down, self.bin])
        shown = [widget for control in self.controls.values() for widget in control.widgets]
        edge = "1px solid var(--jp-border-color2)"
        super().__init__([head, *shown], layout=w.Layout(border=edge, padding="4px 8px", margin="0 0 6px 0"))

    @property
    def settings(self) -> dict[str, Any]:
        """The step as plain data."""
        return {"step": self.name, **{name: control.value for name, control in self.controls.items()}}


def _button(icon: str, tooltip: str) -> Any:
    return w.Button(icon=icon, tooltip=tooltip, layout=w.Layout(width="34px"))


def _widgets(about: Mapping[str, Any], value: Any) -> list[Any]:
    unit = f" ({about['unit']})" if about.get("unit") else ""
    named = {"description": _spoken(str(about["name"])) + unit, "style": _WIDE, "layout": _FULL}
    match about["type"]:
        case "number":
            return [_slider(about, value, named)]
        case "numbers":
            places = range(int(about["count"]))
            step = (about["high"] - about["low"]) / 100
            return [
                _slider({**about, "step": step}, value[i], {**named, "description": f"{named['description']} {i + 1}"})
                for i in places
            ]
        case "flag":
            return [w.Checkbox(value=value, **named)]
        case "choice":
            return [w.Dropdown(options=about["choices"], value=value, **named)]
        case "text":
            return [w.Text(value=value, continuous_update=False, **named)]
        case _:
            return [w.Text(value=json.dumps(value, ensure_ascii=False), continuous_update=False, **named)]


def _slider(about: Mapping[str, Any], value: Any, named: Mapping[str, Any]) -> Any:
    kind: Any = w.IntSlider if about.get("whole") else w.FloatSlider
    low, high, step = about["low"], about["high"], about["step"]
    return kind(value=value, min=low, max=high, step=step, continuous_update=False, **named)


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
