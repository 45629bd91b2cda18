"""The whole web application over a real SQLite file, driven as a browser drives it: sign-ins, cookies, Gradio's own protocol.

Only the world is replaced: a clock that stands still, the language that is a function, and a search over one article.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copy
from types import SimpleNamespace
from typing import Any, Literal
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.adapters.store.sql_migrate import migrate
from assistant.bootstrap import App, build
from assistant.first_start import content_fingerprint
from assistant.ports import Audit
from assistant.settings import Settings
from assistant.starter import STARTER
from retrieval.adapters.sql_corpus import SqlCorpus
from tests.fakes import ARTICLE, MENTORS, PEOPLE, FakeApp, FakeBase, FakeMentors, SettableClock, profile
from tests.fakes.languages import FakeLanguage

HERE = "http://127.0.0.1:7860"
HEAD = "login,display_name,roles,mentor_id,time_zone,department"
PAGES = {"ask": "/", "requests": "/requests", "mentor": "/mentor", "library": "/library"}
KINDS = {"select": "show", "click": "act", "submit": "say"}
Handler = int | str
HIDDEN = ("sign_ins", "news_seen")


class Still:
    """Stands for the heartbeat: nothing happens by itself."""

    def __init__(self, app: App) -> None: ...

    def start(self) -> None: ...

    stop = start


class Shelf(FakeBase):
    """A search over one article, in the place of all of retrieval; `rebuilt` counts the fresh indexes."""

    threshold = 0.5

    def __init__(self) -> None:
        super().__init__(FakeMentors())
        self.rebuilt = 0

    @property
    def experts(self) -> Shelf:
        return self

    def reindex(self, progress: Any) -> None:
        progress("index", 1, 1)
        self.rebuilt += 1

    def close(self) -> None: ...


class AppServices(FakeApp):
    """The short methods of FakeApp, over the services of an application."""

    def __init__(self, app: App, clock: SettableClock, index_manager: Shelf) -> None:
        self.app, self.clock, self.base = app, clock, index_manager
        self.ports = SimpleNamespace(accounts=app.accounts)  # type: ignore[assignment]
        self.directory, self.language = app.services.directory, app.languages  # type: ignore[assignment]
        for name in (
            "conversation",
            "briefing",
            "handoff",
            "sessions",
            "debriefing",
            "closing_drafts",
            "request_views",
            "people",
            "ledger",
            "wording",
        ):
            setattr(self, name, getattr(app.services, name))
        self.due_jobs = app.services.due_jobs

    @property
    def path(self) -> Path:
        return self.app.settings.data / "askwell.db"

    def picture(self) -> str:
        """Every row of the database, except who is signed in and what news they have seen."""
        with closing(sqlite3.connect(self.path)) as db:
            return "\n".join(row for row in db.iterdump() if not row.startswith(tuple(f'INSERT INTO "{t}"' for t in HIDDEN)))

    def keep(self, to: Path) -> Path:
        with closing(sqlite3.connect(self.path)) as now, closing(sqlite3.connect(to)) as kept:
            now.backup(kept)
        return to

    def restore(self, kept: Path) -> None:
        with closing(sqlite3.connect(kept)) as old, closing(sqlite3.connect(self.path)) as now:
            old.backup(now)


def open_app(
    root: Path,
    *,
    demo: bool | Literal["public"] = True,
    public_url: str = HERE,
    hours: int = 720,
    messages_per_minute: int = 0,
) -> AppServices:
    """An installation under `root` with the people and mentors of the fakes; in demo mode each may be entered."""
    knowledge = root / "knowledge"
    knowledge.mkdir(parents=True)
    copy(STARTER / "organisation.toml", knowledge)
    rows = [f"{p.login},{p.name},{';'.join(sorted(p.roles))},{p.mentor or ''},{p.time_zone},{p.department}" for p in PEOPLE]
    (knowledge / "people.csv").write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    (root / "data").mkdir()
    places = {"data": root / "data", "knowledge": knowledge, "database_url": ""}
    settings = Settings(**places, demo=demo, public_url=public_url, sign_in_hours=hours, messages_per_minute=messages_per_minute)
    clock, index_manager = SettableClock(), Shelf()
    app = build(settings, clock=clock, languages=FakeLanguage())
    migrate(app.engine)
    app.__dict__["retrieval"] = SimpleNamespace(
        search=index_manager, experts=index_manager, reindex=index_manager.reindex, close=index_manager.close
    )
    app.__dict__["label_similarity"] = index_manager
    for account in PEOPLE:
        app.accounts.put(account, Audit("test", "account.put", account.login, clock.now()))
    _fill(SqlCorpus(app.engine))
    (settings.data / "content.sha256").write_text(content_fingerprint(settings), "utf-8")
    return AppServices(app, clock, index_manager)


def _fill(corpus: SqlCorpus) -> None:
    corpus.put_articles([ARTICLE])
    times = {m.id: " | ".join(f"{block.rule}/PT{block.minutes}M" for block in m.blocks) for m in MENTORS.values()}
    corpus.put_profiles([replace(profile(m), office_hours=times[m.id]) for m in MENTORS.values()])


@dataclass(frozen=True)
class Received:
    """What came back for one event: every answer in order, and the raw bytes of the whole stream it came in."""

    answers: tuple[dict[str, Any], ...]
    raw: str = field(repr=False)

    @property
    def last(self) -> dict[str, Any]:
        return self.answers[-1]

    @property
    def refused(self) -> str:
        """The code of the first refusal, or ""."""
        return next((answer["refused"] for answer in self.answers if answer["refused"]), "")

    @property
    def told(self) -> str:
        return next((str(answer["message"]) for answer in self.answers if answer["message"]), "")

    @property
    def drawn(self) -> dict[str, str]:
        """All regions, as they are at the end."""
        return {name: html for answer in self.answers for name, html in answer["regions"].items()}


class Wire:
    """A server of this process and its clients, one a person."""

    def __init__(self, wired: AppServices, client: TestClient, web: Any) -> None:
        self.wired, self.client, self.web = wired, client, web
        self._cookies: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    @property
    def name(self) -> str:
        return "__Host-askwell" if self.wired.app.settings.public_url.startswith("https") else "askwell"

    def cookie(self, login: str) -> str:
        """The cookie header of a real sign-in, one a person; "" for nobody."""
        if login and login not in self._cookies:
            answer = self.client.post("/sign-in/sample", data={"login": login})
            self._cookies[login] = f"{self.name}={answer.cookies[self.name]}"
            self.client.cookies.clear()
        return self._cookies.get(login, "")

    def get(self, login: str, path: str, **more: Any) -> Any:
        return self.client.get(path, headers=self.headers(login), **more)

    def headers(self, login: str) -> dict[str, str]:
        cookie = self.cookie(login)
        return {"Cookie": cookie} if cookie else {}

    def number(self, handler: Handler, login: str) -> int:
        """The number that Gradio gave a handler, as this person's page says it, or lena's for nobody.

        A handler is named by its page and kind: "ask.say". A number stands for itself, in tests of what nobody registered.
        """
        if handler not in self._numbers and isinstance(handler, str):
            self._numbers |= self._read(login or "lena", PAGES[handler.partition(".")[0]])
        return self._numbers[handler] if isinstance(handler, str) else handler

    def _read(self, login: str, path: str) -> dict[str, int]:
        served = re.search(r"window\.gradio_config = (\{.*?\});</script>", self.get(login, path).text, re.DOTALL)
        assert served
        name = next(name for name, where in PAGES.items() if where == path)
        dependencies = json.loads(served[1])["dependencies"]
        return {f"{name}.{KINDS[event]}": one["id"] for one in dependencies for _, event in one["targets"]}

    def registered(self, login: str) -> dict[str, int]:
        """Every handler of every page."""
        return {name: number for path in PAGES.values() for name, number in self._read(login, path).items()}

    def join(self, login: str, handler: Handler, data: object, session: str) -> Any:
        """POST /gradio_api/queue/join: one event of this person's page, or of `who` in the data, not yet listened to."""
        fn = self.number(handler, login)
        data = {"who": login, **data} if isinstance(data, dict) else data
        body = {"data": [], "fn_index": fn, "event_data": data, "session_hash": session, "trigger_id": 1}
        return self.post(login, "/gradio_api/queue/join", json.dumps(body).encode())

    def post(self, login: str, path: str, body: bytes) -> Any:
        headers = {**self.headers(login), "Content-Type": "application/json"}
        return self.client.post(path, content=body, headers=headers)

    def listen(self, login: str, session: str) -> str:
        """GET /gradio_api/queue/data until every event of the session is answered: the raw stream."""
        return str(self.get(login, f"/gradio_api/queue/data?session_hash={session}").text)

    def many(self, login: str, events: Sequence[tuple[Handler, object]]) -> list[Received]:
        """These events at once, each of which must be let in."""
        session, ids = uuid4().hex[:11], []
        for fn, data in events:
            joined = self.join(login, fn, data, session)
            assert joined.status_code == 200, joined.text
            ids.append(joined.json()["event_id"])
        heard = self.heard(login, session)
        return [heard[key] for key in ids]

    def heard(self, login: str, session: str) -> dict[str, Received]:
        """What came back in a session, by the id of the event."""
        raw = self.listen(login, session)
        return {key: Received(tuple(answers), raw) for key, answers in answers_in(raw).items()}

    def one(self, login: str, fn: Handler, data: object) -> Received:
        return self.many(login, [(fn, data)])[0]

    def act(self, login: str, fn: Handler, name: str, request: str = "", **fields: str) -> Received:
        return self.one(login, fn, {"n": 7, "name": name, "request": request, "fields": fields})


