"""Somebody is faster than the page, or loads an address again: nothing goes into an address, nothing is lost, nothing is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Site
from tests.browser.scenes import KNOWN, Stage, done
from tests.browser.test_access import AXE, faults
from tests.browser.visitor import ANSWERED, PHONE, WIDE, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS: Final = "I need help with my board deck."
SCRIPTS: Final = ("/own/askwell.js", "/own/gradio_events.js", "/own/vendor/idiomorph-0.8.0.js")
JOIN: Final = "/gradio_api/queue/join"
Held = Callable[..., tuple["Page", "Hold"]]


class Hold:
    """Requests that wait until they are let go."""

    def __init__(self) -> None:
        self._waiting, self._open = list[Any](), False

    def __call__(self, route: Any) -> None:
        if self._open:
            route.continue_()
        else:
            self._waiting.append(route)

    def let_go(self) -> None:
        self._open = True
        for route in self._waiting:
            route.continue_()


@pytest.fixture
def held(browser: Any, site: Site) -> Iterator[Held]:
    """The first page of somebody, for which what is asked under this path waits until a test lets it go."""
    contexts = []

    def open_page(login: str, path: str, *, address: str = "/", phone: bool = False) -> tuple[Page, Hold]:
        width, height = PHONE if phone else WIDE
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone)
        contexts.append(context)
        assert context.request.post(f"{site.url}/sign-in/sample", form={"login": login}, max_redirects=0).status == 303
        page, hold = context.new_page(), Hold()
        page.route(lambda url: urlsplit(url).path == path, lambda route: hold(route))
        page.goto(site.url + address)
        return page, hold

    yield open_page
    for context in contexts:
        context.close()


def sent_once(page: Page, record: Stage, login: str, words: str) -> None:
    """It arrived, was answered, left the box, and never stood in the address."""
    page.wait_for_selector(ANSWERED)
    assert page.locator(".from-me > div").all_inner_texts() == [words]
    assert page.input_value("#words") == ""
    assert urlsplit(page.url).path == "/"
    assert "words" not in page.url
    rows = done(record.app.services.request_views.mine(record.actor(login)))
    assert [row.id for row in rows if row.id in page.url] == [page.url.partition("request=")[2]]


@pytest.mark.parametrize(("script", "login"), [*zip((*SCRIPTS, JOIN), ("lena", "kofi", "yuto", "hester"), strict=True)])
def test_what_is_sent_before_the_page_is_ready_is_sent_when_it_is(held: Held, record: Stage, script: str, login: str) -> None:
    page, hold = held(login, script)
    page.fill("#words", WORDS)
    page.keyboard.press("Enter")
    page.locator("#send").click()
    page.wait_for_timeout(500)
    assert urlsplit(page.url).query == ""
    assert page.input_value("#words") == WORDS
    assert page.locator(".composer.busy").count() == 1, "it shows that it waits"
    hold.let_go()
    sent_once(page, record, login, WORDS)


def test_on_a_phone_by_the_button(held: Held, record: Stage) -> None:
    page, hold = held("joao", SCRIPTS[0], phone=True)
    page.fill("#words", WORDS)
    page.locator("#send").tap()
    page.wait_for_timeout(300)
    assert urlsplit(page.url).query == ""
    hold.let_go()
    sent_once(page, record, "joao", WORDS)


def test_what_is_written_before_the_page_is_ready_stays(held: Held) -> None:
    page, hold = held("megan", SCRIPTS[0])
    page.fill("#words", WORDS)
    hold.let_go()
    page.wait_for_selector(".aw.ready")
    assert page.input_value("#words") == WORDS


def test_a_search_before_the_page_is_ready(held: Held) -> None:
    page, hold = held("petra", SCRIPTS[0], address="/library")
    page.fill("#search-words", "How do I prepare a board presentation?")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.url.endswith("/library")
    hold.let_go()
    page.wait_for_selector(".passage")


def test_no_form_of_a_page_can_leave_it_by_itself(visit: Callable[..., Visitor]) -> None:
    lena = visit("lena")
    lena.say(KNOWN)
    assert lena.count("form") > 5
    assert lena.page.evaluate("[...document.forms].filter((form) => form.method === 'get').map((form) => form.outerHTML)") == []


def test_loading_an_address_makes_no_request(visit: Callable[..., Visitor], record: Stage) -> None:
    sunita = visit("sunita", "/?person=1")
    for path in ("/?person=1", "/?person=1&words=help", "/"):
        sunita.go(path)
        sunita.page.wait_for_timeout(500)
    assert sunita.count(".from-me") == 0
    assert done(record.app.services.request_views.mine(record.actor("sunita"))) == ()


@pytest.mark.parametrize(("login", "path"), [("piotr", "/requests"), ("chipo", "/mentor"), ("rafael", "/")])
def test_a_person_is_asked_for_once_from_any_page(visit: Callable[..., Visitor], record: Stage, login: str, path: str) -> None:
    mentee = visit(login, path)
    mentee.page.locator(".bar").get_by_role("button", name="Talk to a person").click()
    mentee.page.wait_for_selector(ANSWERED)
    assert mentee.told == ""
    for _ in range(2):
        mentee.page.reload()
        mentee.ready()
        mentee.page.wait_for_timeout(300)
        assert mentee.count(".from-me") == 1
    [row] = done(record.app.services.request_views.mine(record.actor(login)))
    assert row.id == mentee.request


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci --prefix tests/browser")
def test_an_address_that_is_not_there_looks_like_ours(visit: Callable[..., Visitor]) -> None:
    lena = visit("lena")
    lena.page.goto(f"{lena.url}/nope")
    assert list(faults(lena.page, "no such page")) == []
    lena.see("There is no such page")
    assert lena.page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"
    lena.page.get_by_role("link", name="To the start").click()
    lena.ready()
