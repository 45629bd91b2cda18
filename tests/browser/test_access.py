"""Every page in every state, wide and on a phone, light and dark, judged by axe-core; and its bones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.conftest import Site
from tests.browser.scenes import Scene, scenes
from tests.browser.visitor import PHONE, WIDE, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE: Final = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci --prefix tests/browser")

ALL: Final = {"resultTypes": ["violations"]}
COLOURS: Final = {**ALL, "runOnly": ["color-contrast", "link-in-text-block"]}
MODES: Final = (("wide", "light", ALL), ("wide", "dark", COLOURS), ("phone", "dark", COLOURS), ("phone", "light", ALL))
JUDGE: Final = """async (options) => (await axe.run(document, options)).violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => `${one.id} ${node.target.join(" ")}: ${node.failureSummary}`))"""
BONES: Final = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return {
    h1: document.querySelectorAll("h1").length, lang: document.documentElement.lang, title: document.title.length > 9,
    twice: ids.filter((id, at) => ids.indexOf(id) !== at), mains: document.querySelectorAll("main").length,
  };
}"""
SOUND: Final = {"h1": 1, "lang": "en", "title": True, "twice": [], "mains": 1}
UNFOLD: Final = """() => document.querySelectorAll("details:not(.menu)").forEach((one) => {
  one.removeAttribute("name");
  one.open = true;
})"""


@pytest.fixture(scope="module")
def made(site: Site) -> dict[str, Scene]:
    return scenes(site.data)


def faults(page: Page, name: str) -> Iterator[str]:
    """What is wrong with the page as it stands, in each mode."""
    bones = page.evaluate(BONES)
    if bones != SOUND:
        yield f"{name}: {bones}"
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    for size, scheme, options in MODES:
        width, height = PHONE if size == "phone" else WIDE
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"{name}, {size}: {wide} pixels wider than the screen"
        yield from (f"{name}, {size} and {scheme}: {fault}" for fault in page.evaluate(JUDGE, options))
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def test_requests_in_every_stage(visit: Callable[..., Visitor], made: dict[str, Scene]) -> None:
    found, visitor = list[str](), visit("lena")
    for name, scene in made.items():
        visitor.becomes(scene.login, scene.path)
        visitor.page.evaluate(UNFOLD)
        found += faults(visitor.page, name)
    assert not found, "\n".join(found)


def test_pages_around_the_requests(visit: Callable[..., Visitor], made: dict[str, Scene]) -> None:
    found = list[str]()
    lena = visit("lena")
    for path in ("/", "/requests", "/mentor", "/library", "/article/mentor-checklist", "/article/no-such"):
        _to(lena, path)
        found += faults(lena.page, f"lena at {path}")
    lena.becomes("hester", "/requests")
    found += faults(lena.page, "no requests")
    lena.becomes("ingunn", "/mentor")
    found += faults(lena.page, "no offers")
    assert not found, "\n".join(found)


def test_what_opens_over_a_page(visit: Callable[..., Visitor], made: dict[str, Scene]) -> None:
    found = list[str]()
    lena = visit("lena")
    for menu in ("bell", "me"):
        lena.page.locator(f"#{menu} > summary").click()
        found += faults(lena.page, f"menu {menu}")
        lena.page.keyboard.press("Escape")
    lena.page.locator("#send").click()
    lena.page.wait_for_selector("#alert:not([hidden])")
    found += faults(lena.page, "told")
    lena.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    lena.page.locator(".drawer-toggle").click()
    found += faults(lena.page, "drawer")
    petra = lena
    petra.becomes("petra", "/library")
    petra.page.fill("#search-words", "How do I prepare a board presentation?")
    petra.page.keyboard.press("Enter")
    petra.page.wait_for_selector(".passage")
    found += faults(petra.page, "search results")
    petra.page.locator(".passage a").first.click()
    petra.page.wait_for_selector("dialog[open] #quote")
    found += faults(petra.page, "article in a dialog")
    assert not found, "\n".join(found)


def test_signing_in(browser: Any, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    found = list(faults(page, "sign-in"))
    page.fill("#login", "lena")
    page.fill("#password", "wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_selector(".alert")
    found += faults(page, "sign-in refused")
    context.close()
    assert not found, "\n".join(found)


def test_a_fault_is_found(browser: Any, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    page.evaluate("""document.querySelector("main").insertAdjacentHTML("beforeend",
        '<h1 id="main">Again</h1><p style="color: #bbb; background: #fff">pale</p><button></button>')""")
    found = "\n".join(faults(page, "broken"))
    context.close()
    assert "'h1': 2" in found
    assert "'twice': ['main']" in found
    assert "color-contrast" in found
    assert "button-name" in found


def _to(visitor: Visitor, path: str) -> None:
    """A plain page is drawn as it comes; a page of Gradio is waited for."""
    if path.startswith("/article"):
        visitor.page.goto(visitor.url + path)
    else:
        visitor.go(path)
