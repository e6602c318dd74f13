"""albumentations 2.0.8 as the escape hatch knows it: which transforms it takes, how they move points, which not."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from typing import Any

BENDS = frozenset({"ElasticTransform", "GridDistortion", "OpticalDistortion"})
"""Moved by their field of displacements, turned round by us: the library's own key points are a pixel off."""

BENDS_KEYPOINTS = frozenset({"GridElasticDeform"})
"""Not straight, and its own key points are right."""

EDGE_KEYPOINTS = frozenset(
    {"CropAndPad", "LongestMaxSize", "RandomResizedCrop", "RandomScale", "RandomSizedCrop", "Resize", "SmallestMaxSize"}
)
"""Those that take key points from the pixel's edge; all others take them from its centre."""

# fmt: off
STRAIGHT = EDGE_KEYPOINTS | {
    "Affine", "CenterCrop", "Crop", "D4", "HorizontalFlip", "NoOp", "Pad", "PadIfNeeded", "Perspective", "RandomCrop",
    "RandomCropFromBorders", "RandomRotate90", "Rotate", "SafeRotate", "SquareSymmetry", "Transpose", "VerticalFlip",
}
# fmt: on
"""Lines stay lines."""

STAYS = frozenset(["CoarseDropout", "Erasing", "GridDropout", "PixelDropout", "XYMasking"])
"""They cover pixels and move none."""

_NEEDS_BOXES = "it looks at the boxes to decide, which have not been moved by then: use the steps crop or static_crop"
_NEEDS_MASKS = "it needs masks, and polygons have none: use the step cutout"
_NEEDS_OTHERS = "it needs other images or texts as arguments, which a recipe cannot hold"
_IS_SOUND = "it is made for spectrograms"
_IS_3D = "it is made for volumes"
_IS_FLOAT = "its result is not a picture of 8 bits: use the step normalize"

REFUSED: Mapping[str, str] = {
    "ThinPlateSpline": "its key points do not follow its pixels (IoU 0.60 with the warped mask)",
    "PiecewiseAffine": "its key points do not follow its pixels (IoU 0.94 with the warped mask)",
    "Morphological": "it grows or shrinks what is seen, and outlines with it, by no map that polygons could follow",
    "RandomGridShuffle": "it cuts objects into cells and scatters them",
    "Lambda": "it holds code, and a recipe is data",
    "Mosaic": "use the step mosaic",
    "ShiftScaleRotate": "it is deprecated there: use Affine, or the steps rotate and scale_translate",
    **dict.fromkeys(("AtLeastOneBBoxRandomCrop", "BBoxSafeRandomCrop", "RandomCropNearBBox"), _NEEDS_BOXES),
    "RandomSizedBBoxSafeCrop": _NEEDS_BOXES,
    **dict.fromkeys(("ConstrainedCoarseDropout", "CropNonEmptyMaskIfExists", "MaskDropout"), _NEEDS_MASKS),
    **dict.fromkeys(("FDA", "HistogramMatching", "OverlayElements", "PixelDistributionAdaptation"), _NEEDS_OTHERS),
    "TextImage": _NEEDS_OTHERS,
    **dict.fromkeys(("FrequencyMasking", "TimeMasking", "TimeReverse"), _IS_SOUND),
    **dict.fromkeys(("CenterCrop3D", "CoarseDropout3D", "CubicSymmetry", "Pad3D", "PadIfNeeded3D"), _IS_3D),
    **dict.fromkeys(("RandomCrop3D", "Transform3D"), _IS_3D),
    **dict.fromkeys(("FromFloat", "Normalize", "ToFloat"), _IS_FLOAT),
    "ToRGB": "pictures have three channels already",
}


def load() -> Any:
    """The library, with its call to the network on import switched off."""
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
    import albumentations  # pyright: ignore[reportMissingTypeStubs]

    return albumentations


def why_not(name: str) -> str | None:
    """Why a transform cannot be part of a recipe; None when it can."""
    if name in REFUSED:
        return REFUSED[name]
    if name in STRAIGHT | STAYS | BENDS | BENDS_KEYPOINTS:
        return None
    library = load()
    kind = getattr(library, name, None)
    if not isinstance(kind, type) or not issubclass(kind, library.BasicTransform):
        return "albumentations 2.0.8 has no transform of this name"
    if issubclass(kind, library.ImageOnlyTransform) and kind is not library.ImageOnlyTransform:
        return None
    return "nobody has measured whether polygons follow its pixels"


def make(name: str, arguments: Mapping[str, Any]) -> Any:
    """The transform, acting always; `ValueError` says what is wrong with its arguments."""
    kind = getattr(load(), name)
    known = [parameter for parameter in inspect.signature(kind).parameters if parameter != "p"]
    if unknown := sorted(set(arguments) - set(known)):
        raise ValueError(f"it has no argument {unknown[0]!r}, but {', '.join(known) or 'none'}")
    try:
        return kind(**arguments, p=1.0)
    except Exception as error:  # whatever a constructor of somebody else's raises
        raise ValueError(" ".join(str(error).split())[:300]) from None
