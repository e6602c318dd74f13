"""Other labels for this version; the dataset keeps its own."""

from __future__ import annotations

from dataclasses import replace

from ..move import Run
from ..parameter import Names, Renames
from ..picture import Mark, Picture
from .step import Settings, Step


class ModifyClasses(Step):
    name = "modify_classes"
    title = "Modify classes"
    help = "Rename labels, merge several into one, or drop them, in this version only."
    stage = "preprocess"
    parameters = (
        Renames(name="rename", default={}, help="From old to new names; several with one new name are merged."),
        Names(name="drop", default=[], help="Labels whose annotations are left out."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        rename: dict[str, str] = settings["rename"]
        marks: list[Mark] = []
        for mark in picture.marks:
            if mark.label in settings["drop"]:
                run.drop(mark, "label left out of this version")
            else:
                marks.append(replace(mark, label=rename.get(mark.label, mark.label)))
        return [replace(picture, marks=tuple(marks))]
