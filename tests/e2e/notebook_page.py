from __future__ import annotations

from tests.e2e.lab_page import LabPage


class NotebookPage(LabPage):
    """Notebook 7 as a person has it in front of them: one document, no workspace. The same server serves it."""

    view = "notebooks"
    start = "tree"
