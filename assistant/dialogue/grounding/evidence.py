"""Drops every claim of a language adapter whose quote is not in its source.

The comparison is exact, on whole words; `aligned` first replaces a model's inexact quotes by the words they match. A value may
shorten its quote but not change it: if it has other words, another order, or lacks a negation, the quote replaces it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.dialogue.grounding.alignment import is_quoted, located
from assistant.dialogue.understanding import TOPICS, Extraction, Understanding
from assistant.domain.debrief import Debrief, Item
from retrieval.text import PERSONAL_PRONOUNS, SMALL_WORDS

_WORD = re.compile(r"\w+")
_SMALL = SMALL_WORDS | PERSONAL_PRONOUNS | {"it", "its"}
_NOT = re.compile(r"n['\u2019]t\b|\b(?:not|never|cannot|without|nor)\b|(?<=\w)\W+no\b", re.IGNORECASE)
_HEDGE = re.compile(r"\b(?:might|maybe|perhaps|possibly)\b", re.IGNORECASE)


def checked(claim: Understanding, text: str) -> Understanding:
    """The claim without the slots, negations and facet whose quotes are not in `text`, the turn's message."""
    return replace(
        claim,
        slots=tuple(_checked_slot(slot) for slot in claim.slots if is_quoted(slot.quote, text)),
        negated=tuple(quote for quote in claim.negated if is_quoted(quote, text)),
        facet=claim.facet if is_quoted(claim.facet, text) else "",
        topic=claim.topic if claim.topic in TOPICS or not claim.topic else "confidential",
    )


def checked_debrief(claim: Debrief, notes: str) -> Debrief:
    """The debrief without the items whose quotes are not in the notes; a hedged action becomes a proposal."""
    return replace(claim, items=tuple(_checked_item(item) for item in claim.items if is_quoted(item.quote, notes)))


def aligned(claim: Understanding, text: str) -> Understanding:
    """The claim with every quote replaced by the words of the text that it matches; others stay, for `checked` to drop."""
    return replace(
        claim,
        slots=tuple(replace(slot, quote=located(slot.quote, text) or slot.quote) for slot in claim.slots),
        negated=tuple(located(quote, text) or quote for quote in claim.negated),
        facet=located(claim.facet, text) or claim.facet,
    )


def aligned_debrief(claim: Debrief, notes: str) -> Debrief:
    """The debrief with every quote replaced by the words of the notes that it matches."""
    return replace(claim, items=tuple(replace(item, quote=located(item.quote, notes) or item.quote) for item in claim.items))


def _checked_slot(slot: Extraction) -> Extraction:
    due = slot.due if slot.slot == "deadline" else None
    return replace(slot, value=_tidy(slot.value, slot.quote), due=due)


def _checked_item(item: Item) -> Item:
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
    """The value, or the quote if the value is empty or differs in meaning."""
    words = iter(_content(quote))
    changed = not all(word in words for word in _content(value))
    negation_lost = len(_NOT.findall(value)) < len(_NOT.findall(quote))
    return quote if changed or negation_lost or not value.strip() else value


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _SMALL]
