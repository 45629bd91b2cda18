"""After a referral: what closes, what stays as it is, and the way back to the work question."""

from __future__ import annotations

import pytest

from assistant.dialogue.understanding import Understanding
from assistant.domain import stages as s
from assistant.domain.reply import Kind
from tests.fakes import FakeApp, refused
from tests.fakes.languages import tagged

SPECIFIC = "task: present to the board\noutcome: approval of the budget\ncontext: a new CFO"


@pytest.mark.parametrize("topic", ["burnout", "confidential"])
def test_a_heavy_load_is_referred_and_leaves_the_request_as_it_is(wired: FakeApp, topic: str) -> None:
    request = wired.open()
    before = wired.say(request, "task: plan the rota").request
    wired.language.on_turn = lambda turn: Understanding(Kind.SENSITIVE, topic=topic)
    referred = wired.say(request, "I cannot go on like this").request
    assert (referred.stage, referred.need, referred.kind) == (before.stage, before.need, before.kind)
    assert referred.topic == topic
    assert wired.notes() == []
    wired.language.on_turn = tagged
    answer = wired.say(request, "outcome: a rota that holds")
    assert answer.reply is not None
    assert answer.reply.sharp_question == "How do I plan the rota?"
    assert answer.request.need.value("outcome") == "a rota that holds"
    assert "I cannot go on like this" not in answer.request.words()


def test_after_a_closing_referral_the_next_ordinary_message_is_a_work_request(wired: FakeApp) -> None:
    request = wired.open()
    closed = wired.say(request, "he harasses me")
    assert closed.reply is not None
    assert "If there is a work question too, write it" in closed.reply.say
    answer = wired.say(request, SPECIFIC)
    assert answer.reply is not None
    assert answer.reply.sharp_question == "How do I present to the board?"
    assert answer.request.kind is Kind.SPECIFIC
    assert answer.request.words() == (SPECIFIC,)
    assert all("harasses" not in words for asked in wired.base.asked for words in asked)


def test_a_second_sensitive_message_after_a_referral_is_referred_again(wired: FakeApp) -> None:
    request = wired.open()
    wired.say(request, "he harasses me")
    answer = wired.say(request, "and he harasses the others")
    assert answer.request.stage == s.Closed(s.Outcome.REFERRED)
    assert answer.reply is not None
    assert "Harassment Desk: phone 1" in answer.reply.say


@pytest.mark.parametrize("outcome", ["stop", "that solved it"])
def test_what_was_closed_otherwise_stays_closed(wired: FakeApp, outcome: str) -> None:
    request = wired.open()
    wired.say(request, "task: present to the board")
    wired.say(request, outcome)
    refused(wired.conversation.say(wired.actor("lena"), request, "later", "task: go on"), "closed")


def test_a_doubt_names_the_confidential_contact_once_beside_the_ordinary_answer(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: Understanding(Kind.VAGUE, uneasy=True)
    answer = wired.say(wired.open(), "mornings are hard")
    assert answer.reply is not None
    assert answer.reply.asks
    assert answer.reply.say.count("Confidential Desk") == 1
    assert answer.request.stage == s.Sharpening()


def test_a_private_matter_in_doubt_names_the_contact_once(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: Understanding(Kind.OUT_OF_SCOPE, uneasy=True)
    answer = wired.say(wired.open(), "is it true that Kim gets fired")
    assert answer.reply is not None
    assert answer.reply.say.count("Confidential Desk") == 1


def test_danger_in_few_words_of_any_language_is_referred(wired: FakeApp) -> None:
    wired.language.on_turn = lambda turn: Understanding(Kind.SENSITIVE, topic="crisis")
    answer = wired.say(wired.open(), "\u043f\u043e\u043c\u043e\u0433\u0438\u0442\u0435 112")
    assert answer.request.stage == s.Closed(s.Outcome.REFERRED)
