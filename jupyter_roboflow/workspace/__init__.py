"""What people type in notebooks."""

from __future__ import annotations

from .dataset import Dataset
from .images import Image, Images
from .version import Version
from .workspace import Workspace, connect

__all__ = ["Dataset", "Image", "Images", "Version", "Workspace", "connect"]
