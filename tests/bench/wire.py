"""A page without a browser: signs in, opens a page, hears its stream and causes events by Gradio's own protocol.

One page, one line: an event waits until the one before it is answered, as in the page's script.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

_CONFIG = re.compile(r"window\.gradio_config = (.*?);</script>", re.DOTALL)


class Broken(Exception):
    """The server did not answer as a page needs it: a status, a failed event, a stream that ended."""


@dataclass(frozen=True)
class Got:
    """What an event gave: the refusal's code, the markup of each region, and seconds to the first and to the last answer."""

    refused: str
    told: str
    regions: Mapping[str, str]
    first: Mapping[str, str]
    first_after: float
    after: float


@dataclass(frozen=True)
class Element:
    tag: str
    attributes: Mapping[str, str]


class Markup(HTMLParser):
    """All elements of some markup, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))


@dataclass
class Tab:
    """One page of one person. `seen` holds the markup of the regions as they are drawn now."""

    web: httpx.AsyncClient
    login: str
    path: str
    request: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    _numbers: dict[str, int] = field(default_factory=dict)
    _count: int = 0
    _line: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def open(cls, url: str, login: str, path: str) -> Tab:
        """Signs a sample person in and loads a page of theirs. Raises Broken or httpx.HTTPError."""
        web = httpx.AsyncClient(base_url=url, timeout=30, headers={"Origin": url}, verify=False)
        entered = await web.post("/sign-in/sample", data={"login": login})
        if entered.status_code != 303:
            raise Broken(f"sign-in of {login}: {entered.status_code}")
        tab = cls(web, login, path)
        await tab.load()
        return tab

    async def load(self) -> None:
        page = await self.web.get(self.path)
        config = _CONFIG.search(page.text)
        if page.status_code != 200 or config is None:
            raise Broken(f"page {self.path}: {page.status_code}")
        for event in json.loads(config[1])["dependencies"]:
            for _, name in event["targets"]:
                self._numbers[name] = event["id"]

    async def close(self) -> None:
        await self.web.aclose()

    async def send(self, event: str, name: str, fields: Mapping[str, str] | None = None) -> Got:
        """One event: `select` shows, `click` acts, `submit` says. Raises Broken or httpx.HTTPError."""
        async with self._line:
            self._count += 1
            begun = time.perf_counter()
            data = {"n": self._count, "name": name, "request": self.request, "fields": dict(fields or {}),
                    "who": self.login}  # fmt: skip
            await self._join(event, data)
            first: dict[str, Any] | None = None
            answer: dict[str, Any] = {}
            first_after = after = 0.0
            async for message in self._answers():
                now = time.perf_counter() - begun
                if message["msg"] == "process_generating" and first is None:
                    first, first_after = _value(message), now
                elif message["msg"] == "process_completed":
                    answer, after = _value(message), now
            if answer.get("n") != self._count:
                raise Broken(f"{event} {name}: no answer")
            self.seen.update(answer["regions"])
            shown = (first or answer)["regions"]
            return Got(answer["refused"], answer["message"], answer["regions"], shown, first_after or after, after)

    async def on_partial(self) -> AsyncIterator[str]:
        """The names of the live events as they come; ends with the stream."""
        async with self._stream("/live", {}) as lines:
            async for line in lines:
                if line.startswith("event: "):
                    yield line.removeprefix("event: ")

    def find(self, region: str, **attributes: str) -> list[Element]:
        """The elements of a region that carry all of these attributes: `data_act="choose"` is data-act, "" is any value."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element for element in Markup(self.seen.get(region, "")).elements
            if all(name in element.attributes and value in ("", element.attributes[name]) for name, value in wanted.items())
        ]  # fmt: skip

    async def _join(self, event: str, data: object) -> None:
        number = self._numbers[event]
        body = {"fn_index": number, "data": [], "event_data": data, "session_hash": self.session, "trigger_id": None}
        joined = await self.web.post("/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            raise Broken(f"{event}: {joined.status_code}")

    async def _answers(self) -> AsyncIterator[dict[str, Any]]:
        async with self._stream("/gradio_api/queue/data", {"session_hash": self.session}) as lines:
            async for line in lines:
                if line.startswith("data: "):
                    message: dict[str, Any] = json.loads(line.removeprefix("data: "))
                    yield message
                    if message["msg"] == "close_stream":
                        return

    @asynccontextmanager
    async def _stream(self, path: str, params: dict[str, str]) -> AsyncIterator[AsyncIterator[str]]:
        async with self.web.stream("GET", path, params=params, timeout=httpx.Timeout(30, read=40)) as answer:
            if answer.status_code != 200:
                raise Broken(f"{path}: {answer.status_code}")
            yield answer.aiter_lines()


def _value(message: dict[str, Any]) -> dict[str, Any]:
    """The value that a frame gets. Raises Broken when the handler failed."""
    output = message.get("output") or {}
    data = output.get("data") or [None]
    if not message.get("success") or not isinstance(data[0], dict):
        raise Broken(f"event failed: {output.get('error')}")
    return data[0]
