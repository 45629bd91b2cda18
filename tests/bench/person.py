"""Somebody at one page of the application: acts, waits for what others do, and notes how long everything took."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random

import httpx

from tests.bench.figures import Tally
from tests.bench.wire import Broken, Got, Tab

OWN_ACT_SECONDS, NEWS_SECONDS, LOST_SECONDS = 0.9, 5.0, 12.0
MET = frozenset(
    {"slot_taken", "capacity", "mentee_busy", "no_such_slot", "wrong_stage", "not_the_holder", "busy", "stale_approval"}
)
"""Refusals that are right when somebody else was faster."""


@dataclass(frozen=True)
class Pace:
    """Seconds to think, from and to; nothing begins after `until`, a moment of `time.monotonic`."""

    until: float
    least: float = 2.0
    most: float = 6.0

    @property
    def left(self) -> float:
        return self.until - time.monotonic()


@dataclass
class Person:
    """Somebody at one page, with its stream; every time goes into the tally."""

    tab: Tab
    tally: Tally
    dice: Random
    pace: Pace
    chosen: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _awaited: list[float] = field(default_factory=list)
    _acted: float = 0.0

    async def think(self) -> bool:
        """Whether there is time to go on."""
        await asyncio.sleep(max(0.0, min(self.dice.uniform(self.pace.least, self.pace.most), self.pace.left)))
        return self.pace.left > 0

    async def show(self) -> None:
        got = await self._send("select", "show")
        if got:
            self.tally.shows.append(got.after)

    async def say(self, words: str) -> None:
        """A message, its acknowledgement and its answer."""
        message = secrets.token_hex(6)
        self._await()
        with self.tally.turn():
            got = await self._send("submit", "say", {"message_id": message, "words": words})
        if got is None:
            return
        if got.refused:
            self.tally.errors.append(f"message: {got.refused}")
            return
        if not _shows(got.first, message) or not _shows(self.tab.seen, message):
            self.tally.errors.append("a message is not on the page that acknowledged it")
        self.tally.said.append((self.tab.request, message))
        self.tally.stored.append(got.first_after)
        self.tally.answered.append(got.after)

    async def act(self, name: str, fields: Mapping[str, str] | None = None) -> bool:
        """Whether it was done."""
        self._await()
        got = await self._send("click", name, fields)
        if got is None:
            return False
        if got.refused:
            self._awaited.clear()
            if got.refused in MET:
                self.tally.refused[got.refused] += 1
            else:
                self.tally.errors.append(f"{name}: {got.refused}")
            return False
        self.tally.acts.append(got.after)
        self.tally.done[name] += 1
        return True

    async def post(self, words: str) -> None:
        message = secrets.token_hex(6)
        if await self.act("post", {"message_id": message, "words": words}):
            self.tally.said.append((self.tab.request, message))

    async def news(self, seconds: float) -> bool:
        """Waits until something on the page was changed by itself; False when nothing was."""
        self.changed.clear()
        try:
            await asyncio.wait_for(self.changed.wait(), max(0.0, min(seconds, self.pace.left)))
        except TimeoutError:
            return False
        return True

    async def listen(self) -> None:
        """Draws the page again when the stream says that something changed, as the script does."""
        try:
            async for _ in self.tab.on_partial():
                now = time.perf_counter()
                self.tally.live += [now - since for since in self._awaited]
                self._awaited.clear()
                await asyncio.sleep(max(0.0, self._acted + OWN_ACT_SECONDS - now))
                await self.show()
                self.changed.set()
        except (Broken, httpx.HTTPError) as error:
            self.tally.errors.append(f"stream: {type(error).__name__} {error}")

    def overdue(self) -> int:
        """Changes of one's own that the stream did not tell for too long."""
        return sum(time.perf_counter() - since > NEWS_SECONDS for since in self._awaited)

    def _await(self) -> None:
        self._acted = time.perf_counter()
        self._awaited.append(self._acted)

    async def _send(self, event: str, name: str, fields: Mapping[str, str] | None = None) -> Got | None:
        try:
            got = await self.tab.send(event, name, fields)
        except (Broken, httpx.HTTPError) as error:
            self.tally.errors.append(f"{name}: {type(error).__name__} {error}")
            self._awaited.clear()
            return None
        if got.after > LOST_SECONDS:
            self.tally.errors.append(f"{name}: later than a page waits")
        return got


@asynccontextmanager
async def present(
    url: str, login: str, path: str, tally: Tally, dice: Random, pace: Pace, request: str = ""
) -> AsyncIterator[Person]:
    """A person who has come to a page and looks at it, until the block ends. Raises Broken or httpx.HTTPError."""
    begun = time.perf_counter()
    tab = await Tab.open(url, login, path)
    tab.request = request
    person = Person(tab, tally, dice, pace)
    ear = asyncio.create_task(person.listen())
    try:
        await person.show()
        tally.pages.append(time.perf_counter() - begun)
        yield person
        if person.overdue():
            tally.errors.append("the stream was silent about a change")
    finally:
        ear.cancel()
        with suppress(asyncio.CancelledError, Broken, httpx.HTTPError):
            await ear
        await tab.close()


def _shows(regions: Mapping[str, str], message: str) -> bool:
    return f'{message}"' in regions.get("chat", "")
