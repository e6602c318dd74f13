"""File names in exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_roboflow.archive import NAMES_FILE, ExportNames, FolderSink, open_files, original_names
from jupyter_roboflow.archive.files import same_name_key


@pytest.mark.parametrize("name", ["a.jpg", "IMG 0001.JPG", "ü.png", "日本.webp", "a.b.c.tif", "=sum.jpg", "🙂.jpeg"])
def test_a_good_name_stays(name: str) -> None:
    names = ExportNames()
    assert names.name_for(name) == name
    assert names.renamed == []


@pytest.mark.parametrize(
    "given, expected",
    [
        ("../../etc/passwd.jpg", "etc_passwd.jpg"),
        ("/etc/passwd.png", "etc_passwd.png"),
        ("train/cats/1.jpg", "train_cats_1.jpg"),
        ("C:\\Users\\me\\1.jpg", "C__Users_me_1.jpg"),
        (".hidden.jpg", "hidden.jpg"),
        ("trail. .jpg", "trail.jpg"),
        ("a.jpg ", "a.jpg"),
        ("con.jpg", "_con.jpg"),
        ("AUX.1.png", "_AUX.1.png"),
        ("evil\u202egpj.jpg", "evilgpj.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie_ x.jpg"),
        ('a<b>:"|?*.jpg', "a_b______.jpg"),
        ("..", "image"),
        (".", "image"),
        ("", "image"),
        ("a\u0308.jpg", "ä.jpg"),
    ],
)
def test_a_bad_name_becomes_safe_and_is_remembered(given: str, expected: str) -> None:
    names = ExportNames()
    assert names.name_for(given) == expected
    assert names.renamed == [(expected, given)]


def test_a_suffix_follows_the_bytes() -> None:
    names = ExportNames()
    assert names.name_for("photo.jpg", "image/png") == "photo.png"
    assert names.name_for("scan.JPEG", "image/jpeg") == "scan.JPEG"
    assert names.name_for("bare", "image/webp") == "bare.webp"
    assert names.name_for("v1.2", "image/tiff") == "v1.2.tif"


def test_ten_thousand_images_of_one_name_stay_apart() -> None:
    names = ExportNames()
    given = {names.name_for("image.jpg") for _ in range(10_000)}
    assert len({same_name_key(name) for name in given}) == 10_000
    assert {"image.jpg", "image_2.jpg", "image_10000.jpg"} <= given


def test_stems_stay_apart_whatever_suffix_case_or_number() -> None:
    names = ExportNames()
    given = ["a.jpg", "a.png", "A.jpg", "a_2.jpg", "a.jpg", "ä.jpg", "a\u0308.jpg", "x/a.jpg", "x_a.jpg"]
    stems = [same_name_key(names.name_for(name).rpartition(".")[0]) for name in given]
    assert len(set(stems)) == len(given)
    assert stems[0] == "a"


def test_the_longest_names_fit_every_file_system() -> None:
    names = ExportNames()
    for name in ("x" * 251 + ".jpg", "ü" * 300 + ".jpg", "x" * 4096 + ".png", "x" * 251 + ".jpg"):
        assert len(names.name_for(name).encode()) <= 240


def test_the_table_of_names_is_safe_in_a_spreadsheet_and_reads_back(tmp_path: Path) -> None:
    originals = [
        "=cmd|calc!A1.jpg",
        "-1+1.jpg ",
        "@x/y.jpg",
        '"quoted", name?.jpg',
        "'=odd?.jpg",
        "plain.jpg",
        "a\tb.jpg",
    ]
    names = ExportNames()
    given = [names.name_for(name) for name in originals]
    for cell in (cell for line in names.as_csv().decode().splitlines() for cell in line.split(",")):
        assert not cell.strip('"').startswith(("=", "+", "-", "@", "\t"))
    with FolderSink(tmp_path / "out") as sink:
        sink.add(NAMES_FILE, names.as_csv())
    table = original_names(open_files(tmp_path / "out"))
    assert [table.get(name, name) for name in given] == originals


def test_a_table_of_something_else_is_ignored(tmp_path: Path) -> None:
    (tmp_path / NAMES_FILE).write_text("id,name\n1,x\n")
    assert original_names(open_files(tmp_path)) == {}
    (tmp_path / NAMES_FILE).unlink()
    assert original_names(open_files(tmp_path)) == {}
