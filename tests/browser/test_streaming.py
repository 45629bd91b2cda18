"""An answer that grows on the page: its first sentence before the whole, markers that lead to the passages, and no loss."""

from __future__ import annotations

import asyncio
import shutil
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from assistant.bootstrap import App, build
from assistant.domain.reply import Reply
from assistant.services.conversing.status_text import provenance_text, say
from assistant.settings import Settings
from tests.browser.conftest import free_port
from tests.browser.scenes import KNOWN
from tests.browser.test_access import AXE, faults
from tests.browser.test_first_load import MOST_EVENTS, MOST_SHIFT, SHIFTS, Traffic
from tests.browser.test_keyboard import Keys
from tests.browser.test_phone import SMALL, WIDER
from tests.browser.visitor import PHONE, Visitor
from tests.fakes import done
from tests.fakes.slow_language import MODEL, Course, SlowLanguage
from tests.unit.ui.support import served, until

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.live.updates import Hub

GROWING: Final = ".partial-answer .sentence"
ANSWERED: Final = ".passages:not(.partial-answer) .answer .sentence"
SHIFTED: Final = "window.shifts.filter(([at]) => at > (window.mark || 0)).reduce((sum, [, value]) => sum + value, 0)"
TOP: Final = "document.querySelector('.answer').getBoundingClientRect().top"
LONG_SECONDS: Final = 15.0
"""Longer than the page waits for a sign of life."""


@contextmanager
def site_of(app: App) -> Iterator[str]:
    """The address of these services as a web site of this process; it must be the one of the settings."""
    from ui.server import disable_telemetry

    disable_telemetry()

    async def created() -> tuple[FastAPI, Hub]:
        from ui.app import create

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return create(app)

    with ThreadPoolExecutor(1) as aside:
        web, hub = aside.submit(lambda: asyncio.run(created())).result()
    with served(web, hub.stop, port=app.settings.port) as url:
        yield url
    app.close()


class FakeApp:
    """A site whose language a test holds in its hand."""

    def __init__(self, data: Path) -> None:
        port = free_port()
        settings = Settings(data=data, database_url="", demo=True, port=port, public_url=f"http://127.0.0.1:{port}")
        self.language = SlowLanguage(Course())
        self.app = build(settings, languages=self.language, questioner=lambda *_, **__: None)

    def course(self, **how: Any) -> Course:
        self.language.course = Course(**how)
        return self.language.course

    def reply(self, visitor: Visitor) -> Reply:
        """The last one that is recorded."""
        actor = self.app.actor(visitor.login)
        assert actor
        return done(self.app.services.request_views.read(actor, visitor.request)).replies[-1]

    def pending(self, visitor: Visitor) -> bool:
        return bool(self.app.services.ledger.load(visitor.request).pending)


@pytest.fixture(scope="module")
def wired(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeApp]:
    data = tmp_path_factory.mktemp("streaming") / "data"
    shutil.copytree(prepared, data)
    wired = FakeApp(data)
    with site_of(wired.app):
        yield wired


@pytest.fixture
def come(wired: FakeApp, browser: Any) -> Iterator[Callable[..., Visitor]]:
    """`come("lena")` is a person at the site; no script error may be left at the end."""
    here: list[Visitor] = []

    def comes(login: str, **how: bool) -> Visitor:
        here.append(Visitor.come(browser, wired.app.settings.public_url, login, "/", **how))
        return here[-1]

    yield comes
    if wired.language.course:
        wired.language.course.goes_on.set()
    wrong = [error for visitor in here for error in visitor.errors]
    for visitor in here:
        visitor.page.context.close()
    assert wrong == []


def asks(visitor: Visitor) -> None:
    """Sends a question that the base answers, and sees the first sentence."""
    visitor.send(KNOWN)
    visitor.page.wait_for_selector(GROWING)


def texts(visitor: Visitor, selector: str) -> list[str]:
    """The sentences there, without their markers."""
    found = visitor.page.locator(selector).all_inner_texts()
    return [one.partition("\u00a0[")[0].strip() for one in found]


def test_the_first_sentence_is_there_before_the_whole(come: Callable[..., Visitor], wired: FakeApp) -> None:
    lena, course = come("lena"), wired.course()
    traffic = Traffic(lena.page, lena.url)
    lena.page.evaluate(SHIFTS)
    asks(lena)
    assert wired.pending(lena)
    assert lena.count(GROWING) == 1
    assert "[1]" in lena.text(".partial-answer .cite")
    assert lena.count(".partial-answer a") == lena.count(ANSWERED) == 0
    assert lena.page.locator(".log").get_attribute("aria-live") == "polite"
    lena.page.evaluate("window.mark = performance.now()")
    lena.page.evaluate("window.first = document.querySelector('.partial-answer .sentence')")
    lena.page.locator("#words").press_sequentially("and half a thought")
    course.goes_on.set()
    lena.page.wait_for_selector(ANSWERED)
    reply = wired.reply(lena)
    assert texts(lena, ANSWERED) == [one.text for one in reply.answer]
    assert len(reply.answer) > 1
    assert lena.page.evaluate("window.first.isConnected"), "what was read is not drawn, nor announced, again"
    assert lena.page.input_value("#words") == "and half a thought"
    assert lena.page.evaluate("document.activeElement.id") == "words"
    shifted = lena.page.evaluate(SHIFTED)
    print(f"layout shift, from the first sentence to the whole: {shifted:.3f}")
    assert shifted < MOST_SHIFT
    assert traffic.turns <= MOST_EVENTS
    lena.see(provenance_text(MODEL), within=".way summary")
    lena.page.reload()
    lena.ready()
    assert texts(lena, ANSWERED) == [one.text for one in reply.answer]


