"""Documents that a person reads, edits and answers for: the brief, the note of thanks, the article.

A field of the mentee's own hand is never touched. A sentence is drawn from one thing that was said, else it is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.adapters.model.chat import ModelFailed
from assistant.adapters.model.checks import JOINTS, drawn, faithful, negations, one_line, one_question, shared, uses
from assistant.adapters.model.desk import Desk
from assistant.adapters.model.shapes import Draft, Drafted, Letter
from assistant.adapters.model.speaking import ASKING
from assistant.adapters.offline import deadlines, drafts
from assistant.dialogue.alignment import located
from assistant.dialogue.pieces import Excerpt, Lesson, Outcome
from assistant.dialogue.support import Near, claims_status, foreign_words, has_address, states_more, supported
from assistant.domain.brief import Brief, BriefField, FieldName
from assistant.domain.debrief import Item, ItemKind
from assistant.domain.reply import Sentence
from prompts.catalog import text

FIELDS: tuple[FieldName, ...] = ("background", "tried", "success", "deadline", "materials")
MOST_QUESTIONS = 3
MOST_OWN = 3
"""So many words of its own may a question to ask have; none of them a figure or a name, which the brief alone gives."""
FEW_WORDS = 3
"""So few words that no field holds are not worth a call."""
OF_THE_RECORD = foreign_words(
    "sent booked accepted approved confirmed scheduled forwarded cancelled declined refused invited attested agreed answered "
    "mentor mentee session request brief booking appointment invitation calendar", ()
)  # fmt: skip
"""What only the record says; in a question it would be taken for granted."""
AGREEING = frozenset("yes yeah yep ok okay exactly right correct good great fine perfect thanks question".split())
THANKED: frozenset[ItemKind] = frozenset({"takeaway", "competency", "resource", "action"})
TOLD = frozenset(kind for kind, _ in drafts.SECTIONS)
"""What an article is made of."""
LEAST_MEANT = 0.4
LONGEST_LINE = 40
Told = tuple[Item, str]
LONGEST_TITLE = 12
THANKING = JOINTS | frozenset(
    "hear heard see saw understood understand remember keep helped help helps thank thanks grateful learned learnt "
    "next session time advice showed taught".split()
)
_HESITATION = re.compile(r"\b(?:[Uu]m+|[Uu]h+|[Ee]rm?|[Hh]mm+)\b[,.]*\s*")
TEACHING = JOINTS | frozenset("open question help helps helped learn learned session question mentee mentor".split())


def brief(desk: Desk, draft: Brief, said: Sequence[str]) -> Brief:
    """The draft with fields filled from the mentee's words, and questions for the mentor; or the draft, if it holds all that.

    Raises ModelFailed, also if all that the model gave was its own.
    """
    whole = "\n".join(said)
    if not _holds_more(draft, whole):
        return draft
    found = desk.asked("brief", Drafted, 700, list(_telling(said)) or said)
    worded = {field.name: field for field in _fields(draft, found, whole)}
    fields = tuple(worded.get(field.name, field) for field in draft.fields)
    asked = tuple(_questions(found.questions, [field.text for field in fields if field.stated], whole))
    agrees = any(located(getattr(found, name), whole) for name in FIELDS)
    if not (worded or asked or agrees):
        raise ModelFailed("unsupported")
    answered = {text(f"brief.ask_{name}") for name in worded if name in ("background", "tried", "success", "deadline")}
    plain = (one for one in draft.mentor_questions if one not in answered)
    return replace(draft, fields=fields, mentor_questions=tuple(dict.fromkeys((*asked, *plain)))[:MOST_QUESTIONS])


def thanks(desk: Desk, outcome: Outcome) -> str:
    """The note, its greeting and its end from the catalogue. Raises ModelFailed."""
    if not outcome.items:
        return drafts.thanks(outcome)
    items = [item for item in outcome.items if item.kind in THANKED and item.owner != "mentor"] or outcome.items
    found = desk.asked("thanks", Letter, 200, [_told(item) for item in items]).sentences
    good = [one for one in found[:4] if _may_thank(one, outcome, desk.near)][:3]
    if not good:
        raise ModelFailed("unsupported")
    return drafts.letter(outcome, " ".join(good))


def article(desk: Desk, outcome: Outcome) -> Lesson:
    """The article; what the model says nothing of stands as the items do. Raises ModelFailed."""
    nameless = drafts.anonymous(outcome)
    told = [item for item in nameless.items if item.kind in TOLD]
    items = [item for item in told if desk.veil.hide(item.text + item.quote) == item.text + item.quote]
    if not items:
        return drafts.lesson(outcome)
    plain = drafts.lesson(replace(nameless, items=tuple(items)))
    found = desk.asked("article", Draft, 700, [nameless.question, *map(_told, items)])
    points = list(_points(found.points, items, nameless.question, desk.near))
    summed = next(_points([found.summary], items, nameless.question, desk.near), None)
    if not (points or summed):
        raise ModelFailed("unsupported")
    points += _meant(found.points, points, items)
    titled = len(found.title.split()) <= LONGEST_TITLE and _headed(found.title, nameless.question)
    body = drafts.lesson(replace(nameless, items=tuple(_shared(points, summed, items)))).body
    return Lesson(found.title if titled else plain.title, summed[1] if summed else plain.summary, body)


def _shared(points: Sequence[Told], summed: Told | None, items: Sequence[Item]) -> Iterator[Item]:
    """The points as the model words them, with the summary's item where none of them has it; and the items of all other kinds."""
    covered = {item.kind for item, _ in points}
    if summed and summed[0].kind in covered and summed[0] not in [item for item, _ in points]:
        points = [summed, *points]
    yield from (replace(item, text=words) for item, words in points)
    yield from (item for item in items if item.kind not in covered)


