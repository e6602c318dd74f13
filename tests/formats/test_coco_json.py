"""Large JSON files in pieces: any layout, any piece size, and clear words for broken ones."""

from __future__ import annotations

import io
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_roboflow.domain.errors import UnreadableDataset
from jupyter_roboflow.formats.coco.json_reader import JsonReader


class Item(msgspec.Struct):
    id: int
    points: list[float] = []


DECODER = msgspec.json.Decoder(list[Item])


def read(data: bytes, piece: int) -> dict[str, Any]:
    """Everything in the file, `annotations` in batches and `other` passed over."""
    reader = JsonReader(io.BytesIO(data), "x.json", piece)
    found: dict[str, Any] = {}
    for key in reader.keys():  # noqa: SIM118
        if key == "annotations":
            found[key] = []
            for batch in reader.batches(DECODER, key):
                assert batch.first == len(found[key])
                if batch.typed is None:
                    found[key] += [json.loads(bytes(raw)) for raw in batch.raw]
                else:
                    found[key] += [{"id": item.id, "points": item.points} for item in batch.typed]
        elif key == "other":
            reader.skip()
        else:
            found[key] = reader.value()
    return found


nested = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=6)
    | st.sampled_from(['}, {"', '"}]', "\\"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
items = st.fixed_dictionaries(
    {"id": st.integers(0, 999) | st.text(max_size=3), "points": st.lists(st.floats(-9, 9), max_size=4)},
    optional={"extra": nested},
)


@given(
    st.fixed_dictionaries({"annotations": st.lists(items, max_size=12), "other": nested, "info": nested}),
    st.permutations(["annotations", "other", "info"]),
    st.sampled_from([16, 64, 500, 1 << 20]),
    st.sampled_from([None, 2]),
    st.booleans(),
)
def test_every_layout_of_a_file_reads_the_same(
    data: dict[str, Any], order: list[str], piece: int, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps({key: data[key] for key in order}, indent=indent, ensure_ascii=ascii_only)
    found = read(text.encode("utf-8", "surrogatepass"), piece)
    wanted = [{"id": item["id"], "points": item["points"]} for item in data["annotations"]]
    assert [{"id": item["id"], "points": item["points"]} for item in found["annotations"]] == wanted
    assert found["info"] == data["info"]


BROKEN = {
    "NaN": (b'{"annotations":[{"id":1},{"id":NaN}]}', r"annotations\[1\] holds NaN"),
    "two numbers": (b'{"annotations":[{"id":1},{"id":1 1}]}', r"annotations\[1\] is broken JSON.*at byte 33"),
    "a comma too many": (b'{"annotations":[{"id":1},]}', r"annotations\[1\]"),
    "an object for a list": (b'{"annotations":{"a":1}}', "annotations is not a list"),
    "a key twice": (b'{"annotations":[],"annotations":[]}', "stands twice"),
    "something behind": (b'{"annotations":[]}x', "follows after the end"),
    "nothing": (b"", "ends too early"),
    "a list": (b'[{"image_id":1}]', "results file"),
    "text": (b"hello", "not a JSON object"),
    "UTF-16": ("{}".encode("utf-16"), "UTF-16"),
    "a wrong bracket": (b'{"annotations":[{"id":1}}', "list should end"),
    "no comma": (b'{"annotations":[] "a":1}', "comma"),
    "no colon": (b'{"annotations" []}', "colon"),
    "no quotes": (b"{annotations:[]}", "quotes"),
    "bad value": (b'{"info":{"a":nul}}', "broken JSON"),
}


@pytest.mark.parametrize("piece", [16, 1 << 20])
@pytest.mark.parametrize("name", BROKEN)
def test_broken_json_says_where(name: str, piece: int) -> None:
    data, words = BROKEN[name]
    with pytest.raises(UnreadableDataset, match=words) as caught:
        read(data, piece)
    assert caught.value.message.startswith("x.json: ")
    assert isinstance(caught.value.details["offset"], int)


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = json.dumps(
        {"info": {}, "annotations": [{"id": i, "points": [1.5]} for i in range(9)], "other": [{}]}
    ).encode()
    for cut in range(len(data)):
        with pytest.raises(UnreadableDataset, match="ends"):
            read(data[:cut], 64)


def test_deeply_nested_json_does_not_crash() -> None:
    deep = b'{"annotations":[{"id":1,"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}]}"
    with pytest.raises(UnreadableDataset, match=r"x.json: annotations\[0\]"):
        read(deep, 1 << 20)
