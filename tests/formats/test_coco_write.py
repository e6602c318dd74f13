"""Writing COCO: what others' readers make of it, and what it says it could not hold."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import supervision as sv
from pycocotools.coco import COCO

from jupyter_roboflow.domain.annotation import Annotation
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.manifest import Manifest
from jupyter_roboflow.domain.shapes import BBox, Part, Point, Polygon
from jupyter_roboflow.formats.coco import Coco
from jupyter_roboflow.formats.coco.masks import paint
from jupyter_roboflow.formats.coco.rle import encode_string
from tests.formats.coco_files import SQUARE, annotations_of, load
from tests.formats.manifests import box, example, labels_of, manifest, picture, write

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:pycocotools")

HOLED = Polygon([10, 10, 40, 10, 40, 40, 10, 40], holes=[[20, 20, 30, 20, 30, 30, 20, 30]])
SLANTED = Polygon([10, 10, 40, 12, 38, 40, 9, 38], holes=[[20.5, 20, 30, 20, 30, 30]])
TWO_PARTS = Polygon.of_parts((Part((5, 5, 20, 5, 12, 20)), Part((50, 5, 70, 5, 60, 30))))


def outline(shape: Any, label: str = "cat", **attributes: Any) -> Annotation:
    return Annotation(shape, label, attributes)


def written(folder: Path, *annotations: Annotation, **options: Any) -> dict[str, Any]:
    """The train file of a dataset of one image."""
    write(Coco(), manifest(example("a.png", *annotations)), folder, options)
    name = "train/_annotations.coco.json" if options.get("layout") == "roboflow" else "annotations/instances_train.json"
    return json.loads((folder / name).read_bytes())


def coco(path: Path) -> COCO:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def three_splits(image: Any = ...) -> Manifest:
    return manifest(
        *(
            example(
                f"{split}.png",
                box(1, 2, 30, 20),
                outline(Polygon(SQUARE), "dog"),
                outline(TWO_PARTS),
                outline(HOLED, "dog", iscrowd=0),
                split=split,
                image=picture(100, 50) if image is ... else image,
            )
            for split in Split
        ),
        example("empty.png", split=Split.TRAIN, image=picture(100, 50) if image is ... else image),
    )


def test_all_five_keys_are_always_there(tmp_path: Path) -> None:
    write(Coco(), manifest(), tmp_path)
    data = json.loads((tmp_path / "annotations" / "instances_train.json").read_bytes())
    assert set(data) == {"info", "licenses", "categories", "images", "annotations"}


def test_boxes_outlines_and_masks_are_written_as_coco_says(tmp_path: Path) -> None:
    found = written(tmp_path, box(1.5, 2, 30, 20), outline(Polygon(SQUARE)), outline(TWO_PARTS), outline(HOLED))
    first, square, parts, holed = found["annotations"]
    assert (first["bbox"], first["area"], first["segmentation"], first["iscrowd"]) == ([1.5, 2, 30, 20], 600, [], 0)
    assert (square["bbox"], square["area"], square["segmentation"]) == ([10, 10, 20, 20], 400, [SQUARE])
    assert parts["segmentation"] == [[5, 5, 20, 5, 12, 20], [50, 5, 70, 5, 60, 30]]
    assert (parts["bbox"], parts["area"]) == ([5, 5, 65, 25], 112.5 + 250)
    assert holed["segmentation"]["size"] == [50, 100] and isinstance(holed["segmentation"]["counts"], str)
    assert (holed["bbox"], holed["area"], holed["iscrowd"]) == ([10, 10, 30, 30], 800, 0)
    assert [one["id"] for one in found["annotations"]] == [1, 2, 3, 4]


@pytest.mark.parametrize(("base", "layout"), [(1, "coco"), (0, "roboflow")])
def test_ids_begin_where_asked_and_labels_keep_their_number(base: int, layout: str, tmp_path: Path) -> None:
    dataset = manifest(
        example("a.png", box(1, 1, 5, 5, "dog")), example("b.png"), labels=labels_of("cat", "dog", indices=[0, 5])
    )
    write(Coco(), dataset, tmp_path, {"id_base": base, "layout": layout})
    name = "train/_annotations.coco.json" if layout == "roboflow" else "annotations/instances_train.json"
    found = json.loads((tmp_path / name).read_bytes())
    assert [(c["id"], c["name"]) for c in found["categories"]] == [(base, "cat"), (5 + base, "dog")]
    assert [image["id"] for image in found["images"]] == [base, base + 1]
    assert found["annotations"][0]["category_id"] == 5 + base
    assert [(label.name, label.index) for label in load(tmp_path).labels] == [("cat", 0), ("dog", 5)]


def test_attributes_survive_and_crowds_are_masks(tmp_path: Path) -> None:
    given = [outline(Polygon(SQUARE), iscrowd=1, hard=True), box(1, 1, 5, 5, blurred="very", n=[1, None])]
    crowd, plain = written(tmp_path, *given)["annotations"]
    assert crowd["iscrowd"] == 1 and "counts" in crowd["segmentation"] and crowd["attributes"] == {"hard": True}
    assert plain["attributes"] == {"blurred": "very", "n": [1, None]}
    assert annotations_of(load(tmp_path)) == given


def test_a_point_is_dropped_and_counted(tmp_path: Path) -> None:
    losses = write(Coco(), manifest(example("a.png", outline(Point(5, 5)), box(1, 1, 2, 2))), tmp_path)
    assert [(loss.what, loss.where) for loss in losses] == [("dropped", "a.png")]
    assert len(annotations_of(load(tmp_path))) == 1


def test_holes_along_pixel_edges_come_back_exactly(tmp_path: Path) -> None:
    losses = write(Coco(), manifest(example("a.png", outline(HOLED))), tmp_path)
    assert len(losses) == 0
    found = annotations_of(load(tmp_path))[0].shape
    assert isinstance(found, Polygon)
    assert found.to_shapely().equals(HOLED.to_shapely()) and len(found.parts[0].holes) == 1


def test_other_holes_become_a_mask_and_are_counted(tmp_path: Path) -> None:
    losses = write(Coco(), manifest(example("a.png", outline(SLANTED))), tmp_path)
    assert [(loss.what, loss.where) for loss in losses] == [("changed", "a.png")]
    found, drawn = annotations_of(load(tmp_path))[0].shape, SLANTED.to_shapely()
    assert isinstance(found, Polygon)
    overlap = found.to_shapely().intersection(drawn).area / found.to_shapely().union(drawn).area
    assert overlap > 0.93


def test_holes_too_small_for_a_mask_are_left_out_and_counted(tmp_path: Path) -> None:
    tiny = Polygon([0.6, 0.6, 0.9, 0.6, 0.9, 0.9], holes=[[0.8, 0.7, 0.85, 0.7, 0.85, 0.75]])
    losses = write(Coco(), manifest(example("a.png", outline(tiny))), tmp_path)
    assert losses.total("changed") == 1
    assert len(annotations_of(load(tmp_path))) == 1


def test_a_crossing_outline_has_the_area_it_covers(tmp_path: Path) -> None:
    bow = Polygon([10, 10, 20, 20, 20, 10, 10, 20])
    assert written(tmp_path, outline(bow))["annotations"][0]["area"] == 50


def test_pycocotools_reads_every_split_and_paints_the_same(tmp_path: Path) -> None:
    dataset = three_splits()
    write(Coco(), dataset, tmp_path)
    for split in Split:
        found = coco(tmp_path / "annotations" / f"instances_{split}.json")
        wanted = [e for e in dataset.examples if e.split is split]
        assert len(found.imgs) == len(wanted) and len(found.anns) == 4
        for number, one in zip(sorted(found.anns)[1:], wanted[0].annotations[1:], strict=True):
            assert isinstance(one.shape, Polygon)
            counts = paint(one.shape, (100, 50))
            assert counts is not None
            theirs = found.annToMask(found.anns[number])
            ours = np.repeat(np.arange(len(counts)) % 2, counts).reshape(100, 50).T
            assert (theirs & ours).sum() / (theirs | ours).sum() > 0.9
        exact = found.anns[max(found.anns)]["segmentation"]
        counts = paint(HOLED, (100, 50))
        assert counts is not None and exact == {"size": [50, 100], "counts": encode_string(counts)}


@pytest.mark.parametrize("layout", ["coco", "roboflow"])
def test_supervision_reads_every_split(layout: str, tmp_path: Path) -> None:
    write(Coco(), three_splits(), tmp_path, {"layout": layout})
    for split in Split:
        file = f"{split}/_annotations.coco.json" if layout == "roboflow" else f"annotations/instances_{split}.json"
        found = sv.DetectionDataset.from_coco(str(tmp_path / split), str(tmp_path / file))
        assert found.classes == ["cat", "dog"]
        assert len(found) == (2 if split is Split.TRAIN else 1)
        detections = next(d for path, _, d in found if Path(path).name == f"{split}.png")
        assert detections.class_id is not None and detections.class_id.tolist() == [0, 1, 0, 1]
        assert detections.xyxy.tolist()[0] == [1, 2, 31, 22]
        assert detections.mask is not None and detections.mask[3].sum() == 800


@pytest.mark.parametrize("layout", ["coco", "roboflow"])
def test_a_dataset_comes_back_unchanged(layout: str, tmp_path: Path) -> None:
    dataset = three_splits()
    write(Coco(), dataset, tmp_path, {"layout": layout})
    found = {e.filename: e for e in load(tmp_path).examples}
    for wanted in dataset.examples:
        mine = found[wanted.filename]
        assert (mine.split, mine.state, mine.width, mine.height) == (wanted.split, wanted.state, 100, 50)
        assert [a.shape for a in mine.annotations][:3] == [a.shape for a in wanted.annotations][:3]


def test_tags_states_and_original_names_come_back(tmp_path: Path) -> None:
    dataset = manifest(
        example("sub/a?.png", box(1, 1, 5, 5), tags=("night", "rain"), state=ImageState.REVIEWED),
        example("b.png", state=ImageState.UNLABELED),
    )
    write(Coco(), dataset, tmp_path)
    one, two = load(tmp_path).examples
    assert (one.filename, one.tags, one.state) == ("sub/a?.png", ("night", "rain"), ImageState.REVIEWED)
    assert two.state is ImageState.UNLABELED


def test_licences_and_dates_survive_an_import_and_an_export(tmp_path: Path) -> None:
    about = {"license": "CC BY 4.0", "license_url": "https://example.org/by", "date_captured": "2013-11-14"}
    write(Coco(), manifest(example("a.png", box(1, 1, 5, 5), metadata=about)), tmp_path)
    assert next(iter(load(tmp_path).examples)).metadata == about


def test_order_is_kept_through_many_batches(tmp_path: Path) -> None:
    examples = [
        example(
            f"{i}.png", *(box(j, i % 40, 1, 1, "cat" if j % 2 else "dog") for j in range(7)), split=list(Split)[i % 3]
        )
        for i in range(900)
    ]
    write(Coco(), manifest(*examples, labels=labels_of("cat", "dog")), tmp_path / "out.zip")
    found = {e.filename: e for e in load(tmp_path / "out.zip").examples}
    assert len(found) == 900
    for wanted in examples:
        assert found[wanted.filename].annotations == wanted.annotations


def test_shapes_over_the_border_are_clipped_and_counted(tmp_path: Path) -> None:
    shapes = [BBox(-5, -5, 20, 20), Polygon([90, 40, 120, 40, 120, 60]), BBox(500, 5, 5, 5)]
    losses = write(Coco(), manifest(example("a.png", *map(outline, shapes))), tmp_path)
    assert losses.total("clipped") == 2 and losses.total("dropped") == 1
    for one in annotations_of(load(tmp_path)):
        x0, y0, x1, y1 = one.shape.bounds()
        assert x0 >= 0 and y0 >= 0 and x1 <= 100 and y1 <= 50
