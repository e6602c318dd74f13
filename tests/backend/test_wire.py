"""What goes over the wire quickly is what its model says."""

from __future__ import annotations

from pydantic import TypeAdapter

from jupyter_roboflow.backend.wire import annotations as wire
from jupyter_roboflow.domain.annotation import Annotation, AnnotationSet
from jupyter_roboflow.domain.shapes import BBox, Point, shape_or_kept

ODD = {"text": 'a"b\\ \u2028 \U0001f600', "number": 1e300, "whole": 2**53, "none": None, "deep": [{"a": [True]}]}
SHAPES = (
    BBox(0.1, 2, 3.5, 1e-3),
    Point(1 / 3, 0.0),
    shape_or_kept("polygon", {"points": [0, 0, 9, 0, 9, 9], "holes": [[2, 1, 8, 1, 8, 7]]}),
    shape_or_kept("cuboid", {"corners": [[1, 2.5], [3, 4]]}),
)


def test_an_annotation_set_is_encoded_as_its_model_would() -> None:
    drawn = tuple(Annotation(shape, "Zelle 漢", ODD, f"{n:032x}") for n, shape in enumerate(SHAPES))
    for found in (AnnotationSet(7, 3, drawn, "labeled"), AnnotationSet(8, 0, (), "unlabeled")):
        adapter = TypeAdapter(wire.AnnotationSet)
        slow = adapter.dump_json(adapter.validate_python(found, from_attributes=True))
        quick = wire.AnnotationSet.encoded(found)
        assert quick is not None
        assert adapter.validate_json(quick) == adapter.validate_json(slow)
        assert adapter.validate_json(quick).to_domain() == found
