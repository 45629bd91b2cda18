"""The dialogue policy: from the request, what was understood and what was found, to one move.

`route` decides whether the assistant may answer at all; `settle` decides the move.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.brief_talk import AsksAbout, FieldEdit, WantsOthers, brief_wish, named
from assistant.dialogue.clarify import Candidate, Questioner, next_question, tells_something
from assistant.dialogue.moves import (
    AnswerMore,
    Ask,
    AtBrief,
    Because,
    Choose,
    Confirm,
    Decline,
    EditBrief,
    Move,
    Others,
    Propose,
    Redraft,
    Refer,
    Reopen,
    Solve,
    Stop,
    Tell,
)  # fmt: skip
from assistant.dialogue.understanding import Act, Understanding
from assistant.domain import stages as s
from assistant.domain.need import Need
from assistant.domain.reply import Kind
from assistant.domain.request import Request

Route = Literal["answer", "silent", "closed"]
_EXCEPT = re.compile(r"\b(?:not|but|except|instead of|rather than|other than|without)\b|n['\u2019]t\b", re.IGNORECASE)
_CHOICE = re.compile(r"^\W*+(?:number|no\.?|mentor|person)?\s*+(\d{1,2})\W*+$", re.IGNORECASE)
CLOSING = frozenset({"crisis", "harassment", "discrimination"})
"""The topics whose referral closes the request."""
_PRIVATE = re.compile(
    r"\b(?:where(?:abouts)?|when (?:he|she|they)|calendar|desk|address|salar|earn|fired|dating|affair|gossip|true that|rumou?r)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """Search results for the current need. `known` is false if the knowledge base has no answer.

    `unclear` means that an answer is nearly found, so that more information may decide.
    """

    known: bool = False
    candidates: Sequence[Candidate] = ()
    unclear: bool = False


def route(request: Request) -> Route:
    """Whether the assistant may answer: "silent" while the mentor owns the reply, "closed" after the end."""
    if isinstance(request.stage, s.Closed):
        return "closed"
    return "silent" if request.owner is s.Party.MENTOR else "answer"


def may_clarify(request: Request) -> bool:
    """Whether the next turn may be answered with a clarifying question: only while no question is proposed."""
    return isinstance(request.stage, s.Sharpening) and not request.question


def settle(
    request: Request, claim: Understanding, need: Need, kind: Kind, text: str, found: Found, ask: Questioner = next_question
) -> Move:
    """The move for one turn. `need` and `kind` already include the turn; `text` is its message; `ask` chooses the question."""
    urgent = _urgent(request, claim, kind)
    if urgent:
        return urgent
    by_stage: dict[type[s.Stage], Callable[[], Move]] = {
        s.Sharpening: lambda: _sharpening(request, claim, need, kind, text) or _clarify(request, claim, need, found, ask),
        s.Ready: lambda: _ready(request, claim, need, text),
        s.Briefing: lambda: _briefing(request, claim, need, text),
        s.MoreAsked: lambda: AnswerMore(text),
    }
    decide = by_stage.get(type(request.stage))
    return decide() if decide else Tell("other.debrief_how")


def _urgent(request: Request, claim: Understanding, kind: Kind) -> Move | None:
    """Moves with priority in every stage: a sensitive matter, a stop, "that solved it"."""
    if kind is Kind.SENSITIVE or claim.topic:
        topic = claim.topic or "confidential"
        return Refer(topic, closes=topic in CLOSING)
    if isinstance(request.stage, s.Debriefing):
        return None
    in_dialogue = isinstance(request.stage, s.Sharpening | s.Ready | s.Briefing)
    if in_dialogue and request.question and Act.CONFIRM in claim.acts:
        return None
    if Act.STOP in claim.acts:
        return Stop()
    if in_dialogue and Act.SOLVED in claim.acts and request.version > 1 and request.replies:
        return Solve()
    return None


def _sharpening(request: Request, claim: Understanding, need: Need, kind: Kind, text: str) -> Move | None:
    """Moves with priority over a clarifying question, or None."""
    chosen = choice(request, text)
    if chosen:
        return chosen
    if request.question and Act.CONFIRM in claim.acts:
        return Confirm(request.question)
    if kind is Kind.OUT_OF_SCOPE:
        return Decline(private=not claim.scope_unsure and bool(_PRIVATE.search(text)))
    if _only(claim, need, request, Act.GREETING):
        return Tell("greet.hello")
    if _only(claim, need, request, Act.THANKS):
        return Tell("greet.thanks")
    if _only(claim, need, request, Act.NO_REQUEST):
        return Tell("greet.no_request")
    if kind is Kind.WANTS_PERSON or Act.WANTS_PERSON in claim.acts:
        return Propose(Because.PERSON if need.has_topic or tells_something(text) else Because.PERSON_NO_TOPIC)
    if request.question and Act.NOT_SOLVED in claim.acts and need == request.need:
        return Others()
    if kind is Kind.TRAJECTORY:
        return Propose(Because.TRAJECTORY)
    if kind is Kind.SPECIFIC:
        return Propose(Because.SPECIFIC)
    return None


def _clarify(request: Request, claim: Understanding, need: Need, found: Found, ask: Questioner) -> Move:
    question: Ask | None = None
    if may_clarify(request):
        question = ask(need, request.asked, found.candidates, claim, "\n".join(request.words()))
    return question or Propose(Because.QUESTION)


def _ready(request: Request, claim: Understanding, need: Need, text: str) -> Move:
    chosen = choice(request, text)
    if chosen:
        return chosen
    if _says_more(request, need):
        return Reopen()
    if Act.NOT_SOLVED in claim.acts:
        return Others()
    if Act.WANTS_PERSON in claim.acts:
        return Propose(Because.PERSON)
    if Act.THANKS in claim.acts:
        return Tell("greet.thanks")
    return Tell("other.repeat_choice")


def _briefing(request: Request, claim: Understanding, need: Need, text: str) -> Move:
    asked = at_brief(request, text)
    if asked:
        return asked
    if claim.acts & {Act.NOT_SOLVED, Act.WANTS_PERSON}:
        return Others()
    if _says_more(request, need):
        return Redraft()
    if Act.THANKS in claim.acts:
        return Tell("greet.thanks")
    kept = tells_something(text) and Act.CONFIRM not in claim.acts
    return Tell("other.brief_kept") if kept else AtBrief("send")


def at_brief(request: Request, text: str) -> Move | None:
    """What a message at the brief asks for by a set phrase or a name, which is no statement for a slot; else None."""
    if not isinstance(request.stage, s.Briefing):
        return None
    other = named(text, request.matches)
    if other:
        return AtBrief("send") if other == request.stage.recipients[0] else Choose(other)
    match brief_wish(text):
        case FieldEdit() as edit:
            return EditBrief(edit)
        case WantsOthers():
            return Others()
        case AsksAbout(topic=topic):
            return AtBrief(topic)
        case _:
            return choice(request, text)


def choice(request: Request, text: str) -> Choose | None:
    """A suggested mentor, chosen by number or by full name."""
    match = _CHOICE.match(text)
    if match and 1 <= int(match[1]) <= len(request.matches):
        return Choose(request.matches[int(match[1]) - 1].mentor)
    named = [m.mentor for m in request.matches if m.name.casefold() in text.casefold()]
    return Choose(named[0]) if len(named) == 1 and len(text) <= 80 and not _EXCEPT.search(text) else None


def _says_more(request: Request, need: Need) -> bool:
    """Whether the turn changed slots or facets; hints alone do not undo a step."""
    return (need.slots, need.facets) != (request.need.slots, request.need.facets)


def _only(claim: Understanding, need: Need, request: Request, act: Act) -> bool:
    return act in claim.acts and not claim.slots and need.slots == request.need.slots
