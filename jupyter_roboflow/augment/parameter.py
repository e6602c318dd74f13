"""What a step's settings may be: described once, for checking them and for sliders."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

TEXT_LIMIT = 255
LIST_LIMIT = 10_000


class Unfit(ValueError):
    """A value that a parameter does not take; the text says what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(ABC):
    """A setting by name, with its default and help in a sentence. `as_dict` is what a user interface needs."""

    kind: ClassVar[str]
    name: str
    default: Any
    help: str

    @abstractmethod
    def allowed(self) -> str:
        """What may be given, for messages: `a number from 0 to 45`."""

    @abstractmethod
    def accepts(self, value: Any) -> Any:
        """The value in its canonical form; `Unfit` for what is not allowed."""

    def check(self, value: Any) -> Any:
        """The value in its canonical form; `Unfit` says what is allowed."""
        try:
            return self.accepts(value)
        except (TypeError, ValueError, OverflowError, KeyError):
            raise Unfit(self.allowed()) from None

    def as_dict(self) -> dict[str, Any]:
        """The description as plain data: name, type, default, help, and the range."""
        return {"name": self.name, "type": self.kind, "default": self.default, "help": self.help, **self._range()}

    def _range(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Parameter):
    """A number in a range; a whole one with `whole`. `unit` is for people: px, °, %."""

    kind: ClassVar[str] = "number"
    low: float
    high: float
    whole: bool = False
    unit: str = ""

    def allowed(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return f"a {'whole ' if self.whole else ''}number from {self.low:g} to {self.high:g}{unit}"

    def accepts(self, value: Any) -> float | int:
        if isinstance(value, bool | str | bytes) or not math.isfinite(float(value)):
            raise Unfit
        if not self.low <= value <= self.high or (self.whole and float(value) != int(value)):
            raise Unfit
        return int(value) if self.whole else float(value) + 0.0  # -0.0 is 0.0

    def _range(self) -> dict[str, Any]:
        step = 1 if self.whole else (self.high - self.low) / 100
        return {"low": self.low, "high": self.high, "step": step, "whole": self.whole, "unit": self.unit}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Parameter):
    """Yes or no."""

    kind: ClassVar[str] = "flag"

    def allowed(self) -> str:
        return "true or false"

    def accepts(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Unfit
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Parameter):
    """One of a few words."""

    kind: ClassVar[str] = "choice"
    choices: tuple[str, ...]

    def allowed(self) -> str:
        return "one of " + ", ".join(self.choices)

    def accepts(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise Unfit
        return value

    def _range(self) -> dict[str, Any]:
        return {"choices": list(self.choices)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Parameter):
    """A name."""

    kind: ClassVar[str] = "text"

    def allowed(self) -> str:
        return f"text of 1 to {TEXT_LIMIT} characters"

    def accepts(self, value: Any) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= TEXT_LIMIT:
            raise Unfit
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Parameter):
    """A list of names of labels or tags, in any order."""

    kind: ClassVar[str] = "names"

    def allowed(self) -> str:
        return f"a list of names, each of 1 to {TEXT_LIMIT} characters"

    def accepts(self, value: Any) -> list[str]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise Unfit
        return sorted({_name(item) for item in cast("list[Any]", value)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames(Parameter):
    """From old names to new ones; several may become one."""

    kind: ClassVar[str] = "renames"

    def allowed(self) -> str:
        return f"an object from old names to new names, each of 1 to {TEXT_LIMIT} characters"

    def accepts(self, value: Any) -> dict[str, str]:
        if not isinstance(value, Mapping) or len(cast("Mapping[Any, Any]", value)) > LIST_LIMIT:
            raise Unfit
        return {_name(old): _name(new) for old, new in sorted(cast("Mapping[str, str]", value).items())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(Parameter):
    """A fixed count of numbers in a range, as for the three channels of a picture."""

    kind: ClassVar[str] = "numbers"
    low: float
    high: float
    count: int = 3

    def allowed(self) -> str:
        return f"a list of {self.count} numbers from {self.low:g} to {self.high:g}"

    def accepts(self, value: Any) -> list[float]:
        one = Number(name=self.name, default=0, help="", low=self.low, high=self.high)
        if not isinstance(value, list | tuple) or len(cast("list[Any]", value)) != self.count:
            raise Unfit
        return [float(one.accepts(item)) for item in cast("list[Any]", value)]

    def _range(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high, "count": self.count}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments(Parameter):
    """Arguments for something of another library, as JSON data by name."""

    kind: ClassVar[str] = "arguments"

    def allowed(self) -> str:
        return "an object of JSON data by name"

    def accepts(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in cast("Mapping[Any, Any]", value)):
            raise Unfit
        return {key: _plain(item) for key, item in sorted(cast("Mapping[str, Any]", value).items())}


def _name(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= TEXT_LIMIT:
        raise Unfit
    return value


def _plain(value: Any, depth: int = 0) -> Any:
    """JSON data alone: tuples become lists; anything else, and whatever is nested too deep, is refused."""
    if depth > 8 or (isinstance(value, float) and not math.isfinite(value)):
        raise Unfit
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in cast("list[Any]", value)]
    if isinstance(value, Mapping):
        return {_name(key): _plain(item, depth + 1) for key, item in sorted(cast("Mapping[str, Any]", value).items())}
    raise Unfit
