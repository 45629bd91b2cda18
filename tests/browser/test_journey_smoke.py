"""One request from vague words to a booked time, with two people in two browsers."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.visitor import Visitor


def test_a_specific_request_reaches_a_person(visit: Callable[..., Visitor]) -> None:
    lena = visit("lena")
    lena.say(
        "Could someone who has run a supplier negotiation look at my counter offer for 30 minutes before Friday? I compared "
        "three quotes. Success is a walk-away price. We are renewing the packaging contract."
    )
    lena.page.locator(".person button").first.click()
    lena.see("Before it leaves")
    while lena.page.locator("[data-act=in_person]").count():
        lena.page.locator("[data-act=in_person]").first.click()
        lena.page.wait_for_timeout(500)
    lena.page.check("#ready-to-note")
    lena.page.wait_for_selector(".checks li:last-child.ok")
    lena.page.locator("[data-act=approve]").click()
    lena.page.wait_for_selector(".receipt")
