"""What the panel is for, in one sitting: from a folder of photos to an export that a training library reads."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from jupyter_roboflow import Dataset, Version, Workspace
from jupyter_roboflow.demo import data_folder
from tests.e2e.annotator_page import AnnotatorPage
from tests.e2e.panel_page import PanelPage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

NAME = "Blood cells, the whole way"
FOURTEEN = "label:WBC split:train objects:14"  # what is drawn in does not fit this any more


def test_from_48_photos_to_a_yolo_export_that_supervision_reads(
    panel: PanelPage, boxes_zip: Path, workspace: Workspace, tmp_path: Path
) -> None:
    page = panel.page
    panel.create(NAME)
    panel.choose_files("Upload", sorted((data_folder("blood-cells") / "JPEGImages").glob("*.jpg")))
    upload = page.get_by_role("region", name="Upload").get_by_role("status")
    expect(upload).to_have_text("48 images added")
    panel.thumbnails_are_drawn()
    panel.import_blood_cells(boxes_zip, told="48 images were there already · 678 annotations added")
    panel.find("label:WBC split:train objects:>14")
    expect(page.get_by_text("14 of 48 images", exact=True)).to_be_visible()

    dataset = workspace.dataset(NAME)
    _annotate_five_shapes_with_a_reload_between(panel, dataset)
    _look_at_health(panel)
    version = _make_a_version(panel, dataset)
    exported = panel.export(page.locator('[data-version="1"]').get_by_role("button", name="Export"), "YOLO")
    jobs = page.get_by_role("list", name="Jobs")
    expect(jobs).to_contain_text("a polygon becomes its box")
    expect(jobs).to_contain_text("a point has no place in YOLO detection")
    with zipfile.ZipFile(exported) as archive:
        archive.extractall(tmp_path)
    _expect_supervision_to_read_the_same(tmp_path, version)


def _annotate_five_shapes_with_a_reload_between(panel: PanelPage, dataset: Dataset) -> None:
    """Two shapes in one image, one in the next; then, after the reload, two more in that."""
    page = panel.page
    panel.find(FOURTEEN)
    expect(page.get_by_text("11 of 48 images", exact=True)).to_be_visible()
    panel.cells.nth(4).dblclick()
    annotator = AnnotatorPage(page).wait()
    name = annotator.root.locator(".rf-name")
    expect(annotator.root).to_contain_text("14 annotations")
    annotator.draw_box(0.3, 0.25, 0.45, 0.5)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.35), (0.6, 0.6))
    expect(annotator.root).to_contain_text("16 annotations")
    first = name.inner_text()
    annotator.key("d")
    expect(name).not_to_have_text(first)
    annotator.wait()
    annotator.draw_point(0.35, 0.7)
    expect(annotator.root).to_contain_text("15 annotations")
    annotator.expect_saved()

    second = name.inner_text()
    ids = {image.filename: image.id for image in dataset.images()}
    panel.reload(tab="annotate", query=FOURTEEN, image=ids[second])
    expect(page.get_by_role("tab", name="Annotate")).to_have_attribute("aria-selected", "true")
    annotator.wait()
    expect(name).to_have_text(second)
    expect(annotator.root).to_contain_text("15 annotations")
    # It and those that fit still: nobody wants to look for them again.
    expect(annotator.root.get_by_role("textbox", name="Image number, 1 to 10")).to_have_value("1")
    annotator.draw_box(0.55, 0.5, 0.7, 0.75)
    annotator.draw_polygon((0.3, 0.2), (0.45, 0.25), (0.35, 0.45))
    expect(annotator.root).to_contain_text("17 annotations")
    annotator.expect_saved()
    kinds = {image.filename: [one.shape.kind for one in image.annotations[14:]] for image in dataset.images()}
    assert (kinds[first], kinds[second]) == (["bbox", "polygon"], ["point", "bbox", "polygon"])

    panel.tab("Images")
    expect(page.get_by_role("searchbox", name="Find images")).to_have_value(FOURTEEN)
    panel.find("split:valid")
    panel.tab("Annotate")  # who looks for other images annotates those
    expect(annotator.root.get_by_role("textbox", name="Image number, 1 to 8")).to_have_value("1")


def _look_at_health(panel: PanelPage) -> None:
    """All that was imported and drawn is counted, and a bar leads to its images."""
    panel.tab("Health")
    health = panel.page.get_by_role("region", name="Health")
    expect(health.get_by_text("683", exact=True)).to_be_visible()
    health.get_by_role("button", name="Platelets").first.click()
    expect(panel.page.get_by_role("searchbox", name="Find images")).to_have_value("label:Platelets")
    expect(panel.page.get_by_text("48 of 48 images", exact=True)).to_be_visible()


def _make_a_version(panel: PanelPage, dataset: Dataset) -> Version:
    making = panel.new_version("flip", "rotate", preprocessing=["resize"])
    for side, pixels in (("width", "320"), ("height", "240")):
        making.locator('[data-step="resize"]').get_by_role("spinbutton", name=side).fill(pixels)
    making.get_by_role("button", name="Generate").click()
    # Three of each of the 32 images of train, the other 16 as they are.
    expect(panel.page.locator('[data-version="1"]')).to_contain_text("112 images", timeout=180_000)
    return dataset.version(1)


def _expect_supervision_to_read_the_same(folder: Path, version: Version) -> None:
    """Every image, class and box of the version, read from the export by a library that is not ours."""
    import supervision as sv

    classes = [label.name for label in version.labels]
    read = 0
    for split, name in (("train", "train"), ("valid", "val"), ("test", "test")):
        loaded = sv.DetectionDataset.from_yolo(
            images_directory_path=str(folder / "images" / name),
            annotations_directory_path=str(folder / "labels" / name),
            data_yaml_path=str(folder / "data.yaml"),
        )
        assert loaded.classes == classes and sorted(classes) == ["Platelets", "RBC", "WBC"]
        found = {Path(path).name: (image, detections) for path, image, detections in loaded}
        frames = {frame.filename: frame for frame in version.images(split)}
        assert found.keys() == frames.keys()
        for filename, (image, detections) in found.items():
            assert image.shape == (240, 320, 3)
            np.testing.assert_allclose(detections.xyxy, frames[filename].boxes(), atol=1e-3)
            np.testing.assert_array_equal(detections.class_id, frames[filename].classes())
        read += len(loaded)
    assert read == version.counts["images"] == 112
