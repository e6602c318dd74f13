"""The XML files of a dataset: which there are, the labels in them, parsed without entities and DTDs."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ...archive import Files
from ...domain.dataset import Label, clean_name, default_color
from ...domain.errors import Invalid, RoboflowError, UnreadableDataset
from ..format import INDEX_LIMIT

LABELS_FILE = "labels.csv"
"""Where our exports keep the fixed index of each label, which the XML files have no place for."""

_LIMIT = 50_000_000
_OBJECT = re.compile(rb"<object>(.*?)</object>", re.DOTALL)
_NAME = re.compile(rb"<name>([^<]*)</name>")
_PART = re.compile(rb"<part>.*?</part>", re.DOTALL)
_SPECIAL = re.compile(rb"<!|<object[^>]|<name[^>]|<part[^>s]|encoding=[\"'](?!utf-8|UTF-8|ascii|ASCII)|\x00")


def annotation_files(files: Files) -> list[str]:
    """Every XML file, sorted."""
    return [name for name in files.names if name[-4:].lower() == ".xml"]


def is_annotation(files: Files, name: str) -> bool:
    """Whether a file looks like an `<annotation>`; it is not parsed."""
    try:
        with files.get(name).open() as stream:
            start = stream.read(4096)
    except RoboflowError:
        return False
    return b"<annotation" in start.replace(b"\x00", b"")


def parse(name: str, data: bytes) -> Element:
    """The root of an XML file; `UnreadableDataset` names file and line, `xml_forbidden` for a DTD or an entity."""
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableDataset(
            f"{name} has a document type or entities, which are never read: remove the <!DOCTYPE …> part.",
            code="xml_forbidden",
        ) from error
    except ParseError as error:
        line = error.position[0]
        raise UnreadableDataset(f"{name}:{line}: not well-formed XML ({error.msg}).", code="bad_xml") from error
    except (ValueError, LookupError, RecursionError) as error:
        raise UnreadableDataset(f"{name}: not readable as XML ({error}).", code="bad_xml") from error


def load(files: Files, name: str) -> Element:
    """The `<annotation>` in a file."""
    try:
        data = files.read(name, _LIMIT)
    except RoboflowError as error:
        raise UnreadableDataset(error.message, code=error.code) from error
    root = parse(name, data)
    if root.tag != "annotation":
        raise UnreadableDataset(f"{name} holds <{str(root.tag)[:40]}>, not <annotation>.", code="bad_xml")
    return root


def find_labels(files: Files, names: Iterable[str], root: str) -> tuple[Label, ...]:
    """The labels of all objects: those listed in `labels.csv` with their index, then others as they first appear."""
    indices = _listed(files, root + LABELS_FILE)
    for name in names:
        for text in _label_names(files, name):
            if text not in indices:
                indices[text] = max(indices.values(), default=-1) + 1
    ordered = sorted(indices.items(), key=lambda item: item[1])
    return tuple(Label(text, default_color(index), index, place) for place, (text, index) in enumerate(ordered))


def object_label(text: str | None, where: str) -> str:
    """A label's name as it is stored; `UnreadableDataset` says where it is missing or not usable."""
    try:
        return _clean_label(text or "")
    except Invalid as error:
        raise UnreadableDataset(f"{where}: {error.message}", code=error.code) from error


@lru_cache(maxsize=4096)
def _clean_label(text: str) -> str:
    return clean_name(text, "label")


def labels_csv(labels: Iterable[Label]) -> bytes:
    """The table `index,name` of an export."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("index", "name"))
    writer.writerows((label.index, label.name) for label in labels)
    return text.getvalue().encode()


def _listed(files: Files, name: str) -> dict[str, int]:
    if name not in files:
        return {}
    table = csv.reader(io.StringIO(files.read(name, _LIMIT).decode("utf-8-sig", "replace"), newline=""))
    try:
        rows = list(table)
    except csv.Error as error:
        raise UnreadableDataset(f"{name}:{table.line_num}: no table of labels ({error}).", code="bad_labels") from None
    if rows[:1] != [["index", "name"]]:
        return {}
    found: dict[str, int] = {}
    for number, row in enumerate(rows[1:], 2):
        if len(row) != 2 or not _is_index(row[0]) or int(row[0]) in found.values():
            raise UnreadableDataset(
                f"{name}:{number}: a row is a number of its own, below {INDEX_LIMIT:,}, and a name.", code="bad_labels"
            )
        found[object_label(row[1], f"{name}:{number}")] = int(row[0])
    return found


def _is_index(text: str) -> bool:
    return text.isdecimal() and len(text) <= 9 and int(text) < INDEX_LIMIT


def _label_names(files: Files, name: str) -> Mapping[str, None]:
    """The names of a file's objects, in order, each once. Plain files are scanned; unusual ones are parsed."""
    data = files.read(name, _LIMIT)
    if _SPECIAL.search(data):
        root = parse(name, data)
        texts = [item.findtext("name") for item in root.iter("object")]
    else:
        texts = [_scanned(body) for body in _OBJECT.findall(data)]
    return dict.fromkeys(object_label(text, f"{name}: object {i}") for i, text in enumerate(texts, 1))


def _scanned(body: bytes) -> str | None:
    if b"<part" in body:
        body = _PART.sub(b"", body)
    found = _NAME.search(body)
    if found is None:
        return None
    text = found.group(1).decode("utf-8", "replace")
    return html.unescape(text) if "&" in text else text
