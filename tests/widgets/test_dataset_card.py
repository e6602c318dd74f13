from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from traitlets import TraitError

from jupyter_roboflow.widgets import DatasetCard, view


def test_a_card_sends_its_numbers_and_its_view_to_the_browser() -> None:
    card = DatasetCard("cells", images=48, seen=12, labels=[{"name": "RBC", "color": "#aa0000", "count": 547}])
    state = card.get_state()
    assert (state["name"], state["images"], state["seen"]) == ("cells", 48, 12)
    assert state["labels"] == [{"name": "RBC", "color": "#aa0000", "count": 547}]
    assert "export" in state["_esm"]
    assert ".rf-card" in state["_css"]


def test_a_card_follows_its_traits() -> None:
    card = DatasetCard("cells")
    changes: list[object] = []
    card.observe(lambda change: changes.append(change["new"]), names="images")
    card.images = 3
    assert changes == [3]


@pytest.mark.parametrize(
    "traits", [{"images": -1}, {"seen": -1}, {"labels": [{"name": "RBC"}]}, {"labels": [{"x": 1}]}]
)
def test_a_card_refuses_numbers_that_cannot_be(traits: dict[str, object]) -> None:
    with pytest.raises(TraitError):
        DatasetCard("cells", **traits)  # pyright: ignore[reportArgumentType]


def test_a_view_is_small_enough_to_be_synced_with_every_widget() -> None:
    module, _ = view.view_files("dataset-card")
    assert module.stat().st_size < 50_000, "React itself instead of Preact?"


def test_a_front_end_that_is_not_built_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(view, "_STATIC", tmp_path)
    with pytest.raises(ImportError, match="make build"):
        view.view_files("dataset-card")


def test_the_package_loads_no_widget_library_before_a_widget_is_asked_for() -> None:
    code = "import sys, jupyter_roboflow.widgets; print('anywidget' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
