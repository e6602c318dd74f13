"""What every model on the wire has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ...domain.page import PAGE_LIMIT, Page

Id: TypeAlias = Annotated[int, Field(ge=1, le=2**31 - 1)]
"""The number of a dataset, an image, a job or an export: what every database can hold."""

Text: TypeAlias = Annotated[str, Field(max_length=1000)]
"""A name or a short text; what a name may be is checked further in, with a message of its own."""

JsonObject: TypeAlias = dict[str, JsonValue]

T = TypeVar("T")
D = TypeVar("D")


class Request(BaseModel):
    """A JSON body. Unknown fields, numbers in strings, NaN and Infinity are refused."""

    most_bytes: ClassVar[int] = 32 * 1024 * 1024
    """Longest that is read: 5,000 annotations of 300 vertices, and more, fit in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Query(BaseModel):
    """The part of an address behind the question mark. Unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Paging(Query):
    """Which page of a list: pages count from 1."""

    page: int = Field(1, ge=1, le=10**9)
    limit: int = Field(100, ge=1, le=PAGE_LIMIT)


class Answer(BaseModel):
    """What the server answers; made from the domain's objects by their attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    @classmethod
    def encoded(cls, value: Any) -> bytes | None:
        """The JSON of an object of ours without checking it a second time; None: the model has to make it."""
        return None


class PageOf(Answer, Generic[T]):
    """One page of a list; `total` counts the whole list."""

    items: tuple[T, ...]
    total: int
    page: int
    limit: int

    def with_items(self, items: Sequence[D]) -> Page[D]:
        """The same page of other items: what the wire's items are in the domain."""
        return Page(tuple(items), self.total, self.page, self.limit)


class Status(Answer):
    status: str


class Readiness(Answer):
    """`checks` has `database`, `store` and `queue`: `ok` each, or a short reason."""

    status: str
    checks: dict[str, str]
