"""Reading Pascal VOC datasets of other programs, good and broken."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jupyter_roboflow.archive import open_files
from jupyter_roboflow.domain.dataset import ImageState, Split
from jupyter_roboflow.domain.errors import UnreadableDataset
from jupyter_roboflow.domain.manifest import Manifest
from jupyter_roboflow.domain.shapes import BBox, Part, Polygon
from jupyter_roboflow.formats import detect
from jupyter_roboflow.formats.pascal_voc import PascalVoc
from tests.formats.manifests import picture, read

PNG = picture(100, 50).data
SIZE = "<size><width>100</width><height>50</height><depth>3</depth></size>"


def box(x0: object, y0: object, x1: object, y1: object) -> str:
    return f"<bndbox><xmin>{x0}</xmin><ymin>{y0}</ymin><xmax>{x1}</xmax><ymax>{y1}</ymax></bndbox>"


def item(name: str = "cat", inside: str = "", corners: str = box(11, 6, 30, 20)) -> str:
    return f"<object><name>{name}</name>{inside}{corners}</object>"


def xml(*objects: str, filename: str = "a.png", size: str = SIZE) -> str:
    return f"<annotation><filename>{filename}</filename>{size}{''.join(objects)}</annotation>"


def make(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def load(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> Manifest:
    make(folder, files)
    with open_files(folder) as opened:
        assert detect(opened).name == "voc"
    return read(PascalVoc(), folder, options)


def one(folder: Path, *objects: str, **options: Any) -> Manifest:
    """The dataset of one picture with these objects."""
    return load(folder, {"Annotations/a.xml": xml(*objects), "JPEGImages/a.png": PNG}, **options)


def shapes(found: Manifest) -> list[Any]:
    return [a.shape for e in found.examples for a in e.annotations]


def splits(found: Manifest) -> dict[str, Split | None]:
    return {e.filename: e.split for e in found.examples}


def refusal(folder: Path, text: str | bytes) -> UnreadableDataset:
    make(folder, {"Annotations/a.xml": text, "JPEGImages/a.png": PNG})
    with pytest.raises(UnreadableDataset) as caught:
        read(PascalVoc(), folder)
    return caught.value


# ---- frames


def test_boxes_count_pixels_from_one_and_include_the_last(tmp_path: Path) -> None:
    found = one(tmp_path, item(corners=box(1, 1, 1, 1)), item(corners=box(1, 1, 100, 50)))
    assert shapes(found) == [BBox(0, 0, 1, 1), BBox(0, 0, 100, 50)]
    assert found.losses.as_list() == []


def test_with_origin_0_boxes_are_edges(tmp_path: Path) -> None:
    found = one(tmp_path, item(corners=box(0, 0, 1, 1)), item(corners=box(0, 0, 100, 50)), origin=0)
    assert shapes(found) == [BBox(0, 0, 1, 1), BBox(0, 0, 100, 50)]


def test_a_zero_in_a_file_that_counts_from_one_is_clipped_with_a_hint(tmp_path: Path) -> None:
    found = one(tmp_path, item(corners=box(0, 0, 20, 20)), item(corners=box(90, 40, 120, 60)))
    assert [s.bounds() for s in shapes(found)] == [(0, 0, 20, 20), (89, 39, 100, 50)]
    assert [loss.what for loss in found.losses] == ["clipped", "clipped"]
    assert "origin=0" in next(iter(found.losses)).why


def test_fractional_corners_stay_fractional(tmp_path: Path) -> None:
    assert shapes(one(tmp_path, item(corners=box("11.25", "6.5", "30.75", " 20.0 ")))) == [BBox(10.25, 5.5, 20.5, 14.5)]


def test_reversed_corners_are_put_in_order_and_flat_or_outside_boxes_are_counted(tmp_path: Path) -> None:
    found = one(tmp_path, item(corners=box(30, 20, 11, 6)), item(corners=box(200, 200, 210, 210)))
    assert shapes(found) == [BBox(10, 5, 20, 15)]
    assert [loss.what for loss in found.losses] == ["changed", "dropped"]
    flat = one(tmp_path / "flat", item(corners=box(5, 5, 5, 9)), origin=0)
    assert shapes(flat) == [] and flat.losses.total("dropped") == 1


def test_polygons_of_one_or_several_parts(tmp_path: Path) -> None:
    ring = "<polygon><x1>1</x1><y1>1</y1><x2>21</x2><y2>1</y2><x3>21</x3><y3>11</y3></polygon>"
    mixed = "<polygon><y1>31</y1><x2>61</x2><x1>51</x1><y3>41</y3><y2>31</y2><x3>61</x3></polygon>"
    points = "<polygon><pt><x>1</x><y>1</y></pt><pt><x>21</x><y>1</y></pt><pt><x>21</x><y>11</y></pt></polygon>"
    found = one(tmp_path, item(inside=ring), item(inside=ring + mixed), item(inside=points))
    first, second = Part((0.0, 0.0, 20.0, 0.0, 20.0, 10.0)), Part((50.0, 30.0, 60.0, 30.0, 60.0, 40.0))
    assert shapes(found) == [Polygon.of_parts((first,)), Polygon.of_parts((first, second)), Polygon.of_parts((first,))]


def test_a_polygon_that_is_none_falls_back_to_the_box(tmp_path: Path) -> None:
    line = "<polygon><x1>1</x1><y1>1</y1><x2>21</x2><y2>21</y2></polygon>"
    found = one(tmp_path, item(inside=line), item(inside=line, corners=""))
    assert shapes(found) == [BBox(10, 5, 20, 15)]
    assert [loss.what for loss in found.losses] == ["changed", "dropped"]


# ---- content


def test_attributes_survive_and_defaults_are_left_out(tmp_path: Path) -> None:
    flags = "<pose>Left</pose><truncated>1</truncated><difficult>0</difficult><occluded>0.4</occluded>"
    plain = "<pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>"
    found = one(tmp_path, item(inside=flags), item(inside=plain), item(inside="<truncated>Unspecified</truncated>"))
    assert [dict(a.attributes) for e in found.examples for a in e.annotations] == [
        {"pose": "Left", "truncated": True, "occluded": 0.4}, {}, {},
    ]  # fmt: skip


def test_any_order_of_tags_unknown_tags_parts_and_actions(tmp_path: Path) -> None:
    part = f"<part><name>head</name>{box(1, 1, 5, 5)}</part>"
    text = (
        f"<annotation verified='yes'><owner><name>someone</name></owner><object><foo/>{part}{box(11, 6, 30, 20)}"
        "<actions><jumping>1</jumping></actions><name> person </name></object><segmented>0</segmented>"
        f"{SIZE}<filename>a.png</filename></annotation>"
    )
    found = load(tmp_path, {"a.xml": text, "a.png": PNG})
    assert [label.name for label in found.labels] == ["person"]
    assert shapes(found) == [BBox(10, 5, 20, 15)]
    assert sorted(loss.why for loss in found.losses) == [
        "<actions> of an object", "<foo> of an object", "<part> of an object",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a &amp; b &lt;c&gt;", "<![CDATA[a & b <c>]]>", "a &#38; b <!-- x -->&lt;c>"])
def test_names_with_special_characters(name: str, tmp_path: Path) -> None:
    found = one(tmp_path, item(name), item("ä🙂"))
    assert [label.name for label in found.labels] == ["a & b <c>", "ä🙂"]
    assert [a.label for e in found.examples for a in e.annotations] == ["a & b <c>", "ä🙂"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_other_encodings_and_line_ends(encoding: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\r\n{xml(item("käfer"))}'
    found = load(tmp_path, {"a.xml": text.encode(encoding), "a.png": PNG})
    assert [label.name for label in found.labels] == ["käfer"]


def test_labels_keep_the_order_of_their_first_appearance(tmp_path: Path) -> None:
    files = {
        "a.xml": xml(item("zebra"), item("ant")),
        "b.xml": xml(item("bee"), item("ant")),
        "a.png": PNG,
        "b.png": PNG,
    }
    assert [(label.name, label.index) for label in load(tmp_path, files).labels] == [
        ("zebra", 0),
        ("ant", 1),
        ("bee", 2),
    ]


# ---- files


def test_xml_beside_the_pictures_in_split_folders(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {}
    for split in ("train", "valid", "test"):
        files |= {f"{split}/a_jpg.rf.1.xml": xml(item(), filename="a_jpg.rf.1.png"), f"{split}/a_jpg.rf.1.png": PNG}
    found = load(tmp_path, files)
    assert [e.split for e in found.examples] == [Split.TEST, Split.TRAIN, Split.VALID]
    assert [e.image.name for e in found.examples if e.image] == [
        f"{s}/a_jpg.rf.1.png" for s in ("test", "train", "valid")
    ]


def test_lists_in_image_sets_name_the_splits(tmp_path: Path) -> None:
    names = ["a", "b 1", "c", "d"]
    files: dict[str, str | bytes] = {f"Annotations/{n}.xml": xml(item(), filename=f"{n}.png") for n in names}
    files |= {f"JPEGImages/{n}.png": PNG for n in names}
    files |= {"ImageSets/Main/train.txt": "a\r\nb 1\n", "ImageSets/Main/val.txt": "c 1\nnobody\n",
              "ImageSets/Main/trainval.txt": "a\nb 1\nc\n", "ImageSets/Main/cat_test.txt": "d -1\n",
              "ImageSets/Main/test.txt": "a\n"}  # fmt: skip
    found = load(tmp_path, files)
    assert splits(found) == {"a.png": Split.TRAIN, "b 1.png": Split.TRAIN, "c.png": Split.VALID, "d.png": None}
    assert sorted(loss.where for loss in found.losses) == ["ImageSets/Main/test.txt:1", "ImageSets/Main/val.txt:2"]


@pytest.mark.parametrize("filename", ["a", "A.PNG", "a.jpg", "sub/a.png", "C:\\pics\\a.png", "other.png", ""])
def test_pictures_are_found_whatever_the_filename_says(filename: str, tmp_path: Path) -> None:
    found = load(tmp_path, {"Annotations/a.xml": xml(item(), filename=filename), "JPEGImages/a.png": PNG})
    assert [(e.filename, e.image is not None) for e in found.examples] == [("a.png", True)]


def test_the_filename_decides_between_pictures_of_one_stem(tmp_path: Path) -> None:
    files = {"a.xml": xml(item(), filename="a.png"), "a.png": PNG, "a.bmp": picture(100, 50, kind="BMP").data}
    found = load(tmp_path, files)
    assert [(e.filename, e.state) for e in found.examples] == [
        ("a.png", ImageState.LABELED), ("a.bmp", ImageState.UNLABELED),
    ]  # fmt: skip


def test_a_filename_alone_finds_its_picture(tmp_path: Path) -> None:
    found = load(tmp_path, {"Annotations/0001.xml": xml(item(), filename="a.png"), "JPEGImages/a.png": PNG})
    assert [(e.filename, len(e.annotations)) for e in found.examples] == [("a.png", 1)]


def test_missing_pieces_are_told_apart(tmp_path: Path) -> None:
    files = {"Annotations/a.xml": xml(), "JPEGImages/a.png": PNG, "JPEGImages/b.png": PNG,
             "Annotations/c.xml": xml(item(), filename="c.jpg")}  # fmt: skip
    found = load(tmp_path, files)
    assert {e.filename: (e.state, e.image is None) for e in found.examples} == {
        "a.png": (ImageState.EMPTY, False),
        "b.png": (ImageState.UNLABELED, False),
        "c.jpg": (ImageState.LABELED, True),
    }
    assert {(loss.what, loss.where) for loss in found.losses} == {
        ("noted", "Annotations/c.xml"), ("noted", "JPEGImages/b.png"),
    }  # fmt: skip


@pytest.mark.parametrize("size", ["", "<size><width>0</width><height>0</height></size>", "<size/>"])
def test_a_missing_size_comes_from_the_picture(size: str, tmp_path: Path) -> None:
    found = load(tmp_path, {"a.xml": xml(item(), size=size), "a.png": PNG})
    assert [(e.width, e.height) for e in found.examples] == [(100, 50)]
    make(tmp_path / "bare", {"a.xml": xml(item(), size=size)})
    with pytest.raises(UnreadableDataset, match=r"a\.xml has no <size>"):
        read(PascalVoc(), tmp_path / "bare")


def test_two_files_about_one_picture_are_refused(tmp_path: Path) -> None:
    make(tmp_path, {"x/a.xml": xml(item()), "y/a.xml": xml(item()), "a.png": PNG})
    with pytest.raises(UnreadableDataset, match=r"x/a\.xml and y/a\.xml") as caught:
        read(PascalVoc(), tmp_path)
    assert caught.value.code == "duplicate_image"


# ---- hostile and broken files


def test_entities_and_document_types_are_never_read(tmp_path: Path) -> None:
    secret = make(tmp_path, {"secret.txt": "TOP SECRET"}) / "secret.txt"
    for number, dtd in enumerate(
        [
            f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
            '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]>',
            '<!DOCTYPE annotation SYSTEM "voc.dtd">',
        ]
    ):
        error = refusal(tmp_path / str(number), dtd + xml(item("&x;" if "x " in dtd else "cat")))
        assert error.code == "xml_forbidden" and "a.xml" in error.message
        assert "SECRET" not in error.message


def test_an_external_dtd_is_never_fetched(tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.3)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/voc.dtd"
        error = refusal(tmp_path, f'<!DOCTYPE annotation SYSTEM "{address}">{xml(item())}')
        with pytest.raises(TimeoutError):
            server.accept()
    assert error.code == "xml_forbidden"


@pytest.mark.parametrize("filename", ["../../etc/passwd", "..\\..\\a.png", "x/../../a.png", ".."])
def test_a_filename_that_climbs_out_is_refused(filename: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, xml(item(), filename=filename)).code == "unsafe_path"


@pytest.mark.parametrize(
    "text, code, where",
    [
        (xml(item())[:-5], "bad_xml", "a.xml:1"),
        ("<annotation>\n<object>\n</annotation>", "bad_xml", "a.xml:3"),
        (xml(item(), item(corners="")), "missing_box", "object 2"),
        (xml(item(corners="<bndbox><xmin>1</xmin></bndbox>")), "missing_box", "object 1"),
        (xml(item(), item(corners=box("1,5", 1, 2, 2))), "bad_number", "object 2: xmin"),
        (xml(item(corners=box(1, "nan", 2, 2))), "geometry_not_finite", "object 1: ymin"),
        (xml(item(corners=box(1, 1, "", 2))), "bad_number", "object 1: xmax"),
        (xml(item(corners=box(1, 1, "1e300", 2))), "geometry_out_of_bounds", "object 1"),
        (xml(item(), item(name=" ")), "label_empty", "object 2"),
        (xml(f"<object>{box(1, 1, 2, 2)}</object>"), "label_empty", "object 1"),
        (xml(item(inside="<truncated>maybe</truncated>")), "bad_number", "object 1: truncated"),
        (xml(item(name="a&#x202;\x0b")), "bad_xml", "a.xml"),
    ],
)
def test_a_broken_file_names_file_and_object(text: str, code: str, where: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, text)
    assert error.code == code
    assert "a.xml" in error.message and where in error.message