def answers_in(raw: str) -> dict[str, list[dict[str, Any]]]:
    """The answers of each event in a stream; Gradio sends the first whole and later ones as changes to it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in raw.splitlines():
        message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
        assert message.get("success", True), message
        if message.get("msg") == "process_generating":
            answers = found.setdefault(message["event_id"], [])
            data = message["output"]["data"][0]
            answers.append(changed(answers[-1], data) if answers else data)
    return found


def changed(value: Any, changes: Any) -> Any:
    """A value after Gradio's list of (what, where, new)."""
    value = json.loads(json.dumps(value))
    for what, way, new in changes:
        if not way:
            value = new
            continue
        place = value
        for step in way[:-1]:
            place = place[step]
        if what == "delete":
            del place[way[-1]]
        elif what == "append":
            place[way[-1]] += new
        elif what == "add" and isinstance(place, list):
            place.insert(way[-1], new)
        else:
            place[way[-1]] = new
    return value


@contextmanager
def served(wired: AppServices) -> Iterator[Wire]:
    """The application started and in the end stopped."""
    from ui.server import disable_telemetry

    disable_telemetry()
    from ui import app as web

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web, "BackgroundWorker", Still)
        made = asyncio.run(_created(wired.app))
        with TestClient(made, base_url=wired.app.settings.public_url, follow_redirects=False) as client:
            yield Wire(wired, client, made)
    wired.app.close()


async def _created(app: App) -> FastAPI:
    """Inside a running loop, because without one Gradio opens loops that it never closes."""
    from ui import app as web

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return web.create(app)[0]
