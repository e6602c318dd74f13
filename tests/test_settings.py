"""Settings: read from the environment, handed on to other processes, wrong values named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from jupyter_core.paths import jupyter_data_dir

from jupyter_roboflow.domain.errors import Invalid
from jupyter_roboflow.settings import Settings


def test_without_any_variable_everything_lies_under_jupyters_data_folder() -> None:
    settings = Settings.from_environment({})
    assert settings.data_dir == (Path(jupyter_data_dir()) / "jupyter_roboflow").resolve()
    assert settings.database_url == f"sqlite:///{(settings.data_dir / 'roboflow.db').as_posix()}"
    assert settings.storage_url == (settings.data_dir / "store").as_posix() and settings.queue == "inline"


def test_variables_are_read_in_their_kinds(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "ROBOFLOW_DATA_DIR": str(tmp_path),
            "ROBOFLOW_DATABASE_URL": "postgresql+psycopg://db/x",
            "ROBOFLOW_REDIS_URL": "redis://r",
            "ROBOFLOW_WORKERS": " 5 ",
            "ROBOFLOW_LEASE_SECONDS": "2.5",
            "ROBOFLOW_URL_ALLOW_LIST": "a.example, b.example,",
            "ROBOFLOW_ALLOW_REGISTRATION": "Yes",
            "ROBOFLOW_MAX_PIXELS": "",
        }
    )
    assert (settings.workers, settings.lease_seconds, settings.allow_registration) == (5, 2.5, True)
    assert settings.url_allow_list == ("a.example", "b.example") and settings.queue == "rq"
    assert settings.database_url == "postgresql+psycopg://db/x" and settings.max_pixels == 100_000_000


@pytest.mark.parametrize(
    "name, value",
    [
        ("ROBOFLOW_WORKERS", "two"),
        ("ROBOFLOW_WORKERS", "-1"),
        ("ROBOFLOW_WORKERS", "1.5"),
        ("ROBOFLOW_LEASE_SECONDS", "nan"),
        ("ROBOFLOW_LEASE_SECONDS", "inf"),
        ("ROBOFLOW_ALLOW_REGISTRATION", "maybe"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_variable(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        Settings.from_environment({name: value})
    assert refused.value.code == "bad_setting" and name in str(refused.value) and value in str(refused.value)


def test_another_process_gets_the_same_settings(tmp_path: Path) -> None:
    settings = Settings.from_environment({}, data_dir=tmp_path, workers=7)
    settings = replace(settings, url_allow_list=("a", "b"), allow_registration=True, decode_seconds=0.25)
    assert Settings.from_environment(settings.to_environment()) == settings
    plain = Settings.from_environment({}, data_dir=tmp_path)
    assert Settings.from_environment(plain.to_environment()) == plain


def test_a_setting_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Invalid, match=r"no setting 'data_dri'; known: data_dir"):
        Settings.from_environment({}, data_dri="/tmp")


def test_a_secret_is_neither_shown_nor_handed_on() -> None:
    settings = Settings.from_environment({"ROBOFLOW_JWT_SECRET": "correct horse battery staple"})
    assert settings.jwt_secret == "correct horse battery staple" and "horse" not in repr(settings)
    assert settings.to_environment()["ROBOFLOW_JWT_SECRET"] == ""
