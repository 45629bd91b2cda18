"""Marks a range of a source text in the HTML rendered from it, without knowledge of the renderer.

A sentinel character that no text contains is inserted into the source at one end of the range. If the HTML is otherwise
unchanged, the sentinel's place in it is that end; if it broke some markup (`*|*bold**`), the next place inwards is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

SENTINEL: Final = "\ufdd0"
"""A Unicode noncharacter: neither letter nor punctuation to a parser, and without an HTML entity."""

MOST_RENDERED: Final = 150_000
"""Characters rendered at most in search of one end: about thirty times the length of a usual article."""

_MARKUP = re.compile(r"(<small>.*?</small>|<[^>]*>)", re.DOTALL)
"""Parts of the HTML that are not text of the source: tags, and the host name added to a link."""


def mark(source: str, start: int, end: int, render: Callable[[str], str]) -> str:
    """The HTML of `source` with <mark> around every run of text from source[start:end]; the first has id="quote".

    In the HTML of `render`, < and > must occur only in tags. Nothing is marked if the range has no visible text.
    """
    html = render(source)
    forwards = (at for at in range(start, min(end, len(source))) if not source[at].isspace())
    backwards = (at for at in range(min(end, len(source)), start, -1) if not source[at - 1].isspace())
    low, high = (_place(source, places, html, render) for places in (forwards, backwards))
    return html if low is None or high is None or low >= high else _wrap(html, low, high)


def _place(source: str, places: Iterable[int], html: str, render: Callable[[str], str]) -> int | None:
    """The offset in `html` of the first of `places` that has one; None if none has."""
    for at in islice(places, max(3, MOST_RENDERED // (len(source) + 1))):
        tried = render(f"{source[:at]}{SENTINEL}{source[at:]}")
        if tried.count(SENTINEL) == 1 and tried.replace(SENTINEL, "") == html:
            return tried.index(SENTINEL)
    return None


def _wrap(html: str, low: int, high: int) -> str:
    parts = _MARKUP.split(html[low:high])
    marked = (f"<mark>{part}</mark>" if at % 2 == 0 and part.strip() else part for at, part in enumerate(parts))
    return html[:low] + "".join(marked).replace("<mark>", '<mark id="quote">', 1) + html[high:]
