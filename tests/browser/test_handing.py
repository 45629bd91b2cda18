"""Two people in two browsers: approve, accept, move, cancel; one more thing and back; passed on with the same brief."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from assistant.domain import stages as s
from assistant.domain.request import Request
from tests.browser.conftest import Site
from tests.browser.scenes import SPECIFIC, Stage, done
from tests.browser.visitor import Visitor, soon
from tests.browser.wiretap import Wiretap

CANARY = "Zitronenfalter"
BETWEEN_US = f"Between us, and for nobody else: the {CANARY} affair is why I dread that supplier."
Visit = Callable[..., Visitor]


@pytest.fixture
def tap(site: Site) -> Iterator[Wiretap]:
    tapped = Wiretap(site.port)
    yield tapped
    tapped.close()


def request_of(record: Stage, visitor: Visitor) -> Request:
    return done(record.app.services.request_views.read(record.actor(visitor.login), visitor.request))


def active_booking(record: Stage, request: str) -> list[tuple[Any, ...]]:
    with record.app.engine.connect() as store:
        rows = store.exec_driver_sql("select mentor, starts_at from bookings where request_id = ? and active", (request,))
        return [tuple(row) for row in rows]


def start_in(file: Path) -> datetime:
    (event,) = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    start: datetime = event["DTSTART"].dt
    return start.astimezone(UTC)


def downloaded(visitor: Visitor) -> Path:
    with visitor.page.expect_download() as coming:
        visitor.page.locator(".receipt a[download]").click()
    assert coming.value.suggested_filename == "session.ics"
    return Path(coming.value.path())


def bell(visitor: Visitor) -> int:
    shown = visitor.page.locator("#bell > summary .count")
    return int(shown.inner_text()) if shown.count() else 0


def row_of(request: str) -> str:
    return f".offer-row h3 a[href$='{request}']"


def open_offer(visitor: Visitor, request: str) -> None:
    visitor.page.locator(row_of(request)).click()
    visitor.ready()
    visitor.page.wait_for_selector(".big-question")


def test_from_approval_to_a_booking_that_both_see(visit: Visit, record: Stage, tap: Wiretap) -> None:
    lena = visit("lena")
    lena.say(SPECIFIC)
    lena.say(BETWEEN_US)
    chosen = lena.draft()
    assert CANARY not in lena.text("[data-region=draft]")
    mentor = visit(record.login_of(chosen), "/mentor", at=tap)
    unread = bell(mentor)
    lena.approve()
    with soon("an offer"):
        mentor.page.wait_for_selector(row_of(lena.request))
    assert bell(mentor) == unread + 1
    offered = request_of(record, lena).stage
    assert isinstance(offered, s.Offered)
    assert (offered.mentor, CANARY in repr(offered.brief)) == (chosen, False)
    lena.see("answers by", within="#next")
    assert lena.page.locator(".receipt .clock").is_visible()
    open_offer(mentor, lena.request)
    question = mentor.text(".big-question")
    assert question == offered.brief.field("question").text
    _accepts(lena, mentor, record)
    _move_and_cancel(lena, mentor, record)
    for path in ("/", "/requests", "/library", f"/?request={lena.request}", f"/mentor?request={lena.request}"):
        mentor.go(path)
    assert question.encode() in tap.received
    assert b"content-encoding" not in tap.received.lower()
    assert CANARY.encode() not in tap.received
    lena.page.reload()
    lena.see(CANARY)


def _accepts(lena: Visitor, mentor: Visitor, record: Stage) -> None:
    """With the second of the free times; the calendar files of both, and the mentee's bell, read and marked as read."""
    mentor.page.locator("#accept > summary").click()
    time_offered = mentor.page.locator("#accept input[name=start]").nth(1)
    start = datetime.fromisoformat(str(time_offered.get_attribute("value")))
    time_offered.check()
    mentor.press("Accept this time")
    with soon("an acceptance"):
        lena.see("Booked with")
    mentor.page.wait_for_selector(".state-booked")
    booked = request_of(record, lena).stage
    assert isinstance(booked, s.Booked)
    assert booked.slot.start == start
    assert [row[0] for row in active_booking(record, lena.request)] == [booked.mentor]
    assert start_in(downloaded(lena)) == start_in(downloaded(mentor)) == start
    assert bell(lena) == 1
    lena.page.locator("#bell > summary").click()
    lena.see("accepted. You are booked on", within="#bell")
    lena.press("Mark all as read")
    lena.gone("#bell .count")
    assert lena.count("#bell .unseen") == 0


