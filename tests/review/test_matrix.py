"""Dialect by decision by the graph's form: a graph that resumes got exactly the documented value, types included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from review.desk import Desk, open_desk
from review.dialects import Said
from review.errors import DecisionNotAllowed
from review.model import DecisionType, Review, ReviewStatus, ThreadStatus
from review.plain import plain
from review.settings import Settings
from tests.graphs_for_tests.matrix_graphs import ASKED, exactly
from tests.review.matrix_cases import DIALECTS, OFFERS, Case
from tests.support import ADA, ROOT, begin, pending, reviews, values

ALL = [case for cases in DIALECTS.values() for case in cases]
DIALECT_OF = {case.asks: dialect for dialect, cases in DIALECTS.items() for case in cases}
# The last case of each dialect and decision.
OF_EACH_KIND = list({(DIALECT_OF[case.asks], case.kind): case for case in ALL}.values())
# Each case once, in one of two graphs, with a neighbour that wants another answer.
PAIRS = [(("parallel", "parallel_nested")[n // 2 % 2], ALL[n], ALL[(n + 1) % len(ALL)]) for n in range(0, len(ALL), 2)]
FAN = 20


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for the whole matrix; each test has a thread of its own."""
    graphs = ROOT / "tests" / "graphs_for_tests" / "matrix_graphs.json"
    desk = open_desk(Settings(data_dir=tmp_path_factory.mktemp("matrix"), graphs=graphs))
    yield desk
    desk.close()


def start(desk: Desk, graph: str, *cases: Case, flag: Path | None = None) -> str:
    """A thread that asks what the cases decide on; its id."""
    given: dict[str, Any] = {"ask": [case.asks for case in cases]} | ({"flag": str(flag)} if flag else {})
    return begin(desk, graph, given).id


def decide(desk: Desk, review: Review, case: Case) -> None:
    assert review.dialect == DIALECT_OF[case.asks]
    if case.kind == "each":
        said = [Said(DecisionType(kind), value, message, "ada") for kind, value, message in case.value]
        desk.decide_actions(review.id, said, ADA)
    else:
        desk.decide(review.id, case.kind, ADA, value=case.value, message=case.message)


def matched(waiting: Sequence[Review], cases: Sequence[Case]) -> list[tuple[Review, Case]]:
    """Each review with a case that decides on its payload."""
    left = list(cases)
    found = []
    for review in waiting:
        case = next(case for case in left if exactly(plain(ASKED[case.asks][0])) == exactly(review.payload))
        left.remove(case)
        found.append((review, case))
    assert not left
    return found


def check(desk: Desk, thread_id: str, decided: Sequence[tuple[Review, Case]]) -> None:
    """The thread ended, and each task that asked got its own answer."""
    assert desk.thread(thread_id).status == ThreadStatus.DONE
    assert [desk.review(review.id).status for review, _ in decided] == [ReviewStatus.RESUMED] * len(decided)
    got = {place: answer for place, answer in values(desk, thread_id)["got"].items() if place != "quiet"}
    assert got == {review.interrupt_id: exactly(case.gets) for review, case in decided}


def visits(desk: Desk, thread_id: str) -> int:
    """How often the thread entered a node that asks."""
    return (desk.settings.data_dir / f"{thread_id}.visits").read_text().count("visit")


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_graph_gets_exactly_the_documented_value(desk: Desk, case: Case) -> None:
    run_alone(desk, "single", case)


@pytest.mark.parametrize("case", OF_EACH_KIND, ids=str)
@pytest.mark.parametrize("graph", ["nested", "asynchronous"])
def test_every_decision_reaches_a_subgraph_and_an_async_node(desk: Desk, graph: str, case: Case) -> None:
    run_alone(desk, graph, case)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("graph", ["nested_async", "workflow", "tasks", "async_tasks"])
def test_a_question_may_stand_in_any_form_of_graph(desk: Desk, graph: str, dialect: str) -> None:
    run_alone(desk, graph, DIALECTS[dialect][1])


def run_alone(desk: Desk, graph: str, case: Case) -> None:
    thread_id = start(desk, graph, case)
    review = pending(desk, thread_id)
    decide(desk, review, case)
    desk.finish(thread_id, review.id)
    check(desk, thread_id, [(review, case)])


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("graph", ["fan_out", "fan_out_nested", "fan_out_async"])
def test_many_decided_in_bulk_cost_one_run(desk: Desk, graph: str, dialect: str) -> None:
    cases = [*DIALECTS[dialect], *DIALECTS[dialect] * FAN][: max(FAN, len(DIALECTS[dialect]))]
    thread_id = start(desk, graph, *cases)
    decided = matched(reviews(desk, thread_id), cases)
    for review, case in reversed(decided):
        decide(desk, review, case)
    desk.finish(thread_id)
    check(desk, thread_id, decided)
    assert visits(desk, thread_id) == 2 * len(cases)


@pytest.mark.parametrize("graph", ["tasks", "async_tasks"])
def test_tasks_of_a_workflow_ask_one_after_the_other(desk: Desk, graph: str) -> None:
    cases = [cases[0] for cases in DIALECTS.values()]
    thread_id = start(desk, graph, *cases)
    decided = []
    for case in cases:
        review = pending(desk, thread_id)
        decide(desk, review, case)
        desk.finish(thread_id, review.id)
        decided.append((review, case))
    check(desk, thread_id, decided)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("graph", ["parallel", "parallel_nested", "parallel_async"])
