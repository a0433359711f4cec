"""Any order of what people, deadlines and crashes do to a desk, against a model of what must come of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from review.desk import open_desk
from review.errors import StorageFailed
from review.ledger.settle import Settling
from review.model import Review, ThreadStatus
from review.reviewers import Reviewer
from tests.review.modelled_desk import CLAIM, UNDO, WITH_RELAY, ModelledDesk
from tests.support import take_and_die

PEOPLE = ("ada", "ben", "carla")
PICK = st.integers(0, 59)


class DeskMachine(ModelledDesk):
    """What people do to it, and what goes wrong."""

    @rule(pick=PICK, who=st.sampled_from(PEOPLE))
    def open_in_a_browser(self, pick: int, who: str) -> None:
        each = self.any(pick)
        others = self.desk.look_at(each.id, f"browser-{who}", Reviewer(who))
        assert who not in others
        silent = self.at + timedelta(seconds=self.settings.browser_seconds)
        if each.holder == who and each.status == "pending" and self.at <= each.held_until <= silent:
            each.held_until = silent

    @rule(pick=PICK, who=st.sampled_from(PEOPLE), take_over=st.booleans())
    def claim(self, pick: int, who: str, take_over: bool) -> None:
        each = self.any(pick)
        other = each.held_by_other(who, self.at)
        if each.status != "pending" or (other and not take_over):
            self.refused(lambda: self.desk.claim(each.id, Reviewer(who), take_over=take_over))
            return
        self.desk.claim(each.id, Reviewer(who), take_over=take_over)
        already = each.holder == who and each.held_until >= self.at
        each.audit["review.taken_over"] += other
        each.audit["review.claimed"] += not already
        each.holder, each.held_until = who, self.at + timedelta(seconds=CLAIM)

    @rule(
        pick=PICK,
        who=st.sampled_from(PEOPLE),
        kind=st.sampled_from(["approve", "reject", "edit", "respond"]),
        undo=st.sampled_from([0, UNDO, UNDO]),
        take_over=st.booleans(),
        stale=st.sampled_from([False, False, False, True]),
    )
    def decide(self, pick: int, who: str, kind: str, undo: int, take_over: bool, stale: bool) -> None:
        each = self.any(pick)
        said = {"value": "Mine" if kind == "edit" else None, "message": "Why" if kind in ("reject", "respond") else ""}
        version = "another version" if stale else each.version

        def act() -> Review:
            return self.desk.decide(
                each.id, kind, Reviewer(who), version=version, undo_seconds=undo, take_over=take_over, **said
            )

        other = each.held_by_other(who, self.at)
        if each.status != "pending" or stale or (other and not take_over):
            refusal = self.refused(act)
            each.audit["decision.refused"] += 1
            if each.said:  # the loser is told who decided
                assert (refusal.details["decision"], refusal.details["reviewer"]) == each.said
            return
        made = act()
        assert made.version == each.version
        if other:
            each.holder = who
        each.audit["review.taken_over"] += other
        each.undone_by = None
        each.status, each.said, each.apply_at = "decided", (kind, who), self.at + timedelta(seconds=undo)
        past = {"approve": "approved", "reject": "rejected", "edit": "edited", "respond": "responded"}
        each.audit[f"review.{past[kind]}"] += 1

    @rule(pick=PICK, who=st.sampled_from((*PEOPLE, None, None, None)), now=st.booleans())
    def undo_or_apply_now(self, pick: int, who: str | None, now: bool) -> None:
        decided = [each for each in self.known.values() if each.status == "decided"]
        each = decided[pick % len(decided)] if decided and pick % 4 else self.any(pick)
        who = who or (each.said[1] if each.said and each.said[1] in PEOPLE else "ada")
        verb = self.desk.apply_now if now else self.desk.undo
        mine = each.status == "decided" and each.said is not None and each.said[1] == who
        in_time = each.apply_at > self.at
        if not now and each.status == "pending" and each.undone_by == who:
            assert verb(each.id, Reviewer(who)).version == each.version, "sent again, it is the same undo"
        elif not mine or (not now and not in_time):
            self.refused(lambda: verb(each.id, Reviewer(who)))
        elif now:
            verb(each.id, Reviewer(who))
            each.audit["decision.hastened"] += in_time
            each.apply_at = min(each.apply_at, self.at)
        else:
            undone = verb(each.id, Reviewer(who))
            assert undone.version != each.version, "what was decided on the old version must not count on the new one"
            each.status, each.said, each.version, each.undone_by = "pending", None, undone.version, who
            each.audit["decision.withdrawn"] += 1

    @rule(pick=PICK)
    def edit_the_state(self, pick: int) -> None:
        each = self.any(pick)
        thread_id = self.thread_of(each)
        of_thread = [other for other in self.known.values() if self.thread_of(other) == thread_id]
        waiting = any(other.status in WITH_RELAY for other in of_thread)
        idle = any(other.status == "pending" for other in of_thread)
        if waiting or not idle or thread_id in self.dead:
            self.refused(lambda: self.desk.edit_state(thread_id, {"topic": "rye"}, Reviewer("ada")))
            return
        if self.desk.thread(thread_id).status != ThreadStatus.INTERRUPTED:
            return  # edited before, and not asked anew yet
        self.desk.edit_state(thread_id, {"topic": "rye"}, Reviewer("ada"))
        for other in of_thread:
            if other.status == "pending":
                other.status = "superseded"
                other.audit["review.superseded"] += 1

    # What goes wrong.

    @rule(pick=PICK)
    def the_process_that_took_a_thread_dies(self, pick: int) -> None:
        due = [thread_id for thread_id in self.desk.relay.due() if thread_id not in self.dead]
        if due:
            thread_id = sorted(due, key=list(self.graphs).index)[pick % len(due)]
            take_and_die(self.desk, thread_id)
            self.dead.add(thread_id)
            for each in self.known.values():
                if each.status == "decided" and each.apply_at <= self.at and self.thread_of(each) == thread_id:
                    each.status = "resuming"

    @precondition(lambda self: not self.dead)
    @rule()
    def the_ledger_fails_when_a_run_is_settled(self) -> None:
        """As a process that dies between the run's last checkpoint and its settling; the thread stays ours."""
        with pytest.MonkeyPatch.context() as faulty:
            faulty.setattr(Settling, "settle", _fails)
            for thread_id in self.desk.relay.due():
                with pytest.raises(StorageFailed):
                    self.desk.relay.advance(thread_id)
        self.relay_runs()

    @rule()
    def restart(self) -> None:
        self.desk.close()
        self.desk = open_desk(self.settings)


def _fails(*_arguments: Any) -> None:
    raise StorageFailed("The disk reports an error.")


EXAMPLES, STEPS = 12, 30
DeskMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,  # `make test` proves the same each time; `make chaos` looks further
    database=None,
    suppress_health_check=list(HealthCheck),
)
test_a_desk_does_what_its_model_does = DeskMachine.TestCase
