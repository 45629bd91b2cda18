"""A person at the browser: signs in, says things, fills in forms and reads what stands there, by what a person would see."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

WIDE, PHONE = (1280, 860), (390, 844)
PATIENCE = 20_000
SOON = 4.0
ANSWERED = ".from-me + .from-askwell:not(.working)"
LEFT = re.compile(r"^AbortError: (?:signal is|BodyStreamBuffer was) aborted[^\n]*\n +at \w+ \(http[^)]*/assets/index-")
"""Gradio, when a page is left."""
EXPECTED = re.compile(r"ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|network error|Connection errored|Failed to load resource")


@dataclass
class Visitor:
    """One browser context with one page. `errors` collects script errors and refusals of the policy."""

    page: Page
    url: str
    login: str
    errors: list[str] = field(default_factory=list)

    @classmethod
    def come(
        cls, browser: Browser, url: str, login: str, path: str, *, phone: bool = False, dark: bool = False, hears: bool = True
    ) -> Visitor:
        """Without `hears` the page is told of no change, so that it asks for nothing by itself."""
        width, height = PHONE if phone else WIDE
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", has_touch=phone,
            is_mobile=phone, accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        if not hears:
            context.route("**/live", lambda _: None)
        visitor = cls(context.new_page(), url, login)
        visitor.watch(visitor.page)
        visitor.sign_in(login)
        visitor.go(path)
        return visitor

    def sign_in(self, login: str) -> None:
        """Somebody signs in from this browser, beside the open page."""
        answer = self.page.context.request.post(f"{self.url}/sign-in/sample", form={"login": login}, max_redirects=0)
        assert answer.status == 303, answer.text()

    def becomes(self, login: str, path: str) -> None:
        """The browser in the hands of somebody else: a third of the work of one of their own."""
        self.page.goto("about:blank")
        self.sign_in(login)
        self.login = login
        self.go(path)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._wrong(str(error)))
        page.on("console", lambda message: self._wrong(message.text) if message.type == "error" else None)

    def _wrong(self, words: str) -> None:
        if not EXPECTED.search(words) and not LEFT.search(words):
            self.errors.append(words)

    def go(self, path: str) -> None:
        """To a page of the site, until it is drawn."""
        self.page.goto(self.url + path)
        self.ready()

    def ready(self) -> None:
        self.page.wait_for_selector(".aw.ready")

    @property
    def request(self) -> str:
        """The id of the request on the page."""
        found = re.search(r"[?&]request=(\w+)", self.page.url)
        return found[1] if found else ""

    def send(self, words: str) -> None:
        """Writes a message and sends it; does not wait."""
        self.page.fill("#words", words)
        self.page.keyboard.press("Enter")

    def say(self, words: str) -> str:
        """Sends a message and waits for the answer; its text."""
        return self._answered(lambda: self.send(words))

    def say_by_button(self, words: str) -> str:
        """As `say`, by the button: on a phone a key begins a new line."""
        self.page.fill("#words", words)
        return self._answered(self.page.locator("#send").click)

    def choose(self, option: str) -> str:
        """One of the answers to choose from; the text of what is answered then."""
        return self._answered(lambda: self.page.get_by_role("button", name=option, exact=True).click())

    def _answered(self, act: Any) -> str:
        before = self.page.locator(ANSWERED).count()
        act()
        self.page.wait_for_function(f"document.querySelectorAll('{ANSWERED}').length > {before}")
        return self.page.locator(ANSWERED).last.inner_text()

    def press(self, name: str, *, within: str = ".aw") -> None:
        """The button with this name."""
        self.page.locator(within).get_by_role("button", name=name, exact=True).click()

    def open(self, summary: str) -> None:
        """Opens the details with this summary."""
        self.page.locator(f"summary:has-text('{summary}')").click()

    def see(self, words: str, *, within: str = ".aw") -> Locator:
        """Waits until these words stand there."""
        found = self.page.locator(within).get_by_text(words).first
        found.wait_for(state="visible")
        return found

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    @property
    def told(self) -> str:
        """The sentence that tells what did not work, or nothing."""
        return self.page.locator("#alert").inner_text() if self.page.locator("#alert").is_visible() else ""

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def gone(self, selector: str) -> None:
        """Waits until nothing fits this selector any more."""
        self.page.wait_for_function("(selector) => !document.querySelector(selector)", arg=selector)

    def draft(self, nth: int = 0) -> str:
        """Chooses one of the suggested people and waits for the brief; the mentor's id."""
        chosen = self.page.locator(".person [data-act=choose]").nth(nth)
        mentor = str(chosen.get_attribute("data-mentor"))
        chosen.click()
        self.page.wait_for_selector(".checks")
        return mentor

    def approve(self) -> None:
        """Does what the checklist asks for, approves and waits for the receipt."""
        while self.count("[data-act=in_person]"):
            missing = self.page.locator("[data-act=in_person]").first
            name = missing.get_attribute("data-name")
            missing.click()
            self.gone(f"[data-act=in_person][data-name={name}]")
        if not self.page.is_checked("#ready-to-note"):
            self.page.check("#ready-to-note")
        self.page.locator("[data-act=approve]:not([aria-disabled])").click()
        self.page.wait_for_selector(".receipt .clock")


@contextmanager
def soon(what: str) -> Iterator[None]:
    """Inside, one waits for what another has just done: at most `SOON` seconds, a busy machine's two; the figure is printed."""
    begun = time.monotonic()
    yield
    took = time.monotonic() - begun
    print(f"{what}: seen by the other after {took:.2f} s")
    assert took < SOON, what