def _fields(draft: Brief, found: Drafted, said: str) -> Iterator[BriefField]:
    """The fields that the mentee did not write, where the model has words of the mentee for them; nothing said gets lost."""
    for name in FIELDS:
        old, quote = draft.field(name), located(getattr(found, name), said)
        if old.origin not in ("none", "quote") or not quote or not _fits(name, quote):
            continue
        worded = _tidied(quote)
        if old.origin == "none" or (name != "deadline" and shared(worded, old.text) == 1.0 and worded != old.text):
            yield BriefField(name, worded, "quote", quote)


def _fits(name: FieldName, quote: str) -> bool:
    return name != "deadline" or bool(deadlines.phrases(quote))


def _tidied(quote: str) -> str:
    """The quote on one line, without its hesitations."""
    return " ".join(_HESITATION.sub("", quote).split()) or quote


def _holds_more(draft: Brief, said: str) -> bool:
    """Whether a field is open, or the mentee's words hold more than the fields do."""
    stated = [f"{field.text} {field.quote}" for field in draft.fields if field.stated]
    open_ = any(not draft.field(name).stated for name in FIELDS if name != "materials")
    return open_ or len(foreign_words(said, stated, AGREEING)) > FEW_WORDS


def _telling(said: Sequence[str]) -> Iterator[str]:
    """What tells something that was not told before, such as no "yes, that is it"."""
    for place, one in enumerate(said):
        if foreign_words(one, said[:place], AGREEING):
            yield one


def _questions(asked: Iterable[str], sources: Sequence[str], said: str) -> Iterator[str]:
    """Those about what stands in the brief; what was said beside it the mentor does not learn through them."""
    hidden = foreign_words(said, sources, ASKING | JOINTS)
    for one in asked:
        sound = one_question(one, 30) and not claims_status(one) and not states_more(one, sources)
        own = foreign_words(one, sources, ASKING | JOINTS)
        about = len(own) <= MOST_OWN and any(uses(one, source) for source in sources)
        if sound and about and not own & (hidden | OF_THE_RECORD):
            yield one


def _told(item: Item) -> str:
    whose = f" of the {item.owner}" if item.owner in ("mentee", "mentor") else " of both" if item.owner else ""
    return f"{item.kind.replace('_', ' ')}{whose}: {item.text}"


def _may_thank(sentence: str, outcome: Outcome, near: Near | None) -> bool:
    """Whether the items say it; what "I will" do is an action of the mentee, what "you will" one of the mentor."""
    if not one_line(sentence, LONGEST_LINE):
        return False
    return _source(sentence, _promised(sentence, outcome.items), outcome.question, THANKING, near) is not None


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


def _points(lines: Iterable[str], items: Sequence[Item], question: str, near: Near | None) -> Iterator[Told]:
    """Each good line with the item that it is drawn from, a kind at a time in the order of the items."""
    for line in dict.fromkeys(lines):
        item = _source(line, items, question, TEACHING, near) if one_line(line, LONGEST_LINE) else None
        if item:
            yield item, line


def _meant(lines: Iterable[str], points: Sequence[Told], items: Sequence[Item]) -> Iterator[Told]:
    """The items, as they stand, that other lines are about: what was worth telling is not lost by how it was told."""
    told, said = [item for item, _ in points], {line for _, line in points}
    for line in dict.fromkeys(lines):
        item = _closest(line, items) if line not in said else None
        if item and item not in told:
            told.append(item)
            yield item, item.text


def _source(
    line: str, items: Sequence[Item], question: str, allowed: frozenset[str], near: Near | None
) -> Item | None:  # fmt: skip
    """The item whose words, beside the question's, make up the line, and whose sense it keeps; or the closest one where the
    items together support it. A first word of its own may be a name, since it has a capital either way."""
    for item in items:
        said = f"{item.text} {item.quote}"
        meant = faithful(line, item.text) or faithful(line, item.quote)
        if meant and drawn(line, (said, question), allowed) and uses(line, said):
            return item
    whole = Excerpt(question, "\n".join(f"{item.text}\n{item.quote}" for item in items))
    named = not drawn(" ".join(line.split()[:1]), (whole.text, question), allowed | JOINTS)
    return _closest(line, items) if items and not named and supported(Sentence(line, (1,)), [whole], near) else None


def _closest(line: str, items: Sequence[Item]) -> Item | None:
    """The item most of whose words the line has, if these are not few."""
    best = max(items, key=lambda item: shared(line, item.text), default=None)
    return best if best and shared(line, best.text) >= LEAST_MEANT else None


def _headed(title: str, question: str) -> bool:
    sound = bool(title) and not has_address(title) and "\n" not in title and negations(title) == negations(question)
    return sound and drawn(title, (question,)) and uses(title, question)
