"""Names, colours, permissions, errors, losses: the small rules everything else leans on."""

from __future__ import annotations

import pickle
import re

import pytest

from jupyter_roboflow.domain import errors
from jupyter_roboflow.domain import user as user_module
from jupyter_roboflow.domain.annotation import is_annotation_id, make_annotation_id
from jupyter_roboflow.domain.dataset import NAME_LIMIT, check_color, clean_name, default_color
from jupyter_roboflow.domain.errors import Invalid, RoboflowError
from jupyter_roboflow.domain.manifest import Loss, Losses
from jupyter_roboflow.domain.palette import PALETTE
from jupyter_roboflow.domain.user import Action, DatasetRole, Role, may

REFUSED_NAMES = {
    "LBL-001 empty": ("", "label_empty"),
    "LBL-001 spaces": ("   \u00a0", "label_empty"),
    "LBL-001 zero width": ("\u200b\u200d\ufeff", "label_empty"),
    "LBL-013 control": ("a\x0bb", "control_characters"),
    "LBL-013 newline": ("a\nb", "control_characters"),
    "LBL-021 NUL": ("a\x00b", "bad_unicode"),
    "LBL-021 lone surrogate": ("a\ud800", "bad_unicode"),
    "too long": ("x" * (NAME_LIMIT + 1), "name_too_long"),
    "a number": (5, "wrong_type"),
    "nothing": (None, "wrong_type"),
}

TAKEN_NAMES = {
    "LBL-003 script": "<script>alert(1)</script>",
    "LBL-007 emoji": "🐱",
    "LBL-007 ZWJ family": "👨\u200d👩\u200d👧",
    "LBL-007 skin tone": "👍🏽",
    "LBL-009 comma, quote, semicolon": 'a,"b";c',
    "LBL-011 spaces": "red blood cell",
    "LBL-013 XML": "& < > ]]>",
    "LBL-017 path": "../a/b",
    "as long as allowed": "x" * NAME_LIMIT,
}


@pytest.mark.parametrize("name, code", REFUSED_NAMES.values(), ids=list(REFUSED_NAMES))
def test_a_name_that_cannot_be_is_refused(name: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_name(name, "label")
    assert refused.value.code == code


@pytest.mark.parametrize("name", TAKEN_NAMES.values(), ids=list(TAKEN_NAMES))
def test_a_name_is_kept_as_it_is(name: str) -> None:
    assert clean_name(name, "label") == name


def test_names_are_trimmed_and_composed_lbl_015() -> None:
    assert clean_name(" Car ", "label") == "Car" and clean_name("e\u0301", "label") == "\u00e9"


@pytest.mark.parametrize(
    "color", ["javascript:alert(1)", "red", "#fff", "#12345g", "#1234567", "#123456\n", "", None, 5]
)
def test_only_hex_colours_are_taken_lbl_005(color: object) -> None:
    with pytest.raises(Invalid) as refused:
        check_color(color)
    assert refused.value.code == "bad_colour"


def test_colours_are_stored_in_lower_case() -> None:
    assert check_color("#AbCdEf") == "#abcdef"


def _luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_twenty_labels_have_twenty_colours_seen_on_light_and_on_dark() -> None:
    colors = [default_color(i) for i in range(20)]
    assert [check_color(color) for color in colors] == colors
    channels = [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors]
    for i, one in enumerate(channels):
        for other in channels[:i]:
            assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) >= 30, (one, other)
    for color in colors:  # a filled swatch or an outline stands out from paper (#fff) and from the dark theme (#111)
        assert 1.05 / (_luminance(color) + 0.05) > 1.3 and (_luminance(color) + 0.05) / (0.0056 + 0.05) > 1.5, color


WITH_KIN = ["#e69f00", "#882255", "#8a5f00", "#00446b", "#b87a99", "#5c4000", "#cfa7bb", "#e69f00"]
"""The same list is in `widgets/src/engine/render.test.ts`."""


def test_the_annotator_has_the_same_colours(pytestconfig: pytest.Config) -> None:
    source = (pytestconfig.rootpath / "widgets" / "src" / "engine" / "palette.ts").read_text(encoding="utf-8")
    listed = source[source.index("PALETTE = [") : source.index("] as const")]
    assert tuple(re.findall(r"#[0-9a-f]{6}", listed)) == PALETTE
    assert [default_color(i) for i in (0, 15, 16, 20, 31, 32, 47, 48)] == WITH_KIN


