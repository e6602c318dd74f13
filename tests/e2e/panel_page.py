from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from jupyter_roboflow import Dataset
from tests.checkout import ROOT
from tests.e2e.lab_page import LabPage

BLOOD = ROOT / "jupyter_roboflow" / "demo" / "data" / "blood-cells"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

_REMEMBERED = """async place => {
    const { workspaces } = window.jupyterapp.serviceManager;
    const isThere = ([key, kept]) => key.startsWith('roboflow-dataset:')
        && Object.entries(place).every(([name, value]) => kept?.data?.[name] === value);
    for (let looked = 0; looked < 800; looked++) {
        if (Object.entries((await workspaces.fetch('default')).data).some(isThere)) return;
        await new Promise(again => setTimeout(again, 150));
    }
    throw new Error(`JupyterLab has not stored ${JSON.stringify(place)}`);
}"""


_SETTLED = """() => {
    const panel = '.jp-rf-DatasetWidget, .jp-rf-SidebarWidget';
    const busy = [...document.querySelectorAll('.jp-rf-DatasetWidget [aria-busy=true]')];
    const moving = document.getAnimations().filter(({ playState, effect }) => playState === 'running'
        && effect?.target?.closest(panel) && effect.getComputedTiming().iterations !== Infinity);
    return busy.every(element => element.offsetParent === null) && moving.length === 0;
}"""

# Notices close by an animation, and what can be undone is done by a timer.
_PATIENT = """patient => {
    window.setTimeoutOfPage ??= window.setTimeout;
    window.setTimeout = (act, wait, ...more) => setTimeoutOfPage(act, patient && wait >= 5000 ? 1e9 : wait, ...more);
    const style = document.querySelector('#patient') ?? document.head.appendChild(document.createElement('style'));
    style.id = 'patient';
    style.textContent = patient ? '.Toastify__progress-bar { animation-play-state: paused !important; }' : '';
}"""


