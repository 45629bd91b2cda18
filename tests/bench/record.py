"""The record after the crowd has gone: every message that was acknowledged is stored once, and answered once where it is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from assistant.adapters.store.sql_engine import open_engine
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.dialogue.policy import route
from assistant.domain import events as e
from assistant.domain.request import Request, evolve


def differences(data: Path, said: Iterable[tuple[str, str]]) -> list[str]:
    """One sentence for each message that is not as it must be; `said` are pairs of request and message id."""
    engine = open_engine(f"sqlite:///{data.resolve() / 'askwell.db'}")
    store, by_request = SqlRequestStore(engine), dict[str, list[str]]()
    for request, message in said:
        by_request.setdefault(request, []).append(message)
    try:
        return [wrong for request, known in by_request.items() for wrong in _wrong(store.events(request), request, known)]
    finally:
        engine.dispose()


def ways(data: Path, requests: Iterable[str]) -> Counter[str]:
    """How many answers came which way: "offline", "model", or why a part was done without the model."""
    engine = open_engine(f"sqlite:///{data.resolve() / 'askwell.db'}")
    store = SqlRequestStore(engine)
    try:
        replies = [event.reply for one in set(requests) for event in store.events(one) if isinstance(event, e.Replied)]
    finally:
        engine.dispose()
    told = [reply.provenance for reply in replies if reply.provenance]
    return Counter(f"{one.way}, {one.fallback}" if one.fallback else one.way for one in told)


def _wrong(events: Iterable[e.Event], request_id: str, acknowledged: list[str]) -> Iterable[str]:
    """Compares with a replay: a message is due an answer when the assistant had the word as it was stored."""
    request, stored, answered, due = Request(request_id), Counter[str](), Counter[str](), set[str]()
    for event in events:
        request = evolve(request, event)
        if isinstance(event, e.Said | e.ExchangePosted):
            stored[event.message_id.rpartition(":")[2]] += 1
        if isinstance(event, e.Said) and route(request) == "answer":
            due.add(event.message_id)
        elif isinstance(event, e.Replied):
            answered.update(event.reply.to)
    if request.pending:
        yield f"{request_id}: {len(request.pending)} waiting for an answer"
    for message in acknowledged:
        wanted = int(message in due)
        if stored[message] != 1:
            yield f"{request_id}: {message} stored {stored[message]} times"
        elif answered[message] != wanted:
            yield f"{request_id}: {message} answered {answered[message]} times instead of {wanted}"
