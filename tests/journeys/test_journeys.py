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
from tests.fakes import TUESDAY_TEN, House, done, refused
from tests.fakes.languages import structured


@pytest.fixture
def house(sql_house: House) -> House:
    return sql_house


def held(house: House, request: str) -> s.Offered:
    stage = house.load(request).stage
    assert isinstance(stage, s.Offered)
    return stage


def told(house: House, who: str) -> list[str]:
    return [note.topic for note in house.notes() if note.to == who]


def bodies(notes: list[Notification], topic: str) -> list[str]:
    return [note.body for note in notes if note.topic == topic]


def test_self_served(house: House) -> None:
    request = house.open()
    answer = house.say(request, "task: build board slides")
    while answer.reply and answer.reply.asks:
        answer = house.say(request, "skip")
    assert answer.reply is not None
    citation = answer.reply.citations[0]
    article = house.base.articles()[citation.article]
    assert article.text[citation.start : citation.end] == citation.quote
    answer = house.say(request, "that solved it")
    assert answer.request.stage == s.Closed(s.Outcome.SELF_SERVED)
    assert answer.next_step == "Closed: solved by the knowledge base."
    assert house.notes() == []


def test_under_an_abstention_there_is_no_reference(house: House) -> None:
    request = house.open()
    answer = house.say(request, "task: fix a lathe\noutcome: it turns")
    assert answer.reply is not None
    assert answer.reply.citations == ()
    assert "found nothing about this" in answer.reply.say


def test_matched_briefed_accepted_booked_debriefed_attested_closed(house: House) -> None:
    lena, ada = house.actor("lena"), house.mentor("ada")
    request = house.to_offer()
    step = house.request_views.next_step(house.load(request), lena)
    assert step.startswith("Ada Rowntree has your brief since Mon 2 Nov 10:00 and answers by Wed 4 Nov 10:00.")
    assert step.endswith("If not, Ben Okonjo gets the same brief.")
    assert done(house.request_views.offer(ada, request)).brief.field("background").text == "new CFO"
    free = house.free(request, "ada")
    assert free.start == TUESDAY_TEN
    done(house.handoff.accept(ada, request, free.start))
    assert "Booked with Ada Rowntree on Tue 3 Nov 11:00, 30 minutes" in house.request_views.next_step(house.load(request), lena)
    for actor in (lena, ada):
        invitation = done(house.sessions.invitation(actor, request))
        assert b"DTSTART:20261103T100000Z" in invitation
    refused(house.sessions.held(lena, request), "not_yet")
    house.clock.set(free.end)
    done(house.sessions.held(lena, request))
    refused(house.debriefing.confirm(lena, request), "nothing_to_confirm")
    done(house.debriefing.note(lena, request, "action: send the deck\ncompetency: opens with the ask\ntakeaway: less is more"))
    done(house.debriefing.confirm(lena, request))
    assert done(house.debriefing.confirm(ada, request)).confirmed_by == {"lena", "login-ada"}
    assert [c.attestation for c in house.load(request).competencies] == ["self-reported"]
    done(house.debriefing.attest(ada, request, "opens with the ask"))
    minutes = done(house.debriefing.read(lena, request))
    assert [(c.text, c.attested_by, c.quote) for c in minutes.competencies] == [
        ("opens with the ask", "login-ada", "opens with the ask")
    ]
    done(house.debriefing.finish(lena, request))
    assert house.load(request).stage == s.Closed(s.Outcome.OBJECTIVE_MET)
    assert told(house, "mentor:ada") == ["offer", "booked_mentor", "debriefed", "closed"]
    assert told(house, "lena") == ["accepted_booked", "attested"]


def test_a_mentor_attests_after_the_mentee_has_closed_and_never_what_was_withdrawn(house: House) -> None:
    lena, ada = house.actor("lena"), house.mentor("ada")
    request = house.to_booking()
    house.clock.set(TUESDAY_TEN)
    done(house.sessions.held(lena, request))
    done(house.debriefing.finish(lena, request))
    done(house.debriefing.attest(ada, request, "opens with the ask"))
    assert house.load(request).competencies[0].attested_by == "login-ada"
    other = house.to_booking("mika", TUESDAY_TEN + timedelta(minutes=30))
    done(house.handoff.withdraw(house.actor("mika"), other))
    refused(house.debriefing.attest(ada, other, "something"), "wrong_stage")