def test_two_siblings_decided_together_travel_in_one_run(desk: Desk, graph: str, dialect: str) -> None:
    pair = DIALECTS[dialect][0], DIALECTS[dialect][-1]
    thread_id = start(desk, graph, *pair)
    decided = matched(reviews(desk, thread_id), pair)
    for review, case in reversed(decided):
        decide(desk, review, case)
    desk.finish(thread_id)
    check(desk, thread_id, decided)
    assert visits(desk, thread_id) == 4


@pytest.mark.parametrize(("graph", "one", "other"), PAIRS, ids=lambda part: str(part))
def test_siblings_decided_one_by_one_each_get_their_own(desk: Desk, graph: str, one: Case, other: Case) -> None:
    thread_id = start(desk, graph, one, other)
    decided = matched(reviews(desk, thread_id), (one, other))
    (first, said_first), (second, said_second) = decided
    decide(desk, first, said_first)
    desk.finish(thread_id, first.id)
    assert desk.review(first.id).status == ReviewStatus.RESUMED
    waiting = pending(desk, thread_id)
    assert (waiting.id, waiting.interrupt_id, waiting.version) == (second.id, second.interrupt_id, second.version)
    assert desk.thread(thread_id).status == ThreadStatus.INTERRUPTED
    decide(desk, waiting, said_second)
    desk.finish(thread_id, second.id)
    check(desk, thread_id, decided)


@pytest.mark.parametrize("asks", ASKED)
def test_a_payload_offers_what_is_documented_and_refuses_the_rest(desk: Desk, asks: str) -> None:
    review = pending(desk, begin(desk, "single", {"ask": [asks]}).id)
    assert review.dialect == DIALECT_OF[asks]
    assert set(review.request.allowed_decisions) == OFFERS[asks]
    for kind in set(DecisionType) - OFFERS[asks] - {DecisionType.ANSWER}:
        with pytest.raises(DecisionNotAllowed):
            desk.decide(review.id, kind, ADA, value="x", message="x")
    assert desk.review(review.id).status == ReviewStatus.PENDING


# What takes no value.

ANSWERED = Case("text", "edit", "go", "go")


@pytest.mark.parametrize("graph", ["stop_before", "stop_after", "stop_before_inside"])
def test_a_breakpoint_behind_an_answer_is_continued_once(desk: Desk, graph: str) -> None:
    thread_id = start(desk, graph, ANSWERED)
    asked = pending(desk, thread_id)
    decide(desk, asked, ANSWERED)
    desk.finish(thread_id)
    stop = pending(desk, thread_id)
    assert (stop.dialect, stop.request.allowed_decisions) == ("breakpoint", ("continue",))
    assert "quiet" not in values(desk, thread_id).get("got", {})
    desk.decide(stop.id, "continue", ADA)
    desk.finish(thread_id)
    assert desk.review(stop.id).status == ReviewStatus.RESUMED
    assert values(desk, thread_id)["got"]["quiet"] == "passed"
    check(desk, thread_id, [(asked, ANSWERED)])


def test_a_breakpoint_before_an_async_node_gives_way_to_its_question(desk: Desk) -> None:
    thread_id = start(desk, "stop_before_async", ANSWERED)
    desk.decide(pending(desk, thread_id).id, "continue", ADA)
    desk.finish(thread_id)
    asked = pending(desk, thread_id)
    decide(desk, asked, ANSWERED)
    desk.finish(thread_id)
    check(desk, thread_id, [(asked, ANSWERED)])


@pytest.mark.parametrize("graph", ["fragile_single", "fragile_async", "fragile_nested", "fragile_workflow"])
def test_a_failed_node_is_retried(desk: Desk, graph: str, tmp_path: Path) -> None:
    thread_id = start(desk, graph, flag=tmp_path / "mended")
    for _ in range(2):
        failed = pending(desk, thread_id)
        assert (failed.dialect, failed.request.allowed_decisions) == ("failed", ("retry",))
        assert "on fire" in failed.payload["error"]
        desk.decide(failed.id, "retry", ADA)
        desk.finish(thread_id)
    (tmp_path / "mended").touch()
    desk.decide(pending(desk, thread_id).id, "retry", ADA)
    desk.finish(thread_id)
    assert desk.thread(thread_id).status == ThreadStatus.DONE
    assert values(desk, thread_id)["got"]["fragile"] == "mended"


@pytest.mark.parametrize("together", [True, False])
def test_a_failed_sibling_is_retried_beside_a_question(desk: Desk, tmp_path: Path, together: bool) -> None:
    thread_id = start(desk, "fragile_parallel", ANSWERED, flag=tmp_path / "mended")
    waiting = {review.dialect: review for review in reviews(desk, thread_id)}
    (tmp_path / "mended").touch()
    desk.decide(waiting["failed"].id, "retry", ADA)
    # Where the failure came first, LangGraph stopped the step before its sibling had asked.
    if not together or "other" not in waiting:
        desk.finish(thread_id)
        waiting["other"] = pending(desk, thread_id)
    decide(desk, waiting["other"], ANSWERED)
    desk.finish(thread_id)
    got = {"fragile": "mended", waiting["other"].interrupt_id: exactly("go"), "quiet": "passed"}
    assert values(desk, thread_id)["got"] == got
