"""The README and the guide as text: their blocks of code, their links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.checkout import ROOT

PAGES = (Path("README.md"), *sorted(p.relative_to(ROOT) for p in (ROOT / "docs").rglob("*.md")))


def text_of(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.DOTALL | re.MULTILINE)


def links(page: Path) -> Iterator[str]:
    """Where a page leads, pictures among it, without what is code."""
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", text_of(page), flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"\]\(([^)\s]+)\)", prose)
    yield from re.findall(r'(?:src|srcset|href)="([^"]+)"', prose)
    yield from re.findall(r"^```\{(?:image|include)\} (\S+)$", text_of(page), re.MULTILINE)
