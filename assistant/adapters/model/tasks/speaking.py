"""Wording within the dialogue: the chosen question and the mentee's sharp question.

Each is taken only if it is made of the words it was given, joints aside; what is left to the model is their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks.allowed_words import ASKING, JOINTS
from assistant.adapters.model.tasks.checks import (
    asks_for_oneself,
    drawn,
    negations,
    one_question,
    shared,
)  # fmt: skip
from assistant.adapters.model.tasks.shapes import Question
from assistant.adapters.offline.composing.sharpen import CLOSED, LIMIT
from assistant.dialogue.grounding.entailment import claims_status, states_more
from assistant.dialogue.grounding.folded_words import in_full
from assistant.dialogue.grounding.word_order import exchanged
from assistant.dialogue.language_io import QuestionToAsk
from assistant.domain.need import SLOTS, Need
from assistant.domain.reply import Kind

LONGEST_QUESTION = 30
LEAST_TASK = 0.5
"""How much of the task's words a sharp question keeps, and of those of the part that was chosen."""
LEAST_TOLD = 0.6
"""How much of what the plain question tells of the need another one tells at least."""
TAIL = 400
UNTOLD = ("tried: ", "format: ")
"""What a sharp question leaves to the brief."""
JOINING = CLOSED | frozenset("after when while where with from as at in me we our us help".split())
_CUES = {
    "task": r"\b(?:need|get|done|want) (?:to |it )?(?:get |done|do|help|from)|\bget done\b",
    "part": r"\b(?:which|what) part\b|\bholds? (?:you|it) up\b",
    "context": r"\b(?:situation|who|stands?|background)\b",
    "tried": r"\b(?:tried|try|so far|already)\b",
    "deadline": r"\b(?:when|deadline|due|how soon)\b",
    "format": r"\b(?:suit|call|writing|together|prefer|how)\b",
    "outcome": r"\b(?:know|tell)\b.*\b(?:works?|worked|succeeded|done)\b|\bwant to have\b|\b(?:at|in) the end\b|\blook like\b",
}


def ask(client: ModelClient, wanted: QuestionToAsk) -> str:
    """The chosen question in the mentee's nouns; options that are shown with it say what it is about. Raises ModelFailed."""
    if wanted.options:
        return wanted.plain
    known = _lines(wanted.need) or ([wanted.said[-TAIL:]] if wanted.said.strip() else [])
    if not known:
        return wanted.plain
    found = client.structured("ask", Question, 120, known, plain=wanted.plain).question
    sources = (wanted.said, wanted.plain, *known)
    cue = re.search(_CUES.get(wanted.asks.name, r"\w"), found, re.IGNORECASE)
    allowed = ASKING | JOINTS if wanted.asks.name == "format" else (ASKING | JOINTS) - frozenset(("call",))
    good = one_question(found, LONGEST_QUESTION) and not claims_status(found) and drawn(found, sources, allowed)
    kept = not states_more(found, (wanted.plain, *known, in_full("\n".join(known))))
    meant = good and cue and kept and negations(found) <= negations("\n".join(sources))
    if not (meant or found == wanted.plain):
        raise ModelFailed("unsupported")
    return found


def sharpen(client: ModelClient, need: Need, kind: Kind, plain: str = "") -> str:
    """The need as one question of the mentee to a mentor, which says about as much as the plain one. Raises ModelFailed."""
    told = [line for line in _lines(need) if not line.startswith(UNTOLD)]
    found = client.structured("sharpen", Question, 160, told or _lines(need), kind=kind.value).question
    found = found[:1].upper() + found[1:]
    values = [*(need.value(name) for name in SLOTS), *(facet.value for facet in need.facets)]
    task = need.value("task") or next((value for value in values if value), "")
    form = one_question(found, LIMIT) and asks_for_oneself(found) and not claims_status(found)
    full = _as_full(found, plain, [value for value in values if value and not claims_status(value)], need)
    said = [*values, *(slot.quote for slot in need.slots.values())]
    whole = full and form and drawn(found, said, JOINING | JOINTS) and not exchanged(found, ". ".join(said))
    if not (whole and shared(found, task) >= LEAST_TASK and _as_meant(found, task, values)):
        raise ModelFailed("unsupported")
    return found


def _lines(need: Need) -> list[str]:
    """The need, a line for each thing that is known, the task first."""
    slots = [f"{name}: {need.value(name)}" for name in SLOTS if need.value(name)]
    parts = [f"part: {facet.value}" for facet in need.facets if facet.value]
    first = 1 if need.value("task") else 0
    return [*slots[:first], *parts, *slots[first:]]


def _as_full(question: str, plain: str, values: Sequence[str], need: Need) -> bool:
    """Whether it tells about as much as the plain one does, and the part that the mentee chose."""
    told = " ".join(values)
    chosen = (facet.value for facet in need.facets if facet.value in values and shared(plain, facet.value) >= LEAST_TASK)
    enough = shared(question, told) >= LEAST_TOLD * shared(plain, told)
    return enough and all(shared(question, part) >= LEAST_TASK for part in chosen)


def _as_meant(question: str, task: str, values: Sequence[str]) -> bool:
    """Whether every "not" of the task is kept, and none was added that nobody said."""
    return negations(task) <= negations(question) <= negations("\n".join(values))
