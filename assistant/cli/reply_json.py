"""Converts a reply to the JSON object of `askwell chat --json`: always the same keys in the same order.

A refusal has the key `refused` too; the other keys then describe the unchanged request.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from assistant.domain.mentor import Citation, Match
from assistant.domain.need import Need
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Asks, Reply
from assistant.domain.request import Request
from assistant.domain.stages import stage_name
from assistant.services.results import Refusal


class AsksJson(TypedDict):
    kind: str
    name: str


class SlotJson(TypedDict):
    value: str
    quote: str
    due: NotRequired[str]


class CitationJson(TypedDict):
    article: str
    passage: str
    quote: str


class ExpertJson(TypedDict):
    id: str
    score: float
    reason: str
    quote: str
    skills: list[str]
    lowered: list[str]
    second_perspective: bool
    next_slot: str | None


class SentenceJson(TypedDict):
    """`cites` are positions in `citations`, from 1."""

    text: str
    cites: list[int]


class ProvenanceJson(TypedDict):
    """`way` is "offline" or "model"; `fallback` is a code for why a part was done offline although a model is set."""

    way: str
    fallback: str
    prompts: list[str]
    model: str


class ReplyJson(TypedDict):
    """`need` has only the filled slots; `due` and `next_slot` are ISO 8601; `asks` is null if nothing is asked."""

    stage: str
    owner: str
    kind: str
    say: str
    question: str
    asks: AsksJson | None
    options: list[str]
    need: dict[str, SlotJson]
    sharp_question: str
    answer: list[SentenceJson]
    citations: list[CitationJson]
    experts: list[ExpertJson]
    next_step: str
    provenance: ProvenanceJson
    refused: NotRequired[str]


def answer_json(request: Request, reply: Reply, next_step: str) -> ReplyJson:
    """The reply to a message; while a person owns the request, it has only the status sentence."""
    return _object(request, reply, next_step)


def refusal_json(request: Request, refusal: Refusal, next_step: str) -> ReplyJson:
    """A refusal with the unchanged request (an empty `Request` before the first message)."""
    return {**_object(request, Reply((), refusal.say), next_step), "refused": refusal.code}


def _object(request: Request, reply: Reply, next_step: str) -> ReplyJson:
    return {
        "stage": stage_name(request.stage),
        "owner": str(request.owner),
        "kind": str(request.kind),
        "say": reply.say,
        "question": reply.question,
        "asks": _asks(reply.asks),
        "options": list(reply.options),
        "need": _need(request.need),
        "sharp_question": reply.sharp_question or request.question,
        "answer": [{"text": sentence.text, "cites": list(sentence.cites)} for sentence in reply.answer],
        "citations": [_citation(citation) for citation in reply.citations],
        "experts": [_expert(match) for match in reply.matches],
        "next_step": next_step,
        "provenance": _provenance(reply.provenance),
    }


def _asks(asks: Asks | None) -> AsksJson | None:
    return {"kind": asks.kind, "name": asks.name} if asks else None


def _need(need: Need) -> dict[str, SlotJson]:
    found: dict[str, SlotJson] = {}
    for name, slot in need.slots.items():
        found[name] = {"value": slot.value, "quote": slot.quote}
        if slot.due:
            found[name]["due"] = slot.due.isoformat()
    return found


def _provenance(origin: Provenance) -> ProvenanceJson:
    return {"way": origin.way, "fallback": origin.fallback, "prompts": list(origin.prompts), "model": origin.model}


def _citation(citation: Citation) -> CitationJson:
    return {"article": citation.article, "passage": citation.passage, "quote": citation.quote}


def _expert(match: Match) -> ExpertJson:
    return {
        "id": match.mentor,
        "score": match.score,
        "reason": match.reason,
        "quote": match.quote,
        "skills": list(match.skills),
        "lowered": list(match.lowered),
        "second_perspective": match.second_perspective,
        "next_slot": match.next_slot.start.isoformat() if match.next_slot else None,
    }
