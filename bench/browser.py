"""Chromium without a window, and JupyterLab in it, for the sections that measure what people see."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.annotator_page import write_notebook
from tests.jupyter_server import TOKEN, JupyterServer
from tests.parts import find

PATIENCE = 120
"""Seconds that any step may take."""

_FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
_FLAGS += " --disable-component-update --disable-sync"


@contextmanager
def chromium() -> Generator[Browser]:
    """The browser of every contender: headless, drawing by the CPU, 60 frames a second at most."""
    program = find("chromium")
    if program is None:
        raise SystemExit("Measuring in a browser needs Chromium: install it (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS.split())
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh_page(browser: Browser, *scripts: Path) -> Generator[Page]:
    """A page without cache or memory, with these scripts in it before its own."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    for script in scripts:
        context.add_init_script(path=script)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    try:
        yield page
    finally:
        context.close()


@contextmanager
def lab_server(folder: Path, python: Path | None = None) -> Generator[JupyterServer]:
    """JupyterLab of an environment (ours without one), without its question about news."""
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"fetchNews": "false"}), encoding="utf-8")
    options = [f"--LabApp.user_settings_dir={folder / 'settings'}", f"--LabApp.workspaces_dir={folder / 'workspaces'}"]
    options += ["--LabApp.expose_app_in_browser=True", "--ServerApp.iopub_msg_rate_limit=1e9"]
    options += ["--ServerApp.iopub_data_rate_limit=1e12"]
    server = JupyterServer(folder, *options, program="jupyterlab", python=python or sys.executable)
    try:
        yield server
    finally:
        server.close()


def open_notebook(page: Page, server: JupyterServer, name: str, cells: Sequence[str]) -> None:
    """A new notebook with these cells in front, its kernel ready, nothing run yet, the side bar shut."""
    write_notebook(server.root / f"{name}.ipynb", cells)
    open_lab(page, server, f"/tree/{name}.ipynb")
    page.wait_for_function("window.jupyterapp.shell.currentWidget?.sessionContext?.isReady === true")
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")
    page.evaluate("window.jupyterapp.shell.collapseLeft()")


def open_lab(page: Page, server: JupyterServer, path: str = "") -> None:
    """JupyterLab, until it is up."""
    page.goto(f"{server.url}lab{path}?token={TOKEN}&reset")
    page.wait_for_function("window.jupyterapp !== undefined")
    page.evaluate("window.jupyterapp.restored")


def run_cell(page: Page, cell: int) -> None:
    """Run a cell, until the kernel is done with it."""
    run = """async cell => {
        const { content, context } = window.jupyterapp.shell.currentWidget;
        content.activeCellIndex = cell;
        await window.jupyterapp.commands.execute('notebook:run-cell');
    }"""
    page.evaluate(run, cell)


def clean_folder(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest of the values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def browser_version() -> str:
    """The browser that is measured in, for the report."""
    with chromium() as browser:
        return f"Chromium {browser.version} without window or GPU"
