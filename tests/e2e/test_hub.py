"""JupyterLab behind a real JupyterHub and its proxy: two people, each in a server of their own, one dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.annotator_page import AnnotatorPage
from tests.e2e.conftest import open_context, options_for
from tests.e2e.hub_page import HubLabPage
from tests.e2e.panel_page import BLOOD, PanelPage
from tests.server.hub import Hub, proxy_command

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

PICTURES = sorted((BLOOD / "JPEGImages").glob("*.jpg"))[:3]
_THUMBNAILS = """count => count === [...document.querySelectorAll('.jp-rf-Cell img')]
    .filter(image => image.naturalWidth > 0).length"""


class Person(PanelPage):
    """Somebody of the Hub in front of the panel."""

    def __init__(self, lab_page: HubLabPage) -> None:
        super().__init__(lab_page)
        self.ask = lab_page.ask
        self.lab.execute("roboflow:show-datasets")

    def listed(self, dataset: str) -> Locator:
        """A dataset in the sidebar, which looks again."""
        self.lab.execute("roboflow:show-datasets")
        self.sidebar.get_by_role("button", name="Look again").click()
        found = self.sidebar.locator("[data-dataset-id]").filter(has_text=dataset)
        expect(found).to_be_visible()
        return found

    def share(self, username: str) -> None:
        """Let somebody annotate the open dataset."""
        self.tab("Settings")
        people = self.page.get_by_role("region", name="People")
        people.get_by_role("textbox", name="User name").fill(username)
        people.get_by_role("button", name="Add as annotator").click()
        expect(people.get_by_role("combobox", name=f"Role of {username}")).to_have_value("annotator")

    def add_label(self, name: str) -> None:
        self.tab("Settings")
        labels = self.page.get_by_role("region", name="Labels")
        labels.get_by_role("textbox", name="New label").fill(name)
        labels.get_by_role("button", name="Add").click()
        expect(labels.get_by_role("textbox", name=f"Name of the label {name}")).to_be_visible()

    def annotator(self) -> AnnotatorPage:
        self.tab("Annotate")
        return AnnotatorPage(self.page).wait()


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[tuple[Person, Person]]:
    """ann, who came first, and bob: both are known to the product now, and have no dataset yet."""
    command, folder = proxy_command(), tmp_path_factory.mktemp("hub")
    # What is open is everybody's own.
    options = [option for option in options_for(folder) if "workspaces_dir" not in option]
    with ExitStack() as running:
        hub = Hub(folder, proxy=command, options=options)
        running.callback(hub.close)
        found: list[Person] = []
        for name in ("ann", "bob"):
            context = open_context(browser)
            running.callback(context.close)
            person = Person(HubLabPage(context.new_page(), hub.url, name))
            expect(person.sidebar).to_contain_text("No dataset yet")
            found.append(person)
        yield found[0], found[1]


def test_what_one_shares_another_annotates_from_a_server_of_their_own(people: tuple[Person, Person]) -> None:
    ann, bob = people
    ann.create("Cells of ann")
    ann.choose_files("Upload", PICTURES)
    expect(ann.cells).to_have_count(len(PICTURES))
    ann.add_label("cell")
    ann.share("bob")

    hers = bob.listed("Cells of ann")
    expect(hers).to_contain_text("annotator")
    hers.click()
    bob.wait_for_document("Cells of ann")
    expect(bob.cells).to_have_count(len(PICTURES))
    bob.page.wait_for_function(_THUMBNAILS, arg=len(PICTURES))
    annotator = bob.annotator()
    annotator.draw_box(0.3, 0.3, 0.5, 0.6)
    annotator.expect_rows("cell")
    annotator.expect_saved()

    ann.lab.open()
    mine = ann.listed("Cells of ann")
    expect(mine).to_contain_text("3 images · 1 annotation")
    mine.click()
    ann.wait_for_document("Cells of ann")
    ann.annotator().expect_rows("cell")
    ann.tab("Settings")
    rows = ann.page.get_by_role("region", name="What happened").get_by_role("row")
    expect(rows.filter(has_text=re.compile(r"bob\s*An annotation was drawn on image \d+\."))).to_have_count(1)
    expect(rows.filter(has_text=re.compile(r"ann\s*bob is annotator of the dataset now\."))).to_have_count(1)


def test_an_annotator_deletes_no_dataset_by_button_or_by_rest(people: tuple[Person, Person]) -> None:
    ann, bob = people
    ann.create("Cells to keep")
    ann.share("bob")
    hers = bob.listed("Cells to keep")
    path = f"datasets/{hers.get_attribute('data-dataset-id')}"
    hers.click()
    bob.wait_for_document("Cells to keep")
    bob.tab("Settings")
    reason = "You are annotator in this dataset. Ask its owner for more."
    expect(bob.page.get_by_role("region", name="What happened")).to_contain_text(reason)
    button = bob.page.get_by_role("button", name="Delete the dataset…")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_attribute("title", reason)
    button.click(force=True)
    expect(bob.page.get_by_role("dialog")).to_have_count(0)
    status, refused = bob.ask("DELETE", path)
    assert (status, refused["error"]["code"]) == (403, "not_allowed")

    assert ann.ask("DELETE", path, proved=False)[0] in (401, 403)  # as another site's page would have her send it
    assert [person.ask("GET", path)[1]["role"] for person in people] == ["owner", "annotator"]
    assert ann.ask("DELETE", path)[0] in (202, 204)
    assert bob.ask("GET", path)[0] == 404
