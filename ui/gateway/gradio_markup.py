"""Edits Gradio's HTML for our Content Security Policy: adds the nonce to scripts and drops references to other hosts.

The page is parsed, so "<script" inside a script, a comment or an attribute is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import accumulate


def rewrite_page(page: str, nonce: str) -> str:
    """The page with `nonce` on every script tag, without og: and twitter: tags, base and manifest."""
    finder = _EditFinder(page, nonce)
    finder.feed(page)
    finder.close()
    return "".join(_apply(page, finder.edits))


class _EditFinder(HTMLParser):
    """Collects edits as (start, end, new text), in the order of the page."""

    def __init__(self, page: str, nonce: str) -> None:
        super().__init__(convert_charrefs=False)
        self._starts = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]
        self._page, self._nonce = page, nonce
        self.edits: list[tuple[int, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        start, text = self._starts[line - 1] + column, self.get_starttag_text() or ""
        if not text or not self._page.startswith(text, start):
            return
        if tag == "script":
            at = start + len("<script")
            self.edits.append((at, at, f' nonce="{self._nonce}"'))
        elif _is_dropped(tag, dict(attrs)):
            self.edits.append((start, start + len(text), ""))


def _is_dropped(tag: str, attrs: dict[str, str | None]) -> bool:
    if tag == "meta":
        return (attrs.get("property") or "").startswith("og:") or (attrs.get("name") or "").startswith("twitter:")
    return tag == "base" or (tag == "link" and attrs.get("rel") == "manifest")


def _apply(page: str, edits: list[tuple[int, int, str]]) -> Iterator[str]:
    at = 0
    for start, end, text in edits:
        yield page[at:start] + text
        at = end
    yield page[at:]
