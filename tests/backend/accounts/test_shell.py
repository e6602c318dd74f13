"""`jupyter roboflow users`, as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_roboflow.backend.accounts import open_accounts
from jupyter_roboflow.domain.errors import NotAuthenticated
from jupyter_roboflow.settings import Settings

from .conftest import HERE, PASSWORD


@pytest.fixture
def users(tmp_path: Path) -> Any:
    """Runs `jupyter-roboflow users` with a home of its own; the password comes from a pipe."""

    def run(*arguments: str, password: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "jupyter_roboflow.cli", "users", *arguments],
            input=f"{password}\n",
            capture_output=True,
            text=True,
            env={**os.environ, "ROBOFLOW_DATA_DIR": str(tmp_path / "home")},
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr and (not password or password not in done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    return run


def test_people_are_added_listed_shut_out_and_given_passwords(users: Any, tmp_path: Path) -> None:
    users("add", "ada", password=PASSWORD)
    users("add", "eve", password=PASSWORD)
    users("add", "kim", "--admin", password=PASSWORD)
    users("disable", "EVE")
    listed = {row["username"]: row for row in json.loads(users("list", "--json"))}
    assert {name: row["role"] for name, row in listed.items()} == {
        "ada": "admin",
        "eve": "annotator",
        "kim": "admin",
        "local": "admin",
    }
    assert listed["eve"]["disabled"] and not listed["ada"]["disabled"] and listed["local"]["identity"] == "local"
    assert "disabled" in users("list")
    users("enable", "eve")
    users("set-password", "eve", password="a new password")
    with open_accounts(Settings.from_environment({}, data_dir=tmp_path / "home")) as accounts:
        assert accounts.login("eve", "a new password", HERE)
        with pytest.raises(NotAuthenticated):
            accounts.login("eve", PASSWORD, HERE)


def test_what_is_wrong_is_said(users: Any) -> None:
    assert "10 characters" in users("add", "ada", password="too few", code=1)
    assert "Whom" in users("disable", code=1)
    assert "nobody" in users("disable", "nobody", code=1)
    assert [row["username"] for row in json.loads(users("list", "--json"))] == ["local"]