class PanelPage:
    """The datasets of JupyterLab's panel as a person has them in front of them."""

    def __init__(self, lab_page: LabPage) -> None:
        self.lab, self.page = lab_page, lab_page.page
        lab_page.open()

    def settle(self) -> None:
        """Until nothing in the panel is waited for or moves."""
        self.page.wait_for_function(_SETTLED)

    def be_patient(self, patient: bool = True) -> None:
        """What a person has some seconds for can be done for as long as it takes; from now on, or no longer."""
        self.page.evaluate(_PATIENT, patient)

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_role("region", name="Datasets")

    @property
    def cells(self) -> Locator:
        """The images in view."""
        return self.grid.get_by_role("option")

    @property
    def grid(self) -> Locator:
        return self.page.get_by_role("listbox", name="Images")

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def create(self, name: str) -> None:
        """A dataset by the button of the sidebar; its document opens."""
        self.lab.execute("roboflow:show-datasets")
        self.sidebar.get_by_role("button", name="New dataset").first.click()
        self.page.get_by_role("dialog").get_by_label("Name").fill(name)
        self.page.get_by_role("button", name="Create").click()
        self.wait_for_document(name)
        expect(self.page.get_by_role("tab", name="Images")).to_be_visible()

    def open(self, dataset: Dataset, tab: str = "images") -> None:
        """The document of a dataset that is there already."""
        given = {"id": dataset.id, "tab": tab}
        self.page.evaluate("given => window.jupyterapp.commands.execute('roboflow:open-dataset', given)", given)
        self.wait_for_document(dataset.name)
        expect(self.page.get_by_role("tab", name=tab.title())).to_have_attribute("aria-selected", "true")

    def wait_for_document(self, dataset: str) -> None:
        """Until a dataset is in front of all others: what is asked for on its tabs is asked of no other."""
        document = self.page.get_by_role("tab", name=dataset, exact=True)
        expect(document).to_have_attribute("aria-selected", "true")

    def choose_files(self, button: str, files: Sequence[Path]) -> None:
        with self.page.expect_file_chooser() as chosen:
            self.page.get_by_role("button", name=button, exact=True).click()
        chosen.value.set_files(files)

    def drop(self, *paths: Path) -> None:
        """Files and folders dropped on the open document, as from a file manager."""
        box = self.page.get_by_role("tabpanel", name="Images").bounding_box()
        assert box is not None
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        carried = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        session = self.page.context.new_cdp_session(self.page)
        for happening in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": happening, **middle, "data": carried})
        session.detach()

    def import_blood_cells(self, zip: Path, told: str = "48 images added") -> None:
        """48 images' boxes, with the images or without them, by the whole wizard, until the images are there."""
        self.choose_files("Import", [zip])
        dialog = self.page.get_by_role("dialog").filter(has_text=f"Import {zip.name}")
        expect(dialog).to_contain_text("Pascal VOC")
        expect(dialog).to_contain_text("678")
        dialog.get_by_role("button", name="Import").click()
        expect(self.page.get_by_role("list", name="Jobs")).to_contain_text(told)
        self.tab("Images")
        expect(self.page.get_by_text("48 images", exact=True)).to_be_visible()

    def thumbnails_are_drawn(self) -> None:
        drawn = "[...document.querySelectorAll('.jp-rf-Cell img')].some(image => image.naturalWidth > 0)"
        self.page.wait_for_function(drawn)

    def export(self, button: Locator, format: str) -> Path:
        """The zip that the browser downloads of what this button exports."""
        button.click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("combobox").select_option(format)
        dialog.get_by_role("button", name="Export").click()
        with self.page.expect_download() as download:
            jobs = self.page.get_by_role("list", name="Jobs")
            jobs.get_by_role("button", name="Download").click()
        return download.value.path()

    def reload(self, **place: object) -> None:
        """As F5 does, once JupyterLab has stored that this is the place in a dataset: `tab`, `query`, `image`."""
        self.page.evaluate(_REMEMBERED, place)
        self.page.goto(self.page.url.split("?", maxsplit=1)[0])
        self.page.wait_for_function("window.jupyterapp !== undefined")

    def find(self, query: str) -> None:
        box = self.page.get_by_role("searchbox", name="Find images")
        box.fill(query)
        box.press("Enter")

    def pick(self, menu: str, value: str) -> None:
        self.page.get_by_role("toolbar", name="Selected images").get_by_role("combobox", name=menu).select_option(value)

    def violations(self, *rules: str) -> list[str]:
        """What axe finds wrong in the panel that is serious or worse, by all its rules or by some."""
        self.page.add_script_tag(path=AXE)
        # JupyterLab's body has no height: axe would take all that is in it for hidden, and look at none of it.
        self.page.add_style_tag(content="body { height: 100vh; }")
        within: Any = {"include": [[".jp-rf-DatasetWidget"], [".jp-rf-SidebarWidget"]]}
        # It takes the key of a label and its count for parts of its name.
        how: Any = {"resultTypes": ["violations"], "rules": {"label-content-name-mismatch": {"enabled": False}}}
        how |= {"runOnly": list(rules)} if rules else {}
        found: Any = self.page.evaluate("([within, how]) => axe.run(within, how)", [within, how])
        grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in grave for node in one["nodes"]]

    def new_version(self, *augmentation: str, preprocessing: Sequence[str] = ()) -> Locator:
        """A version being put together of these steps, once what they make is drawn."""
        self.tab("Versions")
        self.page.get_by_role("button", name="New version").click()
        making = self.page.get_by_role("region", name="New version")
        for group, steps in (("preprocessing", preprocessing), ("augmentation", augmentation)):
            for step in steps:
                making.get_by_role("combobox", name=f"Add {group}…").select_option(step)
        expect(making.get_by_role("figure").first).to_be_visible()
        expect(making.get_by_role("list", name="Preview")).to_have_attribute("aria-busy", "false")
        return making
