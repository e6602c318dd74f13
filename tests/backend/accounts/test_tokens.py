"""Personal access tokens, and links that open one thing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from jupyter_roboflow.backend.accounts import Accounts, Caller, Via
from jupyter_roboflow.backend.accounts.own_credentials import TOKENS_LIMIT
from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.backend.local import LocalBackend
from jupyter_roboflow.domain.errors import Invalid, NotAllowed, NotAuthenticated, NotFound
from jupyter_roboflow.domain.user import DatasetRole, Role, Scope, User
from jupyter_roboflow.storage.tables import personal_access_tokens

from .conftest import PASSWORD, Clock, log_in


@pytest.fixture
def caller(accounts: Accounts, ada: User) -> Caller:
    return log_in(accounts, "ada")


def test_a_token_is_shown_once_and_kept_as_a_hash(
    accounts: Accounts, caller: Caller, installation: Installation, clock: Clock
) -> None:
    made = accounts.create_token(caller, "nightly import", Scope.WRITE)
    assert made.token.startswith(made.details.prefix) and made.token not in repr(made)
    with installation.database.read() as conn:
        assert made.token not in str(conn.execute(personal_access_tokens.select()).all())
    holder = accounts.caller_of(made.token)
    assert holder == Caller(caller.user, Via.TOKEN, Scope.WRITE, str(made.details.id)) and holder.may_write
    [listed] = accounts.list_tokens(caller)
    assert (listed.name, listed.prefix, listed.last_used_at) == ("nightly import", made.details.prefix, clock())


def test_when_it_was_last_used_is_known_to_five_minutes(accounts: Accounts, caller: Caller, clock: Clock) -> None:
    token, start = accounts.create_token(caller, "x").token, clock()
    for seconds, noted in ((0, 0), (200, 0), (200, 400)):
        clock.pass_(seconds)
        accounts.caller_of(token)
        assert accounts.list_tokens(caller)[0].last_used_at == start + timedelta(seconds=noted)


def test_a_token_for_reading_says_so(accounts: Accounts, caller: Caller) -> None:
    assert not accounts.caller_of(accounts.create_token(caller, "look").token).may_write


def test_a_revoked_token_is_refused_at_once(accounts: Accounts, caller: Caller) -> None:
    kept, gone = accounts.create_token(caller, "a"), accounts.create_token(caller, "a")
    accounts.revoke_token(caller, gone.details.id)
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(gone.token)
    assert accounts.caller_of(kept.token)
    assert [token.id for token in accounts.list_tokens(caller)] == [kept.details.id]
    actions = [row["action"] for row in accounts.audit(caller.user).items]
    assert actions[:3] == ["revoke_access_token", "create_access_token", "create_access_token"]


def test_a_token_ends_when_it_was_said(accounts: Accounts, caller: Caller, clock: Clock) -> None:
    made = accounts.create_token(caller, "a day", expires_at=clock() + timedelta(days=1))
    clock.pass_(86_399)
    assert accounts.caller_of(made.token)
    clock.pass_(1)
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(made.token)
    for bad in (clock(), datetime(2999, 1, 1)):  # in the past, without a zone
        with pytest.raises(Invalid):
            accounts.create_token(caller, "x", expires_at=bad)


def test_auth_034_a_token_cannot_make_itself_more(accounts: Accounts, caller: Caller) -> None:
    kept = accounts.create_token(caller, "kept")
    for scope in Scope:
        holder = accounts.caller_of(accounts.create_token(caller, "x", scope).token)
        for call in (
            lambda holder=holder: accounts.create_token(holder, "more", Scope.WRITE),
            lambda holder=holder: accounts.create_token(holder, "as much", holder.scope),
            lambda holder=holder: accounts.change_password(holder, PASSWORD, "a new password"),
            lambda holder=holder: accounts.revoke_token(holder, kept.details.id),
        ):
            with pytest.raises(NotAllowed) as caught:
                call()
            assert caught.value.code == "not_by_token"
        accounts.revoke_token(holder, int(holder.token_id or 0))
    assert [token.name for token in accounts.list_tokens(caller)] == ["kept"]


def test_nobody_elses_token_can_be_seen_or_revoked(accounts: Accounts, caller: Caller, eve: User) -> None:
    made = accounts.create_token(caller, "mine")
    other = log_in(accounts, "eve")
    assert accounts.list_tokens(other) == ()
    with pytest.raises(NotFound):
        accounts.revoke_token(other, made.details.id)
    assert accounts.caller_of(made.token)


def test_there_is_an_end_to_how_many(accounts: Accounts, caller: Caller) -> None:
    for number in range(TOKENS_LIMIT):
        accounts.create_token(caller, f"token {number}")
    with pytest.raises(Invalid) as caught:
        accounts.create_token(caller, "one more")
    assert caught.value.code == "too_many_tokens"


def test_people_without_a_password_have_tokens_too(accounts: Accounts, ada: User) -> None:
    for user, via in ((accounts.hub_user("eve"), Via.HUB), (accounts.local_owner(), Via.LOCAL)):
        caller = Caller(user, via)
        assert accounts.caller_of(accounts.create_token(caller, "x").token).user == user
        with pytest.raises(NotAllowed) as caught:
            accounts.change_password(caller, "", "a new password")
        assert caught.value.code == "no_password"


# signed links


def test_a_signed_link_opens_one_thing_for_five_minutes(accounts: Accounts, ada: User, clock: Clock) -> None:
    link = accounts.sign("image", "7", ada)
    assert accounts.verify("image", "7", link) == ada
    for purpose, subject in (("image", "8"), ("export", "7"), ("image7", ""), ("image", "7 ")):
        with pytest.raises(NotAuthenticated) as caught:
            accounts.verify(purpose, subject, link)
        assert caught.value.code == "bad_signature"
    clock.pass_(299)
    assert accounts.verify("image", "7", link) == ada
    clock.pass_(1)
    with pytest.raises(NotAuthenticated):
        accounts.verify("image", "7", link)


def test_many_links_are_signed_at_once(accounts: Accounts, ada: User) -> None:
    links = accounts.sign_many("image", ["1", "2"], ada, 60)
    assert [accounts.verify("image", str(n), link) for n, link in enumerate(links, 1)] == [ada, ada]


def test_a_link_cannot_be_made_to_last(accounts: Accounts, ada: User, eve: User, clock: Clock) -> None:
    for seconds in (0, -1, 301):
        with pytest.raises(Invalid):
            accounts.sign("image", "7", ada, seconds)
    user, until, code = accounts.sign("image", "7", eve).split(".")
    forged = [f"{user}.{int(until) + 60}.{code}", f"{ada.id}.{until}.{code}", f"{user}.{until}.{code[:-1]}"]
    forged += [f"0{user}.0{until}.{code[::-1]}", f"{user}.{until}.", "", "..", f"9999999999.{until}.{code}"]
    for link in forged:
        with pytest.raises(NotAuthenticated):
            accounts.verify("image", "7", link)
    link = accounts.sign("image", "7", eve)
    clock.jump(-3600)
    with pytest.raises(NotAuthenticated):
        accounts.verify("image", "7", link)


def test_a_link_ends_with_what_its_owner_may(accounts: Accounts, ada: User, eve: User) -> None:
    changes: list[dict[str, Any]] = [{"role": Role.VIEWER}, {"password": "a new password"}, {"disabled": True}]
    for change in changes:
        link = accounts.sign("image", "7", eve)
        accounts.update_user(ada, eve.id, **change)
        with pytest.raises(NotAuthenticated):
            accounts.verify("image", "7", link)
    with pytest.raises(NotAuthenticated):
        accounts.sign("image", "7", eve)
    with pytest.raises(NotAuthenticated):
        accounts.sign("image", "7", User(99, "ghost", Role.ADMIN))


def test_acl_014_a_link_of_somebody_who_was_removed_from_the_dataset(
    accounts: Accounts, installation: Installation, ada: User, eve: User
) -> None:
    owner = LocalBackend(installation, ada)
    dataset = owner.create_dataset("cells").id
    owner.set_collaborator(dataset, "eve", DatasetRole.VIEWER)
    link = accounts.sign("dataset", str(dataset), eve)
    reader = owner.acting_as(accounts.verify("dataset", str(dataset), link))
    assert reader.get_dataset(dataset)
    owner.remove_collaborator(dataset, "eve")
    with pytest.raises(NotFound):
        owner.acting_as(accounts.verify("dataset", str(dataset), link)).get_dataset(dataset)
