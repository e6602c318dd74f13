"""Recipes as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..augment import STEPS, PlannedStep, Recipe
from ..domain.errors import Invalid

__all__ = ["Recipe", "as_recipe", "recipe_code", "step_descriptions"]


def as_recipe(what: Recipe | Mapping[str, Any] | Iterable[Any]) -> Recipe:
    """A recipe from itself, its plain data, or a list of steps."""
    if isinstance(what, Recipe):
        return what
    return Recipe.from_dict(what) if isinstance(what, Mapping) else Recipe(what)


def step_descriptions() -> dict[str, dict[str, Any]]:
    """Every step there is by name, with its parameters, as plain data."""
    return {name: step.describe() for name, step in STEPS.items()}


def recipe_code(recipe: Recipe) -> str:
    """Python that makes the recipe, without what is the default anyway; it wants `import jupyter_roboflow as rf`."""
    lines: list[str] = []
    for name, steps in (("preprocess", recipe.preprocess), ("augment", recipe.augment)):
        if steps:
            lines += [f"    {name}=[", *(f"        {_step_code(step)}," for step in steps), "    ],"]
    bare, given = Recipe(preprocess=recipe.preprocess, augment=recipe.augment).as_dict(), recipe.as_dict()
    lines += [f"    {name}={value!r}," for name, value in given.items() if value != bare[name]]
    return "\n".join(["recipe = rf.Recipe(", *lines, ")"]) if lines else "recipe = rf.Recipe()"


def _step_code(step: PlannedStep) -> str:
    default = Recipe([step.name]) if _has_defaults(step) else None
    known: Sequence[PlannedStep] = (*default.preprocess, *default.augment) if default else ()
    usual = known[0].as_dict() if known else {}
    told = {name: value for name, value in step.as_dict().items() if name == "step" or usual.get(name, _NONE) != value}
    return repr(step.name) if len(told) == 1 else repr(told)


def _has_defaults(step: PlannedStep) -> bool:
    """Whether the step can do without any setting."""
    try:
        STEPS[step.name].check({}, step.name)
    except Invalid:
        return False
    return True


_NONE = object()
