"""Folders and zip archives, read and written safely: `open_files` to read, `ZipSink` and `FolderSink` to write."""

from __future__ import annotations

from .export_names import NAMES_FILE, ExportNames, original_names
from .files import Files
from .folder_files import FolderFiles
from .folder_sink import FolderSink
from .image_header import IMAGE_SUFFIXES, upright_size
from .opening import open_files
from .sink import Sink
from .zip_files import ZipFiles
from .zip_sink import ZipSink

__all__ = [
    "IMAGE_SUFFIXES",
    "NAMES_FILE",
    "ExportNames",
    "Files",
    "FolderFiles",
    "FolderSink",
    "Sink",
    "ZipFiles",
    "ZipSink",
    "open_files",
    "original_names",
    "upright_size",
]
