"""How the user guide is built: `make docs`, or `python -m sphinx -W docs build/docs`. Needs no network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).parent))

from docstrings import restructured
from from_code import MADE

import jupyter_roboflow

project = "jupyter-roboflow"
author = "The jupyter-roboflow contributors"
project_copyright = "The jupyter-roboflow contributors, BSD-3-Clause"
release = version = jupyter_roboflow.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["pictures", "static"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
add_module_names = False
maximum_signature_line_length = 88
pygments_style, pygments_dark_style = "friendly", "monokai"

html_theme = "furo"
html_title = "jupyter-roboflow"
html_copy_source = False
html_show_sphinx = False
html_static_path, html_css_files = ["static"], ["guide.css"]


class FromCode(SphinxDirective):
    """`{from-code} NAME`: a table or list that the code itself says, so that it cannot be out of date."""

    required_arguments = 1

    def run(self) -> list[Any]:
        return self.parse_text_to_nodes(MADE[self.arguments[0]](), allow_section_headings=True)


def _docstring(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    lines[:] = restructured(lines)


def _list_decisions(app: Sphinx, docname: str, source: list[str]) -> None:
    """The index of decisions is written for readers of the repository; here the records hang below it."""
    if docname == "adr/README":
        source[0] += "\n```{toctree}\n:hidden:\n:glob:\n\n0*\n```\n"


def setup(app: Sphinx) -> None:
    app.add_directive("from-code", FromCode)
    app.connect("autodoc-process-docstring", _docstring)
    app.connect("source-read", _list_decisions)
