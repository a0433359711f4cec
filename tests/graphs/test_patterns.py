"""The specification's patterns: each graph through the desk, on every decision that it allows."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.errors import DecisionNotAllowed, InvalidAnswer
from review.model import ReviewKind, ReviewStatus, ThreadStatus
from tests.graphs.desks import ask, example, lines, say, thread_of, waiting
from tests.support import ADA, begin


def test_every_graph_loads_has_a_description_and_takes_its_own_examples(desk: Desk) -> None:
    infos = desk.graphs()
    assert len(infos) == 13
    for info in infos:
        assert info.error is None
        assert len(info.description) > 40, info.name
        assert info.input_schema and info.input_schema["examples"], info.name
        for given in info.input_schema["examples"]:
            thread = begin(desk, info.name, given)
            assert thread.status in (ThreadStatus.INTERRUPTED, ThreadStatus.DONE), (info.name, thread.error)


# Breakpoints.


def test_a_breakpoint_before_the_critical_node_holds_the_payments_back(desk: Desk) -> None:
    review = ask(desk, "payment_run")
    assert (review.kind, review.request.allowed_decisions) == (ReviewKind.BREAKPOINT, ("continue",))
    assert desk.state(review.thread_id).values["total"] == 3119.75
    assert lines(desk, "payments.jsonl") == []
    values = say(desk, review, "continue")
    (line,) = lines(desk, "payments.jsonl")
    assert (line["key"], line["total"], len(line["payments"])) == (values["sent"], 3119.75, 3)


def test_payments_edited_at_the_breakpoint_are_what_is_sent(desk: Desk) -> None:
    review = ask(desk, "payment_run")
    only = desk.state(review.thread_id).values["payments"][:1]
    desk.edit_state(review.thread_id, {"payments": only}, ADA)
    desk.finish(review.thread_id)
    (again,) = waiting(desk, review)
    say(desk, again, "continue")
    (line,) = lines(desk, "payments.jsonl")
    assert (line["total"], [each["payee"] for each in line["payments"]]) == (1840.50, ["Norddruck GmbH"])


def test_a_closed_payment_run_sends_nothing(desk: Desk) -> None:
    review = ask(desk, "payment_run")
    desk.close_thread(review.thread_id, ADA)
    assert thread_of(desk, review).status == ThreadStatus.CLOSED
    assert lines(desk, "payments.jsonl") == []


def test_a_breakpoint_after_a_fetch_shows_what_was_fetched(desk: Desk) -> None:
    review = ask(desk, "price_list")
    assert review.payload == {"when": "after", "node": "fetch", "next": "take_over"}
    assert desk.state(review.thread_id).values["warnings"] == ["Croissant: +964.5 %"]
    values = say(desk, review, "continue")
    (line,) = lines(desk, "price_changes.jsonl")
    assert (values["taken_over"], line["prices"][2]["new"]) == (line["key"], 16.5)


def test_fetched_prices_can_be_mended_before_they_are_taken_over(desk: Desk) -> None:
    review = ask(desk, "price_list")
    prices = desk.state(review.thread_id).values["prices"]
    prices[2]["new"] = 1.65
    desk.edit_state(review.thread_id, {"prices": prices}, ADA)
    desk.finish(review.thread_id)
    (again,) = waiting(desk, review)
    say(desk, again, "continue")
    assert lines(desk, "price_changes.jsonl")[0]["prices"][2]["new"] == 1.65


# The specification's dicts.


def test_an_approved_deletion_happens_exactly_once(desk: Desk) -> None:
    review = ask(desk, "delete_user")
    assert review.title == "Delete user 4711, Jonas Brandt?"
    assert review.request.subject["endpoint"] == "/delete_user"
    with pytest.raises(InvalidAnswer, match="type 'delete_user' as the confirmation"):
        say(desk, review, "approve")
    values = say(desk, review, "approve", message="Checked the ticket.", confirmation="delete_user")
    assert (values["approved_by"], values["notes"]) == ("ada", "Checked the ticket.")
    (line,) = lines(desk, "deleted_users.jsonl")
    assert (line["key"], line["user_id"], line["approved_by"]) == (values["result"], 4711, "ada")


def test_a_rejected_deletion_leaves_the_user(desk: Desk) -> None:
    values = say(desk, ask(desk, "delete_user"), "reject", message="Invoices are still open.")
    assert values["error"] == "Rejected by ada: Invoices are still open."
    assert "result" not in values
    assert lines(desk, "deleted_users.jsonl") == []


def test_a_deletion_cannot_be_edited(desk: Desk) -> None:
    review = ask(desk, "delete_user")
    with pytest.raises(DecisionNotAllowed):
        desk.decide(review.id, "edit", ADA, value={"user_id": 1})


def test_two_deletions_are_two_effects(desk: Desk) -> None:
    for number in (0, 1):
        say(desk, ask(desk, "delete_user", number), "approve", confirmation="delete_user")
    assert [line["user_id"] for line in lines(desk, "deleted_users.jsonl")] == [4711, 1042]


def test_an_approved_newsletter_is_sent_as_written(desk: Desk) -> None:
    review = ask(desk, "newsletter")
    values = say(desk, review, "approve")
    assert (values["final_content"], values["edited"]) == (review.payload["draft"], False)
    assert [line["content"] for line in lines(desk, "newsletters.jsonl")] == [review.payload["draft"]]


def test_an_edited_newsletter_is_sent_as_edited(desk: Desk) -> None:
    values = say(desk, ask(desk, "newsletter"), "edit", value="# Short\n\nCome and eat.")
    assert (values["final_content"], values["edited"], values["reviewed"]) == ("# Short\n\nCome and eat.", True, True)
    assert [line["content"] for line in lines(desk, "newsletters.jsonl")] == ["# Short\n\nCome and eat."]


def test_a_rejected_newsletter_is_not_sent(desk: Desk) -> None:
    values = say(desk, ask(desk, "newsletter"), "reject", message="Not before the menu is fixed.")
    assert (values["reviewed"], values["reason"]) == (False, "Not before the menu is fixed.")
    assert "final_content" not in values
    assert lines(desk, "newsletters.jsonl") == []


def test_a_chain_asks_before_and_after_the_work(desk: Desk) -> None:
    review = ask(desk, "database_upgrade")
    assert [step["step"] for step in review.request.subject] == [1, 2, 3, 4]
    say(desk, review, "approve", message="Good plan.")
    (second,) = waiting(desk, review)
    assert second.title == "Sign off: orders-db runs 18.1"
    assert len(lines(desk, "upgrades.jsonl")) == 1
    values = say(desk, second, "approve")
    assert values["outcome"] == "signed off"
    assert [(each["step"], each["approved"], each["reviewer"], each["note"]) for each in values["approvals"]] == [
        ("plan", True, "ada", "Good plan."),
        ("execution", True, "ada", ""),
    ]
    assert len(lines(desk, "upgrades.jsonl")) == 1


def test_a_rejected_plan_is_not_carried_out(desk: Desk) -> None:
    values = say(desk, ask(desk, "database_upgrade"), "reject", message="Not on a Sunday.")
    assert (values["outcome"], values["approvals"][0]["note"]) == ("plan rejected", "Not on a Sunday.")
    assert lines(desk, "upgrades.jsonl") == []


def test_a_rejected_result_is_rolled_back(desk: Desk) -> None:
    review = ask(desk, "database_upgrade")
    say(desk, review, "approve")
    values = say(desk, waiting(desk, review)[0], "reject", message="Slower than before.")
    assert values["outcome"] == "rolled back"
    assert [("rolled_back" in line) for line in lines(desk, "upgrades.jsonl")] == [False, True]


@pytest.mark.parametrize(("said", "price"), [("approve", 4428.0), ("reject", 5400.0)])
def test_a_question_with_a_deadline_is_due_then(desk: Desk, said: str, price: float) -> None:
    review = ask(desk, "discount_offer")
    assert review.due_at is not None
    assert 0 < 4 * 3600 - (review.due_at - review.created_at).total_seconds() < 60
    assert "timeout_seconds" in review.payload and "due_at" not in review.payload
    values = say(desk, review, said, message="As agreed.")
    assert values["approved"] is (said == "approve")
    assert [line["price"] for line in lines(desk, "offers.jsonl")] == [price]


# Class-based nodes.


def test_nodes_as_classes_ask_and_book(desk: Desk) -> None:
    review = ask(desk, "expense_claim")
    assert review.title == "Expense claim: Lena Hoffmann, 184.50 EUR"
    values = say(desk, review, "approve", message="Receipt seen.")
    assert (values["status"], values["notes"]) == ("approved", "Receipt seen.")
    assert [line["employee"] for line in lines(desk, "reimbursements.jsonl")] == ["Lena Hoffmann"]


def test_a_rejected_claim_is_not_booked(desk: Desk) -> None:
    values = say(desk, ask(desk, "expense_claim"), "reject", message="No receipt.")
    assert (values["status"], values["reason"]) == ("rejected", "No receipt.")
    assert lines(desk, "reimbursements.jsonl") == []


def test_a_claim_within_the_policy_of_the_runs_context_asks_nobody(desk: Desk) -> None:
    thread = begin(desk, "expense_claim", example(desk, "expense_claim"), context={"limit": 200.0})
    assert thread.status == ThreadStatus.DONE
    assert len(lines(desk, "reimbursements.jsonl")) == 1
    assert begin(desk, "expense_claim", example(desk, "expense_claim", 1)).status == ThreadStatus.DONE


# Typed answers.


def corrected(**overrides: Any) -> dict[str, Any]:
    contact = {"name": "Piet de Vries", "email": "piet@example.com", "company": "De Vries", "country": "NL"}
    return {"rows": [contact | overrides, contact | {"name": "Giulia Conti", "email": "g@example.com"}]}


def test_a_corrected_table_is_what_is_imported(desk: Desk) -> None:
    review = ask(desk, "contact_import")
    assert (review.kind, review.dialect, review.request.allowed_decisions) == (
        ReviewKind.INTERRUPT,
        "response_schema",
        ("respond",),
    )
    assert len(review.payload["rows"]) == 5
    assert "Row 2: “piet.devries@example” is no e-mail address." in review.request.description
    values = say(desk, review, "respond", corrected())
    assert values["rows"] == corrected()["rows"]
    assert [line["contacts"] for line in lines(desk, "contacts.jsonl")] == [corrected()["rows"]]


def test_a_table_that_does_not_fit_the_schema_is_refused_at_once(desk: Desk) -> None:
    review = ask(desk, "contact_import")
    with pytest.raises(InvalidAnswer) as refused:
        desk.decide(review.id, "respond", ADA, value=corrected(country="Italy"))
    assert list(refused.value.details["errors"]) == ["rows/0/country"]
    assert desk.review(review.id).status == ReviewStatus.PENDING


def test_a_table_that_breaks_the_graphs_own_rule_comes_back_with_its_words(desk: Desk) -> None:
    review = ask(desk, "contact_import")
    say(desk, review, "respond", corrected(email="G@example.com"))
    again = desk.review(review.id)
    assert again.status == ReviewStatus.PENDING
    assert "g@example.com is there more than once. Keep one row of it." in (again.error or "")
    say(desk, again, "respond", corrected())
    assert len(lines(desk, "contacts.jsonl")) == 1


def test_a_sound_table_is_imported_without_asking(desk: Desk) -> None:
    table = "name,email,company,country\nMarta Keller,marta@example.com,Keller,CH\n"
    thread = begin(desk, "contact_import", {"source": "By hand", "table": table})
    assert thread.status == ThreadStatus.DONE
    assert len(lines(desk, "contacts.jsonl")) == 1
