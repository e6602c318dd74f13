"""Folders and zip archives, read and written safely: `open_files` to read, `ZipSink` and `FolderSink` to write."""

from __future__ import annotations

from .files import Files, open_files
from .sink import FolderSink, Sink, ZipSink

__all__ = ["Files", "FolderSink", "Sink", "ZipSink", "open_files"]
