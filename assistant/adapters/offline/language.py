"""The offline language adapter: understanding and wording with nothing but what is installed."""

from __future__ import annotations

import re
from datetime import date

from assistant.adapters.offline import deadlines
from assistant.dialogue.understanding import Act, Extraction, Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need, SlotName
from assistant.domain.reply import Kind
from retrieval.ports import Embeddings

_RULES: dict[SlotName, str] = {
    "tried": r"\b(?:tried|i(?:'ve| have)? already|so far|rewrote|no luck|asked|checked)\b",
    "outcome": r"\b(?:i want|i'd like|i would like|goal|ideally|end up with|so that|should be)\b",
    "format": r"\b(?:\d+ ?min|half an hour|an hour|call|video|by email|written|screen share|review)\b",
    "task": r"\b(?:how (?:do|to|can|should)|need|help with|review|look at|prepare|write|build|present)\b|\?$",
    "context": r"\b(?:i'm|i am|my|our|we)\b",
}
_ACTS = {
    Act.WANTS_PERSON: r"\b(?:get me|talk to|speak (?:to|with)) (?:a|an|some)?(?: real)? ?(?:person|human|somebody|someone|one)\b",
    Act.SOLVED: r"\b(?:that|this) (?:solved|fixed|answers) (?:it|my question)\b|^solved\b",
    Act.SKIP: r"^(?:skip|pass|next|n/?a|-)\b",
    Act.NOT_SURE: r"\b(?:not sure|no idea|don'?t know|dunno|idk)\b",
    Act.GREETING: r"^(?:hi|hello|hey|good (?:morning|afternoon|evening))\W*$",
    Act.THANKS: r"^(?:many )?(?:thanks|thank you|thx|cheers)\b[^.]{0,20}$",
    Act.STOP: r"^(?:stop|cancel|quit|never ?mind|forget it)\W*$",
    Act.CONFIRM: r"^(?:yes|confirm|ok(?:ay)?|looks right|that'?s it|sounds good)\b",
    Act.CORRECTION: r"\b(?:no,? i meant|actually|not \w+, \w+)\b",
}
_SENSITIVE = r"\b(?:harass\w*|burn(?:ed|t)?[ -]?out|suicid\w*|gropes?d?|bullied|kill myself|panic attacks?)\b"


class OfflineLanguage:
    """Implements `ports.Language`. The model is loaded at the first use."""

    def __init__(self, embeddings: Embeddings | None = None) -> None:
        self._embeddings = embeddings

    def understand(self, turn: Turn) -> Understanding:
        text = turn.text
        acts = frozenset(act for act, pattern in _ACTS.items() if re.search(pattern, text.strip(), re.IGNORECASE))
        if acts & {Act.SKIP, Act.NOT_SURE, Act.GREETING, Act.THANKS, Act.STOP, Act.SOLVED, Act.CONFIRM}:
            return Understanding(Kind.VAGUE, acts)
        if re.search(_SENSITIVE, text, re.IGNORECASE):
            return Understanding(Kind.SENSITIVE, acts, topic="crisis")
        if turn.asked and turn.asked.kind == "facet":
            return Understanding(Kind.VAGUE, acts, facet=text.strip())
        slots = _asked(turn) or _clauses(turn)
        kind = Kind.SPECIFIC if {"task", "outcome"} <= {s.slot for s in slots} else Kind.VAGUE
        if Act.WANTS_PERSON in acts:
            kind = Kind.WANTS_PERSON
        return Understanding(kind, acts, slots, presence={s.slot: s.confidence for s in slots})

    def sharpen(self, need: Need, kind: Kind) -> str:
        task = need.value("task") or need.value("context") or next((f.value for f in need.facets), "this")
        return task if task.endswith("?") else f"What should I do about {task.rstrip('.!')}?"

    def debrief(self, notes: str, brief: Brief, mentee: str, mentor: str, on: date) -> Debrief:
        from assistant.adapters.offline.debrief import structure

        return structure(notes, brief, mentee, mentor, on)


def _asked(turn: Turn) -> tuple[Extraction, ...]:
    name = turn.asked.name if turn.asked else ""
    quote = turn.text.strip()
    slot = next((s for s in (*_RULES, "deadline") if s == name), None)
    if slot is None or not quote:
        return ()
    due = deadlines.due(quote, turn.at, turn.time_zone) if slot == "deadline" else None
    return (Extraction(slot, quote, quote, due=due),)


def _clauses(turn: Turn) -> tuple[Extraction, ...]:
    found: dict[SlotName, Extraction] = {}
    for start, end, _ in deadlines.phrases(turn.text)[:1]:
        quote = turn.text[start:end]
        found["deadline"] = Extraction("deadline", quote, quote, 0.7, deadlines.due(quote, turn.at, turn.time_zone))
    for clause in re.split(r"(?<=[.!?;])\s+|\n+|\s-\s", turn.text):
        for slot, pattern in _RULES.items():
            if slot not in found and clause.strip() and re.search(pattern, clause, re.IGNORECASE):
                found[slot] = Extraction(slot, clause.strip(), clause.strip(), 0.6)
                break
    return tuple(found.values())
