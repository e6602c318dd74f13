"""Docstrings are written in Markdown; autodoc wants reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_MARKS = re.compile(r"([\\*_|])")
_BEFORE = " \n([{<\"'-/:"
_AFTER = " \n.,:;!?)]}>\"'-/"


def restructured(lines: Iterable[str]) -> list[str]:
    """The same text for docutils: literals in double backticks, other marks escaped, indented blocks as code."""
    return [line for block in _blocks(lines) for line in [*_block(block), ""]]


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _block(lines: list[str]) -> list[str]:
    if all(line.startswith("    ") for line in lines):
        return ["::", "", *lines]
    return _prose("\n".join(lines)).split("\n")


def _prose(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for code in _CODE.finditer(text):
        pieces.append(_escaped(text[end : code.start()]))
        before, after = text[code.start() - 1 : code.start()], text[code.end() : code.end() + 1]
        glue = "\\ " if before and before not in _BEFORE else ""
        pieces.append(f"{glue}``{' '.join(code[1].split())}``" + ("\\ " if after and after not in _AFTER else ""))
        end = code.end()
    return "".join([*pieces, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
