"""Documents that a person reads, edits and answers for: the brief, the note of thanks, the article.

A field of the mentee's own hand is never touched. A sentence is drawn from one thing that was said, else it is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.adapters.model.chat import ModelFailed
from assistant.adapters.model.checks import drawn, faithful, negations, one_line, one_question, shared, uses
from assistant.adapters.model.desk import Desk
from assistant.adapters.model.shapes import Draft, Drafted, Letter, Line
from assistant.adapters.model.speaking import ASKING
from assistant.adapters.offline import deadlines, drafts
from assistant.dialogue.alignment import located
from assistant.dialogue.pieces import Lesson, Outcome
from assistant.dialogue.support import claims_status, has_address
from assistant.domain.brief import Brief, BriefField, FieldName
from assistant.domain.debrief import Item
from prompts.catalog import text

FIELDS: tuple[FieldName, ...] = ("background", "tried", "success", "deadline", "materials")
MOST_QUESTIONS = 3
LONGEST_LINE = 40
LONGEST_TITLE = 12
THANKING = frozenset("helped help helps thank thanks grateful learned learnt next session time advice showed taught".split())
TEACHING = frozenset("help helps helped learn learned session question mentee mentor".split())


def brief(desk: Desk, draft: Brief, said: Sequence[str]) -> Brief:
    """The draft with fields filled from the mentee's words, and questions for the mentor; or the draft, if it holds all that.

    Raises ModelFailed, also if all that the model gave was its own.
    """
    whole = "\n".join(said)
    question = draft.field("question").text
    found = desk.asked("brief", Drafted, 700, [question, *said])
    worded = {field.name: field for field in _fields(draft, found, whole)}
    fields = tuple(worded.get(field.name, field) for field in draft.fields)
    asked = tuple(_questions(found.questions, [field.text for field in fields if field.stated]))
    agrees = any(located(getattr(found, name).quote, whole) for name in FIELDS)
    if not (worded or asked or agrees):
        raise ModelFailed("unsupported")
    answered = {text(f"brief.ask_{name}") for name in worded if name in ("background", "tried", "success", "deadline")}
    plain = (one for one in draft.mentor_questions if one not in answered)
    return replace(draft, fields=fields, mentor_questions=tuple(dict.fromkeys((*asked, *plain)))[:MOST_QUESTIONS])


def thanks(desk: Desk, outcome: Outcome) -> str:
    """The note, its greeting and its end from the catalogue. Raises ModelFailed."""
    if not outcome.items:
        return drafts.thanks(outcome)
    items = [_told(item) for item in outcome.items]
    found = desk.asked("thanks", Letter, 200, [outcome.question, *items]).sentences
    good = [one for one in found[:4] if _may_thank(one, outcome)][:3]
    if not good:
        raise ModelFailed("unsupported")
    return drafts.letter(outcome, " ".join(good))


def article(desk: Desk, outcome: Outcome) -> Lesson:
    """The article; what the model says nothing of stands as the items do. Raises ModelFailed."""
    nameless = drafts.anonymous(outcome)
    items = [item for item in nameless.items if desk.veil.hide(item.text + item.quote) == item.text + item.quote]
    if not items:
        return drafts.lesson(outcome)
    plain = drafts.lesson(replace(nameless, items=tuple(items)))
    found = desk.asked("article", Draft, 700, [nameless.question, *map(_told, items)])
    points = list(_points([point.text for point in found.points], items, nameless.question))
    if not points:
        raise ModelFailed("unsupported")
    covered = {item.kind for item, _ in points}
    rest = [item for item in items if item.kind not in covered]
    made = [replace(item, text=words) for item, words in points]
    whole = drafts.lesson(replace(nameless, items=(*made, *rest)))
    summary = next((words for _, words in _points([found.summary], items, nameless.question)), plain.summary)
    titled = len(found.title.split()) <= LONGEST_TITLE and _headed(found.title, nameless.question)
    return Lesson(found.title if titled else plain.title, summary, whole.body)


def _fields(draft: Brief, found: Drafted, said: str) -> Iterator[BriefField]:
    """The fields that the mentee did not write, where the model has words of the mentee for them; nothing said gets lost."""
    for name in FIELDS:
        old, line = draft.field(name), getattr(found, name)
        quote = located(line.quote, said)
        if old.origin not in ("none", "quote") or not quote or not _fits(name, quote):
            continue
        worded = _worded(line, quote)
        if old.origin == "none" or (name != "deadline" and shared(worded, old.text) == 1.0 and worded != old.text):
            yield BriefField(name, worded, "quote", quote)


def _fits(name: FieldName, quote: str) -> bool:
    return name != "deadline" or bool(deadlines.phrases(quote))


def _worded(line: Line, quote: str) -> str:
    """The tidied words if they say the same as the quote, else the quote on one line."""
    same = drawn(line.text, (quote,)) and shared(line.text, quote) >= 0.5 and faithful(line.text, quote)
    return " ".join((line.text if line.text and same else quote).split())


def _questions(asked: Iterable[str], sources: Sequence[str]) -> Iterator[str]:
    """Those made of what stands in the brief: the mentor learns of nothing else through them."""
    for one in asked:
        sound = one_question(one, 30) and not claims_status(one) and drawn(one, sources, ASKING)
        if sound and any(uses(one, source) for source in sources):
            yield one


def _told(item: Item) -> str:
    whose = f" of the {item.owner}" if item.owner in ("mentee", "mentor") else " of both" if item.owner else ""
    return f"{item.kind.replace('_', ' ')}{whose}: {item.text}"


def _may_thank(sentence: str, outcome: Outcome) -> bool:
    """Whether it is drawn from one item; what "I will" do is an action of the mentee, what "you will" one of the mentor."""
    if not one_line(sentence, LONGEST_LINE):
        return False
    return _source(sentence, _promised(sentence, outcome.items), outcome.question, THANKING) is not None


def _promised(sentence: str, items: Sequence[Item]) -> Sequence[Item]:
    """The items that a sentence with a promise in it may be drawn from."""
    low = f" {sentence.lower()} "
    mine = any(words in low for words in (" i will ", " i'll ", " i am going to ", " i'm going to ", " i shall ", " my next "))
    yours = any(words in low for words in (" you will ", " you'll ", " you are going to ", " you're going to ", " you agreed "))
    ours = any(words in low for words in (" we will ", " we'll ", " we are going to "))
    owners = ({"mentee", "both"} if mine else set()) | ({"mentor", "both"} if yours else set()) | ({"both"} if ours else set())
    if mine and yours:
        return []
    return [item for item in items if item.kind == "action" and item.owner in owners] if owners else items


def _points(lines: Iterable[str], items: Sequence[Item], question: str) -> Iterator[tuple[Item, str]]:
    """Each good line with the item that it is drawn from, a kind at a time in the order of the items."""
    for line in dict.fromkeys(lines):
        item = _source(line, items, question, TEACHING) if one_line(line, LONGEST_LINE) else None
        if item:
            yield item, line


def _source(line: str, items: Iterable[Item], question: str, allowed: frozenset[str]) -> Item | None:
    """The one item whose words, beside the question's, make up the line, and whose sense it keeps."""
    for item in items:
        said = f"{item.text} {item.quote}"
        meant = faithful(line, item.text) or faithful(line, item.quote)
        if meant and drawn(line, (said, question), allowed) and uses(line, said):
            return item
    return None


def _headed(title: str, question: str) -> bool:
    sound = bool(title) and not has_address(title) and "\n" not in title and negations(title) == negations(question)
    return sound and drawn(title, (question,)) and uses(title, question)