def test_a_marker_leads_to_the_exact_text_also_by_keyboard(come: Callable[..., Visitor], wired: FakeApp) -> None:
    kofi, course = come("kofi"), wired.course()
    asks(kofi)
    course.goes_on.set()
    kofi.page.wait_for_selector(ANSWERED)
    reply = wired.reply(kofi)
    markers = kofi.page.locator(f"{ANSWERED} a.cite")
    assert markers.count() == sum(len(one.cites) for one in reply.answer)
    for at, number in enumerate(number for one in reply.answer for number in one.cites):
        cited = reply.citations[number - 1]
        name = say("ask_page.cite", number=number, title=cited.title)
        assert markers.nth(at).get_attribute("aria-label") == name
        assert markers.nth(at).get_attribute("href") == kofi.page.locator(".passage a").nth(number - 1).get_attribute("href")
    keys = Keys(kofi)
    keys.reach(f"{ANSWERED} a.cite", "Shift+Tab")
    kofi.page.keyboard.press("Enter")
    kofi.page.wait_for_selector("dialog[open] #quote")
    kofi.page.keyboard.press("Escape")
    keys.sure("Escape")
    keys.press(".way summary", "Enter", ".way[open]", "Shift+Tab")
    kofi.see("answer@3f9a1c", within=".way")


def test_what_breaks_off_keeps_its_sentences_and_says_so(come: Callable[..., Visitor], wired: FakeApp) -> None:
    yuto, course = come("yuto"), wired.course(breaks="cut")
    asks(yuto)
    first = texts(yuto, GROWING)
    course.goes_on.set()
    yuto.page.wait_for_selector(ANSWERED)
    assert texts(yuto, ANSWERED) == first == [one.text for one in wired.reply(yuto).answer]
    yuto.see(provenance_text(MODEL.fallen("cut")), within=".way")
    assert yuto.told == ""


def test_a_page_that_is_closed_in_the_middle_finds_its_answer_later(come: Callable[..., Visitor], wired: FakeApp) -> None:
    hester, course = come("hester"), wired.course()
    asks(hester)
    request = hester.page.url
    hester.page.goto("about:blank")
    course.goes_on.set()
    hester.page.goto(request)
    hester.ready()
    hester.page.wait_for_selector(ANSWERED)
    until(lambda: not wired.pending(hester))
    assert texts(hester, ANSWERED) == [one.text for one in wired.reply(hester).answer]
    assert hester.count(".from-me") == 1


def test_a_reload_in_the_middle_is_the_same_turn(come: Callable[..., Visitor], wired: FakeApp) -> None:
    joao, course = come("joao"), wired.course()
    asks(joao)
    joao.page.reload()
    joao.ready()
    assert joao.count(".from-me") == joao.count(".working") == 1
    course.goes_on.set()
    joao.page.wait_for_selector(ANSWERED)
    assert joao.count(".from-me") == 1


def test_a_model_that_thinks_long_is_not_taken_for_a_lost_connection(come: Callable[..., Visitor], wired: FakeApp) -> None:
    amara, course = come("amara"), wired.course()
    asks(amara)
    amara.page.wait_for_timeout(LONG_SECONDS * 1000)
    assert amara.told == ""
    assert amara.count(GROWING) == 1
    course.goes_on.set()
    amara.page.wait_for_selector(ANSWERED)
    assert amara.told == ""


def test_on_a_phone_it_fits_while_it_grows_and_after(come: Callable[..., Visitor], wired: FakeApp) -> None:
    megan, course = come("megan", phone=True), wired.course()
    megan.page.fill("#words", KNOWN)
    megan.page.locator("#send").tap()
    megan.page.wait_for_selector(GROWING)
    megan.page.wait_for_timeout(300)
    megan.page.evaluate("window.mark = performance.now()")
    megan.page.evaluate(SHIFTS)
    top = megan.page.evaluate(TOP)
    for selector in (GROWING, ANSWERED):
        megan.page.wait_for_selector(selector)
        assert megan.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), megan.page.evaluate(WIDER)
        assert megan.page.evaluate(SMALL) == []
        course.goes_on.set()
    megan.page.wait_for_timeout(1000)
    shifted = megan.page.evaluate(SHIFTED)
    print(f"layout shift on a phone, from the first sentence to the whole: {shifted:.3f}")
    assert shifted < MOST_SHIFT
    assert abs(megan.page.evaluate(TOP) - top) < 2, "what one reads stays where it is"
    box = megan.page.locator(".composer").bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE[1], "the box to write in is at hand"
    megan.page.locator("a.cite").first.tap()
    megan.page.wait_for_selector("dialog[open] #quote")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci --prefix tests/browser")
def test_axe_finds_nothing_serious(come: Callable[..., Visitor], wired: FakeApp) -> None:
    piotr, course = come("piotr"), wired.course(breaks="late")
    asks(piotr)
    found = list(faults(piotr.page, "growing"))
    course.goes_on.set()
    piotr.page.wait_for_selector(ANSWERED)
    piotr.page.locator(".way summary").click()
    found += faults(piotr.page, "answered")
    assert not found, "\n".join(found)