def test_a_session_that_has_passed_becomes_a_debrief_by_the_clock(house: House) -> None:
    request = house.to_booking()
    house.clock.set(TUESDAY_TEN + timedelta(minutes=29))
    assert house.due_jobs.tick().over == 0
    house.clock.set(TUESDAY_TEN + timedelta(minutes=30))
    assert house.due_jobs.tick().over == 1
    assert isinstance(house.load(request).stage, s.Debriefing)
    assert told(house, "lena")[-1] == told(house, "mentor:ada")[-1] == "over"


def test_notes_late_are_read_as_of_the_day_of_the_session(house: House) -> None:
    asked: list[date] = []

    def remembering(notes: str, brief: Brief, mentee: str, mentor: str, on: date) -> Debrief:
        asked.append(on)
        return structured(notes, brief, mentee, mentor, on)

    house.language.on_notes = remembering
    request = house.to_booking()
    house.clock.set(TUESDAY_TEN + timedelta(days=3))
    house.due_jobs.tick()
    done(house.debriefing.note(house.actor("lena"), request, "takeaway: less"))
    assert asked == [date(2026, 11, 3)]


def test_passed_on_with_the_identical_brief(house: House) -> None:
    request = house.to_offer()
    before = held(house, request)
    house.clock.forward(hours=5)
    done(house.handoff.pass_on(house.mentor("ada"), request, "Ben knows the CFO"))
    after = held(house, request)
    assert (after.mentor, after.rest) == ("ben", ("cleo",))
    assert after.brief_hash == before.brief_hash
    assert as_text(after.brief, "x").encode() == as_text(before.brief, "x").encode()
    assert repr(after.brief) == repr(before.brief)
    assert after.due == house.clock.now() + timedelta(hours=48)
    assert done(house.request_views.offer(house.mentor("ben"), request)).brief == before.brief.without_quotes()
    refused(house.request_views.offer(house.mentor("ada"), request), "not_the_holder")
    refused(house.handoff.accept(house.mentor("ada"), request, TUESDAY_TEN), "not_the_holder")
    assert told(house, "mentor:ben") == ["offer"]
    assert "Ada Rowntree passed your brief on to Ben Okonjo, who answers by Wed 4 Nov 15:00." in bodies(house.notes(), "passed")


def test_passed_to_the_one_who_was_named_if_the_mentee_approved_them(house: House) -> None:
    request, ada = house.to_offer(), house.mentor("ada")
    refused(house.handoff.pass_on(ada, request, to="dov"), "unknown_mentor")
    done(house.handoff.pass_on(ada, request, to="cleo"))
    assert (held(house, request).mentor, held(house, request).rest) == ("cleo", ("ben",))


def test_passed_by_everybody_it_is_the_mentees_again_and_the_edits_are_kept(house: House) -> None:
    lena, request = house.actor("lena"), house.to_brief()
    done(house.briefing.edit(lena, request, "success", "a signed plan"))
    done(house.briefing.approve(lena, request, house.brief_hash(request)))
    for mentor in ("ada", "ben", "cleo"):
        done(house.handoff.pass_on(house.mentor(mentor), request))
    after = house.load(request)
    assert after.stage == s.Ready("How do I face the board?")
    assert after.declined == ("ada", "ben", "cleo")
    assert done(house.briefing.choose(lena, request, "cleo")).brief is not None
    brief = house.load(request).brief
    assert brief is not None
    assert brief.field("success").text == "a signed plan"
    assert brief.ready_to_note
    stage = house.load(request).stage
    assert isinstance(stage, s.Briefing)
    assert stage.recipients == ("cleo",)


def test_expired_the_next_gets_the_identical_brief_and_after_the_last_it_is_ready_again(house: House) -> None:
    request = house.to_offer()
    first = held(house, request)
    seen = [first]
    for mentor in ("ben", "cleo"):
        house.clock.forward(hours=47, minutes=59)
        assert house.due_jobs.tick().expired == 0
        house.clock.forward(minutes=1)
        assert house.due_jobs.tick().expired == 1
        seen.append(held(house, request))
        assert seen[-1].mentor == mentor
    assert {stage.brief_hash for stage in seen} == {first.brief_hash}
    assert {repr(stage.brief) for stage in seen} == {repr(first.brief)}
    house.clock.forward(hours=48)
    house.due_jobs.tick()
    assert isinstance(house.load(request).stage, s.Ready)
    assert told(house, "lena") == ["expired", "expired", "expired_last"]
    assert told(house, "mentor:ben") == ["offer", "expired_mentor"]


