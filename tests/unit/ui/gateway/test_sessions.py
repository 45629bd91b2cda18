"""The name of a session is marked with its person before Gradio sees it, and what is no order does not get there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.testclient import TestClient

from assistant.services.accounts.access import Actor
from assistant.services.conversing.status_text import say
from ui.gateway import guard

ORDER = {"data": [], "fn_index": 2, "event_data": {"words": "é", "n": 1}, "session_hash": "s1", "trigger_id": 3}


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Stands for Gradio: says what it was asked."""
    request = Request(scope, receive)
    body = (await request.body()).decode()
    told = {"path": request.url.path, "query": dict(request.query_params), "length": request.headers.get("content-length")}
    await JSONResponse({**told, "size": str(len(body)), "body": json.loads(body or "{}")})(scope, receive, send)


def who(request: Request) -> Actor | None:
    login = request.cookies.get("who")
    return Actor(login) if login else None


@pytest.fixture
def people() -> dict[str, TestClient]:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.router.routes.append(Mount("/", app=echo))
    guard(app, public_url="http://testserver", pages=("/",), find_actor=who, handlers=9)
    return {login: TestClient(app, cookies={"who": login}) for login in ("lena", "mika")}


def join(client: TestClient, **changes: object) -> Any:
    return client.post("/gradio_api/queue/join", content=json.dumps({**ORDER, **changes}))


def test_the_same_name_of_two_people_is_two_sessions(people: dict[str, TestClient]) -> None:
    joined = {login: join(client).json()["body"]["session_hash"] for login, client in people.items()}
    heard = {
        login: client.get("/gradio_api/queue/data?session_hash=s1&x=1%262").json()["query"] for login, client in people.items()
    }
    assert joined["lena"] != joined["mika"]
    assert {login: query["session_hash"] for login, query in heard.items()} == joined
    assert heard["lena"]["x"] == "1&2"
    beats = {login: client.get("/gradio_api/heartbeat/s1").json()["path"] for login, client in people.items()}
    assert beats == {login: f"/gradio_api/heartbeat/{name}" for login, name in joined.items()}
    cancelled = people["mika"].post("/gradio_api/cancel", json={"session_hash": "s1", "fn_index": 0, "event_id": "e"}).json()
    assert cancelled["body"]["session_hash"] == joined["mika"]


def test_nothing_else_of_an_order_changes(people: dict[str, TestClient]) -> None:
    answer = join(people["lena"]).json()
    assert {**answer["body"], "session_hash": "s1"} == json.loads(json.dumps(ORDER))
    assert answer["length"] == answer["size"]


@pytest.mark.parametrize("changes", [
    {"session_hash": None}, {"session_hash": ""}, {"session_hash": 7}, {"session_hash": "a/b"}, {"session_hash": "x" * 65},
    {"fn_index": None}, {"fn_index": "0"}, {"fn_index": 9}, {"fn_index": -1}, {"fn_index": True}, {"fn_index": 0.5}, {"data": 7},
])  # fmt: skip
def test_what_is_no_order_is_refused(people: dict[str, TestClient], changes: dict[str, object]) -> None:
    answer = join(people["lena"], **changes)
    assert (answer.status_code, answer.json()) == (400, {"detail": say("refuse.no_act")})


@pytest.mark.parametrize("query", ["", "session_hash=", "session_hash=a%2Fb", "session_hash=%ff", "other=1"])
def test_a_stream_without_a_session_is_refused(people: dict[str, TestClient], query: str) -> None:
    assert people["lena"].get(f"/gradio_api/queue/data?{query}").status_code == 400
