"""No quote, no slot. Whatever a language adapter claims is held against the mentee's words, and dropped where it is not there.

The comparison is exact on substrings. A value may tidy its quote but not add to it: a value with a content word that the
quote does not have is replaced by the quote itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.dialogue.understanding import Extraction, Understanding
from assistant.domain.debrief import Debrief

_WORD = re.compile(r"\w+")
_SMALL = frozenset("a an the my our your his her its their me us i we you he she it they to of for in on at by and or".split())


def checked(claim: Understanding, text: str) -> Understanding:
    """The claim without every slot, negation and facet that `text`, the turn's words, does not contain."""
    return replace(
        claim,
        slots=tuple(_honest(slot) for slot in claim.slots if _quoted(slot.quote, text)),
        negated=tuple(quote for quote in claim.negated if _quoted(quote, text)),
        facet=claim.facet if _quoted(claim.facet, text) else "",
    )


def checked_debrief(claim: Debrief, notes: str) -> Debrief:
    """The debrief without every item whose quote the notes do not contain."""
    return replace(claim, items=tuple(item for item in claim.items if _quoted(item.quote, notes)))


def _quoted(quote: str, text: str) -> bool:
    return bool(quote.strip()) and quote in text


def _honest(slot: Extraction) -> Extraction:
    added = _content(slot.value) - _content(slot.quote)
    return replace(slot, value=slot.quote) if added or not slot.value.strip() else slot


def _content(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if word not in _SMALL}
