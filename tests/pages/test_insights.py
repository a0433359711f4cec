"""The Insights page: numbers, charts with their tables, filters in the address, the data set."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from components.measures import span
from review.desk import Desk
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, links, open_page, said
from tests.support import ADA, BEN, begin, pending


def decided(desk: Desk, kind: str, graph: str = "drafts", who: Any = ADA, **more: Any) -> None:
    review = pending(desk, begin(desk, graph).id)
    desk.decide(review.id, kind, who, **more)
    desk.finish(review.thread_id)


def measures(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


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


def test_times_are_told_in_their_largest_unit() -> None:
    seconds = (None, 4, 90, 3 * 3600 + 1800, 47 * 3600, 3 * 86400)
    assert [span(each) for each in seconds] == ["–", "4 s", "2 min", "3.5 h", "47.0 h", "3.0 d"]
