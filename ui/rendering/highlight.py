"""Marking a range of the source in the HTML made from it, without knowing how the HTML is made.

A character that no text can hold is put into the source at one end of the range. If the HTML is otherwise unchanged, the
place where the character comes out is that end; if it broke some markup (`*|*bold**`), the next place inwards is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

SENTINEL: Final = "\ufdd0"
"""A noncharacter of Unicode: neither letter nor punctuation to a parser, and no entity stands for it."""

WORK: Final = 150_000
"""Characters rendered at most in looking for one end; a usual article is rendered thirty times for that."""

_APART = re.compile(r"(<small>.*?</small>|<[^>]*>)", re.DOTALL)
"""What is no text of the source: tags, and the host that is added to a link."""


def mark(source: str, start: int, end: int, render: Callable[[str], str]) -> str:
    """The HTML of `source`, with <mark> around every run of text that comes from source[start:end].

    `render` makes HTML in which < and > stand for tags alone. Nothing is marked if the range holds no text.
    """
    html = render(source)
    inwards = (at for at in range(start, min(end, len(source))) if not source[at].isspace())
    back = (at for at in range(min(end, len(source)), start, -1) if not source[at - 1].isspace())
    low, high = (_place(source, places, html, render) for places in (inwards, back))
    return html if low is None or high is None or low >= high else _wrap(html, low, high)


def _place(source: str, places: Iterable[int], html: str, render: Callable[[str], str]) -> int | None:
    """Where in the HTML the first of the places is that can be seen there."""
    for at in islice(places, max(3, WORK // (len(source) + 1))):
        tried = render(f"{source[:at]}{SENTINEL}{source[at:]}")
        if tried.count(SENTINEL) == 1 and tried.replace(SENTINEL, "") == html:
            return tried.index(SENTINEL)
    return None


def _wrap(html: str, low: int, high: int) -> str:
    parts = _APART.split(html[low:high])
    marked = (f"<mark>{part}</mark>" if at % 2 == 0 and part.strip() else part for at, part in enumerate(parts))
    return html[:low] + "".join(marked).replace("<mark>", '<mark id="quote">', 1) + html[high:]
