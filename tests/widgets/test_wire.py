"""The golden JSON that the annotator's two ends agree on; `widgets/src/views/wire.test.ts` reads the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_roboflow.backend.wire import annotations as wire
from jupyter_roboflow.backend.wire.datasets import Dataset, Labels
from jupyter_roboflow.backend.wire.errors import error_from
from jupyter_roboflow.backend.wire.images import Image
from jupyter_roboflow.backend.wire.model import PageOf
from jupyter_roboflow.domain.errors import Conflict
from jupyter_roboflow.widgets.proposals import Proposal, Proposals

GOLDEN = Path(__file__).parent.parent / "golden" / "wire"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["annotation-set", "empty-set"])
def test_a_set_comes_back_as_it_went(name: str) -> None:
    read = wire.AnnotationSet.model_validate_json(json.dumps(golden(name))).to_domain()
    again = wire.AnnotationSet.model_validate(read).model_dump(mode="json")
    assert again == golden(name)


def test_a_save_is_understood() -> None:
    sent = wire.WholeSet.model_validate_json(json.dumps(golden("whole-set")))
    assert [wire.annotation_fields(each) for each in sent.to_domain()] == golden("whole-set")["annotations"]
    assert sent.state == "reviewed"


@pytest.mark.parametrize("name, model", [("labels", Labels), ("images", PageOf[Image]), ("dataset", Dataset)])
def test_lists_and_datasets_come_back_as_they_went(name: str, model: Any) -> None:
    assert model.model_validate_json(json.dumps(golden(name))).model_dump(mode="json") == golden(name)


def test_proposals_go_out_as_the_view_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    [item] = golden("proposals")["items"]
    annotation = wire.Annotation.model_validate({k: item[k] for k in wire.Annotation.model_fields}).to_domain()
    found = {7: [Proposal(annotation, item["score"], item["provenance"])]}
    assert Proposals(None, 1, found).wire(7) == [item]  # pyright: ignore[reportArgumentType]


def test_a_conflict_is_a_conflict() -> None:
    error = error_from(409, None, golden("error"), "")
    assert isinstance(error, Conflict) and error.as_dict() == golden("error")["error"]
