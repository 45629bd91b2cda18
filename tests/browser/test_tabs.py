"""Many tabs in one browser, of one person or of two: all go on, and none does anything as somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from assistant.services.conversing.status_text import say
from tests.browser.scenes import Stage, done
from tests.browser.visitor import ANSWERED, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANY: Final = 12
FIRST: Final = "I need help with my board deck."
SECOND: Final = "The storyline, I think."
HEARD: Final = "(words) => document.querySelector('.log').innerText.includes(words)"
SHOWN: Final = """[...document.querySelectorAll("[role=alert], .toast-body")]
    .filter((one) => one.offsetHeight).map((one) => one.innerText)"""
Visit = Callable[..., Visitor]


def another_tab(visitor: Visitor, address: str) -> Page:
    page = visitor.page.context.new_page()
    visitor.watch(page)
    page.goto(address)
    page.wait_for_selector(".aw.ready")
    return page


def says(page: Page, words: str) -> None:
    """Sends this, and sees it answered."""
    before = page.locator(ANSWERED).count()
    page.fill("#words", words)
    page.keyboard.press("Enter")
    page.wait_for_function(f"(before) => document.querySelectorAll('{ANSWERED}').length > before", arg=before)


def test_twelve_tabs_and_every_one_can_send(visit: Visit, record: Stage) -> None:
    lena = visit("lena")
    lena.say(FIRST)
    tabs = [lena.page, *(another_tab(lena, lena.page.url) for _ in range(MANY - 1))]
    loads = list[str]()
    for tab in tabs:
        tab.on("domcontentloaded", lambda page: loads.append(page.url))
    said = [SECOND, "The board meets on Friday.", "I rehearsed it twice."]
    for tab, words in zip((tabs[-1], tabs[0], tabs[MANY // 2]), said, strict=True):
        tab.bring_to_front()
        says(tab, words)
    for tab in tabs:
        tab.evaluate("window.dispatchEvent(new Event('focus'))")
        tab.wait_for_function(HEARD, arg=said[-1])
        assert tab.locator("#alert").is_hidden()
    assert loads == [], "no tab was loaded again"
    request = done(record.app.services.request_views.read(record.actor("lena"), lena.request))
    assert [message.text for message in request.messages] == [FIRST, *said]


def test_an_old_tab_sends_nothing_as_somebody_else(visit: Visit, record: Stage) -> None:
    """It hears nothing: what a page asks as one and listens for as the other is nobody's, which the script reports."""
    kofi = visit("kofi", hears=False)
    kofi.say(FIRST)
    kofi.sign_in("yuto")
    kofi.send(SECOND)
    kofi.see(say("refuse.other_person"))
    assert kofi.page.input_value("#words") == SECOND
    assert kofi.text("#me summary") == record.actor("kofi").name, "the page does not become that of somebody else"
    kofi.page.locator("#edit-tried summary").click()
    kofi.page.fill("#slot-tried", "Nothing yet")
    kofi.press("Save", within="#edit-tried")
    kofi.page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    assert kofi.told.startswith(say("refuse.other_person"))
    assert kofi.page.input_value("#slot-tried") == "Nothing yet"
    kofi.page.locator("#me summary").click()
    kofi.press("Sign out")
    kofi.see(say("refuse.other_person"))
    assert kofi.page.context.request.get(f"{kofi.url}/me").status == 200
    assert done(record.app.services.request_views.mine(record.actor("yuto"))) == ()
    [row] = done(record.app.services.request_views.mine(record.actor("kofi")))
    request = done(record.app.services.request_views.read(record.actor("kofi"), row.id))
    assert [message.text for message in request.messages] == [FIRST]
    assert request.need.get("tried") is None


def test_what_was_written_goes_out_after_signing_in_again(visit: Visit) -> None:
    hester = visit("hester", hears=False)
    hester.say(FIRST)
    request = hester.page.url
    hester.sign_in("joao")
    hester.send(SECOND)
    hester.see(say("refuse.other_person"))
    hester.page.locator("#alert a").click()
    hester.page.wait_for_selector("h1:has-text('Sign in')")
    hester.page.locator("button[name=login][value=lena]").click()
    hester.ready()
    assert hester.page.input_value("#words") == "", "the text is nobody's but hers"
    hester.sign_in("hester")
    hester.page.goto(request)
    hester.ready()
    assert hester.page.input_value("#words") == SECOND
    hester.page.focus("#words")
    hester._answered(lambda: hester.page.keyboard.press("Enter"))
    assert hester.page.locator(".from-me > div").all_inner_texts() == [FIRST, SECOND]


def test_one_sentence_after_the_sign_in_has_ended(visit: Visit) -> None:
    megan = visit("megan")
    megan.say(FIRST)
    megan.page.context.clear_cookies()
    megan.send(SECOND)
    megan.see(say("refuse.signed_out"))
    megan.page.wait_for_timeout(1500)
    assert megan.page.input_value("#words") == SECOND
    shown = megan.page.evaluate(SHOWN)
    assert len(shown) == 1, shown
