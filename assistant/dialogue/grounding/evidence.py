"""No quote, no slot. Whatever a language adapter claims is held against its source, and dropped where it is not there.

The comparison is exact, on whole words; `aligned`, before it, puts what a model repeats with other marks, or with a word amiss,
into the words it means. A value may tidy its quote but not change it: a value with a word that the quote does not have, with its
words in another order, or without its "not" is replaced by the quote itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.dialogue.grounding.alignment import is_quoted, located
from assistant.dialogue.understanding import Extraction, Understanding
from assistant.domain.debrief import Debrief, Item

TOPICS = frozenset({"harassment", "burnout", "crisis", "confidential"})
_WORD = re.compile(r"\w+")
_SMALL = frozenset("a an the my our your his her its their me us i we you he she it they to of for in on at by and or".split())
_NOT = re.compile(r"n['\u2019]t\b|\b(?:not|never|cannot|without|nor)\b|(?<=\w)\W+no\b", re.IGNORECASE)
_HEDGE = re.compile(r"\b(?:might|maybe|perhaps|possibly)\b", re.IGNORECASE)


def checked(claim: Understanding, text: str) -> Understanding:
    """The claim without every slot, negation and facet that `text`, the turn's words, does not contain."""
    return replace(
        claim,
        slots=tuple(_honest(slot) for slot in claim.slots if is_quoted(slot.quote, text)),
        negated=tuple(quote for quote in claim.negated if is_quoted(quote, text)),
        facet=claim.facet if is_quoted(claim.facet, text) else "",
        topic=claim.topic if claim.topic in TOPICS or not claim.topic else "confidential",
    )


def checked_debrief(claim: Debrief, notes: str) -> Debrief:
    """The debrief without every item whose quote the notes do not contain; a hedge is a proposal, whatever was claimed."""
    return replace(claim, items=tuple(_sober(item) for item in claim.items if is_quoted(item.quote, notes)))


def aligned(claim: Understanding, text: str) -> Understanding:
    """The claim with every quote in the exact words of the text that it means; what means none stays, to be dropped."""
    return replace(
        claim,
        slots=tuple(replace(slot, quote=located(slot.quote, text) or slot.quote) for slot in claim.slots),
        negated=tuple(located(quote, text) or quote for quote in claim.negated),
        facet=located(claim.facet, text) or claim.facet,
    )


def aligned_debrief(claim: Debrief, notes: str) -> Debrief:
    """The debrief with every quote in the exact words of the notes that it means."""
    return replace(claim, items=tuple(replace(item, quote=located(item.quote, notes) or item.quote) for item in claim.items))


def _honest(slot: Extraction) -> Extraction:
    due = slot.due if slot.slot == "deadline" else None
    return replace(slot, value=_tidy(slot.value, slot.quote), due=due)


def _sober(item: Item) -> Item:
    hedged = item.kind == "action" and _HEDGE.search(item.quote)
    owed = item.kind in ("action", "proposal")
    return replace(
        item,
        kind="proposal" if hedged else item.kind,
        text=_tidy(item.text, item.quote),
        owner=item.owner if owed else None,
        due=item.due if owed else None,
    )


def _tidy(value: str, quote: str) -> str:
    """The value, or the quote where the value is empty or says something else."""
    words = iter(_content(quote))
    changed = not all(word in words for word in _content(value))
    turned = len(_NOT.findall(value)) < len(_NOT.findall(quote))
    return quote if changed or turned or not value.strip() else value


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _SMALL]
