"""Every kind of job there is: one file each, named here and imported when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from ..domain.errors import Invalid
from .kind import JobKind

KINDS: Mapping[str, str] = {
    "delete": "jupyter_roboflow.jobs.delete:Delete",
    "export": "jupyter_roboflow.jobs.export:Export",
    "import": "jupyter_roboflow.jobs.import_:Import",
    "version": "jupyter_roboflow.jobs.version:Version",
    "version_chunk": "jupyter_roboflow.jobs.version_chunk:VersionChunk",
}
"""Name of a kind -> `module:Class`. Plain text, so that a worker process can be told which kinds it may run."""


def load_kind(name: str, kinds: Mapping[str, str] = KINDS) -> JobKind:
    """The kind of that name, ready to run. A name that is not in the list raises `Invalid` (`unknown_job_kind`)."""
    if name not in kinds:
        known = ", ".join(sorted(kinds))
        raise Invalid(
            f"This worker knows no job kind {name!r}, only {known}: update it to the version that created the job.",
            code="unknown_job_kind",
        )
    module_name, _, class_name = kinds[name].partition(":")
    kind: type[JobKind] = getattr(import_module(module_name), class_name)
    return kind()
