"""Live updates: tells a person's open pages within two seconds that something concerning them changed, never what.

One watcher per process polls the store twice a second, in a thread, and counts changes by person. `GET /live` sends a person's
count as Server-Sent Events. Each event has an id, so a page that reconnects learns of changes it missed. With too many streams
of one person the oldest ends, and its page is sent "poll".
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from assistant.ports import ChangeMark, Changes, Clock, StoreUnavailable
from assistant.services.accounts.access import Actor, Role
from assistant.services.conversing.status_text import say
from ui.gateway.live_streams import LiveStream, LiveStreams
from ui.gateway.refusals import refusal
from ui.gateway.request_actor import FindActor, signed_in_actor

MOST_STREAMS = 3
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class StreamTiming:
    """How often the store is polled, a keep-alive is sent and the sign-in is checked, and how long a stream lasts."""

    poll_seconds: float = 0.5
    keep_alive_seconds: float = 15
    check_seconds: float = 15
    longest_seconds: float = 600


class Hub:
    """Counts changes by person and wakes the streams that wait for them. It belongs to one event loop."""

    def __init__(
        self, changes: Changes, clock: Clock, timing: StreamTiming = StreamTiming(), most_streams: int = MOST_STREAMS
    ) -> None:
        self.timing, self.stopped = timing, False
        self._streams = LiveStreams(most_streams)
        self._changes, self._clock = changes, clock
        self._counts: Counter[str] = Counter()
        self._changed = asyncio.Event()
        self._process = secrets.token_hex(4)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Runs the watcher while the context is open."""
        watcher = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.stop()
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher

    def stop(self) -> None:
        """Ends every stream, for good."""
        self.stopped = True
        self._wake()

    @contextmanager
    def stream(self, actor: Actor) -> Iterator[LiveStream]:
        """Opens a stream of this person, which may replace their oldest one; leaving the context closes it."""
        stream = self._streams.enter(actor.id)
        self._wake()
        try:
            yield stream
        finally:
            self._streams.leave(actor.id, stream)

    def count(self, actor: Actor) -> int:
        """Changes that concerned this person, as mentee or mentor, since the process started."""
        return sum(self._counts[name] for name in _notification_names(actor))

    def id(self, actor: Actor) -> str:
        """The count as an event id, unique to this process."""
        return f"{self._process}-{self.count(actor)}"

    async def wait_for_change(self, actor: Actor, count: int, timeout: float, stream: LiveStream | None = None) -> bool:
        """True once the person's count differs from `count`; False after `timeout` seconds or when server or stream end."""
        stream = stream or LiveStream()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not (self.stopped or stream.replaced) and self.count(actor) == count:
                    await self._changed.wait()
        return not self.stopped and self.count(actor) != count

    async def _watch(self) -> None:
        mark: ChangeMark | None = None
        failing = False
        while True:
            try:
                mark, people = await asyncio.to_thread(self._poll, mark)
            except Exception as error:
                if not failing:
                    _LOG.warning("cannot read changes, will retry", exc_info=error)
                failing = True
            else:
                failing = False
                self._add(people)
            await asyncio.sleep(self.timing.poll_seconds)

    def _poll(self, mark: ChangeMark | None) -> tuple[ChangeMark, frozenset[str]]:
        now = self._clock.now()
        return self._changes.since(mark, now) if mark else (self._changes.start(now), frozenset())

    def _add(self, people: frozenset[str]) -> None:
        if people:
            self._counts.update(people)
            self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def live_router(find_actor: FindActor, hub: Hub) -> APIRouter:
    """`GET /live`: the stream of the signed-in person; 401 without a sign-in."""
    router = APIRouter()

    @router.get("/live", include_in_schema=False)
    async def live(request: Request) -> Response:
        actor = await signed_in_actor(find_actor, request.scope)
        if actor is None:
            return refusal(request.scope, 401, say("http_error.signed_out"))
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(request, actor, find_actor, hub), media_type="text/event-stream", headers=headers)

    return router


async def _stream(request: Request, actor: Actor, find_actor: FindActor, hub: Hub) -> AsyncIterator[str]:
    """Ends with the sign-in, with the server, when replaced, or after `longest_seconds`; then the browser reconnects."""
    now = asyncio.get_running_loop().time
    count, timing = hub.count(actor), hub.timing
    end, check = now() + timing.longest_seconds, now() + timing.check_seconds
    yield f"retry: 1000\nid: {hub.id(actor)}\n\n"
    if request.headers.get("last-event-id", hub.id(actor)) != hub.id(actor):
        yield _event(hub, actor, count)
    with hub.stream(actor) as stream:
        while not (hub.stopped or stream.replaced) and now() < end:
            wait = min(timing.keep_alive_seconds, check - now(), end - now())
            if await hub.wait_for_change(actor, count, max(wait, 0), stream):
                count = hub.count(actor)
                yield _event(hub, actor, count)
            elif not (hub.stopped or stream.replaced):
                yield ": keep-alive\n\n"
            if now() >= check:
                if not await _is_unchanged(request, actor, find_actor):
                    return
                check = now() + timing.check_seconds
        if stream.replaced:
            yield "event: poll\ndata: {}\n\n"


async def _is_unchanged(request: Request, actor: Actor, find_actor: FindActor) -> bool:
    """Whether the same person with the same roles is still signed in; False if the store is unavailable."""
    try:
        return await signed_in_actor(find_actor, request.scope) == actor
    except StoreUnavailable:
        return False


def _event(hub: Hub, actor: Actor, count: int) -> str:
    return f'id: {hub.id(actor)}\nevent: changed\ndata: {{"n": {count}}}\n\n'


def _notification_names(actor: Actor) -> tuple[str, ...]:
    """The names of this person in notifications."""
    return (actor.id, f"mentor:{actor.mentor}") if actor.mentor and Role.MENTOR in actor.roles else (actor.id,)
