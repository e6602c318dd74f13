"""The secret: never weak, never seen by others, never another one after a restart."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_roboflow.backend.accounts import Accounts
from jupyter_roboflow.backend.accounts.secret import load_secret
from jupyter_roboflow.backend.installation import Installation
from jupyter_roboflow.domain.errors import BackendUnavailable, Invalid, NotAuthenticated
from jupyter_roboflow.domain.user import User
from jupyter_roboflow.settings import Settings
from tests.checkout import ROOT

from .conftest import HERE, PASSWORD, Clock, quick_hasher

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no modes")
STRONG = "Jt8w0yVt2n5Qm1xUu3Zc7oRk9sLp4aEd"


@pytest.mark.parametrize("secret", ["changeme", "hunter2", "x" * 31, STRONG[:31], "x" * 64, "abcabcab" * 8])
def test_auth_022_a_weak_secret_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(Invalid) as caught:
        load_secret(Settings.from_environment({"ROBOFLOW_JWT_SECRET": secret}, data_dir=tmp_path))
    assert caught.value.code == "weak_secret" and secret not in caught.value.message
    assert "ROBOFLOW_JWT_SECRET" in caught.value.message and not (tmp_path / "jwt_secret").exists()


def test_auth_022_without_a_secret_there_is_a_strong_one_from_the_first_start(
    installation: Installation, settings: Settings, clock: Clock
) -> None:
    first = Accounts(installation, clock=clock, hasher=quick_hasher())
    first.register("ada", PASSWORD)
    session = first.login("ada", PASSWORD, HERE)
    assert Accounts(installation, clock=clock).caller_of(session.token).user.username == "ada", "after a restart too"
    assert len(load_secret(settings)) == 64
    assert (settings.data_dir / "jwt_secret").read_bytes() == load_secret(settings)


def test_servers_with_one_secret_know_each_others_tokens(
    installation: Installation, settings: Settings, tmp_path: Path, clock: Clock
) -> None:
    def server(name: str, secret: str) -> Accounts:
        own = {**settings.to_environment(), "ROBOFLOW_JWT_SECRET": secret, "ROBOFLOW_DATA_DIR": str(tmp_path / name)}
        return Accounts(Installation(Settings.from_environment(own)), clock=clock, hasher=quick_hasher())

    one, two, other = server("one", STRONG), server("two", STRONG), server("other", STRONG[::-1])
    ada = one.register("ada", PASSWORD)
    session, link = one.login("ada", PASSWORD, HERE), one.sign("image", "7", ada)
    assert two.caller_of(session.token).user == two.verify("image", "7", link) == ada
    with pytest.raises(NotAuthenticated):
        other.caller_of(session.token)
    with pytest.raises(NotAuthenticated):
        other.verify("image", "7", link)
    assert not (tmp_path / "one").exists() or not (tmp_path / "one" / "jwt_secret").exists()


@posix
def test_auth_024_the_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_secret(Settings.from_environment({}, data_dir=tmp_path / "home"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "home" / "jwt_secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["jwt_secret"]


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o777])
def test_auth_024_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    settings = Settings.from_environment({}, data_dir=tmp_path)
    secret = load_secret(settings)
    (tmp_path / "jwt_secret").chmod(mode)
    with pytest.raises(Invalid) as caught:
        load_secret(settings)
    assert caught.value.code == "exposed_secret" and "delete" in caught.value.message
    (tmp_path / "jwt_secret").unlink()
    assert load_secret(settings) != secret


def test_a_file_with_a_weak_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "jwt_secret").write_text("changeme")
    (tmp_path / "jwt_secret").chmod(0o600)
    with pytest.raises(Invalid) as caught:
        load_secret(Settings.from_environment({}, data_dir=tmp_path))
    assert caught.value.code == "weak_secret"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "jwt_secret").mkdir(mode=0o700)
    with pytest.raises(BackendUnavailable, match="jwt_secret") as caught:
        load_secret(Settings.from_environment({}, data_dir=tmp_path))
    assert caught.value.code == "secret_unreadable"


def test_processes_that_start_together_agree_on_one(tmp_path: Path) -> None:
    code = (
        "import sys; from jupyter_roboflow.settings import Settings; "
        "from jupyter_roboflow.backend.accounts.secret import load_secret; print('ready', flush=True); "
        "sys.stdin.readline(); print(load_secret(Settings.from_environment()).hex())"
    )
    environment = {**os.environ, "ROBOFLOW_DATA_DIR": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(4)
    ]
    for process in starts:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in starts:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = {process.communicate()[0] for process in starts}
    assert len(told) == 1 and len(told.pop()) == 129
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["jwt_secret"]


@posix
def test_a_file_system_without_hard_links_is_good_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    settings = Settings.from_environment({}, data_dir=tmp_path)
    assert load_secret(settings) == load_secret(settings)
    assert stat.S_IMODE((tmp_path / "jwt_secret").stat().st_mode) == 0o600


def test_the_secret_stays_in_the_process(tmp_path: Path) -> None:
    settings = Settings.from_environment({"ROBOFLOW_JWT_SECRET": STRONG}, data_dir=tmp_path)
    assert load_secret(settings) == STRONG.encode()
    assert STRONG not in repr(settings) and STRONG not in str(settings.to_environment())
    inherited = {"ROBOFLOW_JWT_SECRET": STRONG, **settings.to_environment()}
    assert Settings.from_environment(inherited).jwt_secret == "", "a worker does not inherit it either"


def test_the_other_kinds_of_signing_do_not_share_a_key(accounts: Accounts, ada: User) -> None:
    link = accounts.sign("image", "7", ada)
    with pytest.raises(NotAuthenticated):
        accounts.caller_of(link)
