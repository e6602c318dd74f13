from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import jupyter_roboflow
from jupyter_roboflow import Workspace
from tests.e2e.lab_page import LabPage
from tests.e2e.notebook_page import NotebookPage
from tests.e2e.panel_page import BLOOD, PanelPage
from tests.jupyter_server import JupyterServer
from tests.parts import require

PATIENCE_MS = 60_000
"""What is waited for is there in a moment; on a machine that does other things it takes what it takes."""
expect.set_options(timeout=PATIENCE_MS)

_QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
_QUIET += " --disable-component-update --disable-sync"


def options_for(folder: Path) -> list[str]:
    """Its own settings, no question about news, and the application within reach of tests."""
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"fetchNews": "false"}), encoding="utf-8")
    exposed = [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
    kept = {"user_settings_dir": "settings", "workspaces_dir": "workspaces"}
    return [*exposed, *(f"--LabApp.{option}={folder / name}" for option, name in kept.items())]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A real JupyterLab, with Notebook 7 beside it and our extensions in both, and without its question about news."""
    folder = tmp_path_factory.mktemp("lab")
    running = JupyterServer(folder, *options_for(folder), program="jupyterlab")
    yield running
    running.close()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., JupyterServer]]:
    """Starts a Notebook 7 that a test has for itself, with options of `JupyterServer`."""
    with ExitStack() as running:

        def start(*options: str, **more: Any) -> JupyterServer:
            server = JupyterServer(tmp_path, *options_for(tmp_path), *options, program="notebook", **more)
            running.callback(server.close)
            return server

        yield start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=require("chromium"), args=_QUIET.split())
        yield running
        running.close()


def open_context(browser: Browser, **options: Any) -> BrowserContext:
    """A browser of somebody's own, with patience."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = open_context(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def lab_page(page: Page, lab: JupyterServer) -> LabPage:
    return LabPage(page, lab)


@pytest.fixture
def notebook_page(page: Page, lab: JupyterServer) -> NotebookPage:
    return NotebookPage(page, lab)


@pytest.fixture
def root(lab: JupyterServer) -> Path:
    """The folder JupyterLab shows."""
    return lab.root


@pytest.fixture
def panel(lab_page: LabPage) -> PanelPage:
    return PanelPage(lab_page)


@pytest.fixture
def workspace(lab: JupyterServer) -> Iterator[Workspace]:
    """What the panel shows, by code: quicker than by hand where that is not what is tested."""
    with jupyter_roboflow.connect(data_dir=lab.folder, progress=False) as ws:
        yield ws


@pytest.fixture(scope="session")
def blood_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 images and their boxes in Pascal VOC."""
    return zip_of(BLOOD.rglob("*"), tmp_path_factory.mktemp("zip") / "blood.zip")


@pytest.fixture(scope="session")
def boxes_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The boxes and splits of the 48 images without the images, in Pascal VOC."""
    files = [file for part in ("Annotations", "ImageSets") for file in (BLOOD / part).rglob("*")]
    return zip_of(files, tmp_path_factory.mktemp("zip") / "boxes.zip")


def zip_of(files: Iterable[Path], path: Path) -> Path:
    """A zip of files of the blood cells."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(files):
            archive.write(file, file.relative_to(BLOOD))
    return path
