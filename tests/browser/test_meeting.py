"""From a written exchange to what came of it: both write, the assistant is silent, both agree, one attests, one closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from assistant.domain import stages as s
from assistant.domain.request import Request
from tests.browser.scenes import THEN, Stage, done
from tests.browser.visitor import Visitor, soon

NOTES = (
    "Main takeaway: lead with the walk-away price.\n"
    "Lena will draft the counter offer by Friday.\n"
    "I will share my price-cap clause with her.\n"
    "She might also ask the legal team.\n"
    "Lena ran the negotiation role play on her own.\n"
)
Visit = Callable[..., Visitor]


def request_of(record: Stage, login: str, request: str) -> Request:
    return done(record.app.services.request_views.read(record.actor(login), request))


def test_a_written_exchange_and_what_came_of_it(visit: Visit, record: Stage) -> None:
    login = record.offered("lena", "written")
    lena, mentor = visit("lena", "/?request=written"), visit(login, "/mentor?request=written")
    _exchange(lena, mentor, record)
    _debrief(lena, mentor, record)
    _afterwards(lena, mentor, record)


def _exchange(lena: Visitor, mentor: Visitor, record: Stage) -> None:
    mentor.page.locator("#accept > summary").click()
    mentor.press("Answer in writing instead")
    with soon("an acceptance"):
        lena.see("has the thread and writes to you here")
    assert isinstance(request_of(record, "lena", "written").stage, s.Exchanging)
    replies = lena.count(".from-askwell")
    mentor.page.fill("#thread-words", "What is your best other offer?")
    mentor.press("Send")
    with soon("the mentor's words"):
        lena.see("What is your best other offer?", within=".from-mentor")
    lena.send("Eight percent below the one we have.")
    with soon("the mentee's words"):
        mentor.see("Eight percent below the one we have.", within=".thread .from-mentor")
    lena.see("Eight percent below", within=".from-me")
    assert lena.count(".from-askwell") == replies
    assert lena.page.input_value("#words") == ""
    written = [(m.author, m.text) for m in request_of(record, "lena", "written").thread]
    assert written == [
        (mentor.login, "What is your best other offer?"), ("lena", "Eight percent below the one we have."),
    ]  # fmt: skip
    mentor.press("Hand the thread back")
    with soon("handing back"):
        lena.see("Notes or a transcript")
    assert isinstance(request_of(record, "lena", "written").stage, s.Debriefing)
    assert mentor.count("#thread-form") == 0


def _debrief(lena: Visitor, mentor: Visitor, record: Stage) -> None:
    mentor.page.fill("#notes", NOTES)
    mentor.press("Read my notes")
    mentor.page.wait_for_selector(".minutes-card")
    with soon("the notes"):
        lena.see("draft the counter offer", within=".minutes-card")
    lena.see("Nobody has agreed to it yet.")
    found = request_of(record, "lena", "written").debrief
    assert found is not None
    agreed = {item.owner: item.text for item in found.of("action")}
    assert set(agreed) == {"mentee", "mentor"}
    assert not any("legal" in text for text in agreed.values())
    lena.press("I agree with these notes")
    lena.gone("[data-act=confirm_debrief]")
    with soon("agreeing"):
        mentor.see("Agreed by Lena")
    mentor.press("I agree with these notes")
    mentor.gone("[data-act=confirm_debrief]")
    assert request_of(record, "lena", "written").confirmed_by == {"lena", mentor.login}
    mentor.page.locator("[data-region=debrief] [data-act=attest]").first.click()
    with soon("attesting"):
        lena.see("attested by", within=".minutes-card")
    lena.page.locator("#report-form > summary").click()
    lena.page.fill("#report-words", "Prepare a counter offer")
    lena.press("Add it")
    lena.see("self-reported", within=".minutes-card")
    kept = {c.text: c.attested_by for c in request_of(record, "lena", "written").competencies}
    assert kept.pop("Prepare a counter offer") is None
    assert set(kept.values()) == {mentor.login}


def _afterwards(lena: Visitor, mentor: Visitor, record: Stage) -> None:
    unread = int(lena.text("#bell .count"))
    assert unread >= 3
    lena.go("/requests")
    name = mentor.text(".me-name")
    lena.see("Write down the results.", within="[data-region=requests] .next")
    action = lena.page.locator(".actions li", has_text="draft the counter offer")
    assert "due" in action.inner_text()
    assert lena.count(".actions li") == 1
    helper = lena.text("section[aria-labelledby=people-title] .people li")
    assert name in helper
    assert "One session." in helper
    assert "attested: " in helper
    action.locator("a").click()
    lena.ready()
    lena.press("Objective met, close it")
    lena.see("Closed: objective met.")
    assert request_of(record, "lena", "written").stage == s.Closed(s.Outcome.OBJECTIVE_MET)
    mentor.go("/mentor")
    mentor.see("Requests you helped with")
    lena.page.locator("#bell > summary").click()
    lena.see(f"{name} attested", within="#bell")
    lena.press("Mark all as read")
    lena.gone("#bell .count")
    lena.go("/requests")
    assert lena.count("#bell .count") == 0
    assert lena.text("[data-region=requests] .tag") == "closed"


def test_a_session_that_is_over_becomes_a_debrief_on_the_open_page(visit: Visit, record: Stage) -> None:
    """Booked by the services with a clock set back; the server's own clock finds it over."""
    piotr = visit("piotr", "/requests")
    record.clock.set(record.now - THEN)
    login = record.booked("piotr", "past")
    record.clock.set(record.now)
    piotr.see("attests what you can now do", within="[data-region=requests]")
    passed = request_of(record, "piotr", "past")
    assert isinstance(passed.stage, s.Debriefing)
    assert passed.session_at is not None
    assert passed.session_at < record.now - timedelta(hours=1)
    piotr.page.locator("#bell > summary").click()
    piotr.see("is over. Please write down", within="#bell")
    piotr.page.locator("#bell .news a").first.click()
    piotr.ready()
    piotr.see("Notes or a transcript")
    mentor = visit(login, "/mentor?request=past")
    mentor.see("Notes or a transcript")


def test_an_offer_that_nobody_answers_is_with_the_next_one_on_the_open_page(visit: Visit, record: Stage) -> None:
    """Offered by the services three days ago; the server's own clock finds that the time to answer is over."""
    hester = visit("hester", "/requests")
    record.clock.set(record.now - timedelta(days=3))
    first = record.offered("hester", "late")
    record.clock.set(record.now)
    hester.page.locator("#bell > summary").click()
    hester.see("did not answer in time.", within="#bell")
    offered = request_of(record, "hester", "late").stage
    assert isinstance(offered, s.Offered)
    assert record.login_of(offered.mentor) != first
    assert offered.due > record.now
    hester.see(f"{record.app.services.wording.name(offered.mentor)} has your brief since", within="[data-region=requests]")
    mentor = visit(record.login_of(offered.mentor), "/mentor?request=late")
    assert mentor.text(".big-question") == offered.brief.field("question").text
