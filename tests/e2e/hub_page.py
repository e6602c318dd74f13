from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page

from tests.e2e.lab_page import LabPage

_ASK = """async ([method, path, proved]) => {
    const { baseUrl } = window.jupyterapp.serviceManager.serverSettings;
    const headers = proved ? { 'X-XSRFToken': /_xsrf=([^;]+)/.exec(document.cookie)[1] } : {};
    const answer = await fetch(`${baseUrl}roboflow/api/${path}`, { method, headers });
    const text = await answer.text();
    return [answer.status, text === '' ? null : JSON.parse(text)];
}"""


class HubLabPage(LabPage):
    """JupyterLab as somebody has it whom a JupyterHub lets in."""

    def __init__(self, page: Page, hub_url: str, name: str) -> None:
        self.page, self.name = page, name
        self._hub_url = hub_url

    def open(self, path: str = "") -> None:
        """The Hub's address, its login form where it asks, then JupyterLab in the person's own server."""
        self.page.goto(self._hub_url)
        if "/hub/login" in self.page.url:
            self.page.get_by_label("Username").fill(self.name)
            self.page.get_by_label("Password:").fill("any will do")
            self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(re.compile(rf"/user/{self.name}/lab"), timeout=240_000)
        self.wait_until_up()

    def ask(self, method: str, path: str, *, proved: bool = True) -> tuple[int, Any]:
        """Status and body that `roboflow/api/<path>` answers the cookie alone; `proved` sends JupyterLab's mark too."""
        status, body = self.page.evaluate(_ASK, [method, path, proved])
        return status, body
