"""Datasets and their collaborators as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, delete, func, insert, or_, select, update

from ..domain.dataset import Dataset, clean_name
from ..domain.errors import Conflict, NotFound
from ..domain.page import Page, check_page
from ..domain.user import DatasetRole, Role, User
from .database import Connection
from .tables import collaborators, images, name_key, users
from .tables import datasets as table

_IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A dataset as it is stored, without the view of any user."""

    id: int
    name: str
    owner_id: int
    changed_at: datetime


def create(conn: Connection, user: User, name: str, metadata: Mapping[str, Any] | None = None) -> Dataset:
    """A new, empty dataset; `Conflict` (`name_taken`) when its owner has one of that name, whatever the case."""
    clean = clean_name(name, "dataset")
    _check_free(conn, user.id, clean)
    now = datetime.now(UTC)
    values = {"name": clean, "name_key": name_key(clean), "owner_id": user.id, "next_export_index": 0}
    values |= {"metadata": json.dumps(dict(metadata or {})), "created_at": now, "changed_at": now}
    key = conn.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return get(conn, key[0], user)


def _check_free(conn: Connection, owner_id: int, name: str) -> None:
    same = select(table.c.name).where(table.c.owner_id == owner_id, table.c.name_key == name_key(name))
    taken = conn.execute(same).scalar()
    if taken is not None:
        raise Conflict(
            f"There is a dataset {taken!r} already: choose another name or open that one.", code="name_taken"
        )


def row(conn: Connection, dataset_id: int) -> DatasetRow:
    """The stored dataset; `NotFound` when there is none."""
    query = select(table.c.id, table.c.name, table.c.owner_id, table.c.changed_at)
    found = conn.execute(query.where(table.c.id == dataset_id, table.c.deleted_at.is_(None))).one_or_none()
    if found is None:
        raise NotFound(f"There is no dataset {dataset_id} that you may see.")
    return DatasetRow(*found)


def touch(conn: Connection, dataset_id: int) -> None:
    """Note that something in the dataset has changed."""
    conn.execute(_TOUCH, {"dataset": dataset_id, "now": datetime.now(UTC)})


_TOUCH = update(table).where(table.c.id == bindparam("dataset")).values(changed_at=bindparam("now"))


def role_in(conn: Connection, dataset_id: int, user: User) -> DatasetRole | None:
    """What the user is in the dataset; None without a grant. `NotFound` when there is no such dataset."""
    found = conn.execute(_ROLE, {"dataset": dataset_id, "user": user.id}).one_or_none()
    if found is None:
        raise NotFound(f"There is no dataset {dataset_id} that you may see.")
    return _role(found, user)


def role_at_image(conn: Connection, image_id: int, user: User) -> tuple[int, DatasetRole | None]:
    """The dataset that an image is in, and what the user is there; `NotFound` when there is no such image."""
    found = conn.execute(_ROLE_AT_IMAGE, {"image": image_id, "user": user.id}).one_or_none()
    if found is None:
        raise NotFound(f"There is no image {image_id}.")
    return found.id, _role(found, user)


def roles_at_images(conn: Connection, image_ids: Iterable[int], user: User) -> dict[int, DatasetRole | None]:
    """What the user is in the dataset of each of these images; ids of no image are left out."""
    ids, roles = sorted(set(image_ids)), dict[int, DatasetRole | None]()
    for start in range(0, len(ids), _IDS_AT_ONCE):
        found = conn.execute(_ROLES_AT_IMAGES, {"images": ids[start : start + _IDS_AT_ONCE], "user": user.id})
        roles |= {row.image_id: _role(row, user) for row in found}
    return roles


def _role(found: Any, user: User) -> DatasetRole | None:
    if found.owner_id == user.id:
        return DatasetRole.OWNER
    return None if found.role is None else DatasetRole(found.role)


_GRANT = and_(collaborators.c.dataset_id == table.c.id, collaborators.c.user_id == bindparam("user"))
_ROLES = (
    select(table.c.id, table.c.owner_id, collaborators.c.role)
    .select_from(table.outerjoin(collaborators, _GRANT))
    .where(table.c.deleted_at.is_(None))
)
_ROLE = _ROLES.where(table.c.id == bindparam("dataset"))
_ROLE_AT_IMAGE = _ROLES.join(images, images.c.dataset_id == table.c.id).where(images.c.id == bindparam("image"))
_ROLES_AT_IMAGES = (
    _ROLES.add_columns(images.c.id.label("image_id"))
    .join(images, images.c.dataset_id == table.c.id)
    .where(images.c.id.in_(bindparam("images", expanding=True)))
)
"""Asked by every request, so built once."""


def get(conn: Connection, dataset_id: int, user: User) -> Dataset:
    """The dataset as the user sees it, with its counts; `NotFound` when there is none or the user has no grant."""
    found = conn.execute(_ONE_SEEN[user.role is Role.ADMIN], {"dataset": dataset_id, "user": user.id}).one_or_none()
    if found is None:
        raise NotFound(f"There is no dataset {dataset_id} that you may see.")
    return _dataset(found)