def test_three_days_of_downtime_miss_nothing_and_start_no_storm(house: House) -> None:
    request = house.to_offer()
    house.clock.forward(days=5)
    assert [house.due_jobs.tick().expired for _ in range(3)] == [1, 0, 0]
    assert held(house, request).mentor == "ben"
    assert held(house, request).due == house.clock.now() + timedelta(hours=48)


def test_a_mentor_without_time_is_skipped(house: House) -> None:
    other = house.to_offer("ben", "mika")
    done(house.handoff.accept(house.mentor("ben"), other, datetime(2026, 11, 4, 14, tzinfo=UTC)))
    house.directory.mentors["ben"] = replace(house.directory.mentors["ben"], capacity=0)
    request = house.to_offer()
    done(house.handoff.pass_on(house.mentor("ada"), request))
    assert held(house, request).mentor == "cleo"


def test_just_a_person(house: House) -> None:
    lena, request = house.actor("lena"), house.open()
    answer = house.say(request, "a person please")
    assert answer.reply is not None
    assert answer.reply.asks is None
    assert answer.reply.citations == ()
    assert [match.mentor for match in answer.reply.matches] == ["cleo", "ada", "ben"]
    house.say(request, "1")
    refused(house.briefing.approve(lena, request, house.brief_hash(request)), "checklist")
    for field in ("background", "success"):
        done(house.briefing.in_person(lena, request, field))
    done(house.briefing.edit(lena, request, "question", "Could we talk about my first board?"))
    done(house.briefing.ready_to_note(lena, request))
    done(house.briefing.approve(lena, request, house.brief_hash(request)))
    brief = done(house.request_views.offer(house.mentor("cleo"), request)).brief
    assert [f.origin for f in brief.fields if f.stated] == ["edit", "in_person", "in_person"]


def test_a_person_in_the_middle_of_questions(house: House) -> None:
    request = house.open()
    assert house.say(request, "task: build board slides").reply is not None
    answer = house.say(request, "a person please")
    assert answer.reply is not None
    assert answer.reply.asks is None
    assert answer.reply.matches
    assert answer.reply.sharp_question == "How do I build board slides?"


def test_one_more_thing_and_another_one(house: House) -> None:
    lena, ada, request = house.actor("lena"), house.mentor("ada"), house.to_offer()
    old = held(house, request)
    done(house.handoff.ask(ada, request, "How many slides?"))
    house.language.heard.clear()
    assert "Ada Rowntree asks one more thing: How many slides?" in house.request_views.next_step(house.load(request), lena)
    answer = house.say(request, "12-14")
    stage = answer.request.stage
    assert isinstance(stage, s.Briefing)
    assert stage.recipients == ("ada", "ben", "cleo")
    assert stage.approved == ""
    assert stage.draft.field("more").text == "How many slides? 12-14"
    refused(house.briefing.approve(lena, request, old.brief_hash), "stale_approval")
    done(house.briefing.approve(lena, request, house.brief_hash(request)))
    assert held(house, request).mentor == "ada"
    assert held(house, request).brief_hash != old.brief_hash
    done(house.handoff.ask(ada, request, "Who comes?"))
    house.say(request, "task: that is the whole board\ncontext: five people")
    brief = house.load(request).brief
    assert brief is not None
    for words in ("How many slides? 12-14", "Who comes? task: that is the whole board"):
        assert words in brief.field("more").text


def test_one_more_thing_answered_in_the_language_of_the_two(house: House) -> None:
    request = house.to_offer()
    done(house.handoff.ask(house.mentor("ada"), request, "Когда?"))
    answer = house.say(request, "В следующую пятницу")  # noqa: RUF001
    assert isinstance(answer.request.stage, s.Briefing)


