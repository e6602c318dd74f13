"""The report of an upload says in a few lines what happened, and has everything for programs."""

from __future__ import annotations

import json
from collections import Counter

from jupyter_roboflow.domain.errors import UnreadableImage
from jupyter_roboflow.ingest import UploadReport


def example() -> UploadReport:
    report = UploadReport(skipped=Counter({".txt": 3, "": 1}))
    report.add("a.jpg", 1)
    report.know("b.jpg", 1)
    report.refuse("<b>.jpg", UnreadableImage("<b>.jpg is cut off.", code="image_truncated"))
    return report


def test_it_says_how_many_of_each_and_why_not() -> None:
    text = str(example())
    assert text.splitlines()[0] == (
        "1 added, 1 known already, 1 refused, 4 skipped as no pictures (3 × .txt, 1 × no suffix)"
    )
    assert "<b>.jpg (image_truncated): <b>.jpg is cut off." in text
    assert example().counts == {"added": 1, "known": 1, "refused": 1, "skipped": 4}


def test_a_notebook_shows_names_and_not_their_html() -> None:
    shown = example()._repr_html_()
    assert "&lt;b&gt;.jpg" in shown
    assert "<b>" not in shown


def test_a_thousand_refusals_do_not_fill_the_notebook() -> None:
    report = UploadReport()
    for number in range(1000):
        report.refuse(f"{number}.jpg", UnreadableImage("no"))
    assert len(str(report).splitlines()) == 22
    assert "… and 980 more" in str(report)
    assert len(report.refused) == 1000


def test_it_travels_as_json() -> None:
    again = UploadReport.from_dict(json.loads(json.dumps(example().as_dict())))
    assert again == example()
