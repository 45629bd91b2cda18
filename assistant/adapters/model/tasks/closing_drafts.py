"""Drafts the thank-you note and the article of a closed request from the debrief items that both people confirmed.

A sentence must be drawn from one item, or be entailed by all of them together; otherwise it is dropped and the item is used as
noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks.allowed_words import JOINTS
from assistant.adapters.model.tasks.checks import drawn, faithful, negations, one_line, shared, uses
from assistant.adapters.model.tasks.shapes import Draft, ThankYouNote
from assistant.adapters.offline.composing import closing_drafts
from assistant.dialogue.grounding.entailment import Near, has_address, supported
from assistant.dialogue.grounding.folded_words import content, words
from assistant.dialogue.grounding.word_order import disordered, exchanged
from assistant.dialogue.language_io import ArticleDraft, Excerpt, SessionOutcome
from assistant.domain.debrief import Item, ItemKind
from assistant.domain.reply import Sentence

THANKED: frozenset[ItemKind] = frozenset({"takeaway", "competency", "resource", "action"})
ARTICLE_KINDS = frozenset(kind for kind, _ in closing_drafts.SECTIONS)
"""Kinds of items that an article contains."""
LEAST_SHARED = 0.4
LONGEST_LINE = 40
WordedItem = tuple[Item, str]
LONGEST_TITLE = 12
THANKING = JOINTS | frozenset(
    "hear heard see saw understood understand remember keep helped help helps thank thanks grateful learned learnt "
    "next session time advice showed taught".split()
)
_GIVEN = re.compile(
    r"\byou (?:helped|showed|told|taught|explained|said|suggested|gave|pointed)\b(?! that i (?:can|could|know))"
    r"|\byou(?:'ll| will| are going to|'re going to) |\b(?:thank you|thanks to you)\b(?! for your (?!advice|help|time))"
    r"|\byour (?:advice|help|time|hints?|tips?|ideas?|template|examples?|explanation|question|questions)\b",
    re.IGNORECASE,
)
"""What the note may say about "you": that they helped, what they will do, thanks, and what they gave."""
_TO_YOU = re.compile(r"\byou(?:r|rs|'\w+)?\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|can|could|should|shall|may|must|will|would|has|have|am)\b", re.IGNORECASE
)
_OPEN = re.compile(r"\b(?:whether|open|question|ask|asked|find out|unclear|not known)\b", re.IGNORECASE)
TEACHING = JOINTS | frozenset("open question help helps helped learn learned session".split())


def thanks(client: ModelClient, outcome: SessionOutcome) -> str:
    """The note; greeting and closing come from the catalogue. Raises ModelFailed."""
    if not outcome.items:
        return closing_drafts.thanks(outcome)
    items = [item for item in outcome.items if item.kind in THANKED and item.owner != "mentor"] or outcome.items
    found = client.structured("thanks", ThankYouNote, 200, [_as_line(item) for item in items]).sentences
    good = [sentence for sentence in found[:4] if _may_thank(sentence, outcome, client.near)][:3]
    if not good:
        raise ModelFailed("unsupported")
    return closing_drafts.letter(outcome, " ".join(good))


def article(client: ModelClient, outcome: SessionOutcome) -> ArticleDraft:
    """The article; items that the model does not cover appear as noted. Raises ModelFailed."""
    nameless = closing_drafts.anonymous(outcome)
    relevant = [item for item in nameless.items if item.kind in ARTICLE_KINDS]
    items = [item for item in relevant if client.redaction.hide(item.text + item.quote) == item.text + item.quote]
    if not items:
        return closing_drafts.lesson(outcome)
    plain = closing_drafts.lesson(replace(nameless, items=tuple(items)))
    found = client.structured("article", Draft, 700, [nameless.question, *map(_as_line, items)])
    points = list(_points(found.points, items, nameless.question, client.near))
    summed = next(_points([found.summary], items, nameless.question, client.near), None)
    if not (points or summed):
        raise ModelFailed("unsupported")
    points += _uncovered(found.points, points, items)
    titled = len(found.title.split()) <= LONGEST_TITLE and _is_title(found.title, nameless.question)
    body = closing_drafts.lesson(replace(nameless, items=tuple(_combined(points, summed, items)))).body
    return ArticleDraft(found.title if titled else plain.title, summed[1] if summed else plain.summary, body)


def _combined(points: Sequence[WordedItem], summed: WordedItem | None, items: Sequence[Item]) -> Iterator[Item]:
    """The items with the model's wording, the summary's item if no point has it, and the items of all other kinds as noted."""
    covered = {item.kind for item, _ in points}
    if summed and summed[0].kind in covered and summed[0] not in [item for item, _ in points]:
        points = [summed, *points]
    yield from (replace(item, text=line) for item, line in points)
    yield from (item for item in items if item.kind not in covered)


def _as_line(item: Item) -> str:
    whose = f" of the {item.owner}" if item.owner in ("mentee", "mentor") else " of both" if item.owner else ""
    return f"{item.kind.replace('_', ' ')}{whose}: {item.text}"


def _may_thank(sentence: str, outcome: SessionOutcome, near: Near | None) -> bool:
    """Whether the note may say this sentence: it follows from the items, and says about "you" only what _GIVEN allows.

    "I will" must be an action of the mentee, "you will" one of the mentor.
    """
    if not one_line(sentence, LONGEST_LINE) or _TO_YOU.search(_GIVEN.sub(" ", sentence)):
        return False
    return _source(sentence, _promised(sentence, outcome.items), outcome.question, THANKING, near) is not None


def _promised(sentence: str, items: Sequence[Item]) -> Sequence[Item]:
    """The items that a sentence may be drawn from, by who promises something in it or gave something."""
    low = f" {sentence.lower()} "
    mine = any(part in low for part in (" i will ", " i'll ", " i am going to ", " i'm going to ", " i shall ", " my next "))
    yours = any(part in low for part in (" you will ", " you'll ", " you are going to ", " you're going to ", " you agreed "))
    ours = any(part in low for part in (" we will ", " we'll ", " we are going to "))
    owners = ({"mentee", "both"} if mine else set()) | ({"mentor", "both"} if yours else set()) | ({"both"} if ours else set())
    if mine and yours:
        return []
    if owners:
        return [item for item in items if item.kind == "action" and item.owner in owners]
    return [item for item in items if item.kind in ("takeaway", "decision", "resource")] if _GIVEN.search(sentence) else items


def _points(lines: Iterable[str], items: Sequence[Item], question: str, near: Near | None) -> Iterator[WordedItem]:
    """Each valid line with the item that it is drawn from."""
    for line in dict.fromkeys(lines):
        item = _source(line, items, question, TEACHING, near) if one_line(line, LONGEST_LINE) else None
        if item:
            yield item, line


def _uncovered(lines: Iterable[str], points: Sequence[WordedItem], items: Sequence[Item]) -> Iterator[WordedItem]:
    """The items, as noted, that the rejected lines are about, so that their content is not lost."""
    used, worded = [item for item, _ in points], {line for _, line in points}
    for line in dict.fromkeys(lines):
        item = _closest(line, items) if line not in worded else None
        if item and item not in used:
            used.append(item)
            yield item, item.text


def _source(line: str, items: Sequence[Item], question: str, allowed: frozenset[str], near: Near | None) -> Item | None:
    """The item that the line is drawn from, or the closest one if all items together entail it; else None.

    The line's words come from the item and the question, and it keeps the item's sense and word order. A foreign first word may
    be a name, so it is refused. An open question supports only a line that says that it is open.
    """
    known = "" if _YES_OR_NO.match(question) else question
    items = [item for item in items if item.kind != "open_question" or _OPEN.search(line)]
    for item in items:
        said = f"{item.text} {item.quote}"
        meant = any(faithful(line, text) and not exchanged(line, text) for text in (item.text, item.quote))
        good = meant and drawn(line, (said, known), allowed) and uses(line, said) and not disordered(line, item.text)
        if good and not _as_done(line, item):
            return item
    closed = [item for item in items if item.kind != "open_question"]
    whole = Excerpt(known, "\n".join(f"{item.text}\n{item.quote}" for item in closed))
    named = not drawn(" ".join(line.split()[:1]), (whole.text, known), allowed)
    entailed = closed and not named and not exchanged(line, whole.text) and supported(Sentence(line, (1,)), [whole], near)
    closest = _closest(line, closed) if entailed else None
    return closest if closest and not disordered(line, closest.text) and not _as_done(line, closest) else None


def _as_done(line: str, item: Item) -> bool:
    """Whether the line states an agreed action as already done."""
    said = set(words(item.text))
    past = {word for word in words(line) if word.endswith("ed") and word not in said}
    return item.kind == "action" and any(set(content(word)) & set(content(item.text)) for word in past)


def _closest(line: str, items: Sequence[Item]) -> Item | None:
    """The item that shares most words with the line, if it shares enough."""
    best = max(items, key=lambda item: shared(line, item.text), default=None)
    return best if best and shared(line, best.text) >= LEAST_SHARED else None


def _is_title(title: str, question: str) -> bool:
    form = bool(title) and not _YES_OR_NO.match(question) and not has_address(title) and "\n" not in title
    sound = form and negations(title) == negations(question)
    return sound and drawn(title, (question,)) and uses(title, question)
