"""The other pages, and what is seen when something does not go well."""

from __future__ import annotations

import re

from tests.screenshots.camera import Camera

REVISED = "How we moved payroll"
ROWS = b"topic,audience,tone,length\nA rota,the whole team,plain,150\nA menu,the cooks,lively,120\n,nobody,plain,100\n"


def walk(camera: Camera) -> None:
    _start(camera)
    _threads(camera)
    for name in ("history", "insights", "doctor"):
        camera.go_to(name)
        camera.page.get_by_role("heading", level=1, name=name.capitalize()).wait_for()
        camera.picture(name)
    camera.go_to("review?review=nowhere")
    camera.page.get_by_text("There is no review").wait_for()
    camera.picture("unknown")
    _failed(camera)
    camera.end_server()
    camera.page.get_by_text("The server is away").wait_for()
    camera.take("offline")


def _start(camera: Camera) -> None:
    page = camera.page
    camera.go_to("start")
    page.get_by_role("textbox", name="Topic").fill("A shorter on-call rota")
    camera.click("Start")
    page.get_by_text("Open the review").wait_for()
    camera.picture("start")
    page.get_by_text("Start many, from").click()
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": ROWS})
    page.get_by_text("rows fit").wait_for()
    page.get_by_role("button", name=re.compile("^Start [0-9]")).scroll_into_view_if_needed()
    camera.picture("many")


def _threads(camera: Camera) -> None:
    page = camera.page
    camera.go_to("threads")
    page.get_by_text("newest first").wait_for()
    camera.picture("threads")
    page.get_by_role("link", name=REVISED).click(delay=80)
    page.get_by_role("heading", name=REVISED).first.wait_for()
    page.locator(".st-key-graph_drawing").get_by_role("img").first.wait_for()
    camera.picture("thread")
    page.get_by_role("button", name="What if").nth(1).click(delay=80)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Another state").click()
    topic = dialog.get_by_role("textbox", name="Topic")
    topic.fill("How we moved payroll, twice")
    topic.press("Enter")
    camera.picture("what-if")
    camera.click("Preview the change", exact=False)
    dialog.get_by_text("Yes, let it run again").click(delay=80)
    camera.picture("repeated")
    dialog.get_by_role("button", name="Begin the new thread").click(delay=80)
    page.get_by_role("link", name="Side by side").click(delay=80)
    page.get_by_role("heading", name="How their states differ").wait_for()
    camera.picture("branches")


def _failed(camera: Camera) -> None:
    """Where articles are published lies a file: the graph cannot go on after an approval."""
    page, folder = camera.page, camera.data / "published"
    folder.rename(camera.data / "elsewhere")
    folder.touch()
    camera.go_to("?search=rota")
    camera.open("A shorter on-call rota")
    camera.submit("Approve", "Approve")
    camera.click("Apply now", exact=False)
    page.get_by_text("File exists").first.wait_for()
    camera.picture("failed-run")
    camera.go_to("?tab=failed")
    if camera.look.narrow:
        page.get_by_role("list", name="Pending reviews").get_by_role("link").first.click(delay=80)
    page.get_by_role("heading", level=2).first.wait_for()
    camera.picture("failed")
