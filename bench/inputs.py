"""The datasets that are measured on, made once and kept in `bench/out/inputs`."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .coco_data import Recipe, file_name, image_sizes, write_coco

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True, slots=True)
class Input:
    """A COCO dataset by name; without pixels it is the JSON alone."""

    name: str
    recipe: Recipe
    pixels: bool

    @property
    def folder(self) -> Path:
        """Where it lies: `annotations/instances_train.json` and `images/train`, as datumaro wants it."""
        return OUT / "inputs" / f"{self.name}-{_GENERATION}"

    @property
    def json(self) -> Path:
        return self.folder / "annotations" / "instances_train.json"

    def made(self) -> Input:
        """This input, generated first unless it is there whole."""
        if not self.folder.exists():
            building = self.folder.with_name(self.folder.name + ".part")
            shutil.rmtree(building, ignore_errors=True)
            (building / "annotations").mkdir(parents=True)
            (building / "images" / "train").mkdir(parents=True)
            write_coco(self.recipe, building / "annotations" / "instances_train.json")
            if self.pixels:
                _write_pictures(self.recipe, building / "images" / "train")
            building.rename(self.folder)
        return self

    def read_all(self) -> None:
        """Read every file once, so that whoever is measured next finds them in the page cache."""
        for path in self.folder.rglob("*.j*"):
            with path.open("rb") as file:
                while file.read(1 << 20):
                    pass


_GENERATION = 1
"""Raised with every change of what is generated."""

AUGMENTED = 500
"""Pictures of 1280 × 960 that are augmented."""

INPUTS: Mapping[str, Input] = {
    made.name: made
    for made in (
        Input("tiny-pixels", Recipe(6, 40, box_share=0.25), pixels=True),
        Input("tiny", Recipe(6, 40), pixels=False),
        Input("500", Recipe(500, 3_600, box_share=0.25), pixels=True),
        Input("photos-500", Recipe(AUGMENTED, 7 * AUGMENTED, size_wh=(1280, 960)), pixels=True),
        Input("10k", Recipe(10_000, 72_706), pixels=False),
        Input("train2017", Recipe(118_287, 860_001), pixels=False),
    )
}


def _write_pictures(recipe: Recipe, folder: Path) -> None:
    from .pictures import write_picture  # imports OpenCV

    sizes = image_sizes(recipe).tolist()
    paths = [folder / file_name(number) for number in range(1, recipe.images + 1)]
    seeds = [(recipe.seed, number) for number in range(1, recipe.images + 1)]
    with ProcessPoolExecutor() as pool:
        widths, heights = zip(*sizes, strict=True)
        for _ in pool.map(write_picture, paths, widths, heights, seeds, chunksize=16):
            pass
