"""The example reviews of a fresh desk: real threads of registered graphs, on inputs that their schemas name."""

from __future__ import annotations

import logging

from review.desk import Desk
from review.errors import ReviewError
from review.model import DecisionType, ReviewStatus
from review.reviewers import Reviewer

log = logging.getLogger("review.examples")
AUTHOR = Reviewer("Example editor")
# In the schema of a graph's input: with how many of its `examples` a fresh desk starts it. Without it, none is started:
# a run may cost money or change the world.
SEED = "x-review-seed"
FEEDBACK = "Open with what changed for the reader, and make it a little shorter."


def add_examples(desk: Desk) -> None:
    """Start them, once in a ledger's life; one of them has been sent back with feedback already."""
    if not desk.ledger.threads.claim_first_start():
        return
    for graph in desk.graphs():
        schema = graph.input_schema or {}
        threads = []
        for values in schema.get("examples", ())[: schema.get(SEED, 0)]:
            try:
                threads.append(desk.finish(desk.start(graph.name, values, AUTHOR, example=True).id))
            except ReviewError as error:
                log.error("an example of graph %s could not be started: %s", graph.name, error)
        if len(threads) > 1:
            _send_back(desk, threads[1].id)


def _send_back(desk: Desk, thread_id: str) -> None:
    for review in desk.ledger.reviews.of_thread(thread_id, status=[ReviewStatus.PENDING]):
        if DecisionType.RESPOND in review.request.allowed_decisions:
            desk.decide(review.id, DecisionType.RESPOND, AUTHOR, message=FEEDBACK, undo_seconds=0)
            desk.finish(thread_id, review.id)
