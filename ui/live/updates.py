"""What one person does is told to the other's open page within two seconds: that something changed, never what.

One watcher a process asks the store twice a second, in a thread, and counts changes by person. `GET /live` tells a person's
count as Server-Sent Events. Each event has an id, so a page that comes back learns what it missed meanwhile. The oldest of
many streams of a person gives way to a new one: its page is told to poll.
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
from ui.gateway.request_actor import Who, asking

MOST_STREAMS = 3
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """In seconds: how often the store is asked, a silent stream speaks, a sign-in is looked at, and how long a stream lasts."""

    look: float = 0.5
    keep_alive: float = 15
    check: float = 15
    last: float = 600


class Hub:
    """Counts changes by person, and wakes those who wait. It lives in one event loop; only the store is asked in a thread."""

    def __init__(self, changes: Changes, clock: Clock, pace: Pace = Pace(), most_streams: int = MOST_STREAMS) -> None:
        self.pace, self.stopped = pace, False
        self._streams = LiveStreams(most_streams)
        self._changes, self._clock = changes, clock
        self._counts: Counter[str] = Counter()
        self._bell = asyncio.Event()
        self._run = secrets.token_hex(4)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """For the lifespan of the app: the watcher runs inside."""
        watcher = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.stop()
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher

    def stop(self) -> None:
        """Ends every stream; there is no way back."""
        self.stopped = True
        self._ring()

    @contextmanager
    def stream(self, actor: Actor) -> Iterator[LiveStream]:
        """Inside, this person has one stream more, and the oldest one has perhaps given way to it."""
        stream = self._streams.enter(actor.id)
        self._ring()
        try:
            yield stream
        finally:
            self._streams.leave(actor.id, stream)

    def count(self, actor: Actor) -> int:
        """How many changes concerned this person, as themselves or as a mentor, since this process began."""
        return sum(self._counts[name] for name in _names(actor))

    def id(self, actor: Actor) -> str:
        """The count as an event id; another process never gives the same."""
        return f"{self._run}-{self.count(actor)}"

    async def beyond(self, actor: Actor, count: int, timeout: float, stream: LiveStream | None = None) -> bool:
        """Waits until more than `count` changes concern this person: True, or False after `timeout` seconds or at the end.

        The end is that of the server, or of the stream, where one is given.
        """
        stream = stream or LiveStream()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not (self.stopped or stream.replaced) and self.count(actor) == count:
                    await self._bell.wait()
        return not self.stopped and self.count(actor) != count

    async def _watch(self) -> None:
        mark: ChangeMark | None = None
        failing = False
        while True:
            try:
                mark, people = await asyncio.to_thread(self._look, mark)
            except Exception as error:
                if not failing:
                    _LOG.warning("what changed cannot be read now, trying on", exc_info=error)
                failing = True
            else:
                failing = False
                self._tell(people)
            await asyncio.sleep(self.pace.look)

    def _look(self, mark: ChangeMark | None) -> tuple[ChangeMark, frozenset[str]]:
        now = self._clock.now()
        return self._changes.since(mark, now) if mark else (self._changes.start(now), frozenset())

    def _tell(self, people: frozenset[str]) -> None:
        if people:
            self._counts.update(people)
            self._ring()

    def _ring(self) -> None:
        rung, self._bell = self._bell, asyncio.Event()
        rung.set()


def live_router(who: Who, hub: Hub) -> APIRouter:
    """`GET /live` for the person who is signed in, 401 for anybody else."""
    router = APIRouter()

    @router.get("/live", include_in_schema=False)
    async def live(request: Request) -> Response:
        actor = await asking(who, request.scope)
        if actor is None:
            return refusal(request.scope, 401, say("shell.signed_out"))
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(request, actor, who, hub), media_type="text/event-stream", headers=headers)

    return router


async def _stream(request: Request, actor: Actor, who: Who, hub: Hub) -> AsyncIterator[str]:
    """Ends with the sign-in, with the server, or after `pace.last` seconds: then the browser connects again. Or it gives way."""
    now = asyncio.get_running_loop().time
    count, pace = hub.count(actor), hub.pace
    end, check = now() + pace.last, now() + pace.check
    yield f"retry: 1000\nid: {hub.id(actor)}\n\n"
    if request.headers.get("last-event-id", hub.id(actor)) != hub.id(actor):
        yield _event(hub, actor, count)
    with hub.stream(actor) as stream:
        while not (hub.stopped or stream.replaced) and now() < end:
            wait = min(pace.keep_alive, check - now(), end - now())
            if await hub.beyond(actor, count, max(wait, 0), stream):
                count = hub.count(actor)
                yield _event(hub, actor, count)
            elif not (hub.stopped or stream.replaced):
                yield ": keep-alive\n\n"
            if now() >= check:
                if not await _still(request, actor, who):
                    return
                check = now() + pace.check
        if stream.replaced:
            yield "event: poll\ndata: {}\n\n"


async def _still(request: Request, actor: Actor, who: Who) -> bool:
    """Whether it is the same person with the same roles; when that cannot be known, no."""
    try:
        return await asking(who, request.scope) == actor
    except StoreUnavailable:
        return False


def _event(hub: Hub, actor: Actor, count: int) -> str:
    return f'id: {hub.id(actor)}\nevent: changed\ndata: {{"n": {count}}}\n\n'


def _names(actor: Actor) -> tuple[str, ...]:
    """As notes name people."""
    return (actor.id, f"mentor:{actor.mentor}") if actor.mentor and Role.MENTOR in actor.roles else (actor.id,)
