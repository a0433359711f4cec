"""The Insights page: numbers, charts with their tables, filters in the address, the data set."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from components.measures import span
from review.desk import Desk
from review.ledger.tables import decisions
from review.model import now
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, links, open_page, said
from tests.support import ADA, BEN, begin, pending


def decided(desk: Desk, kind: str, graph: str = "drafts", who: Any = ADA, **more: Any) -> None:
    review = pending(desk, begin(desk, graph).id)
    desk.decide(review.id, kind, who, **more)
    desk.finish(review.thread_id)


def measures(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], str]]:
    """What the page's downloads write when they are clicked, by their file's name."""
    found: dict[str, Callable[[], str]] = {}
    keep = MediaFileManager.add_deferred

    def add(self: MediaFileManager, data: Any, *more: Any, file_name: str, **options: Any) -> str:
        found[file_name] = data
        return keep(self, data, *more, file_name=file_name, **options)

    monkeypatch.setattr(MediaFileManager, "add_deferred", add)
    return found


def written(files: dict[str, Callable[[], str]]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["countersign-decisions.jsonl"]().splitlines()]


def test_a_desk_without_reviews_says_so_and_leads_on(drafts: Desk) -> None:
    at = open_page("insights")
    assert "Nothing has been reviewed yet that fits" in said(at)
    assert "Open the queue" in links(at)
    assert not at.metric


def test_the_numbers_are_those_of_the_history(drafts: Desk) -> None:
    decided(drafts, "approve")
    decided(drafts, "edit", value="First, about something else.")
    decided(drafts, "approve", who=BEN)
    begin(drafts, "drafts")
    found = measures(open_page("insights"))
    assert (found["Waiting now"], found["Decided"], found["Approved"], found["Edited"]) == ("1", "3", "67%", "33%")
    assert found["Words changed"].endswith("%")


def test_each_chart_has_its_table_and_its_download(drafts: Desk) -> None:
    decided(drafts, "edit", value="First, about something else.")
    at = open_page("insights")
    names = ["Waiting over time", "Throughput", "Hours to a decision", "What was decided", "By graph", "By reviewer"]
    assert set(names) <= {each.value for each in at.header}
    charts, tables = at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart"), at.dataframe
    downloads = [each for each in at.get("download_button") if each.proto.label == "Download as CSV"]
    assert len(charts) == len(tables) == len(downloads) == 7
    (by_reviewer,) = [each.value for each in tables if "Reviewer" in each.value.columns]
    assert (
        by_reviewer.to_dict("records")[0] | {"Reviewer": "ada", "Decisions": 1, "Edit": 1}
        == by_reviewer.to_dict("records")[0]
    )


def test_filters_narrow_every_number(page_desk: PageDesk) -> None:
    desk = page_desk(drafts=DRAFTS, others=DRAFTS)
    decided(desk, "approve")
    decided(desk, "approve", "others", who=BEN)
    decided(desk, "reject", "others", who=BEN, message="no")
    at = open_page("insights")
    at.selectbox("insights_graph").set_value("others").run()
    assert measures(at)["Decided"] == "2"
    at.selectbox("reviewer_of").set_value("ada").run()
    assert measures(at)["Decided"] == "0"
    assert "everybody's" in said(at)
    at.selectbox("insights_graph").set_value("All").run()
    assert measures(at)["Decided"] == "1"


def test_the_data_set_is_of_what_the_filters_leave(page_desk: PageDesk, files: dict[str, Callable[[], str]]) -> None:
    desk = page_desk(drafts=DRAFTS, others=DRAFTS)
    decided(desk, "approve")
    decided(desk, "edit", "others", value="First, about something else.")
    decided(desk, "reject", "others", who=BEN, message="no")
    at = open_page("insights")
    assert [line["verdict"] for line in written(files)] == ["approve", "edit", "reject"]
    assert "Only those that fit the filters" not in said(at)
    at.selectbox("insights_graph").set_value("others").run()
    assert [line["verdict"] for line in written(files)] == ["edit", "reject"]
    assert "Only those that fit the filters above are written." in said(at)
    at.selectbox("reviewer_of").set_value("ben").run()
    (line,) = written(files)
    assert (line["graph"], line["reviewer"], line["message"], line["draft"]) == (
        "others",
        "ben",
        "no",
        "First, about bread.",
    )


def test_the_data_set_is_of_the_week_that_is_chosen(page_desk: PageDesk, files: dict[str, Callable[[], str]]) -> None:
    desk = page_desk(drafts=DRAFTS)
    decided(desk, "approve")
    decided(desk, "reject", message="no")
    with desk.ledger._database.write() as connection:
        approved = decisions.c.type == "approve"
        connection.execute(update(decisions).where(approved).values(decided_at=now() - timedelta(days=14)))
    at = open_page("insights")
    assert [line["verdict"] for line in written(files)] == ["approve", "reject"]
    at.selectbox("week").set_value(now().strftime("%G-W%V")).run()
    assert [line["verdict"] for line in written(files)] == ["reject"]


def test_a_table_is_downloaded_as_it_is_shown(drafts: Desk, files: dict[str, Callable[[], str]]) -> None:
    decided(drafts, "approve")
    decided(drafts, "edit", value="First, about something else.")
    decided(drafts, "approve", who=BEN)
    at = open_page("insights")
    ada, ben = csv.DictReader(io.StringIO(files["countersign-by-reviewer.csv"]()))
    (shown,) = [each.value for each in at.dataframe if "Reviewer" in each.value.columns]
    assert list(shown.columns) == list(ada)
    assert (ada["Reviewer"], ada["Decisions"], ada["Approve"], ada["Edit"]) == ("ada", "2", "1", "1")
    assert ada["Words changed, %"] == str(shown["Words changed, %"][0])
    assert 0 < float(ada["Words changed, %"]) < 100
    assert (ben["Reviewer"], ben["Edit"], ben["Words changed, %"]) == ("ben", "0", "")
    (waiting,) = csv.DictReader(io.StringIO(files["countersign-waiting-over-time.csv"]()))
    assert waiting["Waiting"] == "0"


def test_times_are_told_in_their_largest_unit() -> None:
    seconds = (None, 4, 90, 3 * 3600 + 1800, 47 * 3600, 3 * 86400)
    assert [span(each) for each in seconds] == ["–", "4 s", "2 min", "3.5 h", "47.0 h", "3.0 d"]