def _move_and_cancel(lena: Visitor, mentor: Visitor, record: Stage) -> None:
    before = mentor.text("[data-region=offer] .receipt .big")
    lena.page.locator("#move > summary").click()
    later = lena.page.locator("#move input[name=start]").nth(2)
    start = datetime.fromisoformat(str(later.get_attribute("value")))
    later.check()
    lena.press("Move the session")
    with soon("another time"):
        mentor.page.wait_for_function("(old) => !document.querySelector('.receipt .big').innerText.includes(old)", arg=before)
    moved = request_of(record, lena).stage
    assert isinstance(moved, s.Booked)
    assert moved.slot.start == start
    assert len(active_booking(record, lena.request)) == 1
    mentor.page.locator("#cancel > summary").click()
    mentor.page.fill("#cancel-note", "I am ill, sorry.")
    mentor.press("Cancel the session")
    with soon("a cancellation"):
        lena.gone(".receipt")
    lena.page.wait_for_selector("#bell .count")
    lena.page.locator("#bell > summary").click()
    lena.see("cannot keep the session", within="#bell")
    lena.page.keyboard.press("Escape")
    assert isinstance(request_of(record, lena).stage, s.Ready)
    assert active_booking(record, lena.request) == []
    assert mentor.count(row_of(lena.request)) == 0
    lena.page.wait_for_selector(".person")


def test_one_more_thing_and_back_then_passed_on_with_the_same_brief(visit: Visit, record: Stage) -> None:
    yuto = visit("yuto")
    yuto.say(SPECIFIC)
    first = visit(record.login_of(yuto.draft()), "/mentor")
    yuto.approve()
    open_offer(first, yuto.request)
    first.page.locator("#ask-more > summary").click()
    first.page.fill("#ask-words", "Which supplier is it?")
    first.press("Ask it")
    with soon("one more thing"):
        yuto.see("Which supplier is it?", within="[data-region=chat]")
    assert isinstance(request_of(record, yuto).stage, s.MoreAsked)
    yuto.send("The one in Gdansk.")
    yuto.page.wait_for_selector(".checks")
    yuto.see("Which supplier is it? The one in Gdansk.", within="[data-region=draft]")
    assert isinstance(request_of(record, yuto).stage, s.Briefing)
    assert first.count("#accept") == 0
    yuto.approve()
    with soon("the answer"):
        first.see("Which supplier is it? The one in Gdansk.", within="[data-region=offer]")
    held = request_of(record, yuto).stage
    assert isinstance(held, s.Offered)
    same = ".card.brief .slot:not(.reason), .card.brief .agenda"
    brief = first.page.locator(same).all_inner_texts()
    _passes(first, held, yuto, record)
    second = visit(record.login_of(held.rest[-1]), "/mentor")
    open_offer(second, yuto.request)
    assert second.page.locator(same).all_inner_texts() == brief
    yuto.open("Withdraw this request")
    yuto.press("Withdraw it")
    with soon("a withdrawal"):
        second.gone("#accept")
    assert second.count(row_of(yuto.request)) == 0
    assert request_of(record, yuto).stage == s.Closed(s.Outcome.WITHDRAWN)


def _passes(first: Visitor, held: s.Offered, yuto: Visitor, record: Stage) -> None:
    """To the last of those whom the mentee approved, who gets what the first one had."""
    to = held.rest[-1]
    first.page.locator("#pass-on > summary").click()
    first.page.select_option("#pass-to", to)
    first.page.fill("#pass-note", "She knows that supplier.")
    first.press("Pass it on")
    name = record.app.services.wording.name(to)
    with soon("passing on"):
        yuto.see(f"Sent to {name}")
    after = request_of(record, yuto).stage
    assert isinstance(after, s.Offered)
    assert (after.mentor, after.brief_hash, after.brief) == (to, held.brief_hash, held.brief)
    first.see("You do not have this request now.")
    assert first.count(row_of(yuto.request)) == first.count(".brief") == 0
