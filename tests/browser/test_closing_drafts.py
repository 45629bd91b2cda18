"""What is taken along from a closed request: a draft on the page, changed by hand, copied and downloaded as it stands."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.scenes import Stage
from tests.browser.visitor import Visitor


def test_both_take_along_what_they_agreed_with(visit: Callable[..., Visitor], record: Stage) -> None:
    mentor = record.closed("lena", "closed")
    before = record.app.services.ledger.load("closed")
    lena = visit("lena", "/?request=closed")
    lena.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lena.press("Draft a note of thanks")
    lena.page.wait_for_selector("#thanks-draft")
    lena.page.fill("#thanks-text", "Thank you, Liesbeth. It worked.")
    lena.press("Copy", within="#thanks-draft")
    lena.see("Copied.", within="#thanks-draft")
    assert lena.page.evaluate("navigator.clipboard.readText()") == "Thank you, Liesbeth. It worked."
    lena.press("Draft a note of thanks")
    lena.press("Draft an article")
    lena.page.wait_for_selector("#article-draft")
    assert lena.page.input_value("#thanks-text") == "Thank you, Liesbeth. It worked.", "what is written by hand stays"
    other = visit(mentor, "/mentor?request=closed")
    assert other.page.get_by_role("button", name="Draft a note of thanks").count() == 0
    other.press("Draft an article")
    other.page.wait_for_selector("#article-draft")
    other.page.locator("#article-text").press_sequentially("!")
    with other.page.expect_download() as saving:
        other.press("Download", within="#article-draft")
    text = other.page.input_value("#article-text")
    assert saving.value.suggested_filename.endswith(".md")
    assert saving.value.path().read_text("utf-8") == text
    assert "!" in text
    assert [name for name in ("Lena", "Brackwasser") if name in text] == []
    assert record.app.services.ledger.load("closed") == before, "nothing is stored"
