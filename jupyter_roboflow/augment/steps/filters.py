"""Images that do not come into a version."""

from __future__ import annotations

from ..move import Run
from ..parameter import Names, Number
from ..picture import Picture
from .step import Settings, Step


class FilterEmpty(Step):
    name = "filter_empty"
    title = "Filter empty"
    help = "Leave out images without annotations, after whatever earlier steps dropped; a percentage of them may stay."
    stage = "preprocess"
    parameters = (
        Number(name="keep", default=0.0, low=0, high=100, unit="%", help="Share of the empty images that stays."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        if picture.marks or run.random.random() * 100 < settings["keep"]:
            return [picture]
        return run.leave_out("no annotations")


class FilterByTag(Step):
    name = "filter_by_tag"
    title = "Filter by tag"
    help = "Only images that have all required tags and none of the excluded ones."
    stage = "preprocess"
    parameters = (
        Names(name="require", default=[], help="Tags that an image must have, all of them."),
        Names(name="exclude", default=[], help="Tags that an image must not have, none of them."),
    )

    def apply(self, picture: Picture, settings: Settings, run: Run) -> list[Picture]:
        tags = set(run.tags)
        if missing := sorted(set(settings["require"]) - tags):
            return run.leave_out(f"without the tag {missing[0]}")
        if unwanted := sorted(set(settings["exclude"]) & tags):
            return run.leave_out(f"with the tag {unwanted[0]}")
        return [picture]
