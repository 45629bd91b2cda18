"""The way from the first message to the approval with Tab, Enter and Space alone: focus is always seen and never lost."""

from __future__ import annotations

from collections.abc import Callable

from assistant.domain import stages as s
from tests.browser.scenes import SPECIFIC, Stage, done
from tests.browser.visitor import Visitor

FAR = 120
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return { where: "body", seen: false };
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1.5) || style.boxShadow !== "none";
  const box_of = [box.left, box.top, box.width, box.height].map(Math.round).join(" ");
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const where = `${one.tagName}#${one.id} ${one.textContent.trim().slice(0, 40)} at ${box_of}, ${style.outline}`;
  return { where, seen: ring && inside };
}"""
LAST = """() => {
  const stops = [...document.querySelectorAll("a, button, input, textarea, select, summary, [tabindex='0']")]
      .filter((one) => one.checkVisibility() && !one.disabled);
  return [stops[0], stops.at(-1)].includes(document.activeElement);
}"""
Visit = Callable[..., Visitor]


class Keys:
    """Somebody without a mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self._page = visitor.page

    def reach(self, selector: str, tab: str = "Tab") -> None:
        """By Tab alone; every stop on the way must show where the focus is. After the last stop of a page comes its first."""
        for _ in range(FAR):
            if self._page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            last = self._page.evaluate(LAST)
            self._page.keyboard.press(tab)
            if not (last and self._page.evaluate("document.activeElement === document.body")):
                self.sure(tab)
        raise AssertionError(f"{selector} cannot be reached with Tab")

    def press(self, selector: str, key: str, wait: str, tab: str = "Tab") -> None:
        """Reaches a control, presses a key on it and waits for what comes of it; the focus must still be somewhere."""
        self.reach(selector, tab)
        self._page.keyboard.press(key)
        self._page.wait_for_selector(wait)
        self.sure(f"{key} on {selector}")

    def sure(self, after: str) -> None:
        found = self._page.evaluate(FOCUS)
        assert found["where"] != "body", f"focus is lost after {after}"
        assert found["seen"], f"focus cannot be seen on {found['where']} after {after}"


def test_from_the_first_message_to_the_approval_by_keyboard(visit: Visit, record: Stage) -> None:
    lena = visit("lena")
    keys = Keys(lena)
    keys.reach("a.skip")
    lena.page.keyboard.press("Enter")
    assert lena.page.evaluate("document.activeElement.id") == "main"
    keys.press(".example", "Enter", "#words:focus")
    lena.page.keyboard.press("ControlOrMeta+a")
    lena.page.keyboard.type(
        "How do I choose a chart for survey results? How do I present them to the board? How do I get answers?"
    )
    lena.page.keyboard.press("Enter")
    lena.page.wait_for_selector(".options")
    keys.sure("sending")
    keys.reach("#why summary", "Shift+Tab")
    keys.press("#why summary", "Enter", "#why[open] p")
    keys.press(".options .chip-button:first-child", "Space", ".from-me >> nth=1")
    lena.page.locator(".from-askwell:not(.working)").nth(1).wait_for()
    keys.sure("a chip")
    assert isinstance(done(record.app.services.request_views.read(record.actor("lena"), lena.request)).stage, s.Sharpening)


def test_a_brief_is_finished_by_keyboard(visit: Visit, record: Stage) -> None:
    yuto = visit("yuto")
    keys = Keys(yuto)
    keys.reach("#words")
    yuto.page.keyboard.type(SPECIFIC)
    keys.press("#send", "Space", ".person")
    keys.press("#question-form button", "Enter", "p.question")
    keys.press("#edit-tried summary", "Enter", "#edit-tried[open]")
    keys.reach("#slot-tried")
    yuto.page.keyboard.type(" and called them")
    keys.press("#edit-tried button", "Enter", ".slot:has(#edit-tried:not([open]))")
    keys.press(".person [data-act=choose]", "Enter", ".checks")
    while yuto.count("[data-act=in_person]"):
        left = yuto.count("[data-act=in_person]")
        keys.reach("[data-act=in_person]")
        yuto.page.keyboard.press("Enter")
        yuto.page.wait_for_function(f"document.querySelectorAll('[data-act=in_person]').length < {left}")
        keys.sure("I will say it in the session")
    keys.press("#ready-to-note", "Space", "[data-act=approve]:not([aria-disabled])")
    keys.press("[data-act=approve]", "Enter", ".receipt .clock")
    offered = done(record.app.services.request_views.read(record.actor("yuto"), yuto.request)).stage
    assert isinstance(offered, s.Offered)
    keys.press("#bell > summary", "Enter", "#bell[open]")
    yuto.page.keyboard.press("Escape")
    keys.sure("Escape")
