"""Annotation Sets as text: from rows to JSON in one pass, and what names their content without reading it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, select

from ..domain.errors import NotFound, StorageCorrupt
from ..domain.stored_set import StoredSet
from .database import Connection
from .tables import annotations as table
from .tables import images
from .tables import labels as label_table


class Head(NamedTuple):
    """What there is to know of a set without its annotations; `names` are the labels of its dataset by id."""

    revision: int
    state: str
    names: Mapping[int, str]

    @property
    def etag(self) -> str:
        """See `etag_of`."""
        return etag_of(self.revision, self.names)


_HEAD = (
    select(images.c.revision, images.c.state, label_table.c.id, label_table.c.name)
    .select_from(images.outerjoin(label_table, label_table.c.dataset_id == images.c.dataset_id))
    .where(images.c.id == bindparam("image"))
)
_ROWS = (
    select(table.c.id, table.c.label_id, table.c.shape_type, table.c.geometry, table.c.attributes)
    .where(table.c.image_id == bindparam("image"))
    .order_by(table.c.position)
)

_encode = msgspec.json.Encoder().encode
_skip_all = msgspec.json.Decoder(list[msgspec.Raw]).decode


def etag_of(revision: int, names: Mapping[int, str]) -> str:
    """What differs where a set does: its revision, and the names of labels, which change without one."""
    told = _encode(sorted(names.items()))
    return f"{revision}-{sha256(told).hexdigest()[:16]}"


def load_head(conn: Connection, image_id: int) -> Head:
    """Revision, state and label names, all of one moment; `NotFound` when there is no such image."""
    rows = conn.execute(_HEAD, {"image": image_id}).all()
    if not rows:
        raise NotFound(f"There is no image {image_id}.")
    revision, state, _, _ = rows[0]
    return Head(revision, state, {key: name for _, _, key, name in rows if key is not None})


def load_text(conn: Connection, image_id: int, head: Head) -> StoredSet:
    """The annotations under what was read of the set before.

    Where somebody saves in between they are newer than the revision says, and the next save at that revision is refused
    as stale: never the other way round, which would lose what somebody did.
    """
    for _ in range(_ATTEMPTS):
        try:
            drawn = _json_list(conn, image_id, head.names)
            _skip_all(drawn)
            return StoredSet(image_id, head.revision, head.state, drawn, head.etag)
        except KeyError:  # of a label that has come in since the names were read
            head = load_head(conn, image_id)
        except msgspec.MsgspecError as error:
            raise _corrupt(image_id, str(error)) from error
    raise _corrupt(image_id, "an annotation's label is missing")


_ATTEMPTS = 5


def _json_list(conn: Connection, image_id: int, names: Mapping[int, str]) -> bytes:
    labels, kinds = {key: _text(name) for key, name in names.items()}, _Kinds()
    drawn: list[str] = []
    for some in _pieces(conn, image_id):
        drawn += [
            f'{{"id":"{key}","label":{labels[label]},"shape_type":{kinds[kind]},'
            f'"geometry":{geometry},"attributes":{attributes}}}'
            for key, label, kind, geometry, attributes in some
        ]
    return f"[{','.join(drawn)}]".encode()


def _pieces(conn: Connection, image_id: int) -> Iterator[Sequence[Any]]:
    """The driver's own rows, some at a time: thousands of SQLAlchemy's take half as long again."""
    with conn.execute(_ROWS, {"image": image_id}) as found:
        assert found.cursor is not None
        while some := found.cursor.fetchmany(_PIECE):
            yield some


_PIECE = 500


def _text(value: str) -> str:
    return _encode(value).decode()


class _Kinds(dict[str, str]):
    """Shape types as JSON: also those that only a newer version knows."""

    def __missing__(self, kind: str) -> str:
        return self.setdefault(kind, _text(kind))


def _corrupt(image_id: int, why: str) -> StorageCorrupt:
    return StorageCorrupt(
        f"What is stored of image {image_id} cannot be read ({why}): run `jupyter roboflow check` to find what is "
        "damaged.",
        code="geometry_corrupt",
    )
