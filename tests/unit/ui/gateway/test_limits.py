"""What is too large, from elsewhere, too much at once or not ours is refused with one sentence, before the app sees it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.services.accounts.access import Actor
from assistant.services.conversing.status_text import say
from tests.unit.ui.support import check_headers
from ui.gateway import guard
from ui.gateway.limits import BodyLimit, StreamLimit

LIMIT = 1000
HTML = {"Accept": "text/html,application/xhtml+xml"}


async def everything(scope: Any, receive: Any, send: Any) -> None:
    """Stands for Gradio: it would serve whatever it is asked for."""
    await PlainTextResponse(f"inner {scope['method']} {scope['path']}")(scope, receive, send)


def who(request: Request) -> Actor | None:
    login = request.cookies.get("who")
    return Actor(login) if login else None


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/api/size")
    async def size(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    @app.post("/blind")
    def blind() -> str:
        return "did not look"

    app.router.routes.append(Mount("/", app=everything))
    guard(app, public_url="https://askwell.example", pages=("/", "/mine"), find_actor=who, body=LIMIT, hosts=("inner.example",))
    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://inner.example:7860", follow_redirects=False)


# Size.


def pieces(total: int, size: int = 100) -> Iterator[bytes]:
    for _ in range(total // size):
        yield b"x" * size


@pytest.mark.parametrize("length", [0, 1, LIMIT])
def test_a_body_within_the_limit_arrives_whole(client: TestClient, length: int) -> None:
    assert client.post("/api/size", content=b"x" * length).json() == {"size": length}


def test_a_body_in_pieces_within_the_limit_arrives_whole(client: TestClient) -> None:
    assert client.post("/api/size", content=pieces(LIMIT)).json() == {"size": LIMIT}


@pytest.mark.parametrize("content", [b"x" * (LIMIT + 1), pieces(LIMIT + 100), pieces(100 * LIMIT)])
def test_a_body_beyond_the_limit_is_refused(client: TestClient, content: Any) -> None:
    answer = client.post("/api/size", content=content)
    assert (answer.status_code, answer.json()) == (413, {"detail": say("http_error.too_large")})
    check_headers(answer, https=True)


def test_a_false_length_does_not_help(client: TestClient) -> None:
    for false in ("5", "-5", "many", "9" * 40):
        answer = client.post("/api/size", content=pieces(2 * LIMIT), headers={"Content-Length": false})
        assert answer.status_code == 413


def test_a_person_reads_a_page(client: TestClient) -> None:
    answer = client.post("/blind", content=b"x" * (LIMIT + 1), headers=HTML)
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert say("http_error.too_large") in answer.text


def test_an_answer_that_has_begun_stops() -> None:
    """It cannot become a refusal any more: the client sees it end short, and no second answer inside it."""
    seen: list[Any] = []

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (message := await receive())["type"] == "http.request":
            await send({"type": "http.response.body", "body": message["body"], "more_body": True})
        await send({"type": "http.response.body", "body": b"end"})

    async def receive() -> Any:
        return {"type": "http.request", "body": b"x" * 100, "more_body": True}

    async def send(message: Any) -> None:
        seen.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(BodyLimit(echo, LIMIT)(scope, receive, send))
    assert [message.get("status", len(message.get("body", b""))) for message in seen] == [200] + [100] * (LIMIT // 100)


# Where an order comes from.


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://inner.example:7860"}, 200),
        ({"Origin": "HTTP://Inner.Example:7860"}, 200),
        ({"Origin": "https://askwell.example"}, 200),
        ({"Origin": "https://askwell.example:443"}, 200),
        ({"Referer": "https://askwell.example/mine?r=1"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://askwell.example.evil.example"}, 403),
        ({"Origin": "http://inner.example:7861"}, 403),
        ({"Origin": "http://inner.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[bad"}, 403),
        ({"Origin": "https://evil.example", "Referer": "https://askwell.example/"}, 403),
        ({"Referer": "https://evil.example/askwell.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": "https://askwell.example", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": ""}, 200),
        ({"Origin": "", "Host": ""}, 421),
    ],
)
def test_a_change_comes_from_our_own_pages_or_from_a_program(client: TestClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/blind", headers=headers)
    assert answer.status_code == status, headers
    assert (say("http_error.other_site") in answer.text) is (status == 403)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "INVENTED"])
def test_every_method_that_changes_is_checked(client: TestClient, method: str) -> None:
    assert client.request(method, "/blind", headers={"Origin": "https://evil.example"}).status_code == 403


def test_reading_is_open_to_links_from_elsewhere(client: TestClient) -> None:
    assert client.get("/", headers={"Referer": "https://wiki.example/", "Sec-Fetch-Site": "cross-site"}).status_code == 200


# The door.


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("HEAD", "/"), ("GET", "/mine"), ("GET", "/mine?r=1"), ("GET", "/assets/index-DphvyggB.js"),
        ("GET", "/static/js/iframeResizer.contentWindow.min.js"), ("GET", "/theme.css?v=1"), ("GET", "/favicon.ico"),
        ("GET", "/gradio_api/app_id"), ("GET", "/gradio_api/queue/data?session_hash=a"), ("POST", "/gradio_api/queue/join?"),
        ("GET", "/gradio_api/heartbeat/abc123"), ("POST", "/gradio_api/cancel"), ("POST", "/gradio_api/reset"),
    ],
)  # fmt: skip
def test_what_the_pages_need_is_open(client: TestClient, method: str, path: str) -> None:
    client.cookies.set("who", "lena")
    answer = client.request(method, path, json={"session_hash": "a", "fn_index": 0} if method == "POST" else None)
    assert answer.status_code == 200
    assert method == "HEAD" or answer.text.startswith(f"inner {method} {path.split('?')[0]}")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/info"), ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://far.example"), ("POST", "/gradio_api/component_server"), ("POST", "/gradio_api/run/x"),
        ("POST", "/gradio_api/api/x"), ("POST", "/gradio_api/call/x"), ("GET", "/gradio_api/call/x/y"), ("GET", "/config"),
        ("GET", "/gradio_api/startup-events"), ("GET", "/gradio_api/openapi.json"), ("GET", "/openapi.json"), ("GET", "/docs"),
        ("GET", "/monitoring"), ("POST", "/login"), ("GET", "/logout"), ("GET", "/gradio_api/token"), ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/deep_link"), ("GET", "/gradio_api/vibe-code"), ("GET", "/gradio_api/mcp/"), ("GET", "/svelte/x.js"),
        ("GET", "/gradio_api/stream/a/b/c/playlist.m3u8"), ("POST", "/gradio_api/process_recording"), ("GET", "/mine/"),
        ("POST", "/"), ("PUT", "/mine"), ("OPTIONS", "/"), ("TRACE", "/"), ("DELETE", "/assets/a.js"), ("POST", "/theme.css"),
        ("GET", "/%2f"), ("GET", "/mine%2f..%2fconfig"), ("GET", "/mine%0a"), ("GET", "/theme.css%0a"), ("GET", "/theme.css/x"),
        ("GET", "/gradio_api/queue/join"), ("POST", "/gradio_api/queue/data"), ("GET", "/gradio_api/heartbeat/a/b"),
        ("GET", "/x/assets/a.js"), ("GET", "/static/ffmpeg/core.js"), ("GET", "/GRADIO_API/info"), ("GET", "/gradio_api//info"),
    ],
)  # fmt: skip
def test_everything_else_is_not_there(client: TestClient, method: str, path: str) -> None:
    client.cookies.set("who", "lena")
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert "inner" not in answer.text
    assert answer.json() == {"detail": say("http_error.nothing_here")}


def test_a_person_who_is_lost_gets_a_way_back(client: TestClient) -> None:
    answer = client.get("/nowhere", headers=HTML)
    assert answer.status_code == 404
    assert re.search(rf'<a [^>]*href="/">{say("page.home")}</a>', answer.text)
    assert f"<h1>{say('http_error.no_page')}</h1>" in answer.text
    assert '<div class="aw"><header class="bar">' in answer.text, "in the look of the other pages"
    assert "/own/askwell.css?v=" in answer.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/gradio_api/heartbeat/a"), ("POST", "/gradio_api/cancel"), ("POST", "/gradio_api/reset")]
)
def test_what_gradio_leaves_open_needs_a_sign_in(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()) == (401, {"detail": say("http_error.signed_out")})


def test_there_are_no_web_sockets(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/gradio_api/queue/join"):
        pass


# Streams.


class Held:
    """An app whose answers last until they are let go."""

    def __init__(self) -> None:
        self.open, self.end = 0, asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.open += 1
        await self.end.wait()
        await PlainTextResponse("over")(scope, receive, send)


async def ask(app: Any, path: str, login: str = "", host: str = "1.1.1.1") -> int:
    status = 0
    cookie = [(b"cookie", f"who={login}".encode())] if login else []

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {"type": "http", "method": "GET", "path": path, "headers": cookie, "client": (host, 1), "query_string": b""}
    await app(scope, None, send)
    return status


KINDS = ("/live", "/gradio_api/queue/data", "/gradio_api/heartbeat/a")


def test_streams_of_each_kind_are_counted_apart_and_others_are_not_counted() -> None:
    async def run() -> None:
        held = Held()
        app = StreamLimit(held, find_actor=who, limit=10)
        waiting = [asyncio.create_task(ask(app, kind, "lena")) for kind in KINDS for _ in range(10)]
        waiting += [asyncio.create_task(ask(app, "/mine", "lena")), asyncio.create_task(ask(app, "/live", "mika"))]
        waiting += [asyncio.create_task(ask(app, "/live")) for _ in range(10)]
        waiting.append(asyncio.create_task(ask(app, "/live", host="2.2.2.2")))
        async with asyncio.timeout(5):
            while held.open < len(waiting):
                await asyncio.sleep(0.01)
        for kind in (*KINDS, "/gradio_api/heartbeat/another"):
            assert await ask(app, kind, "lena") == 429
        assert await ask(app, "/live") == 429
        held.end.set()
        assert set(await asyncio.gather(*waiting)) == {200}
        assert await ask(app, "/live", "lena") == 200
        assert not app._open

    asyncio.run(run())


def test_listening_leaves_room_for_what_is_sent() -> None:
    async def run() -> None:
        held = Held()
        app = StreamLimit(held, find_actor=who, limit=10)
        listening = [asyncio.create_task(ask(app, "/live", "lena")) for _ in range(12)]
        async with asyncio.timeout(5):
            while held.open < 10:
                await asyncio.sleep(0.01)
        sent = asyncio.create_task(ask(app, "/gradio_api/queue/data", "lena"))
        await asyncio.sleep(0.05)
        held.end.set()
        assert await sent == 200
        assert sorted(await asyncio.gather(*listening)) == [200] * 10 + [429] * 2

    asyncio.run(run())
