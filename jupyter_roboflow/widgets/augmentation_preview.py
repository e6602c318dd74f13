"""A recipe to play with: a few images beside their augmented copies, and a slider for everything."""

# ipywidgets and ipycanvas come without types.
# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false, reportUnknownVariableType=false

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as untyped  # pyright: ignore[reportMissingTypeStubs]
import traitlets

from ..backend.backend import Backend
from ..domain.errors import RoboflowError
from ..domain.preview import PreviewItem
from ..workspace.recipes import Recipe, recipe_code, step_descriptions
from .contact_sheet import ContactSheet
from .step_controls import StepControls

w: Any = untyped
SEEDS = 1_000_000
GOOD_IOU = 0.95
_STAGES = ("preprocess", "augment")
_CODE = "line-height: 1.4; user-select: all; white-space: pre; overflow-x: auto"


class AugmentationPreview(w.VBox):
    """Shows a recipe on images of a dataset and lets it be changed; `recipe` is the one on show, ready for
    `ds.generate(widget.recipe)`, `code` the same as Python.

    A setting that cannot be is told in words, and the last recipe that could stays.
    """

    recipe = traitlets.Instance(Recipe, read_only=True)

    def __init__(
        self, backend: Backend, dataset_id: int, recipe: Recipe, image_ids: Sequence[int] | None, side: int = 640
    ) -> None:
        self._backend, self._dataset_id, self._ids, self._side = backend, dataset_id, image_ids, side
        self._about = step_descriptions()
        self._colors = {label.name: label.color for label in backend.labels(dataset_id)}
        self.items: list[PreviewItem] = []
        self.seconds = 0.0
        self.steps: list[StepControls] = [
            self._controls(each.name, each.as_dict()) for each in (*recipe.preprocess, *recipe.augment)
        ]
        self.sheet, self._list = ContactSheet(), w.VBox()
        self.badge, self.problem = w.HTML(layout=w.Layout(flex="1 0 auto")), w.HTML()
        self._code = w.HTML(layout=w.Layout(width="98%"))
        self.copies = w.IntSlider(1, 1, 4, description="Copies", tooltip="Copies shown", continuous_update=False)
        self.copies.layout = w.Layout(flex="0 1 230px")
        self.copies.observe(lambda change: self.redraw(), "value")
        left = w.VBox([self._adder(), self._list, self._code], layout=w.Layout(width="340px", flex="0 0 auto"))
        right = w.VBox(
            [self._bar(), self.problem, self.sheet], layout=w.Layout(flex="1 1 0", min_width="0", padding="0 0 0 8px")
        )
        super().__init__([w.HBox([left, right])])
        self.set_trait("recipe", recipe)
        self._list.children = tuple(self.steps)
        self.add_class("rf-augmentation-preview")
        self.observe(lambda change: self.redraw(), "recipe")
        self.redraw()

    @property
    def code(self) -> str:
        """Python that makes the recipe."""
        return recipe_code(self.recipe)

    def add(self, name: str) -> None:
        """A step more, with its defaults, at the end of its stage."""
        try:
            made = Recipe([name])
        except RoboflowError as error:
            self._say(error.message)
            return
        [step] = (*made.preprocess, *made.augment)
        self._arrange([*self.steps, self._controls(name, step.as_dict())])

    def remove(self, place: int) -> None:
        """One step less."""
        self._arrange([step for i, step in enumerate(self.steps) if i != place])

    def move(self, place: int, by: int) -> None:
        """Exchange a step with its neighbour, -1 before or 1 behind it; preprocessing stays before augmentation."""
        other = place + by
        if 0 <= other < len(self.steps) and self.steps[place].stage == self.steps[other].stage:
            steps = list(self.steps)
            steps[place], steps[other] = steps[other], steps[place]
            self._arrange(steps)

    def new_seed(self) -> None:
        """Other chances for the same steps."""
        self._take({**self.recipe.as_dict(), "seed": secrets.randbelow(SEEDS)})

    def redraw(self) -> None:
        """Ask for the pictures of the recipe and show them."""
        started = time.perf_counter()
        self._code.value = f'<pre style="{_CODE}" title="Click to mark all of it">{escape(self.code)}</pre>'
        try:
            self.items = self._backend.preview_recipe(
                self._dataset_id,
                self.recipe.as_dict(),
                image_ids=self._ids,
                copies=int(self.copies.value),
                side=self._side,
            )
        except RoboflowError as error:
            self._say(error.message)
            return
        self.sheet.show(self.items, self._colors)
        self.seconds = time.perf_counter() - started
        self._say("; ".join(f"{item.filename}: {item.problem}" for item in self.items if item.problem))
        self.badge.value = self._badge()

    def close(self) -> None:
        """Let go of the canvas and its pictures too."""
        self.sheet.close()
        super().close()

    def _changed(self) -> None:
        steps = [step.settings for step in self.steps]
        stages = {stage: [s for s, c in zip(steps, self.steps, strict=True) if c.stage == stage] for stage in _STAGES}
        self._take({**self.recipe.as_dict(), **stages})

    def _take(self, plain: Mapping[str, Any]) -> None:
        multiplier = plain["multiplier"]
        if plain["augment"] and not self.recipe.augment and multiplier == 1:
            multiplier = None  # the usual number of copies, once there is something to vary
        try:
            recipe = Recipe.from_dict({**plain, "multiplier": multiplier})
        except RoboflowError as error:
            self._say(error.message)
            return
        self._say("")
        self.set_trait("recipe", recipe)

    def _arrange(self, steps: list[StepControls]) -> None:
        self.steps = sorted(steps, key=lambda step: _STAGES.index(step.stage))
        self._list.children = tuple(self.steps)
        self._changed()

    def _controls(self, name: str, settings: Mapping[str, Any]) -> StepControls:
        return StepControls(
            self._about[name],
            settings,
            self._changed,
            lambda step, by: self.move(self.steps.index(step), by),
            lambda step: self.remove(self.steps.index(step)),
        )

    def _adder(self) -> Any:
        options = [(f"{about['title']} ({about['stage']})", name) for name, about in self._about.items()]
        chosen = w.Dropdown(options=options, value="flip", layout=w.Layout(flex="1 1 0", min_width="0"))
        button = w.Button(description="Add step", icon="plus", layout=w.Layout(flex="0 0 auto", width="120px"))
        button.on_click(lambda _: self.add(str(chosen.value)))
        return w.HBox([chosen, button], layout=w.Layout(margin="0 0 6px 0"))

    def _bar(self) -> Any:
        seed = w.Button(description="New seed", icon="random", tooltip="Other chances for the same steps")
        seed.on_click(lambda _: self.new_seed())
        return w.HBox([seed, self.copies, self.badge])

    def _badge(self) -> str:
        ious = [picture.iou for item in self.items for picture in item.pictures if picture.iou is not None]
        if not ious:
            return ""
        color = "--jp-success-color0" if min(ious) >= GOOD_IOU else "--jp-warn-color0"
        style = f"color: white; background: var({color}, #1b5e20); border-radius: 4px; padding: 0 8px"
        told = f"outlines on their pixels, {self.seconds:.2f} s"
        return f'<span style="{style}">IoU ≥ {min(ious):.3f}</span> <span>{told}</span>'

    def _say(self, what: str) -> None:
        style = "color: var(--jp-error-color0, #b71c1c)"
        self.problem.value = f'<span role="alert" style="{style}">{escape(what)}</span>' if what else ""
