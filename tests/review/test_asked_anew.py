"""A decision counts for what was shown: where its question reads otherwise before it is applied, it is asked anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from review.approving import check_counted
from review.cli.reviews import _check_taken
from review.desk import Desk
from review.errors import Changed, Refused, StorageFailed
from review.ledger.settle import Settling
from review.model import Review, ReviewStatus, ThreadStatus
from review.ops.verify import Verifier
from review.versions import ASKED_ANEW
from tests.conftest import MakeDesk
from tests.support import ADA, BEN, actions, begin, review_factory, reviews, values

LONG = 600

# Two siblings; one asks in the words that lie beside the graph whenever its node runs.
WORDED = """
HERE = pathlib.Path(__file__).parent
def still(state): return {"log": [interrupt("still?")]}
def worded(state):
    said = interrupt({"draft": (HERE / "words").read_text(), "prompt": "Publish?"})
    return {"log": [said["content"]]}
builder = StateGraph(State)
for node in (still, worded):
    builder.add_node(node.__name__, node)
    builder.add_edge(START, node.__name__)
graph = builder.compile()
"""


@pytest.fixture
def words(tmp_path: Path) -> Path:
    (tmp_path / "graphs").mkdir()
    file = tmp_path / "graphs" / "words"
    file.write_text("Bread")
    return file


@pytest.fixture
def desk(make_desk: MakeDesk, words: Path) -> Desk:
    return make_desk({"worded": WORDED}, backoff_seconds=0)


@pytest.fixture
def asked(desk: Desk) -> tuple[Review, Review]:
    """Both reviews: `still`, and `worded`, which Ada has edited and can undo for long."""
    still, worded = sorted(reviews(desk, begin(desk, "worded").id), key=lambda review: review.node)
    return still, desk.decide(worded.id, "edit", ADA, value="Mine", undo_seconds=LONG)


def is_asked_anew(desk: Desk, decided: Review) -> None:
    review = desk.review(decided.id)
    assert (review.status, review.decision, review.error) == (ReviewStatus.PENDING, None, ASKED_ANEW)
    assert review.payload["draft"] == review.request.subject == "Cake"
    assert review.version != decided.version
    kept = desk.ledger.reviews.last_withdrawn(review.id)
    assert kept is not None
    assert (kept.value, kept.reviewer) == ("Mine", "ada")
    told = actions(desk, review.thread_id)
    assert (told.count("decision.withdrawn"), told.count("review.changed")) == (1, 1)
    assert Verifier(desk).run().broken == []
    with pytest.raises(Changed):
        desk.decide(review.id, "edit", ADA, value="Mine", version=decided.version)
    desk.decide(review.id, "edit", ADA, value="Mine, again", version=review.version)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert "Mine, again" in values(desk, review.thread_id)["log"]


def test_a_decision_is_withdrawn_where_a_siblings_run_asks_otherwise(
    desk: Desk, words: Path, asked: tuple[Review, Review]
) -> None:
    still, worded = asked
    words.write_text("Cake")
    desk.decide(still.id, "respond", BEN, message="yes")
    desk.finish(still.thread_id, still.id)
    with pytest.raises(Refused, match="there is no decision on it to apply"):
        desk.apply_now(worded.id, ADA)
    is_asked_anew(desk, worded)


def test_a_decision_stands_where_a_siblings_run_asks_the_same(desk: Desk, asked: tuple[Review, Review]) -> None:
    still, worded = asked
    desk.decide(still.id, "respond", BEN, message="yes")
    desk.finish(still.thread_id, still.id)
    assert desk.review(worded.id) == worded
    desk.apply_now(worded.id, ADA)
    assert desk.finish(worded.thread_id, worded.id).status == ThreadStatus.DONE
    assert values(desk, worded.thread_id)["log"] == ["yes", "Mine"]


@pytest.mark.parametrize("tries", [1, 2], ids=["found when it is due", "found by the next"])
def test_a_decision_on_what_stands_no_more_is_not_applied_after_a_crash(
    desk: Desk, words: Path, asked: tuple[Review, Review], monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    """The sibling's run ended with its process, so nothing told the ledger that it asks otherwise now."""
    still, worded = asked
    words.write_text("Cake")
    desk.decide(still.id, "respond", BEN, message="yes")

    def dies(*_arguments: Any) -> None:
        raise StorageFailed("The disk reports an error.")

    verbs: list[Callable[[], Any]] = [lambda: None, lambda: desk.apply_now(worded.id, ADA)]
    for verb in verbs[:tries]:
        verb()
        with monkeypatch.context() as faulty, pytest.raises(StorageFailed):
            faulty.setattr(Settling, "settle", dies)
            desk.relay.advance(still.thread_id)
    if tries == 1:
        desk.apply_now(worded.id, ADA)
    desk.finish(worded.thread_id, worded.id)
    assert desk.review(still.id).status == ReviewStatus.RESUMED
    is_asked_anew(desk, worded)


def test_who_waits_for_the_decision_is_told() -> None:
    after = review_factory(error=ASKED_ANEW)
    for check in (lambda: _check_taken(after), lambda: check_counted(review_factory(decided=True), after)):
        with pytest.raises(Changed, match=r"changed before the decision reached the graph\..* is pending again"):
            check()
