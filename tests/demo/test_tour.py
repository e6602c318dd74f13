"""The tour as a file: what a person gets, and what becomes of a copy they have already."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from jupyter_roboflow.demo import data_folder, place_tour


@pytest.fixture
def packaged() -> dict[str, Any]:
    return json.loads((files("jupyter_roboflow.demo") / "tour.ipynb").read_text(encoding="utf-8"))


def test_the_tour_in_the_package_has_no_outputs_and_names_no_place_of_a_computer(packaged: dict[str, Any]) -> None:
    code = [cell for cell in packaged["cells"] if cell["cell_type"] == "code"]
    assert len(code) >= 10
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert not [
        text for cell in code for text in cell["source"] if "/home/" in text or "/Users/" in text or ":\\" in text
    ]


def test_every_step_of_the_tour_is_explained(packaged: dict[str, Any]) -> None:
    titles = [line for cell in packaged["cells"] for line in cell["source"] if line.startswith("## ")]
    steps = ("Upload", "Annotate", "model help", "experts", "Health", "recipe", "version", "Export", "supervision")
    assert all(any(step in title for title in titles) for step in steps), titles


def test_the_data_it_needs_is_in_the_package() -> None:
    assert len(list((data_folder("blood-cells") / "JPEGImages").glob("*.jpg"))) == 48
    assert (data_folder("nuclei") / "SOURCE.md").is_file()


def test_a_tour_that_was_run_keeps_its_results(tmp_path: Path) -> None:
    tour = place_tour(tmp_path / "new folder")
    run = json.loads(tour.read_text(encoding="utf-8"))
    code = next(cell for cell in run["cells"] if cell["cell_type"] == "code")
    code["execution_count"], code["source"] = 1, "".join(code["source"])  # some programs write one text
    tour.write_text(json.dumps(run), encoding="utf-8")
    assert place_tour(tour.parent) == tour
    assert json.loads(tour.read_text(encoding="utf-8")) == run
    assert [path.name for path in tour.parent.iterdir()] == ["tour.ipynb"]


@pytest.mark.parametrize("mine", ['{"cells": []}', "no notebook", '{"cells": 1}', "[]"])
def test_a_tour_that_was_changed_makes_room_and_is_not_lost(tmp_path: Path, mine: str) -> None:
    (tmp_path / "tour.ipynb").write_text(mine, encoding="utf-8")
    (tmp_path / "tour-1.ipynb").write_text("another", encoding="utf-8")
    fresh = place_tour(tmp_path)
    assert len(json.loads(fresh.read_text(encoding="utf-8"))["cells"]) >= 20
    assert (tmp_path / "tour-2.ipynb").read_text(encoding="utf-8") == mine
    assert (tmp_path / "tour-1.ipynb").read_text(encoding="utf-8") == "another"
