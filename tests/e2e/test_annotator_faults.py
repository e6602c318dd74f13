"""What happens to work when the kernel, the server or the network goes away in the middle: nothing (WEB-024)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Page, Route, expect

import jupyter_roboflow
from tests.e2e.annotator_page import AnnotatorPage, annotations_of, expect_stored, open_annotator
from tests.e2e.lab_page import LabPage
from tests.e2e.notebook_page import NotebookPage
from tests.e2e.panel_page import BLOOD, PanelPage
from tests.jupyter_server import JupyterServer
from tests.ports import free_ports

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

CELL = "w = ds.annotate(height=420)\nw"


def _kill_kernel(lab_page: LabPage) -> None:
    """As a lack of memory does; Jupyter says so and starts another one."""
    psutil.Process(int(lab_page.ask_kernel("import os; print(os.getpid())"))).kill()
    told = lab_page.page.get_by_role("dialog").filter(has_text="Kernel Restarting")
    told.get_by_role("button", name="Ok").click()
    expect(told).to_be_hidden()


_KEPT = """() => new Promise(tell => {
    const opening = indexedDB.open('jupyter-roboflow');
    opening.onsuccess = () => {
        const asked = opening.result.transaction('journal').objectStore('journal').count();
        asked.onsuccess = () => {
            opening.result.close();
            tell(asked.result > 0);
        };
    };
})"""
"""Whether the browser's database has what is not saved: from then on the tab may be closed."""


def _load_ahead(page: Page) -> Callable[[int], None]:
    """What waits until the page has all of an image; to be called before anything is loaded."""
    loaded: set[str] = set()
    page.on("requestfinished", lambda request: loaded.add(urlsplit(request.url).path))

    def wait(image: int) -> None:
        wanted = tuple(f"/images/{image}/{part}" for part in ("annotations", "file"))
        while not all(any(path.endswith(end) for path in loaded) for end in wanted):
            page.wait_for_timeout(50)

    return wait


def test_with_the_kernel_killed_it_goes_on_over_the_server(
    notebook_page: NotebookPage, root: Path, lab: JupyterServer
) -> None:
    annotator = open_annotator(notebook_page, root, "killed", CELL)
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    _kill_kernel(notebook_page)
    annotator.draw_point(0.7, 0.7)
    annotator.expect_saved()
    annotator.point_on_second_image()
    kinds = [[each["shape_type"] for each in image] for image in annotations_of(lab, "killed")]
    assert kinds == [["bbox", "point"], ["point"], []]


def test_without_the_extension_the_kernel_saves_and_when_it_is_killed_the_browser_keeps_what_was_drawn(
    page: Page, start_server: Callable[..., JupyterServer]
) -> None:
    server = start_server("--ServerApp.jpserver_extensions={'jupyter_roboflow_server': False}")
    assert page.request.get(f"{server.url}roboflow/api/health/live").status == 404, "there is no extension"
    notebook = NotebookPage(page, server)
    annotator = open_annotator(notebook, server.root, "bare", CELL)
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.expect_saved()
    assert "1 ['bbox']" in notebook.ask_kernel("print(1, [a.shape.kind for a in w.annotations_of(w.image_id)])")
    _kill_kernel(notebook)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.3), (0.6, 0.6))
    annotator.expect_saving("offline")
    expect(annotator.root.get_by_text("Offline: kept in this browser")).to_be_visible()
    notebook.wait_for_kernel()
    notebook.execute("notebook:run-all-cells")
    expect(annotator.rows).to_have_count(2, timeout=180_000)
    annotator.expect_rows("cell.*Polygon", "cell.*Box")
    annotator.expect_saved()
    told = notebook.ask_kernel("print([a.shape.kind for a in w.annotations_of(w.image_id)])")
    assert "['bbox', 'polygon']" in told


