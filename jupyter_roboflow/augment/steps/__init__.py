"""Steps of recipes, as one list: `STEPS` by name."""

from __future__ import annotations

from .affine import BoxRotate, BoxShear, Rotate, ScaleTranslate, Shear
from .albumentations_transform import AlbumentationsTransform
from .blur import Blur, BoxBlur, MotionBlur
from .classes import ModifyClasses
from .colour import Hue, Saturation
from .contrast import Contrast
from .crop import BoxCrop, RandomCrop, StaticCrop
from .cutout import Cutout
from .filters import FilterByTag, FilterEmpty
from .flip import BoxFlip, Flip
from .grayscale import Grayscale, RandomGrayscale
from .isolate import IsolateObjects
from .light import BoxBrightness, BoxExposure, Brightness, Exposure
from .mosaic import Mosaic
from .ninety import BoxNinety, Ninety
from .noise import BoxNoise, CameraGain, Noise
from .normalize import Normalize
from .orient import AutoOrient
from .perspective import Perspective
from .resize import Resize
from .step import Settings, Step
from .tile import Tile

PREPROCESSING: tuple[Step, ...] = (
    AutoOrient(),
    FilterByTag(),
    ModifyClasses(),
    StaticCrop(),
    Tile(),
    IsolateObjects(),
    FilterEmpty(),
    Resize(),
    Grayscale(),
    Contrast(),
    Normalize(),
)
AUGMENTATION: tuple[Step, ...] = (
    Flip(),
    Ninety(),
    RandomCrop(),
    Rotate(),
    Shear(),
    ScaleTranslate(),
    Perspective(),
    RandomGrayscale(),
    Hue(),
    Saturation(),
    Brightness(),
    Exposure(),
    Blur(),
    MotionBlur(),
    Noise(),
    CameraGain(),
    Cutout(),
    Mosaic(),
    BoxFlip(),
    BoxNinety(),
    BoxCrop(),
    BoxRotate(),
    BoxShear(),
    BoxBrightness(),
    BoxExposure(),
    BoxBlur(),
    BoxNoise(),
    AlbumentationsTransform(),
)
STEPS: dict[str, Step] = {step.name: step for step in (*PREPROCESSING, *AUGMENTATION)}

__all__ = ["AUGMENTATION", "PREPROCESSING", "STEPS", "Settings", "Step"]
