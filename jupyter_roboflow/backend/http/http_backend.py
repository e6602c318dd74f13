"""The Backend behind a Jupyter server: the same methods, over REST."""

from __future__ import annotations

from ..backend import Backend
from .annotations import AnnotationMethods
from .assistance import AssistanceMethods
from .datasets import DatasetMethods
from .images import ImageMethods
from .labels import LabelMethods
from .previews import PreviewMethods
from .versions import VersionMethods


class HttpBackend(
    DatasetMethods,
    LabelMethods,
    ImageMethods,
    AnnotationMethods,
    AssistanceMethods,
    PreviewMethods,
    VersionMethods,
    Backend,
):
    """Acts for whoever its credentials say, on the server at its address."""

    def __repr__(self) -> str:
        return f"<HttpBackend of {self.server}>"
