"""Who may do what: the one rule, as one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user is on the whole installation. A viewer stays a viewer in every dataset."""

    ADMIN = "admin"
    ANNOTATOR = "annotator"
    VIEWER = "viewer"


class DatasetRole(StrEnum):
    """What a user is in one dataset: its owner, or a collaborator with one of the three roles."""

    OWNER = "owner"
    ADMIN = "admin"
    ANNOTATOR = "annotator"
    VIEWER = "viewer"


class Action(StrEnum):
    """Everything that can be asked of the Backend."""

    READ = "read"
    EXPORT = "export"
    ANNOTATE = "annotate"
    UPLOAD = "upload"
    EDIT_IMAGES = "edit_images"
    DELETE_IMAGES = "delete_images"
    EDIT_LABELS = "edit_labels"
    IMPORT = "import"
    CREATE_VERSION = "create_version"
    DELETE_VERSION = "delete_version"
    EDIT_DATASET = "edit_dataset"
    MANAGE_COLLABORATORS = "manage_collaborators"
    READ_AUDIT = "read_audit"
    DELETE_DATASET = "delete_dataset"
    CREATE_DATASET = "create_dataset"
    MANAGE_USERS = "manage_users"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody known to the installation."""

    id: int
    username: str
    role: Role


@dataclass(frozen=True, slots=True)
class Account:
    """A User as administrators see one.

    `identity` says who of another system this is: `local` (the owner of a single-user installation) or `hub:<name>`.
    `identity_since` is when it began to be somebody's there, if that is told. `unconfirmed_since`: whoever comes under
    it now is somebody there only since that later time, and gets in once an administrator says that it is the same
    person.
    `token_version` is raised when everything signed for the user so far stops being good.
    """

    user: User
    created_at: datetime
    disabled: bool = False
    identity: str | None = None
    has_password: bool = False
    token_version: int = 0
    identity_since: datetime | None = None
    unconfirmed_since: datetime | None = None


class Scope(StrEnum):
    """What a token is good for: looking, or everything its owner may."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class PersonalAccessToken:
    """A token for scripts, as its owner sees it in the list: the secret itself is kept nowhere."""

    id: int
    user_id: int
    name: str
    prefix: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


_VIEW = frozenset({Action.READ, Action.EXPORT})
_ANNOTATE = _VIEW | {Action.ANNOTATE, Action.UPLOAD, Action.EDIT_IMAGES}
_MANAGE = _ANNOTATE | {
    Action.DELETE_IMAGES,
    Action.EDIT_LABELS,
    Action.IMPORT,
    Action.CREATE_VERSION,
    Action.DELETE_VERSION,
    Action.EDIT_DATASET,
    Action.READ_AUDIT,
}
_OWN = _MANAGE | {Action.MANAGE_COLLABORATORS, Action.DELETE_DATASET}

IN_DATASET: dict[DatasetRole, frozenset[Action]] = {
    DatasetRole.VIEWER: _VIEW,
    DatasetRole.ANNOTATOR: _ANNOTATE,
    DatasetRole.ADMIN: _MANAGE,
    DatasetRole.OWNER: _OWN,
}

_EVERYWHERE: dict[Role, frozenset[Action]] = {
    Role.ADMIN: frozenset(Action),
    Role.ANNOTATOR: frozenset({Action.CREATE_DATASET}),
    Role.VIEWER: frozenset(),
}


def may(role: Role, dataset_role: DatasetRole | None, action: Action) -> bool:
    """Whether a user with this role on the installation and this one in the dataset (None: no grant) may do it."""
    if action in _EVERYWHERE[role]:
        return True
    if dataset_role is None:
        return False
    granted = IN_DATASET[dataset_role]
    return action in (granted & _VIEW if role is Role.VIEWER else granted)
