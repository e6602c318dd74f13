"""Accounts as rows: what the databases themselves hold to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jupyter_roboflow.domain.dataset import Dataset
from jupyter_roboflow.domain.errors import Conflict, Invalid
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.storage import audit, sessions, users
from jupyter_roboflow.storage.database import Database

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_many_people_have_no_identity_and_nobody_has_anothers(db: Database, ada: User) -> None:
    with db.write() as conn:
        users.create(conn, "eve", Role.VIEWER)
        users.create(conn, "hubert", Role.VIEWER, identity="hub:hubert")
        users.create(conn, "Hubert 2", Role.VIEWER, identity="hub:Hubert")
    with pytest.raises(Conflict), db.write() as conn:
        users.create(conn, "other", Role.VIEWER, identity="hub:hubert")


def test_what_was_signed_ends_with_a_role_a_password_or_an_account(db: Database, ada: User) -> None:
    with db.write() as conn:
        versions: list[int] = []
        for change in (
            lambda: users.set_role(conn, ada.id, Role.VIEWER),
            lambda: users.set_password(conn, ada.id, "hash"),
            lambda: users.set_disabled(conn, ada.id, True),
            lambda: users.raise_token_version(conn, ada.id),
            lambda: users.replace_hash(conn, ada.id, "hash", "the same, hashed anew"),
        ):
            change()
            account = users.account(conn, ada.id)
            assert account is not None
            versions.append(account.token_version)
        assert versions == [1, 2, 3, 4, 4]
        assert not users.replace_hash(conn, ada.id, "hash", "too late")


def test_an_installation_is_claimed_by_people_or_by_data(db: Database) -> None:
    with db.write() as conn:
        assert users.is_unclaimed(conn)
        local = users.ensure_local(conn)
        assert users.is_unclaimed(conn) and users.ensure_local(conn) == local
        users.create(conn, "eve", Role.VIEWER)
        assert not users.is_unclaimed(conn)


def test_a_local_owners_data_claims_it(db: Database, cells: Dataset) -> None:
    with db.read() as conn:
        assert not users.is_unclaimed(conn)


def test_a_refresh_token_is_spent_once(db: Database, ada: User) -> None:
    with db.write() as conn:
        sessions.add(conn, ada.id, "f", "h", created_at=NOW, expires_at=NOW + timedelta(days=1))
        token = sessions.find(conn, "h")
        assert token is not None and sessions.is_live(conn, ada.id, "f", NOW)
        assert not sessions.is_live(conn, ada.id + 1, "f", NOW) and not sessions.is_live(conn, ada.id, "g", NOW)
        assert not sessions.is_live(conn, ada.id, "f", NOW + timedelta(days=1))
        assert sessions.use(conn, token.id, NOW) and not sessions.use(conn, token.id, NOW)
        assert sessions.revoke_family(conn, "f", NOW) == 1 and sessions.revoke_all(conn, ada.id, NOW) == 0


def test_the_whole_audit_log_is_paged_and_searched(db: Database, ada: User, cells: Dataset) -> None:
    with db.write() as conn:
        for number in range(5):
            audit.record(conn, ada, "login", subject=f"{number}")
        audit.record(conn, ada, "edit_labels", dataset_id=cells.id, subject="x\x00\ud800" + "y" * 1000)
        audit.record(conn, audit.NOBODY, "login_failed")
    with db.read() as conn:
        page = audit.list_all(conn, 1, 2)
        assert (page.total, [row["action"] for row in page.items]) == (7, ["login_failed", "edit_labels"])
        assert [row["subject"] for row in audit.list_all(conn, 2, 2, action="login").items] == ["2", "1"]
        assert audit.list_all(conn, user_id=0).total == 1 and audit.list_all(conn, action="\x00").total == 0
        assert audit.list_page(conn, cells.id).total == 1
        with pytest.raises(Invalid):
            audit.list_all(conn, 0)
