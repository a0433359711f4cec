"""review.toml's policies: what holds for a graph, and one sentence for what cannot be used."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from review.errors import BadInput
from review.model import ReviewStatus
from review.policy import check_graphs
from review.settings import Settings, load_settings
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, ROOT, begin, pending

PAGE = ROOT / "docs" / "policy.md"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(folder: Path, toml: str) -> Settings:
    (folder / "review.toml").write_text(toml)
    return load_settings()


def test_without_a_file_there_is_no_deadline_and_nothing_is_critical() -> None:
    policy = load_settings().policy_of("ask")
    assert (policy.deadline, policy.critical, policy.undo_seconds, policy.reasons) == (None, False, None, ())


def test_the_example_of_the_documentation_is_read_as_it_says(folder: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    settings = loaded(folder, example)
    assert settings.groups == {"sales": ["ada", "ben"], "leads": ["carla"]}
    general = settings.policy_of("editorial")
    assert (general.undo_seconds, general.reasons) == (5, ("Off topic", "Too long", "Wrong tone"))
    assert general.deadline and general.deadline.after == timedelta(days=3)
    assert general.deadline.on_timeout == "escalate"
    payments = settings.policy_of("payment_run")
    assert (payments.critical, payments.undo_seconds) == (True, 30)
    assert payments.reasons == general.reasons and payments.deadline == general.deadline
    offer = settings.policy_of("discount_offer").deadline
    assert offer and offer.remind == (timedelta(hours=1), timedelta(minutes=15))
    assert [(step.after, step.before, step.to, step.priority) for step in offer.escalate] == [
        (timedelta(hours=2), None, "sales", None),
        (None, timedelta(minutes=30), "leads", 5),
    ]
    assert (offer.on_timeout, offer.message) == ("reject", "The offer was not approved in time.")
    newsletter = settings.policy_of("newsletter").deadline
    assert newsletter and newsletter.on_timeout == "approve"


def test_every_policy_of_the_example_is_of_a_sample_graph(folder: Path, make_desk: MakeDesk) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    policy = loaded(folder, example).policy
    make_desk(ROOT / "langgraph.json", policy=policy).check()


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("90", 90), ("0.5", 0.5), ('"90s"', 90), ('"30m"', 1800), ('"24h"', 86400), ('"1.5 d"', 129600)],
)
def test_a_duration_is_seconds_or_has_a_unit(folder: Path, given: str, seconds: float) -> None:
    deadline = loaded(folder, f"[policy.ask.deadline]\nafter = {given}").policy_of("ask").deadline
    assert deadline and deadline.after == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('[policy.ask.deadline]\nafter = "soon"', 'policy.ask.deadline.after = "soon" cannot be used: write a number'),
        ("[policy.ask.deadline]\nafter = true", "policy.ask.deadline.after = true cannot be used: write a number"),
        ("[policy.ask.deadline]\nremind = [-5]", "policy.ask.deadline.remind.0 = -5 cannot be used: a duration is"),
        ('[policy.ask.deadline]\non_timeout = "explode"', 'on_timeout = "explode" cannot be used: Input should be'),
        ('[policy.ask.deadline]\nescalate = [{to = "ada"}]', "escalate.0 cannot be used: an escalation needs either"),
        ("[policy.ask]\nfoo = 1", "policy.ask.foo = 1 cannot be used: there is no such key"),
        ('[policy."a.b"]\ncritical = "maybe"', 'policy."a.b".critical = "maybe" cannot be used'),
        ("policy = 3", "policy = 3 cannot be used"),
        ('[groups]\nsales = "ada"', 'groups.sales = "ada" cannot be used'),
    ],
)
def test_what_cannot_be_used_is_named_with_its_file_its_key_and_the_way_out(folder: Path, toml: str, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        loaded(folder, toml)
    assert refused.value.message.startswith("In review.toml, ")
    assert told in refused.value.message
    assert refused.value.message.endswith("Change it, or leave it out; docs/policy.md has an example.")


def test_silence_approves_no_graph_that_is_not_named(folder: Path) -> None:
    with pytest.raises(BadInput, match=r'on_timeout is "approve", which must be said of each graph by its name'):
        loaded(folder, '[policy."*".deadline]\nafter = 60\non_timeout = "approve"')


def test_a_policy_under_a_mistyped_name_is_refused_at_the_start(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, policy={"aks": {"critical": True}, "*": {}})
    with pytest.raises(BadInput, match=r"policy\.aks is of no graph\. The registered graphs are: ask\."):
        desk.check()
    check_graphs(desk.settings.policy, ["aks"])


def test_the_policy_of_a_graph_that_was_removed_is_a_warning_and_its_decisions_are_kept(
    make_desk: MakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    policy = {"ask": {"critical": True}}
    desk = make_desk({"ask": ASK}, policy=policy)
    desk.check()
    assert not caplog.records
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA, confirmation="ask")
    desk.close()
    desk = make_desk({"ask": None}, policy=policy)
    desk.check()
    assert "policy.ask in review.toml is of a graph that was removed" in caplog.text
    desk.finish(review.thread_id, review.id)
    kept = desk.review(review.id)
    assert (kept.status, kept.decision and kept.decision.type) == (ReviewStatus.RESUME_FAILED, "approve")
    with pytest.raises(BadInput, match=r"policy\.aks is of no graph"):
        make_desk(policy={**policy, "aks": {}}).check()


def test_the_environment_takes_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_GROUPS", '{"sales": ["ada"]}')
    assert load_settings().groups == {"sales": ["ada"]}
    monkeypatch.setenv("REVIEW_GROUPS", "sales")
    with pytest.raises(BadInput, match=r"REVIEW_POLICY and REVIEW_GROUPS the environment takes JSON\.$"):
        load_settings()


def test_two_desks_with_different_policies_are_two(make_desk: MakeDesk) -> None:
    one = make_desk({"ask": ASK}, policy={"ask": {"critical": True}})
    assert make_desk(policy={"ask": {"critical": True}}) is one
    assert make_desk(policy={"ask": {"critical": False}}) is not one