def test_a_server_killed_in_the_middle_of_a_save_and_started_again_loses_nothing(
    page: Page, start_server: Callable[..., JupyterServer]
) -> None:
    server = start_server("--ServerApp.port_retries=0", port=free_ports(1)[0])
    annotator = open_annotator(NotebookPage(page, server), server.root, "restarted", CELL)
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.expect_saved()

    died: list[str] = []

    def save_and_die(route: Route) -> None:
        if died or route.request.method == "GET":  # others are loaded ahead
            route.continue_()
            return
        died.append(route.request.method)
        route.fetch()  # it has arrived, its answer never does
        server.kill()
        route.abort()

    page.route("**/images/*/annotations", save_and_die)
    annotator.draw_point(0.7, 0.7)
    annotator.draw_polygon((0.5, 0.3), (0.7, 0.3), (0.6, 0.6))
    annotator.expect_saving("offline")
    expect(annotator.root.get_by_text("Offline: kept in this browser")).to_be_visible()
    server.start()
    page.evaluate("document.querySelector('[data-saving] button')?.click()")  # unless it has been saved by itself
    annotator.expect_saved()
    annotator.expect_rows("cell.*Polygon", "cell.*Point", "cell.*Box")
    kinds = [[each["shape_type"] for each in image] for image in annotations_of(server, "restarted")]
    assert kinds == [["bbox", "point", "polygon"], [], []]


def test_offline_one_draws_on_and_all_is_saved_when_back_even_after_the_tab_was_closed(
    notebook_page: NotebookPage, root: Path, lab: JupyterServer
) -> None:
    page, context = notebook_page.page, notebook_page.page.context
    wait_for_image = _load_ahead(page)
    annotator = open_annotator(notebook_page, root, "offline", CELL)
    annotator.draw_box(0.2, 0.2, 0.4, 0.5)
    annotator.expect_saved()
    notebook_page.save()
    dataset = lab.ask("datasets/find?name=offline")[2]["id"]
    wait_for_image(lab.ask(f"datasets/{dataset}/images")[2]["items"][1]["id"])
    context.set_offline(True)
    annotator.draw_point(0.7, 0.7)
    annotator.expect_saving("offline")
    annotator.key("d")  # the next image was loaded ahead
    annotator.expect_image(2, 3)
    annotator.draw_box(0.5, 0.5, 0.7, 0.7)
    context.set_offline(False)
    annotator.expect_saved()
    assert [len(image) for image in annotations_of(lab, "offline")] == [2, 1, 0]
    context.set_offline(True)
    annotator.draw_point(0.2, 0.8)
    annotator.expect_saving("offline")
    page.wait_for_function(_KEPT)
    page.close()
    assert [len(image) for image in annotations_of(lab, "offline")] == [2, 1, 0]
    context.set_offline(False)
    again = NotebookPage(context.new_page(), lab)
    again.open("offline.ipynb")
    annotator = AnnotatorPage(again.page).wait()
    annotator.expect_saved()
    expect_stored(lab, "offline", 2, 2, 0)  # what was kept is taken up after the first image is shown


def test_in_the_panel_too_what_is_drawn_while_the_server_is_gone_is_saved_when_it_is_back(
    page: Page, start_server: Callable[..., JupyterServer]
) -> None:
    server = start_server("--ServerApp.port_retries=0", port=free_ports(1)[0])
    with jupyter_roboflow.connect(data_dir=server.folder, progress=False) as workspace:
        dataset = workspace.create_dataset("Restarted")
        dataset.upload(sorted((BLOOD / "JPEGImages").glob("*.jpg"))[:2])
        dataset.add_label("cell")
        lab = LabPage(page, server)
        lab.open()
        panel = PanelPage(lab)
        panel.open(dataset)
        panel.cells.first.dblclick()
        annotator = AnnotatorPage(page).wait()
        annotator.draw_box(0.2, 0.2, 0.4, 0.5)
        annotator.expect_saved()
        server.kill()
        annotator.draw_point(0.7, 0.7)
        annotator.expect_saving("offline")
        server.start()
        page.evaluate("document.querySelector('[data-saving] button')?.click()")  # unless it has been saved by itself
        annotator.expect_saved()
        annotator.expect_rows("cell.*Point", "cell.*Box")
        assert [each.shape.kind for each in dataset.images()[0].annotations] == ["bbox", "point"]
