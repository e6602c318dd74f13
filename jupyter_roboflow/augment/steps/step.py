"""What a Step is: one operation of a recipe on a picture and everything marked on it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from ...domain.errors import Invalid
from ..move import Run
from ..parameter import Parameter, Unfit
from ..picture import Picture

Settings: TypeAlias = "Mapping[str, Any]"
"""A step's checked settings, every parameter among them."""


class Step(ABC):
    """Stateless. Whatever moves pixels goes through `move`, which moves the marks with them; chance comes from the run.

    `preprocess` steps act once on every image of every split; `augment` steps on each copy, with a probability.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    stage: ClassVar[Literal["preprocess", "augment"]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    probability: ClassVar[float] = 1.0
    """How often it acts when a recipe does not say."""
    moves: ClassVar[bool] = False
    """Whether it is one of those that move shapes."""
    companions: ClassVar[int] = 0
    """How many other pictures of the dataset it asks for."""

    @abstractmethod
    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        """What becomes of the picture: as a rule one, of a tiling several, none when it is left out."""

    def check(self, given: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Every setting, given or default, in canonical form; `Invalid` names place, parameter and range."""
        known = {parameter.name: parameter for parameter in self.parameters}
        if unknown := sorted(set(given) - set(known)):
            listed = ", ".join(known) or "none"
            raise Invalid(
                f"{place}: there is no parameter {unknown[0][:40]!r}; {self.name} has: {listed}.",
                code="unknown_parameter",
                step=place,
                parameter=unknown[0][:40],
                allowed=listed,
            )
        settings = {name: self._checked(known[name], given[name], place) for name in known if name in given}
        complete = {**{name: parameter.default for name, parameter in known.items()}, **settings}
        self.check_together(complete, place)
        return complete

    def _checked(self, parameter: Parameter, value: Any, place: str) -> Any:
        try:
            return parameter.check(value)
        except Unfit as unfit:
            raise refusal(place, parameter.name, value, str(unfit)) from None

    def check_together(self, settings: Settings, place: str) -> None:  # noqa: B027 -- most steps have nothing to check
        """Raise `Invalid` where settings that are fine one by one do not fit each other."""

    def describe(self) -> dict[str, Any]:
        """The step as plain data, for user interfaces."""
        return {
            "name": self.name,
            "title": self.title,
            "help": self.help,
            "stage": self.stage,
            "probability": self.probability,
            "moves": self.moves,
            "parameters": [parameter.as_dict() for parameter in self.parameters],
        }


def refusal(place: str, parameter: str, value: Any, allowed: str) -> Invalid:
    """The error for a setting that is not allowed."""
    given = repr(value)
    given = given if len(given) <= 60 else f"{given[:57]}..."
    return Invalid(
        f"{place}: {parameter} is {allowed}, not {given}.",
        code="bad_parameter",
        step=place,
        parameter=parameter,
        allowed=allowed,
    )
