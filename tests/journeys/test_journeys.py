"""Whole ways of a request through the services, over the real store: what a mentee and a mentor live through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.ports import Notification
from tests.brief_text import as_text
from tests.fakes import TUESDAY_TEN, FakeApp, done, refused
from tests.fakes.languages import structured


@pytest.fixture
def wired(sql_app: FakeApp) -> FakeApp:
    return sql_app


def told(wired: FakeApp, who: str) -> list[str]:
    return [note.topic for note in wired.notes() if note.to == who]


def bodies(notes: list[Notification], topic: str) -> list[str]:
    return [note.body for note in notes if note.topic == topic]


def test_self_served(wired: FakeApp) -> None:
    request = wired.open()
    answer = wired.say(request, "task: build board slides")
    while answer.reply and answer.reply.asks:
        answer = wired.say(request, "skip")
    assert answer.reply is not None
    citation = answer.reply.citations[0]
    article = wired.base.articles()[citation.article]
    assert article.text[citation.start : citation.end] == citation.quote
    answer = wired.say(request, "that solved it")
    assert answer.request.stage == s.Closed(s.Outcome.SELF_SERVED)
    assert answer.next_step == "Closed: solved by the knowledge base."
    assert wired.notes() == []


def test_under_an_abstention_there_is_no_reference(wired: FakeApp) -> None:
    request = wired.open()
    answer = wired.say(request, "task: fix a lathe\noutcome: it turns")
    assert answer.reply is not None
    assert answer.reply.citations == ()
    assert "found nothing about this" in answer.reply.say


def test_matched_briefed_accepted_booked_debriefed_attested_closed(wired: FakeApp) -> None:
    lena, ada = wired.actor("lena"), wired.mentor("ada")
    request = wired.to_offer()
    step = wired.request_views.next_step(wired.load(request), lena)
    assert step.startswith("Ada Rowntree has your brief since Mon 2 Nov 10:00 and answers by Wed 4 Nov 10:00.")
    assert step.endswith("If not, Ben Okonjo gets the same brief.")
    assert done(wired.request_views.offer(ada, request)).brief.field("background").text == "New CFO."
    free = wired.free(request, "ada")
    assert free.start == TUESDAY_TEN
    done(wired.handoff.accept(ada, request, free.start))
    assert "Booked with Ada Rowntree on Tue 3 Nov 11:00, 30 minutes" in wired.request_views.next_step(wired.load(request), lena)
    for actor in (lena, ada):
        invitation = done(wired.sessions.invitation(actor, request))
        assert b"DTSTART:20261103T100000Z" in invitation
    refused(wired.sessions.held(lena, request), "not_yet")
    wired.clock.set(free.end)
    done(wired.sessions.held(lena, request))
    refused(wired.debriefing.confirm(lena, request), "nothing_to_confirm")
    done(wired.debriefing.note(lena, request, "action: send the deck\ncompetency: opens with the ask\ntakeaway: less is more"))
    done(wired.debriefing.confirm(lena, request))
    assert done(wired.debriefing.confirm(ada, request)).confirmed_by == {"lena", "login-ada"}
    assert [c.attestation for c in wired.load(request).competencies] == ["self-reported"]
    done(wired.debriefing.attest(ada, request, "opens with the ask"))
    minutes = done(wired.debriefing.read(lena, request))
    assert [(c.text, c.attested_by, c.quote) for c in minutes.competencies] == [
        ("opens with the ask", "login-ada", "opens with the ask")
    ]
    done(wired.debriefing.finish(lena, request))
    assert wired.load(request).stage == s.Closed(s.Outcome.OBJECTIVE_MET)
    assert told(wired, "mentor:ada") == ["offer", "booked_mentor", "debriefed", "closed"]
    assert told(wired, "lena") == ["accepted_booked", "attested"]


def test_a_mentor_attests_after_the_mentee_has_closed_and_never_what_was_withdrawn(wired: FakeApp) -> None:
    lena, ada = wired.actor("lena"), wired.mentor("ada")
    request = wired.to_booking()
    wired.clock.set(TUESDAY_TEN)
    done(wired.sessions.held(lena, request))
    done(wired.debriefing.finish(lena, request))
    done(wired.debriefing.attest(ada, request, "opens with the ask"))
    assert wired.load(request).competencies[0].attested_by == "login-ada"
    other = wired.to_booking("mika", TUESDAY_TEN + timedelta(minutes=30))
    done(wired.handoff.withdraw(wired.actor("mika"), other))
    refused(wired.debriefing.attest(ada, other, "something"), "wrong_stage")


def test_a_session_that_has_passed_becomes_a_debrief_by_the_clock(wired: FakeApp) -> None:
    request = wired.to_booking()
    wired.clock.set(TUESDAY_TEN + timedelta(minutes=29))
    assert wired.due_jobs.tick().over == 0
    wired.clock.set(TUESDAY_TEN + timedelta(minutes=30))
    assert wired.due_jobs.tick().over == 1
    assert isinstance(wired.load(request).stage, s.Debriefing)
    assert told(wired, "lena")[-1] == told(wired, "mentor:ada")[-1] == "over"


def test_notes_late_are_read_as_of_the_day_of_the_session(wired: FakeApp) -> None:
    asked: list[date] = []

    def remembering(notes: str, brief: Brief, mentee: str, mentor: str, on: date) -> Debrief:
        asked.append(on)
        return structured(notes, brief, mentee, mentor, on)

    wired.language.on_notes = remembering
    request = wired.to_booking()
    wired.clock.set(TUESDAY_TEN + timedelta(days=3))
    wired.due_jobs.tick()
    done(wired.debriefing.note(wired.actor("lena"), request, "takeaway: less"))
    assert asked == [date(2026, 11, 3)]


def test_passed_on_with_the_identical_brief(wired: FakeApp) -> None:
    request = wired.to_offer()
    before = wired.offer_of(request)
    wired.clock.forward(hours=5)
    done(wired.handoff.pass_on(wired.mentor("ada"), request, "Ben knows the CFO"))
    after = wired.offer_of(request)
    assert (after.mentor, after.rest) == ("ben", ("cleo",))
    assert after.brief_hash == before.brief_hash
    assert as_text(after.brief, "x").encode() == as_text(before.brief, "x").encode()
    assert repr(after.brief) == repr(before.brief)
    assert after.due == wired.clock.now() + timedelta(hours=48)
    assert done(wired.request_views.offer(wired.mentor("ben"), request)).brief == before.brief.for_mentor("ben")
    refused(wired.request_views.offer(wired.mentor("ada"), request), "not_the_holder")
    refused(wired.handoff.accept(wired.mentor("ada"), request, TUESDAY_TEN), "not_the_holder")
    assert told(wired, "mentor:ben") == ["offer"]
    assert "Ada Rowntree passed your brief on to Ben Okonjo, who answers by Wed 4 Nov 15:00." in bodies(wired.notes(), "passed")


def test_passed_to_the_one_who_was_named_if_the_mentee_approved_them(wired: FakeApp) -> None:
    request, ada = wired.to_offer(), wired.mentor("ada")
    refused(wired.handoff.pass_on(ada, request, to="dov"), "unknown_mentor")
    done(wired.handoff.pass_on(ada, request, to="cleo"))
    assert (wired.offer_of(request).mentor, wired.offer_of(request).rest) == ("cleo", ("ben",))


def test_passed_by_everybody_it_is_the_mentees_again_and_the_edits_are_kept(wired: FakeApp) -> None:
    lena, request = wired.actor("lena"), wired.to_brief()
    done(wired.briefing.edit(lena, request, "success", "a signed plan"))
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))
    for mentor in ("ada", "ben", "cleo"):
        done(wired.handoff.pass_on(wired.mentor(mentor), request))
    after = wired.load(request)
    assert after.stage == s.Ready("How do I face the board?")
    assert after.declined == ("ada", "ben", "cleo")
    assert done(wired.briefing.choose(lena, request, "cleo")).brief is not None
    brief = wired.load(request).brief
    assert brief is not None
    assert brief.field("success").text == "a signed plan"
    assert brief.ready_to_note
    stage = wired.load(request).stage
    assert isinstance(stage, s.Briefing)
    assert stage.recipients == ("cleo",)


def test_expired_the_next_gets_the_identical_brief_and_after_the_last_it_is_ready_again(wired: FakeApp) -> None:
    request = wired.to_offer()
    first = wired.offer_of(request)
    seen = [first]
    for mentor in ("ben", "cleo"):
        wired.clock.forward(hours=47, minutes=59)
        assert wired.due_jobs.tick().expired == 0
        wired.clock.forward(minutes=1)
        assert wired.due_jobs.tick().expired == 1
        seen.append(wired.offer_of(request))
        assert seen[-1].mentor == mentor
    assert {stage.brief_hash for stage in seen} == {first.brief_hash}
    assert {repr(stage.brief) for stage in seen} == {repr(first.brief)}
    wired.clock.forward(hours=48)
    wired.due_jobs.tick()
    assert isinstance(wired.load(request).stage, s.Ready)
    assert told(wired, "lena") == ["expired", "expired", "expired_last"]
    assert told(wired, "mentor:ben") == ["offer", "expired_mentor"]


def test_three_days_of_downtime_miss_nothing_and_start_no_storm(wired: FakeApp) -> None:
    request = wired.to_offer()
    wired.clock.forward(days=5)
    assert [wired.due_jobs.tick().expired for _ in range(3)] == [1, 0, 0]
    assert wired.offer_of(request).mentor == "ben"
    assert wired.offer_of(request).due == wired.clock.now() + timedelta(hours=48)


def test_a_mentor_without_time_is_skipped(wired: FakeApp) -> None:
    other = wired.to_offer("ben", "mika")
    done(wired.handoff.accept(wired.mentor("ben"), other, datetime(2026, 11, 4, 14, tzinfo=UTC)))
    wired.directory.mentors["ben"] = replace(wired.directory.mentors["ben"], capacity=0)
    request = wired.to_offer()
    done(wired.handoff.pass_on(wired.mentor("ada"), request))
    assert wired.offer_of(request).mentor == "cleo"


def test_just_a_person(wired: FakeApp) -> None:
    lena, request = wired.actor("lena"), wired.open()
    answer = wired.say(request, "a person please")
    assert answer.reply is not None
    assert answer.reply.asks is None
    assert answer.reply.citations == ()
    assert [match.mentor for match in answer.reply.matches] == ["cleo", "ada", "ben"]
    wired.say(request, "1")
    refused(wired.briefing.approve(lena, request, wired.brief_hash(request)), "checklist")
    for field in ("background", "success"):
        done(wired.briefing.in_person(lena, request, field))
    done(wired.briefing.edit(lena, request, "question", "Could we talk about my first board?"))
    done(wired.briefing.ready_to_note(lena, request))
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))
    brief = done(wired.request_views.offer(wired.mentor("cleo"), request)).brief
    assert [f.origin for f in brief.fields if f.stated] == ["edit", "in_person", "in_person"]


def test_a_person_in_the_middle_of_questions(wired: FakeApp) -> None:
    request = wired.open()
    assert wired.say(request, "task: build board slides").reply is not None
    answer = wired.say(request, "a person please")
    assert answer.reply is not None
    assert answer.reply.asks is None
    assert answer.reply.matches
    assert answer.reply.sharp_question == "How do I build board slides?"


def test_one_more_thing_and_another_one(wired: FakeApp) -> None:
    lena, ada, request = wired.actor("lena"), wired.mentor("ada"), wired.to_offer()
    old = wired.offer_of(request)
    done(wired.handoff.ask(ada, request, "How many slides?"))
    wired.language.heard.clear()
    assert "Ada Rowntree asks one more thing: How many slides?" in wired.request_views.next_step(wired.load(request), lena)
    answer = wired.say(request, "12-14")
    stage = answer.request.stage
    assert isinstance(stage, s.Briefing)
    assert stage.recipients == ("ada", "ben", "cleo")
    assert stage.approved == ""
    assert stage.draft.field("more").text == "How many slides? 12-14"
    refused(wired.briefing.approve(lena, request, old.brief_hash), "stale_approval")
    done(wired.briefing.approve(lena, request, wired.brief_hash(request)))
    assert wired.offer_of(request).mentor == "ada"
    assert wired.offer_of(request).brief_hash != old.brief_hash
    done(wired.handoff.ask(ada, request, "Who comes?"))
    wired.say(request, "task: that is the whole board\ncontext: five people")
    brief = wired.load(request).brief
    assert brief is not None
    for words in ("How many slides? 12-14", "Who comes? task: that is the whole board"):
        assert words in brief.field("more").text


def test_one_more_thing_answered_in_the_language_of_the_two(wired: FakeApp) -> None:
    request = wired.to_offer()
    done(wired.handoff.ask(wired.mentor("ada"), request, "Когда?"))
    answer = wired.say(request, "В следующую пятницу")  # noqa: RUF001
    assert isinstance(answer.request.stage, s.Briefing)


def test_one_more_thing_that_is_never_answered_comes_back_to_the_mentee(wired: FakeApp) -> None:
    request = wired.to_offer()
    done(wired.handoff.ask(wired.mentor("ada"), request, "By when?"))
    wired.clock.forward(hours=48)
    assert wired.due_jobs.tick().expired == 1
    assert isinstance(wired.load(request).stage, s.Ready)
    assert told(wired, "mentor:ada") == ["offer", "more_unanswered"]


def test_stop_instead_of_an_answer_tells_the_mentor(wired: FakeApp) -> None:
    request = wired.to_offer()
    done(wired.handoff.ask(wired.mentor("ada"), request, "By when?"))
    assert wired.say(request, "stop").request.stage == s.Closed(s.Outcome.WITHDRAWN)
    assert told(wired, "mentor:ada")[-1] == "withdrawn"


def test_sensitive(wired: FakeApp) -> None:
    request = wired.open()
    answer = wired.say(request, "my boss harasses me, what do I do about the board")
    assert answer.reply is not None
    assert "Harassment Desk: phone 1" in answer.reply.say
    assert answer.request.stage == s.Closed(s.Outcome.REFERRED)
    assert wired.base.asked == []
    assert wired.notes() == []
    assert answer.request.need.slots == {}
    assert answer.request.question == ""
    assert [m.text for m in answer.request.messages] == ["my boss harasses me, what do I do about the board"]
    written = [event for event in wired.ledger.events(request) if not isinstance(event, e.Said)]
    assert "board" not in repr(written)


@pytest.mark.parametrize("stage", ["more_asked", "debriefing"])
def test_sensitive_late_names_the_people_and_undoes_nothing(wired: FakeApp, stage: str) -> None:
    if stage == "more_asked":
        request = wired.to_offer()
        done(wired.handoff.ask(wired.mentor("ada"), request, "By when?"))
    else:
        request = wired.to_booking()
        wired.clock.set(TUESDAY_TEN)
        done(wired.sessions.held(wired.actor("lena"), request))
    before = wired.load(request)
    answer = wired.say(request, "task: she harasses me")
    assert answer.reply is not None
    assert "Harassment Desk: phone 1" in answer.reply.say
    assert answer.request.stage == before.stage
    assert answer.request.need == before.need


def test_what_is_said_in_the_debrief_stage_is_answered_and_fills_no_slot(wired: FakeApp) -> None:
    request = wired.to_booking()
    wired.clock.set(TUESDAY_TEN)
    done(wired.sessions.held(wired.actor("lena"), request))
    answer = wired.say(request, "tried: everything she showed")
    assert answer.reply is not None
    assert "write or paste your notes" in answer.reply.say
    assert answer.request.need.get("tried") is None


def test_a_written_exchange_with_the_assistant_silent(wired: FakeApp) -> None:
    lena, ada, request = wired.actor("lena"), wired.mentor("ada"), wired.to_offer()
    done(wired.handoff.accept(ada, request, None))
    wired.language.heard.clear()
    answer = wired.say(request, "hello, here is my draft", "x1")
    assert answer.reply is None
    assert answer.status == "Delivered to Ada Rowntree in the thread."
    done(wired.sessions.post(ada, request, "x1", "Start with the ask."))
    done(wired.sessions.post(ada, request, "x1", "Start with the ask."))
    done(wired.sessions.post(lena, request, "x2", "Thank you."))
    thread = done(wired.sessions.thread(ada, request))
    assert [(m.author, m.text) for m in thread] == [
        ("lena", "hello, here is my draft"), ("login-ada", "Start with the ask."), ("lena", "Thank you."),
    ]  # fmt: skip
    assert wired.language.heard == []
    assert wired.base.asked.count("hello, here is my draft") == 0
    done(wired.sessions.hand_back(ada, request))
    assert isinstance(wired.load(request).stage, s.Debriefing)
    assert told(wired, "mentor:ada") == ["offer", "message", "message"]
    assert told(wired, "lena") == ["accepted_exchange", "message", "handed_back"]
    refused(wired.sessions.post(ada, request, "x9", "one more"), "wrong_stage")


def test_a_word_while_the_mentor_has_it_is_kept_and_not_answered(wired: FakeApp) -> None:
    request = wired.to_offer()
    answer = wired.say(request, "oh, and the CFO is new")
    assert answer.reply is None
    assert answer.status.startswith("I stored your message. Ada Rowntree has the brief")
    assert wired.load(request).pending == ()
    assert wired.due_jobs.tick().recovered == 0
