"""Puts the README's tables in again: `make fix`."""

from __future__ import annotations

from pathlib import Path

from . import filled_in

README = Path(__file__).resolve().parents[2] / "README.md"
README.write_text(filled_in(README.read_text(encoding="utf-8")), encoding="utf-8")
