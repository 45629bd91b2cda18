"""Who asks, from the directory and only what is known; why this mentor, in one dated sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.domain.brief import MenteeProfile
from assistant.domain.mentor import Match
from assistant.services.handing_over.introductions import described, reason
from tests.fakes import FakeApp, done

MATCH = Match("ada", "Ada", "", "", "", 0.5, "r", "I did  this.", ("budgets", "slides"), found_on=date(2026, 11, 30))


def test_the_reason_is_one_sentence_of_what_was_found_and_when() -> None:
    assert reason(MATCH) == "Found on 30 Nov 2026: the profile lists budgets and slides and says “I did this.”"
    near = replace(MATCH, skills=(), describes=False, helped_on=date(2026, 10, 5))
    assert reason(near) == (
        "Found on 30 Nov 2026: helped with something like this in October 2026; the profile says something similar, “I did this.”"
    )
    assert reason(replace(MATCH, quote="")) == "Found on 30 Nov 2026: the profile lists budgets and slides."


def test_a_mentor_without_evidence_is_told_so() -> None:
    assert reason(replace(MATCH, quote="", skills=(), found_on=None)) == "Found: nothing about this in the profile."


def test_what_the_directory_does_not_know_is_left_out() -> None:
    assert described(MenteeProfile()) == ()
    assert described(MenteeProfile("Finance", "", "Europe/Berlin", ("en", "xx"))) == (
        "Finance", "time zone Europe/Berlin", "speaks English and xx",
    )  # fmt: skip


def test_a_brief_says_who_asks_and_each_mentor_reads_why_them_alone(wired: FakeApp) -> None:
    request = wired.to_offer()
    brief = wired.offer_of(request).brief
    assert brief.mentee == MenteeProfile("Projects", "", "Europe/Berlin")
    assert [item.mentor for item in brief.reasons] == ["ada", *wired.offer_of(request).rest]
    seen = done(wired.request_views.offer(wired.mentor("ada"), request)).brief
    assert [item.mentor for item in seen.reasons] == ["ada"]


def test_a_mentee_who_is_a_mentor_too_is_known_by_level_and_languages(wired: FakeApp) -> None:
    request = wired.to_brief(login="login-cleo", mentor="ada")
    brief = wired.load(request).brief
    assert brief is not None
    assert brief.mentee == MenteeProfile("Design", "director", "Europe/Berlin", ("en", "it"))


def test_only_the_chosen_recipients_have_a_reason(wired: FakeApp) -> None:
    request = wired.to_brief()
    after = done(wired.briefing.only_to(wired.actor("lena"), request, ("ada",)))
    assert after.brief is not None
    assert [item.mentor for item in after.brief.reasons] == ["ada"]
