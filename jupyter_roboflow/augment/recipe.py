"""What a Recipe is: steps with their settings as plain data, checked when it is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, cast

import yaml

from ..domain.dataset import clean_name
from ..domain.errors import Invalid
from .move import Rules
from .parameter import Number, Unfit
from .steps import STEPS
from .steps.step import refusal

MULTIPLIER_LIMIT = 50
STEPS_LIMIT = 100
TEXT_LIMIT = 1_000_000
SEED_LIMIT = 2**53 - 1
"""JavaScript counts no further, and the seed is typed into a panel."""

_SHARE = Number(name="", default=1, low=0, high=1, help="")


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a recipe: its name, every setting, and how often it acts (preprocessing always does)."""

    name: str
    settings: Mapping[str, Any]
    probability: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        """Plain data: `{"step": "rotate", "degrees": 15.0, "fill": "black", "probability": 0.5}`."""
        chance = {"probability": self.probability} if STEPS[self.name].stage == "augment" else {}
        return {"step": self.name, **self.settings, **chance}


@dataclass(frozen=True, slots=True, init=False)
class Recipe:
    """Steps for every image (`preprocess`), steps for copies of training images (`augment`), a seed and a multiplier.

        Recipe(["resize", {"step": "rotate", "degrees": 10, "probability": 0.5}], multiplier=3)
        Recipe(preprocess=[{"step": "resize", "width": 640, "height": 640}], augment=["flip"], seed=7)

    A multiplier of 3 gives each training image and two copies. Left out, it is 3 where there is anything to augment,
    otherwise 1. `min_visible` is the share of a shape's own area below which it goes; `boxes` says how
    plain boxes turn: the box around their turned corners, or around the turned ellipse inside them (tighter);
    `mirror_labels` are pairs of labels that swap in a mirror. Whatever cannot be raises `Invalid`,
    naming the step and the parameter.
    """

    preprocess: tuple[PlannedStep, ...] = ()
    augment: tuple[PlannedStep, ...] = ()
    seed: int = 0
    multiplier: int = 1
    min_visible: float = 0.1
    boxes: str = "corners"
    mirror_labels: tuple[tuple[str, str], ...] = field(default=())

    def __init__(
        self,
        steps: Iterable[Any] = (),
        *,
        preprocess: Iterable[Any] = (),
        augment: Iterable[Any] = (),
        seed: int = 0,
        multiplier: int | None = None,
        min_visible: float = 0.1,
        boxes: str = "corners",
        mirror_labels: Iterable[Sequence[str]] = (),
    ) -> None:
        mixed = [planned(step, f"steps[{i}]") for i, step in enumerate(_listed(steps, "steps"))]
        before = [step for step in mixed if STEPS[step.name].stage == "preprocess"]
        after = [step for step in mixed if STEPS[step.name].stage == "augment"]
        before += _of_stage(preprocess, "preprocess")
        after += _of_stage(augment, "augment")
        if len(before) + len(after) > STEPS_LIMIT:
            raise Invalid(f"A recipe has at most {STEPS_LIMIT} steps: leave some out.", code="too_many_steps")
        default = 3 if after else 1
        values = {
            "preprocess": tuple(before),
            "augment": tuple(after),
            "seed": _whole(seed, "seed", 0, SEED_LIMIT, "bad_seed"),
            "multiplier": _whole(
                default if multiplier is None else multiplier, "multiplier", 1, MULTIPLIER_LIMIT, "bad_multiplier"
            ),
            "min_visible": _share(min_visible, "min_visible", "bad_min_visible"),
            "boxes": _one_of(boxes, "boxes", ("corners", "ellipse")),
            "mirror_labels": _pairs(mirror_labels),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """The recipe as plain JSON data, every default written out."""
        return {
            "preprocess": [step.as_dict() for step in self.preprocess],
            "augment": [step.as_dict() for step in self.augment],
            "seed": self.seed,
            "multiplier": self.multiplier,
            "min_visible": self.min_visible,
            "boxes": self.boxes,
            "mirror_labels": [list(pair) for pair in self.mirror_labels],
        }

    def to_json(self) -> str:
        """Canonical JSON: equal recipes give equal text."""
        return json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def to_yaml(self) -> str:
        """The recipe as YAML for people, in the order in which it is read."""
        return yaml.safe_dump(self.as_dict(), sort_keys=False, allow_unicode=True)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON in hex."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """The recipe that plain data describes; `Invalid` names what is wrong."""
        if not isinstance(data, Mapping):
            raise Invalid("A recipe is an object with preprocess and augment.", code="bad_recipe")
        given = cast("Mapping[Any, Any]", data)
        known = {"steps", "preprocess", "augment", "seed", "multiplier", "min_visible", "boxes", "mirror_labels"}
        if unknown := sorted(str(key) for key in set(given) - known):
            listed = ", ".join(sorted(known))
            raise Invalid(f"A recipe has no field {unknown[0][:40]!r}; known: {listed}.", code="unknown_field")
        return cls(**{str(key): value for key, value in given.items()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The recipe of a JSON text."""
        try:
            return cls.from_dict(json.loads(_short(text)))
        except (ValueError, RecursionError) as error:
            raise Invalid(f"The recipe is not JSON: {error}.", code="bad_recipe") from None

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """The recipe of a YAML text."""
        try:
            return cls.from_dict(yaml.safe_load(_short(text)))
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise Invalid(f"The recipe is not YAML: {' '.join(str(error).split())}.", code="bad_recipe") from None

    def rules(self, max_pixels: int = 100_000_000) -> Rules:
        """What of the recipe holds for all its steps."""
        swapped = {a: b for pair in self.mirror_labels for a, b in (pair, pair[::-1])}
        return Rules(self.min_visible, swapped, self.boxes == "ellipse", max_pixels)

    @property
    def companions(self) -> int:
        """How many other pictures of the dataset a copy needs (a mosaic asks for three)."""
        return max((STEPS[step.name].companions for step in self.augment), default=0)


def planned(step: Any, place: str) -> PlannedStep:
    """A checked step from its name, from `{"step": name, …}` or from another planned step."""
    if isinstance(step, PlannedStep):
        step = step.as_dict()
    if isinstance(step, str):
        step = {"step": step}
    if not isinstance(step, Mapping) or not isinstance(cast("Mapping[Any, Any]", step).get("step"), str):
        raise Invalid(
            f'{place} is the name of a step, or an object like {{"step": "flip"}}.', code="bad_step", step=place
        )
    given = dict(cast("Mapping[str, Any]", step))
    name = given.pop("step")
    if name not in STEPS:
        raise Invalid(
            f"{place}: there is no step {name[:40]!r}; known: {', '.join(STEPS)}.",
            code="unknown_step",
            step=place,
            allowed=list(STEPS),
        )
    where = f"{place} {name}"
    chance = given.pop("probability", STEPS[name].probability)
    if STEPS[name].stage == "preprocess" and chance != 1.0:
        raise Invalid(
            f"{where}: preprocessing acts on every image, its probability is 1.", code="bad_probability", step=where
        )
    return PlannedStep(
        name, STEPS[name].check(given, where), _share(chance, f"{where}: probability", "bad_probability")
    )


def _of_stage(steps: Iterable[Any], stage: str) -> list[PlannedStep]:
    found: list[PlannedStep] = []
    for i, step in enumerate(_listed(steps, stage)):
        one = planned(step, f"{stage}[{i}]")
        if STEPS[one.name].stage != stage:
            raise Invalid(
                f"{stage}[{i}]: {one.name} belongs under {STEPS[one.name].stage}.",
                code="wrong_stage",
                step=f"{stage}[{i}]",
            )
        found.append(one)
    return found


def _listed(steps: Any, where: str) -> list[Any]:
    if isinstance(steps, str | bytes | Mapping) or not isinstance(steps, Iterable):
        raise Invalid(f"{where} is a list of steps.", code="bad_recipe")
    return list(cast("Iterable[Any]", steps))


def _whole(value: Any, name: str, low: int, high: int, code: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Invalid(
            f"{name} is a whole number from {low} to {high}, not {str(value)[:40]}.", code=code, parameter=name
        )
    return value


def _share(value: Any, name: str, code: str) -> float:
    try:
        return float(_SHARE.check(value))
    except Unfit as unfit:
        raise Invalid(f"{name} is {unfit}, not {str(value)[:40]}.", code=code, parameter=name) from None


def _one_of(value: Any, name: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise refusal("recipe", name, value, "one of " + ", ".join(choices))
    return str(value)


def _pairs(pairs: Any) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for pair in _listed(pairs, "mirror_labels"):
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(cast("Sequence[Any]", pair)) != 2:
            raise refusal("recipe", "mirror_labels", pair, "a list of pairs of labels")
        left, right = (clean_name(name, "label") for name in cast("Sequence[Any]", pair))
        found.append((left, right))
    names = [name for pair in found for name in pair]
    if len(set(names)) < len(names):
        raise refusal("recipe", "mirror_labels", names, "a list of pairs in which no label comes twice")
    return tuple(found)


def _short(text: Any) -> str:
    if not isinstance(text, str):
        raise Invalid("A recipe is given as text.", code="bad_recipe")
    if len(text) > TEXT_LIMIT:
        raise Invalid(f"A recipe has at most {TEXT_LIMIT:,} characters.", code="bad_recipe")
    return text
