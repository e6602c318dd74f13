"""The Backend in this process: the database, the store and the queue right here."""

from __future__ import annotations

from ...domain.user import User
from ..backend import Backend
from .annotations import AnnotationMethods
from .assistance import AssistanceMethods
from .datasets import DatasetMethods
from .images import ImageMethods
from .labels import LabelMethods
from .previews import PreviewMethods
from .versions import VersionMethods


class LocalBackend(
    DatasetMethods,
    LabelMethods,
    ImageMethods,
    AnnotationMethods,
    AssistanceMethods,
    PreviewMethods,
    VersionMethods,
    Backend,
):
    """Acts for one user on an Installation; `acting_as` gives the same for another."""

    def acting_as(self, user: User) -> LocalBackend:
        """The backend of another user, on the same installation."""
        return LocalBackend(self._here, user)
