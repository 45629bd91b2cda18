"""Every stage with every event: legal ones lead where the table says, illegal ones are refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.brief import AgendaItem, Brief, BriefField, approval_hash
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need
from assistant.domain.reply import Kind, Reply
from assistant.domain.request import IllegalTransition, Request, evolve, fold
from assistant.domain.schedule import TimeSlot
from assistant.domain.transitions import TRANSITIONS, diagram, may

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DUE = AT + timedelta(days=2)
BRIEF = Brief((BriefField("question", "How?", "composed"),), 30, (AgendaItem("Work", 30),))
HASH = approval_hash(BRIEF, ("ada", "ben"))
SLOT = TimeSlot(AT + timedelta(days=1), 30)
OPEN = evolve(Request("r"), e.Opened(at=AT, actor="lena", mentee="lena"))
STAGES: dict[type[s.Stage], s.Stage] = {
    s.Sharpening: s.Sharpening("How?"),
    s.Ready: s.Ready("How?"),
    s.Briefing: s.Briefing("How?", BRIEF, ("ada", "ben"), HASH),
    s.Offered: s.Offered("How?", "ada", BRIEF, HASH, AT, DUE, ("ben",)),
    s.MoreAsked: s.MoreAsked("How?", "ada", "When?", BRIEF, DUE, ("ben",)),
    s.Exchanging: s.Exchanging("How?", "ada", BRIEF),
    s.Booked: s.Booked("How?", "ada", BRIEF, SLOT),
    s.Debriefing: s.Debriefing("How?", "ada", BRIEF),
    s.Closed: s.Closed(s.Outcome.REFERRED),
}
VALUES: dict[type[e.Event], list[dict[str, object]]] = {
    e.Opened: [{"mentee": "lena"}],
    e.Said: [{"message_id": "m", "text": "words"}],
    e.Replied: [{"reply": Reply(("m",), "Hello.")}],
    e.NeedChanged: [{"need": Need(), "kind": Kind.VAGUE}],
    e.QuestionProposed: [{"question": "How now?"}],
    e.QuestionConfirmed: [{"question": "How now?"}],
    e.MentorsMatched: [{"matches": ()}],
    e.Referred: [{"topic": "crisis", "contacts": ("Desk",)}, {"topic": "burnout", "contacts": ("Desk",), "closes": False}],
    e.BriefDrafted: [{"brief": BRIEF, "recipients": ("ada",)}],
    e.BriefEdited: [{"brief": BRIEF, "recipients": ("ada",)}],
    e.BriefApproved: [{"brief_hash": HASH}],
    e.OfferMade: [{"mentor": "ada", "brief_hash": HASH, "due": DUE}],
    e.OfferAccepted: [{"mentor": "ada"}, {"mentor": "ada", "slot": SLOT}],
    e.OfferPassed: [{"mentor": "ada"}, {"mentor": "ada", "to": "ben", "due": DUE}],
    e.OfferExpired: [{"mentor": "ada"}, {"mentor": "ada", "to": "ben", "due": DUE}],
    e.OneMoreAsked: [{"mentor": "ada", "ask": "When?", "due": DUE}],
    e.OneMoreAnswered: [{"text": "Friday"}],
    e.ExchangePosted: [{"message_id": "p", "text": "words"}],
    e.HandedBack: [{"mentor": "ada"}],
    e.Rescheduled: [{"slot": SLOT}],
    e.BookingCancelled: [{"mentor": "ada"}],
    e.DebriefNoted: [{"notes": "text", "debrief": Debrief()}],
    e.CompetencyAttested: [{"text": "can do"}],
    e.CompetencyReported: [{"text": "can do"}],
}
PAIRS = [(stage, event) for stage in s.STAGES for event in e.EVENTS]


def named(value: type) -> str:
    return value.__name__


def in_stage(stage: type[s.Stage]) -> Request:
    return replace(OPEN, stage=STAGES[stage])


def examples(event: type[e.Event]) -> list[e.Event]:
    return [event(at=AT, actor="lena", **values) for values in VALUES.get(event, [{}])]


def test_the_lists_are_complete() -> None:
    assert set(STAGES) == set(s.STAGES)
    assert {event for _, event in TRANSITIONS} | {e.Opened} == set(e.EVENTS)
    assert set(e.EVENTS) == {c for c in vars(e).values() if isinstance(c, type) and issubclass(c, e.Event)} - {e.Event}


@pytest.mark.parametrize(("stage", "event"), PAIRS, ids=lambda v: named(v))
def test_every_pair(stage: type[s.Stage], event: type[e.Event]) -> None:
    allowed = TRANSITIONS.get((stage, event))
    before = in_stage(stage)
    if allowed is None:
        for example in examples(event):
            with pytest.raises(IllegalTransition, match=f"{event.__name__} may not happen in {stage.__name__}"):
                evolve(before, example)
        return
    reached: set[type[s.Stage]] = set()
    for example in examples(event):
        possible = stage is not s.MoreAsked or getattr(example, "to", None) is None
        if possible:
            after = evolve(before, example)
            assert after.version == before.version + 1
            assert after.changed_at == example.at
            reached.add(type(after.stage))
    assert reached == allowed
    assert may(before.stage, event)


@pytest.mark.parametrize("event", [event for event in e.EVENTS if event is not e.Opened], ids=named)
def test_nothing_happens_before_it_is_opened(event: type[e.Event]) -> None:
    for example in examples(event):
        with pytest.raises(IllegalTransition):
            evolve(Request("r"), example)


@pytest.mark.parametrize("stage", s.STAGES, ids=named)
def test_the_assistant_has_no_word_where_it_is_not_its_turn(stage: type[s.Stage]) -> None:
    if s.owner(STAGES[stage]) in (s.Party.MENTOR, s.Party.NOBODY):
        assert not may(STAGES[stage], e.Replied)


def test_every_stage_is_reached_and_can_be_left() -> None:
    targets = {target for (stage, _), to in TRANSITIONS.items() for target in to if target is not stage}
    assert targets == set(s.STAGES)
    leaving = {stage for (stage, _), to in TRANSITIONS.items() if to - {stage}}
    assert leaving == set(s.STAGES)
    assert {event for (stage, event), to in TRANSITIONS.items() if stage is s.Closed and to - {stage}} == {e.QuestionReopened}


@pytest.mark.parametrize("outcome", [outcome for outcome in s.Outcome if outcome is not s.Outcome.REFERRED])
def test_only_a_referral_leaves_the_way_back_open(outcome: s.Outcome) -> None:
    with pytest.raises(IllegalTransition, match="referral"):
        evolve(replace(OPEN, stage=s.Closed(outcome)), e.QuestionReopened(at=AT, actor="lena"))


def test_after_a_closing_referral_the_request_begins_anew_and_its_words_are_set_apart() -> None:
    said = evolve(OPEN, e.Said(at=AT, actor="lena", message_id="m1", text="he hits me"))
    closed = evolve(said, e.Referred(at=AT, actor="askwell", topic="crisis", contacts=("Desk",)))
    back = evolve(closed, e.QuestionReopened(at=AT, actor="lena"))
    again = evolve(back, e.Said(at=AT, actor="lena", message_id="m2", text="how do I plan a rota"))
    assert (again.stage, again.kind, again.need) == (s.Sharpening(), Kind.VAGUE, Need())
    assert again.words() == ("how do I plan a rota",)
    assert len(again.messages) == 2


def test_a_referral_that_leaves_the_request_open_sets_the_words_of_the_turn_apart() -> None:
    first = evolve(OPEN, e.Said(at=AT, actor="lena", message_id="m1", text="how do I plan a rota"))
    answered = evolve(first, e.Replied(at=AT, actor="askwell", reply=Reply(("m1",), "Which part?")))
    second = evolve(answered, e.Said(at=AT, actor="lena", message_id="m2", text="I am burnt out"))
    referred = evolve(second, e.Referred(at=AT, actor="askwell", topic="burnout", contacts=("Desk",), closes=False))
    assert referred.stage == s.Sharpening()
    assert (referred.topic, referred.contacts) == ("burnout", ("Desk",))
    assert referred.words() == ("how do I plan a rota",)


def test_the_diagram_shows_every_stage_and_every_move_between_two() -> None:
    drawn = diagram().splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert drawn[1] == "    [*] --> sharpening"
    for (stage, event), to in TRANSITIONS.items():
        for target in to - {stage}:
            arrow = f"    {s.name_of(stage)} --> {s.name_of(target)}: "
            line = next(line for line in drawn if line.startswith(arrow))
            assert s.name_of(event).replace("_", " ") in line.removeprefix(arrow).split(" / ")


WRONG_HANDS: list[tuple[type[s.Stage], e.Event]] = [
    (s.Offered, e.OfferAccepted(at=AT, actor="x", mentor="ben")),
    (s.Offered, e.OfferPassed(at=AT, actor="x", mentor="ben")),
    (s.Offered, e.OfferPassed(at=AT, actor="x", mentor="ben", to="ben", due=DUE)),
    (s.Offered, e.OfferPassed(at=AT, actor="x", mentor="ada", to="cleo", due=DUE)),
    (s.Offered, e.OfferPassed(at=AT, actor="x", mentor="ada", to="ben")),
    (s.Offered, e.OfferExpired(at=AT, actor="x", mentor="ben")),
    (s.Offered, e.OneMoreAsked(at=AT, actor="x", mentor="ben", ask="?", due=DUE)),
    (s.MoreAsked, e.OfferExpired(at=AT, actor="x", mentor="ben")),
    (s.MoreAsked, e.OfferExpired(at=AT, actor="x", mentor="ada", to="ben", due=DUE)),
    (s.Exchanging, e.HandedBack(at=AT, actor="x", mentor="ben")),
    (s.Booked, e.BookingCancelled(at=AT, actor="x", mentor="ben")),
    (s.Briefing, e.OfferMade(at=AT, actor="x", mentor="cleo", brief_hash=HASH, due=DUE)),
    (s.Briefing, e.OfferMade(at=AT, actor="x", mentor="ada", brief_hash="other", due=DUE)),
]


@pytest.mark.parametrize(("stage", "event"), WRONG_HANDS, ids=lambda v: named(v) if isinstance(v, type) else named(type(v)))
def test_an_event_about_another_mentor_is_refused(stage: type[s.Stage], event: e.Event) -> None:
    with pytest.raises(IllegalTransition):
        evolve(in_stage(stage), event)


def test_an_edit_voids_the_approval() -> None:
    edited = evolve(in_stage(s.Briefing), e.BriefEdited(at=AT, actor="lena", brief=BRIEF, recipients=("ada", "ben")))
    with pytest.raises(IllegalTransition, match="approval"):
        evolve(edited, e.OfferMade(at=AT, actor="lena", mentor="ada", brief_hash=HASH, due=DUE))


def test_an_offer_that_was_never_approved_cannot_be_made() -> None:
    stage = replace(STAGES[s.Briefing], approved="")  # type: ignore[arg-type]
    with pytest.raises(IllegalTransition, match="approval"):
        evolve(replace(OPEN, stage=stage), e.OfferMade(at=AT, actor="lena", mentor="ada", brief_hash="", due=DUE))


def test_two_more_things_are_both_in_the_brief() -> None:
    first = evolve(in_stage(s.MoreAsked), e.OneMoreAnswered(at=AT, actor="lena", text="On Friday."))
    assert isinstance(first.stage, s.Briefing)
    again = replace(first, stage=s.MoreAsked("How?", "ada", "Who comes?", first.stage.draft, DUE))
    second = evolve(again, e.OneMoreAnswered(at=AT, actor="lena", text="The board."))
    assert second.brief is not None
    more = second.brief.field("more").text
    for words in ("When?", "On Friday.", "Who comes?", "The board."):
        assert words in more


def test_new_notes_do_not_take_back_what_a_mentor_attested_or_a_mentee_reported() -> None:
    debriefing = in_stage(s.Debriefing)
    attested = evolve(debriefing, e.CompetencyAttested(at=AT, actor="login-ada", text="builds a storyline"))
    reported = evolve(attested, e.CompetencyReported(at=AT, actor="lena", text="presents"))
    noted = evolve(reported, e.DebriefNoted(at=AT, actor="lena", notes="n", debrief=Debrief()))
    assert [(c.text, c.attested_by) for c in noted.competencies] == [("builds a storyline", "login-ada"), ("presents", None)]
    assert noted.confirmed_by == frozenset()


def test_a_pending_message_is_no_answer_to_a_question_that_came_later() -> None:
    waiting = evolve(in_stage(s.Briefing), e.Said(at=AT, actor="lena", message_id="m1", text="wait, one thing"))
    offered = evolve(waiting, e.OfferMade(at=AT, actor="lena", mentor="ada", brief_hash=HASH, due=DUE))
    asked = evolve(offered, e.OneMoreAsked(at=AT, actor="a", mentor="ada", ask="When?", due=DUE))
    assert asked.pending == ()


def test_folding_is_the_same_as_evolving_one_by_one() -> None:
    said = e.Said(at=AT, actor="lena", message_id="m1", text="words")
    events = [e.Opened(at=AT, actor="lena", mentee="lena"), said, e.Withdrawn(at=AT, actor="lena")]
    assert fold("r", events) == evolve(evolve(evolve(Request("r"), events[0]), said), events[2])
