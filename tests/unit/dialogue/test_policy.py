"""What the assistant does with a turn: whether it may speak, what goes first, and one move for everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from assistant.dialogue import moves as m
from assistant.dialogue.policy import Found, route, settle
from assistant.dialogue.understanding import Act, Understanding
from assistant.domain import stages as s
from assistant.domain.brief import Brief
from assistant.domain.mentor import Match
from assistant.domain.need import Need, Slot
from assistant.domain.reply import Kind, Reply
from assistant.domain.request import Request

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
BRIEF = Brief((), 30, ())
NEED = Need({"task": Slot("slides", "slides")})
ADA, BEN = (Match(i, n, "t", "d", "l", 0.9, "r", "q") for i, n in (("ada", "Ada Rowntree"), ("ben", "Ben Okonjo")))
STAGES: dict[str, s.Stage] = {
    "sharpening": s.Sharpening(),
    "proposed": s.Sharpening("How do I do slides?"),
    "ready": s.Ready("How do I do slides?"),
    "briefing": s.Briefing("How do I do slides?", BRIEF, ("ada",)),
    "offered": s.Offered("q", "ada", BRIEF, "h", NOW, NOW),
    "more_asked": s.MoreAsked("q", "ada", "When?", BRIEF, NOW),
    "exchanging": s.Exchanging("q", "ada", BRIEF),
    "debriefing": s.Debriefing("q", "ada", BRIEF),
    "closed": s.Closed(s.Outcome.SELF_SERVED),
}
ANSWERED = ("sharpening", "proposed", "ready", "briefing", "more_asked", "debriefing")


def at(stage: str, **changes: object) -> Request:
    base = Request(
        "r", "lena", version=5, stage=STAGES[stage], replies=(Reply(("m0",), "Hello."),), matches=(ADA, BEN), need=NEED
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def move(
    stage: str, *acts: Act, kind: Kind = Kind.VAGUE, need: Need = NEED, text: str = "words", topic: str = "", **changes: object
) -> m.Move:
    claim = Understanding(kind, frozenset(acts), topic=topic)
    return settle(at(stage, **changes), claim, need, kind, text, Found())


@pytest.mark.parametrize("stage", STAGES)
def test_the_assistant_speaks_only_where_no_human_has_the_reply(stage: str) -> None:
    expected = {"offered": "silent", "exchanging": "silent", "closed": "closed"}
    assert route(at(stage)) == expected.get(stage, "answer")


@pytest.mark.parametrize("stage", ANSWERED)
@pytest.mark.parametrize("topic", ["burnout", "crisis"])
def test_a_sensitive_matter_goes_to_the_named_people_wherever_it_is_said(stage: str, topic: str) -> None:
    referral = m.Refer(topic, closes=topic == "crisis")
    assert move(stage, kind=Kind.SENSITIVE, topic=topic) == referral
    assert move(stage, topic=topic) == referral
    assert move(stage, Act.STOP, kind=Kind.SENSITIVE, topic=topic) == referral


@pytest.mark.parametrize(
    ("topic", "closes"), [("crisis", True), ("harassment", True), ("burnout", False), ("confidential", False)]
)
def test_only_danger_and_harassment_close_the_request(topic: str, closes: bool) -> None:
    assert move("sharpening", topic=topic) == m.Refer(topic, closes)


def test_a_sensitive_matter_without_a_topic_is_confidential() -> None:
    assert move("sharpening", kind=Kind.SENSITIVE) == m.Refer("confidential")


@pytest.mark.parametrize("stage", ["sharpening", "proposed", "ready", "briefing", "more_asked"])
def test_stop_stops(stage: str) -> None:
    assert move(stage, Act.STOP) == m.Stop()


@pytest.mark.parametrize("stage", ["proposed", "ready", "briefing"])
def test_solved_closes_where_passages_were_shown(stage: str) -> None:
    assert move(stage, Act.SOLVED) == m.Solve()


def test_solved_is_no_answer_to_a_mentor() -> None:
    assert move("more_asked", Act.SOLVED, text="we solved it") == m.AnswerMore("we solved it")


@pytest.mark.parametrize("text", ["1", "1.", "#1", "number 1", " 1 ", "Ada Rowntree", "ada rowntree please"])
@pytest.mark.parametrize("stage", ["proposed", "ready"])
def test_a_person_is_picked_by_number_or_name(stage: str, text: str) -> None:
    assert move(stage, text=text) == m.Choose("ada")


@pytest.mark.parametrize(
    "text", ["3", "0", "12", "Ada", "Ada Rowntree or Ben Okonjo", "not Ada Rowntree", "anybody but Ada Rowntree"]
)
def test_what_is_not_a_choice_chooses_nobody(text: str) -> None:
    assert not isinstance(move("ready", text=text), m.Choose)


def test_yes_confirms_what_was_proposed_only() -> None:
    assert move("proposed", Act.CONFIRM) == m.Confirm("How do I do slides?")
    assert not isinstance(move("sharpening", Act.CONFIRM), m.Confirm)


def test_a_specific_request_gets_no_question() -> None:
    assert move("sharpening", kind=Kind.SPECIFIC) == m.Propose(m.Because.SPECIFIC)


def test_a_wish_for_a_person_is_met_at_once() -> None:
    assert move("sharpening", Act.WANTS_PERSON, kind=Kind.WANTS_PERSON, need=Need()) == m.Propose(m.Because.PERSON_NO_TOPIC)
    assert move("proposed", Act.WANTS_PERSON) == m.Propose(m.Because.PERSON)
    assert move("ready", Act.WANTS_PERSON) == m.Propose(m.Because.PERSON)


def test_what_is_out_of_scope_is_declined_and_private_matters_more_so() -> None:
    assert move("sharpening", kind=Kind.OUT_OF_SCOPE, text="what is the weather") == m.Decline(private=False)
    assert move("sharpening", kind=Kind.OUT_OF_SCOPE, text="what does Ben earn") == m.Decline(private=True)


def test_new_words_reopen_a_confirmed_question_and_redraft_a_brief() -> None:
    other = NEED.with_slot("context", Slot("a new board", "a new board"))
    assert move("ready", need=other) == m.Reopen()
    assert move("briefing", need=other) == m.Redraft()


@pytest.mark.parametrize("stage", ["ready", "briefing"])
def test_a_mere_guess_that_something_was_said_changes_no_question(stage: str) -> None:
    hinted = replace(NEED, hinted=frozenset({"outcome"}))
    assert isinstance(move(stage, need=hinted), m.Tell | m.AtBrief)


def test_thanks_is_no_request() -> None:
    for stage in ("sharpening", "proposed", "ready", "briefing"):
        assert move(stage, Act.THANKS) == m.Tell("greet.thanks")


@pytest.mark.parametrize(("stage", "kind"), list(product(ANSWERED, Kind)))
def test_every_act_in_every_stage_has_a_move(stage: str, kind: Kind) -> None:
    for act in Act:
        assert isinstance(move(stage, act, kind=kind), m.Move)
        assert isinstance(move(stage, act, kind=kind, need=Need(), replies=(), matches=()), m.Move)