def test_one_more_thing_that_is_never_answered_comes_back_to_the_mentee(house: House) -> None:
    request = house.to_offer()
    done(house.handoff.ask(house.mentor("ada"), request, "By when?"))
    house.clock.forward(hours=48)
    assert house.due_jobs.tick().expired == 1
    assert isinstance(house.load(request).stage, s.Ready)
    assert told(house, "mentor:ada") == ["offer", "more_unanswered"]


def test_stop_instead_of_an_answer_tells_the_mentor(house: House) -> None:
    request = house.to_offer()
    done(house.handoff.ask(house.mentor("ada"), request, "By when?"))
    assert house.say(request, "stop").request.stage == s.Closed(s.Outcome.WITHDRAWN)
    assert told(house, "mentor:ada")[-1] == "withdrawn"


def test_sensitive(house: House) -> None:
    request = house.open()
    answer = house.say(request, "my boss harasses me, what do I do about the board")
    assert answer.reply is not None
    assert "Harassment Desk: phone 1" in answer.reply.say
    assert answer.request.stage == s.Closed(s.Outcome.REFERRED)
    assert house.base.asked == []
    assert house.notes() == []
    assert answer.request.need.slots == {}
    assert answer.request.question == ""
    assert [m.text for m in answer.request.messages] == ["my boss harasses me, what do I do about the board"]
    written = [event for event in house.ledger.events(request) if not isinstance(event, e.Said)]
    assert "board" not in repr(written)


@pytest.mark.parametrize("stage", ["more_asked", "debriefing"])
def test_sensitive_late_names_the_people_and_undoes_nothing(house: House, stage: str) -> None:
    if stage == "more_asked":
        request = house.to_offer()
        done(house.handoff.ask(house.mentor("ada"), request, "By when?"))
    else:
        request = house.to_booking()
        house.clock.set(TUESDAY_TEN)
        done(house.sessions.held(house.actor("lena"), request))
    before = house.load(request)
    answer = house.say(request, "task: she harasses me")
    assert answer.reply is not None
    assert "Harassment Desk: phone 1" in answer.reply.say
    assert answer.request.stage == before.stage
    assert answer.request.need == before.need


def test_what_is_said_in_the_debrief_stage_is_answered_and_fills_no_slot(house: House) -> None:
    request = house.to_booking()
    house.clock.set(TUESDAY_TEN)
    done(house.sessions.held(house.actor("lena"), request))
    answer = house.say(request, "tried: everything she showed")
    assert answer.reply is not None
    assert "write or paste your notes" in answer.reply.say
    assert answer.request.need.get("tried") is None


def test_a_written_exchange_with_the_assistant_silent(house: House) -> None:
    lena, ada, request = house.actor("lena"), house.mentor("ada"), house.to_offer()
    done(house.handoff.accept(ada, request, None))
    house.language.heard.clear()
    answer = house.say(request, "hello, here is my draft", "x1")
    assert answer.reply is None
    assert answer.status == "Delivered to Ada Rowntree in the thread."
    done(house.sessions.post(ada, request, "x1", "Start with the ask."))
    done(house.sessions.post(ada, request, "x1", "Start with the ask."))
    done(house.sessions.post(lena, request, "x2", "Thank you."))
    thread = done(house.sessions.thread(ada, request))
    assert [(m.author, m.text) for m in thread] == [
        ("lena", "hello, here is my draft"), ("login-ada", "Start with the ask."), ("lena", "Thank you."),
    ]  # fmt: skip
    assert house.language.heard == []
    assert house.base.asked.count("hello, here is my draft") == 0
    done(house.sessions.hand_back(ada, request))
    assert isinstance(house.load(request).stage, s.Debriefing)
    assert told(house, "mentor:ada") == ["offer", "message", "message"]
    assert told(house, "lena") == ["accepted_exchange", "message", "handed_back"]
    refused(house.sessions.post(ada, request, "x9", "one more"), "wrong_stage")


def test_a_word_while_the_mentor_has_it_is_kept_and_not_answered(house: House) -> None:
    request = house.to_offer()
    answer = house.say(request, "oh, and the CFO is new")
    assert answer.reply is None
    assert answer.status.startswith("I stored your message. Ada Rowntree has the brief")
    assert house.load(request).pending == ()
    assert house.due_jobs.tick().recovered == 0
