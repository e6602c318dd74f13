"""People: how they come in, what they become, and what administrators may do to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jupyter_roboflow.backend import open_backend
from jupyter_roboflow.backend.accounts import Accounts
from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from jupyter_roboflow.domain.user import Role, User
from jupyter_roboflow.settings import Settings
from jupyter_roboflow.storage import datasets

from .conftest import HERE, PASSWORD, log_in, on_both, quick_hasher
from .together import at_once


@pytest.fixture
def open_accounts(installation: Installation, settings: Settings) -> Accounts:
    """The same installation with registration open to all."""
    changed = Installation(Settings.from_environment(settings.to_environment(), allow_registration=True))
    return Accounts(changed, hasher=quick_hasher())


def test_the_first_user_is_the_administrator_and_then_the_door_is_shut(accounts: Accounts) -> None:
    assert accounts.register("ada", PASSWORD).role is Role.ADMIN
    with pytest.raises(NotAllowed) as caught:
        accounts.register("eve", PASSWORD)
    assert caught.value.code == "registration_closed"


def test_auth_026_registration_is_closed_in_every_shape(accounts: Accounts, ada: User, eve: User) -> None:
    nobody = User(99, "ghost", Role.ADMIN)
    pretender = User(eve.id, "eve", Role.ADMIN)
    shapes: list[dict[str, Any]] = [{}, {"by": eve}, {"by": pretender}, {"by": nobody}, {"role": Role.VIEWER}]
    shapes += [{"by": eve, "role": Role.ADMIN}, {"role": Role.ADMIN}]
    for name in ("new", "ada", "local", "", "x\x00"):
        for shape in shapes:
            with pytest.raises(NotAllowed) as caught:
                accounts.register(name, PASSWORD, **shape)
            assert caught.value.code == "registration_closed", "and nobody learns which names are taken"
    assert len(accounts.list_users(ada)) == 2


def test_auth_032_nobody_gives_a_role_to_themselves(open_accounts: Accounts) -> None:
    with pytest.raises(NotAllowed) as caught:
        open_accounts.register("ada", PASSWORD, role=Role.ADMIN)
    assert caught.value.code == "role_not_allowed"
    ada = open_accounts.register("ada", PASSWORD)
    eve = open_accounts.register("eve", PASSWORD)
    assert (ada.role, eve.role) == (Role.ADMIN, Role.ANNOTATOR)
    with pytest.raises(NotAllowed):
        open_accounts.register("mallory", PASSWORD, by=eve, role=Role.ADMIN)
    for by in (eve, User(eve.id, "eve", Role.ADMIN)):
        changes: list[dict[str, Any]] = [{"role": Role.ADMIN}, {"disabled": False}, {"password": "a new password"}, {}]
        for change in changes:
            with pytest.raises(NotAllowed):
                open_accounts.update_user(by, eve.id, **change)
        with pytest.raises(NotAllowed):
            open_accounts.list_users(by)
        with pytest.raises(NotAllowed):
            open_accounts.audit(by)
    assert open_accounts.get_me(eve).user.role is Role.ANNOTATOR


def test_an_administrator_gives_roles(accounts: Accounts, ada: User) -> None:
    assert accounts.register("eve", PASSWORD, by=ada).role is Role.ANNOTATOR
    assert accounts.register("bob", PASSWORD, by=ada, role=Role.VIEWER).role is Role.VIEWER
    eve = accounts.register("kim", PASSWORD, by=ada, role=Role.ADMIN)
    accounts.update_user(ada, eve.id, role=Role.ANNOTATOR)
    with pytest.raises(NotAllowed):
        accounts.register("new", PASSWORD, by=eve)


@on_both
def test_of_people_who_register_first_together_one_is_the_administrator(accounts: Accounts) -> None:
    results = at_once([lambda name=f"user {n}": accounts.register(name, PASSWORD) for n in range(6)])
    [first] = [result for result in results if isinstance(result, User)]
    assert first.role is Role.ADMIN
    assert {result.code for result in results if not isinstance(result, User)} == {"registration_closed"}


@on_both
def test_a_name_is_given_once(accounts: Accounts, ada: User) -> None:
    results = at_once([lambda: accounts.register("Eve", PASSWORD, by=ada)] * 4)
    assert sum(isinstance(result, User) for result in results) == 1
    assert {result.code for result in results if not isinstance(result, User)} == {"name_taken"}


@pytest.mark.parametrize(
    "password, code",
    [
        ("", "password_too_short"),
        ("ninechars", "password_too_short"),
        ("x" * 1001, "password_too_long"),
        ("Ada Lovelace", "password_is_name"),
        (" ada lovelace ", "password_is_name"),
        ("\uff41da lovelace", "password_is_name"),
        ("ten chars \ud800", "bad_unicode"),
    ],
)
def test_a_bad_password_is_refused(accounts: Accounts, password: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        accounts.register("ada lovelace", password)
    assert caught.value.code == code and (not password.strip() or password not in caught.value.message)


@pytest.mark.parametrize("password", ["aaaaaaaaaa", "  spaces  count  ", "пароль-пароль", "🔑" * 10, "x" * 1000])
def test_length_is_all_that_is_asked_of_a_password(accounts: Accounts, password: str) -> None:
    accounts.register("ada", password)
    assert accounts.login("ada", password, HERE)


@pytest.mark.parametrize("name", ["", "  ", "a\x00", "\ud800", "a\nb", "x" * 256])
def test_a_bad_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(Invalid):
        accounts.register(name, PASSWORD)


@pytest.mark.parametrize("name", ["local", "LOCAL", " Local "])
def test_the_local_owners_name_is_kept_for_them(accounts: Accounts, name: str) -> None:
    with pytest.raises(Conflict) as caught:
        accounts.register(name, PASSWORD)
    assert caught.value.code == "name_taken"


def test_a_local_owner_without_a_dataset_does_not_claim_the_installation(accounts: Accounts) -> None:
    assert accounts.local_owner().role is Role.ADMIN
    assert accounts.register("ada", PASSWORD).role is Role.ADMIN


def test_a_stranger_cannot_claim_what_the_local_owner_has_made(
    accounts: Accounts, open_accounts: Accounts, installation: Installation
) -> None:
    owner = accounts.local_owner()
    with installation.database.write() as conn:
        datasets.create(conn, owner, "cells")
    with pytest.raises(NotAllowed):
        accounts.register("mallory", PASSWORD)
    assert open_accounts.register("eve", PASSWORD).role is Role.ANNOTATOR
    assert accounts.hub_user("hubert").role is Role.ANNOTATOR


def test_the_first_whom_the_local_owner_adds_is_an_administrator_even_then(
    accounts: Accounts, installation: Installation
) -> None:
    owner = accounts.local_owner()
    with installation.database.write() as conn:
        datasets.create(conn, owner, "cells")
    assert accounts.register("ada", PASSWORD, by=owner).role is Role.ADMIN
    assert accounts.register("eve", PASSWORD, by=owner).role is Role.ANNOTATOR


def test_the_local_owner_is_who_works_in_a_notebook(settings: Settings) -> None:
    backend = open_backend(settings)
    accounts = Accounts(backend.installation)
    assert accounts.local_owner() == backend.user and accounts.get_me(backend.user).identity == "local"
    changes: list[dict[str, Any]] = [{"role": Role.VIEWER}, {"disabled": True}]
    for change in changes:
        with pytest.raises(Conflict) as caught:
            accounts.update_user(backend.user, backend.user.id, **change)
        assert caught.value.code == "local_owner"
    backend.close()


@on_both
def test_the_local_owner_is_made_once(accounts: Accounts) -> None:
    assert len(set(at_once([accounts.local_owner] * 4))) == 1


# administrators


def test_the_last_administrator_stays_one(accounts: Accounts, ada: User, eve: User) -> None:
    accounts.local_owner()
    changes: list[dict[str, Any]] = [{"role": Role.VIEWER}, {"disabled": True}, {"role": Role.VIEWER, "disabled": True}]
    for change in changes:
        with pytest.raises(Conflict) as caught:
            accounts.update_user(ada, ada.id, **change)
        assert caught.value.code == "last_admin"
    accounts.update_user(ada, eve.id, role=Role.ADMIN)
    assert accounts.update_user(ada, ada.id, role=Role.VIEWER).user.role is Role.VIEWER
    assert accounts.update_user(eve, ada.id, disabled=True).disabled


@on_both
def test_two_administrators_cannot_put_each_other_out(accounts: Accounts, ada: User, eve: User) -> None:
    accounts.update_user(ada, eve.id, role=Role.ADMIN)
    at_once(
        [
            lambda: accounts.update_user(ada, eve.id, role=Role.VIEWER),
            lambda: accounts.update_user(eve, ada.id, role=Role.VIEWER),
        ]
    )
    roles = {accounts.get_me(user).user.role for user in (ada, eve)}
    assert roles == {Role.ADMIN, Role.VIEWER}


def test_ones_own_password_is_changed_with_the_old_one(accounts: Accounts, ada: User) -> None:
    with pytest.raises(NotAllowed) as caught:
        accounts.update_user(ada, ada.id, password="a new password")
    assert caught.value.code == "own_password"
    caller = log_in(accounts, "ada")
    with pytest.raises(NotAllowed) as caught:
        accounts.change_password(caller, "not the old one", "a new password")
    assert caught.value.code == "wrong_password"
    with pytest.raises(Invalid):
        accounts.change_password(caller, PASSWORD, "short")
    accounts.change_password(caller, PASSWORD, "a new password")
    assert accounts.login("ada", "a new password", HERE)


def test_a_change_that_changes_nothing_ends_no_session(accounts: Accounts, ada: User, eve: User) -> None:
    session = accounts.login("eve", PASSWORD, HERE)
    before = accounts.audit(ada).total
    accounts.update_user(ada, eve.id, role=Role.ANNOTATOR, disabled=False)
    assert accounts.caller_of(session.token) and accounts.audit(ada).total == before


def test_changes_are_in_the_audit_log(accounts: Accounts, ada: User, eve: User) -> None:
    accounts.update_user(ada, eve.id, role=Role.VIEWER, disabled=True, password="a new password")
    row = accounts.audit(ada, action="update_user").items[0]
    assert (row["username"], row["subject"], row["dataset_id"]) == ("ada", "eve", None)
    assert row["details"] == {"role": "viewer", "disabled": True, "password": "changed"}
    accounts.record_denial(eve, "delete_dataset", "dataset 7", HERE)
    accounts.record_denial(None, "GET", "x" * 1000 + "\x00")
    assert [row["username"] for row in accounts.audit(ada, action="denied").items] == ["", "eve"]
    assert accounts.audit(ada, user_id=eve.id).total == 1


def test_who_is_not_there(accounts: Accounts, ada: User) -> None:
    with pytest.raises(NotFound):
        accounts.update_user(ada, 99, disabled=True)
    with pytest.raises(NotFound):
        accounts.find_user(ada, "nobody")
    assert accounts.find_user(ada, "ADA").user == ada


# JupyterHub


def test_a_hub_user_is_made_on_first_sight_and_known_again(accounts: Accounts) -> None:
    first, second = accounts.hub_user("ada"), accounts.hub_user("eve")
    assert (first.role, second.role) == (Role.ADMIN, Role.ANNOTATOR)
    assert accounts.hub_user("kim", admin=True).role is Role.ADMIN
    assert accounts.hub_user("ada") == first and accounts.hub_user("eve", admin=True) == second
    assert accounts.get_me(first).identity == "hub:ada" and not accounts.get_me(first).has_password


def test_a_hub_user_is_never_somebody_with_a_password(accounts: Accounts, ada: User) -> None:
    names = [accounts.hub_user("ada").username]
    names += [accounts.hub_user("ADA").username, accounts.hub_user("local").username]
    assert names == ["ada@hub", "ADA@hub2", "local@hub"]
    long = accounts.hub_user("x" * 255)
    accounts.hub_user("X" * 255)
    assert long.username == "x" * 255
    with pytest.raises(Invalid):
        accounts.hub_user("x" * 256)


@on_both
def test_a_hub_user_who_comes_twice_at_once_is_one_user(accounts: Accounts) -> None:
    assert len({user.id for user in at_once([lambda: accounts.hub_user("ada")] * 6)}) == 1
    assert {user.role for user in at_once([lambda: accounts.hub_user("ada")] * 2)} == {Role.ADMIN}


def test_a_disabled_hub_user_is_kept_out(accounts: Accounts, ada: User) -> None:
    hub = accounts.hub_user("eve")
    accounts.update_user(ada, hub.id, disabled=True)
    with pytest.raises(NotAllowed) as caught:
        accounts.hub_user("eve")
    assert caught.value.code == "user_disabled"


def test_auth_038_a_hub_name_that_was_given_to_somebody_else(accounts: Accounts, ada: User) -> None:
    before = accounts.hub_user("eve")
    released = accounts.release_identity(ada, before.id)
    assert released.disabled and released.identity is None
    after = accounts.hub_user("eve")
    assert after.id != before.id and after.username == "eve@hub"
    for user in (ada, accounts.local_owner(), before):
        with pytest.raises(Conflict) as caught:
            accounts.release_identity(ada, user.id)
        assert caught.value.code == "no_hub_user"
    with pytest.raises(NotAllowed):
        accounts.release_identity(after, after.id)


def test_the_only_administrator_cannot_release_themselves(accounts: Accounts) -> None:
    ada = accounts.hub_user("ada")
    with pytest.raises(Conflict) as caught:
        accounts.release_identity(ada, ada.id)
    assert caught.value.code == "last_admin" and accounts.hub_user("ada") == ada


EARLY, LATE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


@on_both
def test_auth_038_whom_the_hub_made_anew_waits_for_an_administrator(accounts: Accounts, ada: User) -> None:
    before = accounts.hub_user("eve", since=EARLY)
    assert accounts.hub_user("eve", since=EARLY) == before and accounts.hub_user("eve") == before
    for since in (LATE, LATE, None):
        with pytest.raises(NotAllowed) as caught:
            accounts.hub_user("eve", since=since)
        assert caught.value.code == "identity_unconfirmed" and "users confirm eve" in caught.value.message
    assert accounts.find_user(ada, "eve").unconfirmed_since == LATE
    assert accounts.audit(ada, action="identity_unconfirmed").total == 1
    with pytest.raises(NotAllowed):
        accounts.confirm_identity(before, before.id)
    confirmed = accounts.confirm_identity(ada, before.id)
    assert (confirmed.identity_since, confirmed.unconfirmed_since) == (LATE, None)
    assert accounts.hub_user("eve", since=LATE) == before
    with pytest.raises(Conflict) as conflict:
        accounts.confirm_identity(ada, before.id)
    assert conflict.value.code == "nothing_to_confirm"


def test_auth_038_somebody_else_of_that_name_is_parted(accounts: Accounts, ada: User) -> None:
    before = accounts.hub_user("eve", since=EARLY)
    with pytest.raises(NotAllowed):
        accounts.hub_user("eve", since=LATE)
    released = accounts.release_identity(ada, before.id)
    assert (released.disabled, released.unconfirmed_since) == (True, None)
    after = accounts.hub_user("eve", since=LATE)
    assert after.id != before.id and accounts.hub_user("eve", since=LATE) == after


def test_auth_038_a_hub_that_begins_to_tell_shuts_nobody_out(accounts: Accounts, ada: User) -> None:
    old, new = accounts.hub_user("eve"), accounts.hub_user("kim")
    assert accounts.hub_user("eve", since=EARLY) == old and accounts.find_user(ada, "eve").identity_since == EARLY
    with pytest.raises(NotAllowed):  # made there after kim had been here
        accounts.hub_user("kim", since=datetime.now(UTC) + timedelta(days=1))
    assert accounts.confirm_identity(ada, new.id).user == new
