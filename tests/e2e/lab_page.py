from __future__ import annotations

from playwright.sync_api import Page

from tests.jupyter_server import TOKEN, JupyterServer

_SAVE = """async () => {
    const { commands, shell } = window.jupyterapp;
    const { model } = shell.currentWidget.context;
    await commands.execute('docmanager:save');
    while (model.dirty) {  // somebody else saves, or something has come in since
        await new Promise(again => setTimeout(again, 100));
        await commands.execute('docmanager:save');
    }
}"""


class LabPage:
    """JupyterLab as a person has it in front of them."""

    view = "lab/tree"
    """The address of a document, in front of its path."""
    start = "lab"

    def __init__(self, page: Page, server: JupyterServer) -> None:
        self.page = page
        self._server = server

    def open(self, path: str = "") -> None:
        """Opens a file of the server, or JupyterLab alone, and waits until it is up."""
        where = f"{self.view}/{path}" if path else self.start
        self.page.goto(f"{self._server.url}{where}?token={TOKEN}&reset")
        self.wait_until_up()

    def wait_until_up(self) -> None:
        """Until JupyterLab has put back what was open."""
        self.page.wait_for_function("window.jupyterapp !== undefined")
        self.page.evaluate("window.jupyterapp.restored")

    def execute(self, command: str) -> None:
        """Runs a command as a menu does, once it is not greyed out; does not wait for it to end."""
        self.page.wait_for_function("command => window.jupyterapp.commands.isEnabled(command)", arg=command)
        self.page.evaluate("command => { void window.jupyterapp.commands.execute(command); }", command)

    def save(self) -> None:
        """Saves the open document and waits until it is."""
        self.page.evaluate(_SAVE)

    def wait_for_kernel(self) -> None:
        """Until the kernel of the open notebook has said who it is, and its cells are there."""
        for part in ("sessionContext", "context"):
            self.page.wait_for_function(f"window.jupyterapp.shell.currentWidget?.{part}?.isReady === true")
        self.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")

    def ask_kernel(self, code: str) -> str:
        """What code prints in the kernel of the open notebook, run beside its cells."""
        ask = """async code => {
            const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
            const future = kernel.requestExecute({ code });
            let said = '';
            future.onIOPub = ({ content }) => { said += content.text ?? content.evalue ?? ''; };
            await future.done;
            return said;
        }"""
        return str(self.page.evaluate(ask, code))

    def expect_kernel(self, code: str, said: str) -> None:
        """Until code prints this: what is drawn is told to the kernel at most once a second."""
        heard = self.ask_kernel(code)
        for _ in range(300):
            if said in heard:
                return
            self.page.wait_for_timeout(200)
            heard = self.ask_kernel(code)
        raise AssertionError(f"{said!r} is not in {heard!r}")
