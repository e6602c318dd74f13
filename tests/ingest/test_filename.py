"""A file's name is for people: whatever a client sends, it is no path and shows no tricks."""

from __future__ import annotations

import pytest

from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.ingest import display_name
from jupyter_roboflow.ingest.filename import printable

NAMES = {
    "FN-001 a way up": ("../../etc/passwd", "passwd"),
    "FN-001 a way up on Windows": ("..\\..\\windows\\system.ini", "system.ini"),
    "FN-003 an absolute path": ("/etc/passwd", "passwd"),
    "FN-003 a drive": ("C:\\photos\\a.jpg", "a.jpg"),
    "FN-005 percent signs stay": ("%2e%2e%2f%2e%2e%2fa.jpg", "%2e%2e%2f%2e%2e%2fa.jpg"),
    "FN-007 line breaks": ("a.jpg\r\nSet-Cookie: x", "a.jpgSet-Cookie: x"),
    "FN-007 other line ends": ("a\u2028b\u2029c\x85.jpg", "abc.jpg"),
    "FN-009 255 characters": ("a" * 251 + ".jpg", "a" * 251 + ".jpg"),
    "FN-013 a dot": (".", "image"),
    "FN-013 two dots": ("..", "image"),
    "FN-013 nothing": ("", "image"),
    "FN-013 only slashes": ("///", "image"),
    "FN-013 only blanks": (" \t ", "image"),
    "FN-015 a dot and a blank at the end": ("trail. ", "trail."),
    "FN-017 hidden": (".hidden.jpg", ".hidden.jpg"),
    "FN-019 right to left": ("evil\u202egpj.exe", "evilgpj.exe"),
    "FN-019 zero width": ("a\u200b\ufeff\u200d.jpg", "a.jpg"),
    "FN-021 a formula": ("=cmd|calc!A1.jpg", "=cmd|calc!A1.jpg"),
    "FN-023 blanks": ("my own photo.jpg", "my own photo.jpg"),
    "NUL": ("a\0.jpg", "a.jpg"),
    "composed": ("u\u0308ber.jpg", "\u00fcber.jpg"),
    "other scripts": ("写真 😀.jpg", "写真 😀.jpg"),
}


@pytest.mark.parametrize("raw, shown", NAMES.values(), ids=NAMES)
def test_a_name_is_cleaned(raw: str, shown: str) -> None:
    assert display_name(raw) == shown
    assert display_name(shown) == shown


@pytest.mark.parametrize(
    "raw, code",
    [("a" * 4092 + ".jpg", "name_too_long"), ("a" * 256, "name_too_long"), ("a\ud800.jpg", "bad_unicode")],
    ids=["FN-011", "FN-009 one more", "FN-027"],
)
def test_a_name_is_refused(raw: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        display_name(raw)
    assert caught.value.code == code
    caught.value.message.encode("utf-8")


def test_a_message_can_show_any_name() -> None:
    assert printable("a\ud800\r\n\u202eb") == "a?b"
    assert len(printable("x" * 5000)) == 120
