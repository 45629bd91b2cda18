"""The mentee's whole way by touch on a screen of 390 pixels: the drawer, and nothing wider than the screen anywhere."""

from __future__ import annotations

from collections.abc import Callable

from assistant.domain import stages as s
from tests.browser.scenes import NOTES, Stage, done
from tests.browser.visitor import Visitor

WIDER = """() => [...document.querySelectorAll(".aw *, body > *")]
    .filter((one) => document.scrollingElement.scrollWidth > innerWidth && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.tagName + "." + one.className)"""
SMALL = """() => [...document.querySelectorAll(".aw button, .aw summary, .aw .chip, .aw a.button")]
    .filter((one) => one.checkVisibility() && !one.closest("p, li, blockquote, label") && one.getBoundingClientRect().height < 24)
    .map((one) => `${one.tagName} ${one.textContent.trim()}`)"""
Visit = Callable[..., Visitor]


class Thumb:
    """Somebody with a phone in one hand; after each touch the page must fit the screen."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def tap(self, selector: str, wait: str = ".aw") -> None:
        self.page.locator(selector).first.tap()
        self.page.wait_for_selector(wait)
        self.fits(selector)

    def fits(self, after: str) -> None:
        assert self.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), (after, self.page.evaluate(WIDER))
        assert self.page.evaluate(SMALL) == [], after

    def go(self, path: str) -> None:
        self.visitor.go(path)
        self.fits(path)


def test_the_whole_way_on_a_phone(visit: Visit, record: Stage) -> None:
    kofi = visit("kofi", phone=True)
    thumb = Thumb(kofi)
    thumb.fits("the beginning")
    assert kofi.page.locator("#drawer").is_hidden()
    thumb.tap("#words", "#words:focus")
    kofi.page.keyboard.type("How do I choose a chart for survey results on a 5-point scale?")
    kofi.page.keyboard.press("Enter")
    kofi.page.keyboard.type("How do I present them to the board? How do I get people to answer the next survey?")
    assert "\n" in kofi.page.input_value("#words")
    thumb.tap("#send", ".options")
    assert kofi.count(".from-me") == 1
    thumb.tap("#why summary", "#why[open] p")
    while kofi.count(".options"):
        asked = kofi.count(".from-me")
        thumb.tap(".options .chip-button:last-child", f".from-me >> nth={asked}")
        kofi.page.wait_for_function(
            "(n) => document.querySelectorAll('.from-askwell:not(.working)').length > n", arg=asked
        )  # fmt: skip
    thumb.tap(".passage a", "dialog[open] #quote")
    thumb.tap("dialog[open] form button")
    _in_the_drawer(thumb, record)
    _elsewhere(thumb)


def _in_the_drawer(thumb: Thumb, record: Stage) -> None:
    """One tap opens it; it shows the step also while it is closed."""
    kofi = thumb.visitor
    assert "Know" in kofi.text(".drawer-toggle")
    thumb.tap(".drawer-toggle", "#drawer .person")
    assert kofi.page.locator(".drawer-toggle").get_attribute("aria-expanded") == "true"
    thumb.tap("#edit-outcome summary", "#slot-outcome")
    kofi.page.fill("#slot-outcome", "A chart that my director reads in ten seconds")
    thumb.tap("#edit-outcome button", ".slot-value:has-text('ten seconds')")
    thumb.tap(".person [data-act=choose]", ".checks")
    thumb.tap("#brief-materials summary", "#brief-text-materials")
    thumb.tap("#brief-materials summary")
    while kofi.count("[data-act=in_person]"):
        name = kofi.page.locator("[data-act=in_person]").first.get_attribute("data-name")
        thumb.tap("[data-act=in_person]")
        kofi.gone(f"[data-act=in_person][data-name={name}]")
    thumb.tap("#ready-to-note", "[data-act=approve]:not([aria-disabled])")
    thumb.tap("[data-act=approve]", ".receipt .clock")
    offered = done(record.app.services.request_views.read(record.actor("kofi"), kofi.request)).stage
    assert isinstance(offered, s.Offered)
    mentor = record.actor(record.login_of(offered.mentor))
    done(record.app.services.handoff.accept(mentor, kofi.request, None))
    thumb.page.locator("text=has the thread and writes to you here").wait_for()
    thumb.tap(".drawer-toggle")
    assert kofi.page.locator("#drawer").is_hidden()
    thumb.tap("#words")
    kofi.page.keyboard.type("Here is the survey.")
    thumb.tap("#send", ".divider")
    kofi.see("Here is the survey.", within=".from-me")
    done(record.app.services.sessions.hand_back(mentor, kofi.request))
    thumb.tap(".drawer-toggle", "#notes")
    kofi.page.fill("#notes", NOTES)
    thumb.tap("#notes-form button", ".minutes-card")
    thumb.tap("[data-act=confirm_debrief]")
    kofi.see("Agreed by Kofi")
    thumb.tap("[data-act=finish]")
    kofi.see("Closed: objective met.")
    thumb.fits("the end")


def _elsewhere(thumb: Thumb) -> None:
    for menu in ("#bell", "#me"):
        thumb.tap(f"{menu} > summary", f"{menu}[open] .menu-body")
        thumb.tap(f"{menu} > summary")
    for path in ("/requests", "/mentor", "/library", "/?request=nothing"):
        thumb.go(path)
    for path in ("/article/mentor-checklist", "/sign-in"):
        thumb.page.goto(thumb.visitor.url + path)
        thumb.fits(path)
