"""What a recipe would make of a few images: small pictures to look at, with their shapes."""

from __future__ import annotations

from dataclasses import dataclass

from .shapes import Shape


@dataclass(frozen=True, slots=True)
class PreviewShape:
    """A shape in pixels of the small picture. `iou` (0 to 1) compares a polygon with its mask moved as pixels; None for
    what has no mask. `source` is its place among the image's annotations.
    """

    shape: Shape
    label: str
    source: int
    iou: float | None = None


@dataclass(frozen=True, slots=True)
class PreviewDrop:
    """An annotation that went, why, and in which step (`augment[2] rotate`)."""

    source: int
    why: str
    step: str


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """A small picture: `data` is a file of `media_type`, `width` × `height` pixels. `copy` is 0 for an image without
    augmentation; `piece` tells the pieces of one image apart.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    shapes: tuple[PreviewShape, ...]
    dropped: tuple[PreviewDrop, ...] = ()
    copy: int = 0
    piece: str = ""

    @property
    def iou(self) -> float | None:
        """The least IoU of its polygons; None without any."""
        return min((each.iou for each in self.shapes if each.iou is not None), default=None)


@dataclass(frozen=True, slots=True)
class PreviewItem:
    """An image as it is, and what the recipe makes of it: nothing where the recipe leaves it out, or where `problem`
    says what went wrong. `more` pictures are not shown.
    """

    image_id: int
    filename: str
    original: PreviewPicture | None
    pictures: tuple[PreviewPicture, ...] = ()
    more: int = 0
    problem: str | None = None

    @property
    def size(self) -> int:
        """Bytes of all its pictures."""
        shown = self.pictures if self.original is None else (self.original, *self.pictures)
        return sum(len(picture.data) for picture in shown)
