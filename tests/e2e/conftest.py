from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.lab_page import LabPage
from tests.e2e.notebook_page import NotebookPage
from tests.jupyter_server import JupyterServer
from tests.parts import require

_QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
_QUIET += " --disable-component-update --disable-sync"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A real JupyterLab, with Notebook 7 beside it and our extensions in both, and without its question about news."""
    folder = tmp_path_factory.mktemp("lab")
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"fetchNews": "false"}), encoding="utf-8")
    options = [f"--LabApp.user_settings_dir={folder / 'settings'}", f"--LabApp.workspaces_dir={folder / 'workspaces'}"]
    exposed = [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
    running = JupyterServer(folder, *exposed, *options, program="jupyterlab")
    yield running
    running.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=require("chromium"), args=_QUIET.split())
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
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
