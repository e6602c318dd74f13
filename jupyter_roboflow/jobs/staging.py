"""Between reading and writing an import: pictures stored, everything else in a temporary file, memory flat."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, Self

from ..domain.annotation import Annotation
from ..domain.dataset import ImageState, Label
from ..domain.errors import UnreadableDataset
from ..domain.manifest import ByteSource, Example, Losses, Manifest
from ..ingest.incoming import Incoming, fresh_path
from ..ingest.picture import Picture
from ..ingest.pool import DecodePool, Outcome
from ..storage import annotations, audit, datasets, images, labels
from ..storage.database import Connection
from .fitting import fit_to_picture
from .kind import JobContext
from .new_images import new_image

BATCH = 256
"""Examples per staged batch."""
