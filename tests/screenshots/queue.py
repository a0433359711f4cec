"""The queue: each kind of review, one that is decided, several at once, and how the list is looked at."""

from __future__ import annotations

import re

from tests.screenshots.camera import Camera

EDITED = "\n\nThe first close on the new schedule is on the fourth of next month."
KINDS = {
    "critical": "Delete user",
    "breakpoint": "Breakpoint before send",
    "form": "Contacts to import",
    "actions": "2 actions",
    "open": "How we moved payroll",
}


def walk(camera: Camera) -> None:
    camera.picture_of_loading("loading")
    camera.page.get_by_text("revision 2").wait_for()
    camera.picture("tour")
    camera.click("Skip the tour")
    camera.page.get_by_text("Skip the tour").wait_for(state="hidden")
    camera.picture("queue")
    _each_kind(camera)
    _decide(camera)
    _several(camera)
    _filtered(camera)


def _each_kind(camera: Camera) -> None:
    for name, title in KINDS.items():
        camera.open(title)
        camera.picture(name)
    page = camera.page
    page.goto(page.url.replace("/?", "/review?"))
    page.get_by_role("heading", level=1, name=re.compile(KINDS["open"])).first.wait_for()
    camera.picture("review")
    camera.go_to()
    camera.open(KINDS["open"])


def _decide(camera: Camera) -> None:
    page = camera.page
    name = page.get_by_test_id("stMain").get_by_label("Your name").last
    name.fill("Ada Okafor")
    name.press("Tab")
    camera.settle()
    camera.choose("Reject")
    page.get_by_label("Why it is rejected").wait_for()
    camera.picture("reject")
    camera.submit("Reject", "Reject")
    page.get_by_role("button", name="Dismiss").wait_for()
    camera.picture("notice")
    camera.click("Dismiss", exact=False)
    camera.choose("Edit")
    editor = page.get_by_label("Your version")
    editor.press("Control+End")
    editor.press_sequentially(EDITED)
    page.get_by_text("Saved").first.wait_for()
    editor.press("Escape")
    camera.picture("edit")
    camera.choose("Approve")
    page.get_by_text("not sent with this").filter(visible=True).wait_for()
    camera.picture("unsent")
    camera.choose("Edit")
    editor.wait_for()
    camera.submit("Approve with my edits")
    page.get_by_text("Just decided").wait_for()
    camera.picture("decided")
    camera.click("Apply now", exact=False)
    page.get_by_text("Published", exact=False).first.wait_for()
    camera.picture("tray")
    camera.click(re.compile("^Draft: How we moved"), exact=False)
    page.get_by_role("heading", name="What was asked").wait_for()
    camera.picture("run")
    if not camera.look.narrow:
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keys").wait_for()
        camera.picture("keys")
        page.keyboard.press("Escape")


def _several(camera: Camera) -> None:
    page = camera.page
    camera.go_to()
    boxes = page.get_by_role("checkbox", name=re.compile("^Select Draft"))
    for place in range(2):
        boxes.nth(place).check()
        page.get_by_text(f"{place + 1} selected").wait_for()
    camera.picture("selected")
    camera.click("Assign…", exact=False)
    whom = page.get_by_label("To whom")
    whom.fill("Ben Ito")
    whom.press("Enter")
    page.get_by_text("would be Ben Ito's").wait_for()
    camera.picture("assign")
    camera.leave_dialog()
    camera.click("Approve…", exact=False)
    page.get_by_role("dialog").wait_for()
    camera.picture("preview")
    page.get_by_role("dialog").get_by_role("button", name="Approve 2").click(delay=80)
    page.get_by_text("2 decided").wait_for()
    camera.picture("batch")
    camera.click("Undo all", exact=False)
    page.get_by_text("2 decisions are undone").wait_for()


def _filtered(camera: Camera) -> None:
    page = camera.page
    camera.go_to("?search=nothing+has+this")
    page.get_by_text("Nothing fits").wait_for()
    camera.picture("nothing")
    camera.go_to()
    camera.click("Filters", exact=False)
    page.get_by_label("Claimed or decided by").wait_for()
    camera.picture("filters")
    camera.leave_dialog()
    for state in ("empty", "saved"):
        camera.click("Views", exact=False)
        name = page.get_by_label("Save what is shown now as")
        name.wait_for()
        if state == "empty":
            name.fill("Everything that waits")
            name.press("Enter")
            camera.click("Save", exact=False)
            page.get_by_text("The view is saved").wait_for()
            camera.leave_dialog()
    camera.picture("views")
    camera.leave_dialog()
