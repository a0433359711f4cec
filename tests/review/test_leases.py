"""One thread is run by one process: whose lease it is, and when another one may take it over."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from review.desk import Desk
from review.leases import Lease, Sightings
from review.ledger import Start
from review.ledger.tables import threads
from review.model import ThreadStatus, now
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, begin, pending, take_and_die

LEASE = Lease("thread-1", "host/one", datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), 0)


def queued(desk: Desk) -> None:
    desk.ledger.threads.queue_start(Start("thread-1", "ask", {}), ADA)


def test_a_lease_is_silent_once_it_was_seen_unchanged_for_its_length() -> None:
    at = [100.0]
    sightings = Sightings(10, lambda: at[0])
    assert sightings.silent([LEASE]) == set()
    at[0] = 109.9
    assert sightings.silent([LEASE]) == set()
    at[0] = 110.0
    assert sightings.silent([LEASE]) == {"thread-1"}


def test_a_renewed_lease_is_looked_at_anew() -> None:
    at = [100.0]
    sightings = Sightings(10, lambda: at[0])
    sightings.silent([LEASE])
    at[0] = 1000.0
    renewed = replace(LEASE, until=LEASE.until - timedelta(hours=1))  # by a clock that was set back
    assert sightings.silent([renewed]) == set()
    at[0] = 1010.0
    assert sightings.silent([renewed]) == {"thread-1"}
    assert sightings.silent([]) == set()
    assert sightings.silent([renewed]) == set()


def test_a_lease_is_taken_over_only_as_it_was_seen(desk: Desk) -> None:
    leases = desk.ledger.leases
    queued(desk)
    assert leases.take("thread-1", "one", 60) is not None
    (seen,) = leases.held()
    assert leases.take("thread-1", "two", 60) is None
    assert leases.take("thread-1", "two", 60, idle=True) is None
    assert leases.renew("one", ["thread-1"], 60) == {"thread-1": None}
    assert leases.take("thread-1", "two", 60, seen) is None
    (seen,) = leases.held()
    assert leases.take("thread-1", "two", 60, seen) is not None
    assert leases.take("thread-1", "three", 60, seen) is None
    assert leases.renew("one", ["thread-1"], 60) == {}
    assert desk.thread("thread-1").tries == 1


def test_a_leased_thread_is_due_for_its_holder_alone(desk: Desk) -> None:
    leases = desk.ledger.leases
    queued(desk)
    leases.take("thread-1", "one", 60)
    assert leases.due("two", (), 10) == []
    assert leases.due("two", ["thread-1"], 10) == ["thread-1"]
    assert leases.due("one", (), 10) == ["thread-1"]


def test_two_takers_at_once_are_one_taker(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    leases = desk.ledger.leases
    queued(desk)
    leases.take("thread-1", "one", 60)
    (seen,) = leases.held()
    barrier, won = threading.Barrier(8), []

    def take(name: str) -> None:
        barrier.wait()
        if leases.take("thread-1", name, 60, seen):
            won.append(name)

    takers = [threading.Thread(target=take, args=(f"taker-{n}",)) for n in range(8)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert [desk.thread("thread-1").lease_owner] == won


@pytest.mark.parametrize("silent", [False, True], ids=["known to be dead", "silent for long"])
def test_what_a_holder_left_whose_clock_was_ahead_is_taken_over_at_once(make_desk: MakeDesk, silent: bool) -> None:
    desk = make_desk({"ask": ASK}, backoff_seconds=0)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    take_and_die(desk, review.thread_id)
    ahead = timedelta(hours=2)
    with desk.ledger.leases._database.write() as connection:
        connection.execute(
            update(threads)
            .where(threads.c.id == review.thread_id)
            .values(work_at=now() + ahead, updated_at=now() + ahead, lease_until=now() + ahead)
            .values({"lease_owner": "elsewhere/unheard"} if silent else {})
        )
    if silent:
        at = [0.0]
        desk.relay._taking._sightings = Sightings(10, lambda: at[0])
        assert desk.relay.due() == []
        assert not desk.relay.advance(review.thread_id)
        at[0] = 10.0
    assert desk.relay.due() == [review.thread_id]
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert desk.ledger.leases.held() == []
