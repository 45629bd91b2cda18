"""Hostile strings in every place of the real pages, with the policy of the server switched off: nothing runs, nothing is fetched.

A string may only ever be text. So beside what would run or fetch, every element and attribute on a page must be one that our
templates or the renderer make, and every string must be found in the text of the page.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from tests.browser.conftest import Site, free_port
from tests.browser.poison import PASSWORD, STRINGS, Dose, poison
from tests.browser.scenes import Scene
from tests.browser.test_sinks_static import CONTROL
from tests.browser.visitor import PATIENCE
from ui.rendering.markdown import TAGS, line

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

OURS: Final = TAGS | set(
    "div section header nav article aside form label textarea input button select option fieldset legend details summary dl dt "
    "dd time span dialog progress i main".split()
)
NAMES: Final = set(
    "class id href target rel start for name rows maxlength required value type placeholder tabindex role hidden open method "
    "action autocomplete autocapitalize spellcheck checked download datetime title style scope max selected disabled".split()
)
TELLING: Final = 12
"""Characters from which a string is only found where it was put."""
PLACES: Final = {
    "mentee talk": 18, "mentee draft": 18, "mentee more": 10, "mentee thread": 20, "mentee booked": 9, "mentee over": 14,
    "mentee /requests": 7, "mentor more": 11, "mentor thread": 20, "mentor booked": 10, "mentor over": 15,
}  # fmt: skip
"""How many times each string is at least to be read on a page, so that no place is lost unseen."""
WATCH: Final = """
window.ran = 0; window.blocked = [];
for (const name of ["alert", "prompt", "confirm"]) window[name] = () => { window.ran++; };
document.addEventListener("securitypolicyviolation", (one) => window.blocked.push(one.violatedDirective));
"""
FOREIGN: Final = """([tags, names]) => [...document.querySelectorAll(".aw, .aw *")].flatMap((one) => [
  ...(tags.includes(one.localName) && one.namespaceURI === "http://www.w3.org/1999/xhtml" ? [] : [one.outerHTML.slice(0, 200)]),
  ...one.getAttributeNames().filter((name) => !names.includes(name) && !/^(data|aria)-[a-z-]+$/.test(name))
    .map((name) => `${one.localName} ${name}`),
  ...(one.style.cssText.includes("url") || /^(?!width: [0-9]+%;?$|left: [0-9]+%;?$|height: [0-9]+px;?$)./.test(one.style.cssText)
    ? [one.style.cssText] : []),
  ...(one.localName === "form" && one.hasAttribute("action") && !/^\\/sign-(in|out)(\\/sample)?$/.test(one.getAttribute("action"))
    ? [one.outerHTML.slice(0, 200)] : []),
  ...(one.localName === "a" && !/^(https?:|mailto:)$/.test(one.protocol) ? [one.outerHTML.slice(0, 200)] : []),
  ...(one.localName === "a" && one.origin !== location.origin && !one.rel.includes("noopener") ? [one.outerHTML] : []),
])"""
TOUCH: Final = """() => document.querySelectorAll(".aw *").forEach((one) => {
  for (const kind of ["mouseover", "pointerenter", "focus", "toggle", "click"]) {
    if (!(kind === "click" && one.matches("button, a, summary, input"))) one.dispatchEvent(new Event(kind));
  }
})"""


class Watched:
    """A person at the pages without our policy, and all that happened there beside showing text."""

    def __init__(self, browser: Any, url: str, login: str) -> None:
        self.url, self.abroad, self.dialogs, self.errors = url, list[str](), 0, list[str]()
        self.context: BrowserContext = browser.new_context(bypass_csp=True)
        self.context.set_default_timeout(3 * PATIENCE)
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda asked: self.abroad.append(asked.url) if not _inside(asked.url, url) else None)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        sample = login == "petra"
        form = {"login": login} if sample else {"login": login, "password": PASSWORD}
        answer = self.context.request.post(f"{url}/sign-in{'/sample' if sample else ''}", form=form, max_redirects=0)
        assert answer.status == 303, answer.text()

    def _dialog(self, dialog: Any) -> None:
        self.dialogs += 1
        dialog.dismiss()

    def go(self, path: str) -> str:
        """The text of the page, its fields included, when it is drawn and everything on it was touched."""
        self.page.goto(self.url + path)
        plain = path.startswith(("/article", "/sign-in"))
        self.page.wait_for_selector(".aw" if plain else ".aw.ready")
        return self.look()

    def look(self) -> str:
        self.page.evaluate(TOUCH)
        return str(self.page.evaluate("document.querySelector('.aw').textContent"))

    def foreign(self) -> list[str]:
        return list(self.page.evaluate(FOREIGN, [sorted(OURS), sorted(NAMES)]))

    def harm(self) -> dict[str, object]:
        """Everything that should not have happened, since the page was opened."""
        ran, blocked = self.page.evaluate("[window.ran, window.blocked]")
        happened = {"abroad": self.abroad, "dialogs": self.dialogs, "ran": ran, "blocked": blocked, "errors": self.errors}
        return {name: value for name, value in (happened | {"foreign": self.foreign()}).items() if value}


Poisoned = tuple[Site, Sequence[Scene], Sequence[Dose]]


@pytest.fixture(scope="module")
def poisoned(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    data = tmp_path_factory.mktemp("poisoned") / "data"
    shutil.copytree(prepared, data)
    scenes, doses = poison(data)
    site = Site(data, free_port())
    site.start()
    yield site, scenes, doses
    site.stop()


@pytest.fixture
def watch(browser: Any, poisoned: Poisoned) -> Iterator[Callable[[str], Watched]]:
    """`watch("lena")` is that person, watched; at the end nothing may have happened to them."""
    watched: list[Watched] = []

    def begin(login: str) -> Watched:
        watched.append(Watched(browser, poisoned[0].url, login))
        return watched[-1]

    yield begin
    for one in watched:
        one.context.close()


def test_on_the_pages_of_requests(watch: Callable[[str], Watched], poisoned: Poisoned) -> None:
    """Every scene, with nothing but text in it, and with every string in all its places."""
    _, scenes, doses = poisoned
    people, shown = dict[str, Watched](), dict[tuple[str, str], int]()
    for scene in scenes:
        person = people.get(scene.login) or people.setdefault(scene.login, watch(scene.login))
        text = _flat(person.go(scene.path))
        assert person.harm() == {}, f"{scene.login} at {scene.path}"
        for at, dose in enumerate(doses):
            if scene.login in (dose.mentee, dose.mentor):
                kind = f"{'mentor' if scene.login == dose.mentor else 'mentee'} {scene.path.rpartition('-')[2]}"
                shown[kind, at] = min(text.count(known) for one in dose.strings if len(known := _shown(one)) >= TELLING)
    places = {kind: min(count for (name, _), count in shown.items() if name == kind) for kind, _ in shown}
    found = f"{len(STRINGS)} strings, each in {sum(places.values())} places of these pages: {places}"
    assert {kind for kind, least in PLACES.items() if places[kind] < least} == set(), found
    print(found)


def test_in_articles_and_in_search(watch: Callable[[str], Watched], poisoned: Poisoned) -> None:
    petra, doses = watch("petra"), poisoned[2]
    for at in range(len(doses)):
        petra.go(f"/article/poison-{at}?start=0&end=4000")
        assert petra.harm() == {}, f"article {at}"
    petra.go("/library")
    petra.page.evaluate("document.querySelectorAll('.menu').forEach((menu) => { menu.open = false; })")
    for dose in doses:
        petra.page.fill("#search-words", " ".join(dose.lines)[:600])
        petra.page.keyboard.press("Enter")
        petra.page.wait_for_selector(".verdict")
        petra.page.locator("a[href*='/article/poison-']").first.click()
        petra.page.wait_for_selector("dialog[open] article")
        petra.look()
        assert petra.harm() == {}, "library"
        petra.page.keyboard.press("Escape")


def test_in_refusals(watch: Callable[[str], Watched], poisoned: Poisoned) -> None:
    """A sentence that repeats what was asked for, cut to the length of a name."""
    lena, doses = watch("lena"), poisoned[2]
    lena.go("/?request=lena-draft")
    for words in (string for dose in doses for string in dose.strings[::20]):
        lena.page.evaluate(
            """(name) => { const one = Object.assign(document.createElement("button"), { type: "button" });
            Object.assign(one.dataset, { act: "edit_brief", name });
            document.querySelector("#alert").textContent = "";
            document.querySelector("#main").append(one); one.click(); one.remove(); }""",
            words,
        )
        lena.page.wait_for_function("document.querySelector('#alert').textContent.length > 20")
        lena.look()
        assert lena.harm() == {}, words


def test_in_addresses(watch: Callable[[str], Watched]) -> None:
    lena = watch("lena")
    for text in STRINGS[:: len(STRINGS) // 5]:
        lena.go(f"/?request={_quoted(text)}&person=")
        assert lena.harm() == {}, text
    lena.go("/sign-in")
    strange = lena.page.evaluate(
        """async (strings) => {
        const shape = async (path) => {
          const html = await (await fetch(path)).text();
          const page = new DOMParser().parseFromString(html, "text/html");
          return [...page.querySelectorAll("*")].map((one) => `${one.localName} ${one.getAttributeNames()}`).join();
        };
        const usual = [await shape("/sign-in?next=/x"), await shape("/article/x")];
        const strange = [], left = [...strings.entries()];
        const work = async () => {
          for (let next = left.pop(); next; next = left.pop()) {
            const [at, text] = next, sent = encodeURIComponent(text);
            if (await shape(`/sign-in?next=/${sent}`) !== usual[0]) strange.push(text);
            if (at % 9 === 0 && !text.includes("/") && await shape(`/article/${sent}`) !== usual[1]) strange.push(text);
          }
        };
        await Promise.all([work(), work(), work(), work()]);
        return strange;
        }""",
        [text for text in STRINGS if text not in (".", "..")],
    )
    assert strange == []
    assert lena.harm() == {}


def test_the_same_strings_do_harm_where_they_are_not_rendered(watch: Callable[[str], Watched]) -> None:
    """So the watch would see it."""
    lena = watch("lena")
    lena.go("/?request=lena-talk")
    assert lena.harm() == {}
    lena.page.evaluate("(strings) => { document.querySelector('[data-region=chat]').innerHTML = strings.join(''); }", CONTROL)
    lena.look()
    lena.page.wait_for_function("window.ran > 4")
    assert {"abroad", "ran", "foreign"} <= lena.harm().keys()


def _inside(address: str, url: str) -> bool:
    return address.startswith((f"{url}/", "data:", "blob:"))


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _shown(string: str) -> str:
    """What a page shows of a string that is plain text there."""
    return _flat(line(string).replace("<br>", "\n").unescape())


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
