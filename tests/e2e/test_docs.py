"""The page `docs` in a browser, logged in with Jupyter's cookie."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import open_context
from tests.jupyter_server import TOKEN, JupyterServer

pytestmark = [pytest.mark.xdist_group("lab"), pytest.mark.slow]


def _open(page: Page, lab: JupyterServer) -> list[str]:
    """Opens the page as somebody who is logged in; what went wrong on it is added to the list while it does."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((lab.url, "data:")) else wrong.append(asked.url))
    page.goto(f"{lab.url}login?token={TOKEN}")
    page.goto(f"{lab.url}roboflow/api/docs")
    expect(page.get_by_text("Every dataset one may see.")).to_be_visible()
    return wrong


def test_it_shows_every_operation_and_loads_nothing_from_elsewhere(page: Page, lab: JupyterServer) -> None:
    wrong = _open(page, lab)
    page.wait_for_function("document.querySelectorAll('.opblock').length > 40")
    assert wrong == []


def test_trying_it_out_makes_a_dataset(page: Page, lab: JupyterServer) -> None:
    wrong = _open(page, lab)
    block = page.locator("#operations-datasets-post_datasets")
    block.click()
    block.get_by_role("button", name="Try it out").click()
    block.locator("textarea").fill('{"name": "by the page"}')
    block.get_by_role("button", name="Execute").click()
    expect(block.locator(".live-responses-table tbody .response-col_status")).to_contain_text("201")
    assert wrong == []


def test_it_follows_the_theme_of_the_system(browser: Browser, lab: JupyterServer, tmp_path: Path) -> None:
    background: list[str] = []
    for scheme in ("light", "dark"):
        context = open_context(browser, color_scheme=scheme)
        page = context.new_page()
        _open(page, lab)
        page.screenshot(path=tmp_path / f"{scheme}.png")
        background.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert background[0] != background[1]


def test_a_stranger_with_a_browser_is_led_to_the_login(page: Page, lab: JupyterServer) -> None:
    page.goto(f"{lab.url}roboflow/api/docs")
    assert "/login?next=" in page.url
