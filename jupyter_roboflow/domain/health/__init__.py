"""What is in a dataset and what deserves a look, from columns of numbers: no database, no pictures."""

from __future__ import annotations

from .builder import HealthBuilder, compute_health
from .columns import KIND_CODES, SPLIT_CODES, STATE_CODES, AnnotationColumns, ImageColumns
from .report import Finding, Health, Histogram, LabelHealth, NearDuplicates, Spread

__all__ = [
    "KIND_CODES",
    "SPLIT_CODES",
    "STATE_CODES",
    "AnnotationColumns",
    "Finding",
    "Health",
    "HealthBuilder",
    "Histogram",
    "ImageColumns",
    "LabelHealth",
    "NearDuplicates",
    "Spread",
    "compute_health",
]
