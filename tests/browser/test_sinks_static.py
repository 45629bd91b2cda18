"""A real browser over what the renderer makes of hostile strings, with no policy of the server to help: nothing happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.hostile import HOSTILE
from ui.rendering.markdown import TAGS, _clean, _safe, line, markdown, passage, quote_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM: Final = Path("/usr/bin/chromium")
QUIET: Final = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
SINKS: Final[tuple[Callable[[str], str], ...]] = (
    markdown,
    lambda text: markdown(text, breaks=True),
    line,
    lambda text: passage(text, 0, len(text)),
    lambda text: passage(text, len(text) // 3, 2 * len(text) // 3),
    lambda text: quote_in(text, text[1:-1]),
    lambda text: quote_in(f"before {text} after", text),
    lambda text: _safe(_clean(text)),
)
CONTROL: Final = [text for text in HOSTILE if text.startswith(("<img src=", "<svg onload", "<details")) and text[-1] == ">"]
"""Strings that do harm if they are not rendered safely, and leave the next one its turn: they show that the watch works."""

WATCH: Final = """
window.ran = 0;
for (const name of ["alert", "prompt", "confirm"]) window[name] = () => { window.ran++; console.log("ran"); };
"""
FOREIGN: Final = """([tags, selector]) => [...document.querySelectorAll(selector)].flatMap(one => [
  ...(tags.includes(one.localName) && one.namespaceURI === "http://www.w3.org/1999/xhtml" ? [] : [one.outerHTML]),
  ...one.getAttributeNames().filter(name => !["href", "target", "rel", "id", "class", "start"].includes(name)),
])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield chromium
        chromium.close()


@contextmanager
def served(html: str) -> Iterator[str]:
    """The page at an address of this machine, without any header that protects it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = html.encode() if self.path == "/" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """The test does not talk."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class Watched:
    """A page, and what it did: requests to elsewhere, dialogs, calls of a dialog by a script."""

    def __init__(self, page: Page, origin: str, watch: str) -> None:
        self.page, self.abroad, self.dialogs = page, list[str](), 0
        page.on("request", lambda asked: self.abroad.append(asked.url) if not asked.url.startswith(origin) else None)
        page.on("dialog", self._dialog)
        page.add_init_script(watch)
        page.goto(origin, wait_until="load")

    def _dialog(self, dialog: Any) -> None:
        self.dialogs += 1
        dialog.dismiss()

    def settle(self) -> None:
        """Points at everything, so that what waits for a pointer or the focus may act."""
        self.page.evaluate(
            "() => document.querySelectorAll('main *').forEach(one => {"
            "for (const kind of ['mouseover', 'pointerenter', 'focusin', 'click'])"
            "if (one.localName !== 'a') one.dispatchEvent(new Event(kind, {bubbles: true})); one.focus?.(); })"
        )
        self.page.wait_for_timeout(500)

    @property
    def ran(self) -> int:
        return int(self.page.evaluate("window.ran || 0"))


def page_of(parts: list[str]) -> str:
    """Each part in an element of its own, as a chat does."""
    inside = "\n".join(f"<div>{part}</div>" for part in parts)
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>x</title><body><main>{inside}</main></body></html>"


@pytest.mark.parametrize("watch", ["", WATCH], ids=["dialogs", "calls"])
def test_hostile_strings_do_nothing(browser: Browser, watch: str) -> None:
    parts = [str(sink(text)) for text in HOSTILE for sink in SINKS]
    page = browser.new_page()
    with served(page_of(parts)) as origin:
        watched = Watched(page, origin, watch)
        page.evaluate("() => { const main = document.querySelector('main'); main.innerHTML += ''; }")
        watched.settle()
        assert page.url == origin
        assert page.locator("main > div").count() == len(parts)
        assert page.evaluate(FOREIGN, [[*sorted(TAGS), "div"], "main *"]) == []
        assert (watched.abroad, watched.dialogs, watched.ran) == ([], 0, 0)
    page.close()


def test_the_same_strings_do_harm_where_they_are_not_rendered(browser: Browser) -> None:
    page = browser.new_page()
    with served(page_of(CONTROL)) as origin:
        watched = Watched(page, origin, "")
        watched.settle()
        assert watched.dialogs >= 5
        assert any("attacker.invalid" in url for url in watched.abroad)
        assert page.evaluate(FOREIGN, [[*sorted(TAGS), "div"], "main *"]) != []
    page.close()


def test_scripts_are_counted_where_dialogs_are_not(browser: Browser) -> None:
    page = browser.new_page()
    with served(page_of(CONTROL)) as origin:
        watched = Watched(page, origin, WATCH)
        watched.settle()
        assert watched.ran >= 5
        assert watched.dialogs == 0
    page.close()