def by_name(conn: Connection, user: User, name: str) -> Dataset:
    """The dataset of that name in any case, the user's own before others'; `NotFound` names those there are."""
    query = _seen_by(user).where(table.c.name_key == name_key(name))
    found = conn.execute(query.order_by(table.c.owner_id != user.id, table.c.id), {"user": user.id}).first()
    if found is None:
        known = [d.name for d in list_for(conn, user, limit=10).items]
        hint = f"there are {', '.join(repr(n) for n in known)}" if known else "there are none yet"
        raise NotFound(f"There is no dataset {name!r}; {hint}.")
    return _dataset(found)


def list_for(conn: Connection, user: User, search: str | None = None, page: int = 1, limit: int = 100) -> Page[Dataset]:
    """The datasets a user may see, by name."""
    check_page(page, limit)
    conditions: list[ColumnElement[bool]] = []
    if search:
        conditions.append(table.c.name_key.contains(name_key(search), autoescape=True))
    counted = select(func.count()).select_from(_seen_by(user).where(*conditions).order_by(None).subquery())
    total = conn.execute(counted, {"user": user.id}).scalar_one()
    query = _seen_by(user).where(*conditions).order_by(table.c.name_key, table.c.id)
    rows = conn.execute(query.limit(limit).offset((page - 1) * limit), {"user": user.id})
    return Page(tuple(_dataset(found) for found in rows), total, page, limit)


def update_dataset(
    conn: Connection, dataset_id: int, *, name: str | None = None, metadata: Mapping[str, Any] | None = None
) -> None:
    """Change name or metadata; what is None stays."""
    values: dict[str, Any] = {}
    if name is not None:
        clean = clean_name(name, "dataset")
        current = row(conn, dataset_id)
        if name_key(clean) != name_key(current.name):
            _check_free(conn, current.owner_id, clean)
        values |= {"name": clean, "name_key": name_key(clean)}
    if metadata is not None:
        values["metadata"] = json.dumps(dict(metadata))
    if values:
        conn.execute(update(table).where(table.c.id == dataset_id).values(values))


def list_collaborators(conn: Connection, dataset_id: int) -> tuple[tuple[str, DatasetRole], ...]:
    """(username, role) of everybody who was let in, by name."""
    query = (
        select(users.c.username, collaborators.c.role)
        .join(users, users.c.id == collaborators.c.user_id)
        .where(collaborators.c.dataset_id == dataset_id)
        .order_by(users.c.username_key)
    )
    return tuple((name, DatasetRole(role)) for name, role in conn.execute(query))


def set_collaborator(conn: Connection, dataset_id: int, user: User, role: DatasetRole) -> None:
    """Let a user in, or change the role; the owner needs none."""
    if row(conn, dataset_id).owner_id == user.id:
        raise Conflict(f"{user.username} owns this dataset and needs no other role.", code="is_owner")
    remove_collaborator(conn, dataset_id, user)
    values = {"dataset_id": dataset_id, "user_id": user.id, "role": role.value}
    conn.execute(insert(collaborators).values(values))


def remove_collaborator(conn: Connection, dataset_id: int, user: User) -> None:
    """Take a user's grant away."""
    mine = and_(collaborators.c.dataset_id == dataset_id, collaborators.c.user_id == user.id)
    conn.execute(delete(collaborators).where(mine))


def _seen_by(user: User) -> Select[*tuple[Any, ...]]:
    """The datasets a user may see, each with the owner's name, the user's role and the counts; `user` is its parameter,
    the user's id."""
    return _SEEN[user.role is Role.ADMIN]


def _seen() -> Select[*tuple[Any, ...]]:
    asking = bindparam("user", type_=Integer)
    image_count = select(func.count()).where(images.c.dataset_id == table.c.id).scalar_subquery()
    drawn = select(func.coalesce(func.sum(images.c.annotation_count), 0)).where(images.c.dataset_id == table.c.id)
    return (
        select(
            table.c.id,
            table.c.name,
            table.c.owner_id,
            table.c.metadata,
            table.c.created_at,
            users.c.username,
            _granted.c.role,
            image_count.label("image_count"),
            drawn.scalar_subquery().label("annotation_count"),
            asking.label("asking"),
        )
        .join(users, users.c.id == table.c.owner_id)
        .join(_granted, and_(_granted.c.dataset_id == table.c.id, _granted.c.user_id == asking), isouter=True)
        .where(table.c.deleted_at.is_(None))
    )


_granted = collaborators.alias()
_SEEN = {
    True: _seen(),
    False: _seen().where(or_(table.c.owner_id == bindparam("user", type_=Integer), _granted.c.role.is_not(None))),
}
_ONE_SEEN = {admin: query.where(table.c.id == bindparam("dataset")) for admin, query in _SEEN.items()}
"""By whether it is an administrator who asks. Built once: putting them together takes longer than the answer."""


def _dataset(found: Any) -> Dataset:
    role = "owner" if found.owner_id == found.asking else found.role or "admin"
    return Dataset(
        id=found.id,
        name=found.name,
        owner=found.username,
        created_at=found.created_at,
        role=role,
        image_count=found.image_count,
        annotation_count=int(found.annotation_count),
        metadata=json.loads(found.metadata),
    )
