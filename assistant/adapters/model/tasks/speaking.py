"""Words the chosen question to the mentee, and the mentee's sharp question.

A wording is accepted only if its content words come from its sources; the model chooses their order and the function words.
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
from assistant.dialogue.grounding.entailment import claims_status, states_more
from assistant.dialogue.grounding.folded_words import in_full
from assistant.dialogue.grounding.word_order import exchanged
from assistant.dialogue.language_io import QuestionToAsk
from assistant.domain.need import SLOTS, Need
from assistant.domain.reply import Kind

LONGEST_QUESTION = 30
LIMIT = 45
"""Most words of a sharp question by a model."""
LEAST_TASK = 0.5
"""Least share of the words of the task, and of a chosen part, that a sharp question keeps."""
LEAST_OF_PLAIN = 0.6
"""Least share of the need's words in the plain question that the model's question also has."""
TAIL = 400
LEFT_TO_BRIEF = ("tried: ", "format: ")
"""Slots that a sharp question does not contain."""
JOINING = frozenset(
    "how do i go about get what should could can my your feedback on minutes for which first step take now towards to find out "
    "the and that given so before aiming by especially although this it are with after when while where from as at in me "
    "we our us help".split()
)
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
    """The chosen question in the mentee's words; a question with options keeps its plain text. Raises ModelFailed."""
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
    """The need as one question to a mentor, with about as much content as the plain one. Raises ModelFailed."""
    lines = [line for line in _lines(need) if not line.startswith(LEFT_TO_BRIEF)]
    found = client.structured("sharpen", Question, 160, lines or _lines(need), kind=kind.value).question
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
    """The known slots and facets of the need, one per line, the task first."""
    slots = [f"{name}: {need.value(name)}" for name in SLOTS if need.value(name)]
    parts = [f"part: {facet.value}" for facet in need.facets if facet.value]
    first = 1 if need.value("task") else 0
    return [*slots[:first], *parts, *slots[first:]]


def _as_full(question: str, plain: str, values: Sequence[str], need: Need) -> bool:
    """Whether it has about as much content as the plain question, and the part that the mentee chose."""
    stated = " ".join(values)
    chosen = (facet.value for facet in need.facets if facet.value in values and shared(plain, facet.value) >= LEAST_TASK)
    enough = shared(question, stated) >= LEAST_OF_PLAIN * shared(plain, stated)
    return enough and all(shared(question, part) >= LEAST_TASK for part in chosen)


def _as_meant(question: str, task: str, values: Sequence[str]) -> bool:
    """Whether it keeps every negation of the task and adds none that was not said."""
    return negations(task) <= negations(question) <= negations("\n".join(values))