# Everything allowed, nothing else. A viewer of the installation reads and exports at most, whatever the row says.
READS = "read export"
ANNOTATES = f"{READS} annotate upload edit_images"
MANAGES = f"{ANNOTATES} delete_images edit_labels import create_version delete_version edit_dataset read_audit"
OWNS = f"{MANAGES} manage_collaborators delete_dataset"
ALL = f"{OWNS} create_dataset manage_users"
MAY: dict[tuple[str, str | None], str] = {
    ("admin", None): ALL,
    ("admin", "viewer"): ALL,
    ("admin", "annotator"): ALL,
    ("admin", "admin"): ALL,
    ("admin", "owner"): ALL,
    ("annotator", None): "create_dataset",
    ("annotator", "viewer"): f"{READS} create_dataset",
    ("annotator", "annotator"): f"{ANNOTATES} create_dataset",
    ("annotator", "admin"): f"{MANAGES} create_dataset",
    ("annotator", "owner"): f"{OWNS} create_dataset",
    ("viewer", None): "",
    ("viewer", "viewer"): READS,
    ("viewer", "annotator"): READS,
    ("viewer", "admin"): READS,
    ("viewer", "owner"): READS,
}


def _check_the_whole_table() -> None:
    assert len(MAY) == len(Role) * (len(DatasetRole) + 1)
    for (role, dataset_role), allowed in MAY.items():
        granted = DatasetRole(dataset_role) if dataset_role else None
        found = {str(action) for action in Action if user_module.may(Role(role), granted, action)}
        assert found == set(allowed.split()), (role, dataset_role)


def test_who_may_do_what() -> None:
    _check_the_whole_table()
    assert set(ALL.split()) == {str(action) for action in Action}


def test_a_rule_that_forgets_the_viewer_of_the_installation_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(role: Role, dataset_role: DatasetRole | None, action: Action) -> bool:
        return may(Role.ANNOTATOR if role is Role.VIEWER and dataset_role else role, dataset_role, action)

    monkeypatch.setattr(user_module, "may", forgetful)
    with pytest.raises(AssertionError, match="viewer"):
        _check_the_whole_table()


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RoboflowError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_survives_the_way_to_another_process(kind: type[RoboflowError]) -> None:
    error = kind("Something is wrong: do this.", image_id=5, where=["a"])
    same = pickle.loads(pickle.dumps(error))
    assert type(same) is kind and str(same) == str(error)
    assert same.as_dict() == error.as_dict() == {
        "code": kind.code,
        "message": "Something is wrong: do this.",
        "details": {"image_id": 5, "where": ["a"]},
    }  # fmt: skip
    assert pickle.loads(pickle.dumps(kind("x", code="special"))).code == "special"


def test_every_error_has_its_own_code() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS) == 16


def test_losses_count_everything_and_remember_a_few() -> None:
    losses, more = Losses(), Losses()
    for i in range(1000):
        losses.add("clipped", f"image {i}", "over the border")
    more.add("clipped", "image x", "over the border")
    more.add("dropped", "image y", "no area")
    losses.extend(more)
    assert len(losses) == 1002 and losses.total("clipped") == 1001 and losses.total("split") == 0
    assert len(list(losses)) == Losses.kept_examples + 1 and Loss("dropped", "image y", "no area") in list(losses)
    assert [(entry["what"], entry["count"], len(entry["examples"])) for entry in losses.as_list()] == [
        ("clipped", 1001, 20),
        ("dropped", 1, 1),
    ]
    assert more.as_list()[0]["examples"] == ["image x"]


def test_annotation_ids_sort_by_age_and_strangers_are_told_apart() -> None:
    ids = [make_annotation_id() for _ in range(100)]
    assert len(set(ids)) == 100 and all(map(is_annotation_id, ids))
    assert [i[:12] for i in ids] == sorted(i[:12] for i in ids)
    for stranger in ("", "x" * 32, ids[0].upper() + "0", ids[0] + "\n", ids[0][:-1], None, 5):
        assert not is_annotation_id(stranger)
