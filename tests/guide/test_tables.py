"""What README and guide list is what the code has."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import jupyter_roboflow as rf
from jupyter_roboflow.augment import STEPS
from jupyter_roboflow.cli import parser
from jupyter_roboflow.formats import FORMATS
from jupyter_roboflow.settings import Settings
from jupyter_roboflow_server.handlers import ROUTES
from tests.checkout import ROOT
from tests.guide.pages import PAGES, blocks, links, text_of

sys.path.insert(0, str(ROOT / "docs"))
import docstrings
import from_code
from from_code.keys import bindings
from from_code.steps import steps

README = Path("README.md")
LARGEST = {".png": 400_000, ".gif": 2_500_000, ".svg": 60_000}


class TestReadme:
    def test_its_tables_are_those_of_the_code(self) -> None:
        text = text_of(README)
        assert text == from_code.filled_in(text), "`make fix` puts the README's tables in again"

    def test_a_table_without_its_place_is_noticed(self) -> None:
        with pytest.raises(ValueError, match="no place for settings"):
            from_code.filled_in(text_of(README).replace("<!-- settings -->", ""))

    def test_has_every_key_of_the_annotator(self) -> None:
        (table,) = re.findall(r"<!-- keys -->(.*?)<!-- /keys -->", text_of(README), re.DOTALL)
        chords = {chord for each in bindings().values() for chord in each["keys"]}
        shown = set(re.findall(r"`([^`]+)`", table)) | {str(digit) for digit in range(2, 9)}
        assert len(chords) > 40 and not {chord for chord in chords - shown if not re.search("[←→↑↓]", chord)}

    def test_names_every_command_of_the_shell(self) -> None:
        shown = set(re.findall(r"^jupyter roboflow ([a-z]+)", text_of(README), re.MULTILINE))
        shown |= set(re.findall(r"`([a-z]+)`", text_of(README)))
        assert set(_commands()) <= shown


class TestGuide:
    @pytest.mark.parametrize("name", from_code.MADE)
    def test_every_list_of_the_code_is_on_a_page(self, name: str) -> None:
        assert [page for page in PAGES if f"```{{from-code}} {name}\n" in text_of(page)]

    def test_every_step_with_every_parameter_is_there(self) -> None:
        listed = steps("preprocess") + "\n\n" + steps("augment")
        for step in STEPS.values():
            (told,) = re.findall(rf"^`{step.name}` – (?:.|\n)*?(?=^### |\Z)", listed, re.MULTILINE)
            assert set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == {p.name for p in step.parameters}

    def test_every_setting_is_there_with_a_meaning(self) -> None:
        rows = re.findall(r"^\| `ROBOFLOW_(\w+)` \| .*? \| (.+) \|$", from_code.MADE["settings"](), re.MULTILINE)
        assert [name.lower() for name, _ in rows] == [*Settings.__dataclass_fields__]
        assert all(len(meaning) > 20 for _, meaning in rows)

    def test_every_command_and_argument_is_there(self) -> None:
        listed = from_code.MADE["commands"]()
        for name, sub in _commands().items():
            (told,) = re.findall(rf"^### {name}\n(.*?)(?=^### |\Z)", listed, re.MULTILINE | re.DOTALL)
            assert all(row.strip() for row in re.findall(r"^\| `[^|]+\|(.*)\|$", told, re.MULTILINE)), name
            options = [a.option_strings[-1] for a in sub._actions if a.option_strings and a.dest not in _EVERYWHERE]
            assert all(f"`{option}" in told for option in options)

    def test_every_operation_is_there(self) -> None:
        listed = from_code.MADE["operations"]()
        paths = {path for path, _ in ROUTES if path != ".*"}
        assert paths == set(re.findall(r"^\| `[A-Z]+ (\S+)` \|", listed, re.MULTILINE)) | _UNDESCRIBED

    def test_every_error_of_the_front_door_is_there(self) -> None:
        errors = [name for name in rf.__all__ if isinstance(getattr(rf, name), type)]
        named = [name for name in errors if issubclass(getattr(rf, name), rf.RoboflowError) and name != "RoboflowError"]
        assert len(named) > 8 and all(f"`{name}`" in from_code.MADE["errors"]() for name in named)

    def test_every_public_name_is_in_the_reference(self) -> None:
        text = text_of(Path("docs/reference/api.md"))
        tree = text_of(Path("docs/reference/errors.md")) + from_code.MADE["errors"]()
        missing = [name for name in rf.__all__ if not re.search(rf":: {name}\b", text) and f"`{name}`" not in tree]
        assert missing == ["__version__"]


_EVERYWHERE = {"help", "json", "no_progress"}
_UNDESCRIBED = {"docs/{asset}"}


def _commands() -> Mapping[str, Any]:
    (found,) = [action for action in parser()._actions if action.choices and not action.option_strings]
    return dict(found.choices)  # type: ignore[arg-type]


class TestLinks:
    @pytest.mark.parametrize("page", PAGES, ids=str)
    def test_lead_somewhere(self, page: Path) -> None:
        inside = [link.partition("#")[0] for link in links(page) if not re.match(r"[a-z]+:|#", link)]
        missing = [link for link in inside if link and not ((ROOT / page).parent / link).exists()]
        assert not missing

    def test_pictures_are_there_used_and_small(self) -> None:
        used = {((ROOT / page).parent / link).resolve() for page in PAGES for link in links(page)}
        pictures = [path for path in (ROOT / "docs" / "pictures").iterdir() if path.suffix in LARGEST]
        assert len(pictures) > 8
        assert not [path.name for path in pictures if path.resolve() not in used]
        assert not [path.name for path in pictures if path.stat().st_size > LARGEST[path.suffix]]

    def test_the_recording_moves(self) -> None:
        with Image.open(ROOT / "docs" / "pictures" / "recording.gif") as gif:
            assert getattr(gif, "n_frames", 1) > 20


class TestFormats:
    """The table of what a format carries, against exports that are read back."""

    @pytest.fixture
    def dataset(self, tmp_path: Path) -> rf.Dataset:
        ds = rf.connect(data_dir=tmp_path / "data", progress=False).create_dataset("all kinds")
        ds.upload([np.full((100, 100, 3), 90, np.uint8)], tags=["night"])
        ds.add_label("a")
        square = [60.0, 60.0, 90.0, 60.0, 90.0, 90.0, 60.0, 90.0]
        hole = [70.0, 70.0, 80.0, 70.0, 80.0, 80.0, 70.0, 80.0]
        parts = (rf.Part((1.0, 60.0, 10.0, 60.0, 10.0, 70.0)), rf.Part((20.0, 60.0, 30.0, 60.0, 30.0, 70.0)))
        attributes = {"note": "x", "occluded": True}
        shapes = [rf.BBox(1, 2, 30, 40), rf.Point(5, 5), rf.Polygon(square, [hole]), rf.Polygon.of_parts(parts)]
        ds.images()[0].save([rf.Annotation(shape, "a", attributes) for shape in shapes], state="reviewed")
        return ds

    def _back(self, ds: rf.Dataset, tmp_path: Path, name: str, **options: Any) -> tuple[rf.Image, str]:
        report = ds.export(name, tmp_path / "out.zip", **options)
        again = rf.connect(data_dir=tmp_path / "data", progress=False).create_dataset("again")
        again.import_(report.path)
        return again.images()[0], str(report)

    def _kinds(self, image: rf.Image) -> list[str]:
        return [annotation.shape.kind for annotation in image.annotations]

    def _rings(self, image: rf.Image) -> list[tuple[int, int]]:
        """Parts and holes of each polygon."""
        shapes = [a.shape for a in image.annotations if isinstance(a.shape, rf.Polygon)]
        return [(len(shape.parts), sum(len(part.holes) for part in shape.parts)) for shape in shapes]

    def test_coco_drops_points_alone(self, dataset: rf.Dataset, tmp_path: Path) -> None:
        image, said = self._back(dataset, tmp_path, "coco")
        assert self._kinds(image) == ["bbox", "polygon", "polygon"] and self._rings(image) == [(1, 1), (2, 0)]
        assert image.tags == ("night",) and image.state == "reviewed" and "a point has no place" in said
        assert all(dict(a.attributes) == {"note": "x", "occluded": True} for a in image.annotations)

    def test_yolo_detect_has_boxes_alone(self, dataset: rf.Dataset, tmp_path: Path) -> None:
        image, said = self._back(dataset, tmp_path, "yolo")
        assert self._kinds(image) == ["bbox"] * 3 and image.tags == () and image.state == "labeled"
        assert all(not a.attributes for a in image.annotations) and "a polygon becomes its box" in said

    def test_yolo_segment_has_outlines_alone(self, dataset: rf.Dataset, tmp_path: Path) -> None:
        image, said = self._back(dataset, tmp_path, "yolo", task="segment")
        assert self._kinds(image) == ["polygon"] * 3 and self._rings(image) == [(1, 0)] * 3
        assert "a box becomes a polygon of four points" in said and "joined by lines without width" in said

    def test_voc_keeps_parts_and_its_own_attributes(self, dataset: rf.Dataset, tmp_path: Path) -> None:
        image, said = self._back(dataset, tmp_path, "voc")
        assert self._kinds(image) == ["bbox", "polygon", "polygon"] and self._rings(image) == [(1, 0), (2, 0)]
        assert all(dict(a.attributes) == {"occluded": True} for a in image.annotations)
        assert image.tags == () and "joined to its outline" in said and "the attribute note" in said

    @pytest.mark.parametrize("page", ["README.md", "docs/guide/exporting.md"])
    def test_every_format_is_in_the_table(self, page: str) -> None:
        text = text_of(Path(page))
        assert all(re.search(rf"^\|.*\b{format.title}\b", text, re.MULTILINE) for format in FORMATS.values())


class TestDocstrings:
    @pytest.mark.parametrize(
        "markdown, restructured",
        [
            ("`a`", "``a``"),
            ("the `a`s", "the ``a``\\ s"),
            ("*args and _x", "\\*args and \\_x"),
            ("`**where` holds", "``**where`` holds"),
            ("    code(1)", "::\n\n    code(1)"),
            ("one\n\ntwo", "one\n\ntwo"),
        ],
    )
    def test_markdown_becomes_what_autodoc_reads(self, markdown: str, restructured: str) -> None:
        assert "\n".join(docstrings.restructured(markdown.split("\n"))).strip() == restructured

    def test_the_pages_have_code(self) -> None:
        assert sum(len(blocks(page, "python")) for page in PAGES) > 15
