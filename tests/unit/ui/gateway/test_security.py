"""Headers on every answer, whatever it is, and Gradio's page with our nonce and nothing foreign in it."""

from __future__ import annotations

import asyncio
import logging
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.requests import ClientDisconnect, Request
from starlette.testclient import TestClient

from assistant.services.accounts.access import Actor
from tests.unit.ui.support import LASTING, addresses, check_every_header, check_headers
from ui.gateway import guard
from ui.gateway.gradio_allowlist import add_gradio_allowlist
from ui.gateway.gradio_markup import rewrite_page
from ui.gateway.security_headers import SecurityHeaders


def small(public_url: str = "http://127.0.0.1:7860") -> FastAPI:
    """One address for each kind of answer."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/fine")
    def fine() -> dict[str, int]:
        return {"n": 1}

    @app.get("/elsewhere")
    def elsewhere() -> RedirectResponse:
        return RedirectResponse("/fine")

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError("the canary of the bug")

    @app.get("/gone")
    def gone() -> None:
        raise ClientDisconnect

    @app.get("/own")
    def own(request: Request) -> HTMLResponse:
        return HTMLResponse(f"<script nonce='{request.state.nonce}'></script>")

    @app.get("/loose")
    def loose() -> PlainTextResponse:
        return PlainTextResponse("", headers={
            "Cache-Control": "public", "X-Frame-Options": "ALLOWALL", "Content-Security-Policy": "default-src *",
            "Access-Control-Allow-Origin": "*",
        })  # fmt: skip

    @app.get("/{folder}/{name}")
    def file(folder: str, name: str) -> PlainTextResponse:
        return PlainTextResponse("x", status_code=404 if name.startswith("gone") else 200)

    app.add_middleware(SecurityHeaders, public_url=public_url)
    return app


@pytest.fixture
def client() -> TestClient:
    return TestClient(small(), follow_redirects=False)


@pytest.mark.parametrize("https", [False, True])
def test_every_answer_has_the_headers(https: bool) -> None:
    app = small("https://askwell.example" if https else "http://askwell.example")
    assert check_every_header(app, https=https, skip=["/gone"]) >= 16


def test_a_nonce_is_of_one_answer_and_known_to_the_page(client: TestClient) -> None:
    first, second = client.get("/own"), client.get("/own")
    assert check_headers(first) != check_headers(second)
    assert f"nonce='{check_headers(first)}'" in first.text


def test_a_bug_becomes_one_sentence_and_a_record(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/bug", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert "try again in a moment" in answer.text
    assert "canary" not in answer.text
    assert "the canary of the bug" in caplog.text


def test_a_client_that_left_is_no_bug(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(AssertionError, match="did not receive any response"):
        client.get("/gone")
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("path", "lasting"),
    [
        ("/assets/index-DphvyggB.js", True), ("/assets/index-DphvyggB.css?x=1", True), ("/assets/index.js", False),
        ("/assets/gone-DphvyggB.js", False), ("/own/look.css?v=1a2b", True), ("/own/look.css", False),
        ("/own/look.css?v=", False), ("/own/session.ics?v=1a2b", False), ("/fine?v=1a2b", False), ("/elsewhere?v=1", False),
    ],
)  # fmt: skip
def test_only_a_versioned_file_may_be_kept(client: TestClient, path: str, lasting: bool) -> None:
    assert client.get(path).headers["cache-control"] == (LASTING if lasting else "no-store")


def test_a_stream_is_passed_on_piece_by_piece() -> None:
    """The first piece is out before the second one is made."""
    out: list[bytes] = []

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        assert out == [b"one"]
        yield b"two"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await StreamingResponse(pieces())(scope, receive, send)

    async def send(message: Any) -> None:
        out.extend([message["body"]] if message.get("body") else [])

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "asgi": {"spec_version": "2.4"}}
        await SecurityHeaders(app, "http://x")(scope, lambda: anyio.sleep(9), send)  # type: ignore[arg-type, return-value]

    anyio.run(ask)
    assert out == [b"one", b"two"]


# Gradio's page.


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<script>a</script>", '<script nonce="N">a</script>'),
        ('<SCRIPT type="module" src="./a.js"></SCRIPT>', '<SCRIPT nonce="N" type="module" src="./a.js"></SCRIPT>'),
        ('<p>\n é </p>\r\n <script\n data-a=">"\n>1</script>', '<p>\n é </p>\r\n <script nonce="N"\n data-a=">"\n>1</script>'),
        ('<script>x = "<script>evil()";</script>', '<script nonce="N">x = "<script>evil()";</script>'),
        ('<script>{"a": "\\u003c/script>\\n<script src=1>"}</script>',
         '<script nonce="N">{"a": "\\u003c/script>\\n<script src=1>"}</script>'),
        ("<!-- <script>a</script> --><style>a > b</style>", "<!-- <script>a</script> --><style>a > b</style>"),
        ('<p title="<script>a</script>">b</p>', '<p title="<script>a</script>">b</p>'),
        ("&lt;script&gt;&#60;script>", "&lt;script&gt;&#60;script>"),
        ('<meta property="og:image" content="https://far.example/a.jpg"/><meta charset="utf-8" />', '<meta charset="utf-8" />'),
        ('<meta name="twitter:card" content="a > b" />c', "c"), ('<meta name="viewport">', '<meta name="viewport">'),
        ('<base href="./" /><link rel="manifest" href="/m"><link rel="icon" href="/s">', '<link rel="icon" href="/s">'),
        ("", ""), ("<script", "<script"),
    ],
)  # fmt: skip
def test_only_tags_that_are_tags_are_changed(page: str, expected: str) -> None:
    assert rewrite_page(page, "N") == expected


@pytest.fixture(scope="module")
def gradio_app() -> Iterator[FastAPI]:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        demo = asyncio.run(mounted(app))
    guard(app, public_url="http://testserver", pages=("/", "/mine"), find_actor=signed_in)
    yield app
    demo.close()


def signed_in(request: Request) -> Actor | None:
    login = request.cookies.get("who")
    return Actor(login) if login else None


async def mounted(app: FastAPI) -> Any:
    """Inside an event loop: without one Gradio makes loops of its own and leaves them open."""
    import gradio as gr

    with gr.Blocks(title="Askwell </title><script>", analytics_enabled=False) as demo:
        gr.Markdown("<script>shown()</script>")
    with demo.route("Mine", "/mine"):
        gr.Markdown("mine")
    gr.mount_gradio_app(
        app, demo, "/", auth_dependency=lambda request: request.cookies.get("who"), ssr_mode=False, footer_links=[],
        run_history=False,
    )  # fmt: skip
    return demo


@pytest.mark.parametrize("path", ["/", "/mine"])
def test_gradios_pages_run_their_own_scripts_only(gradio_app: FastAPI, path: str) -> None:
    answer = TestClient(gradio_app, cookies={"who": "lena"}).get(path, headers={"Accept": "text/html"})
    nonce = check_headers(answer)
    assert answer.status_code == 200
    tags = [tag.split(">")[0] for tag in answer.text.split("<script")[1:]]
    assert len(tags) >= 4
    assert [tag for tag in tags if not tag.startswith(f' nonce="{nonce}"')] == []
    for foreign in ('property="og:', 'name="twitter:', "<base", "githubusercontent", 'rel="manifest"'):
        assert foreign not in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_every_address_of_gradio_has_the_headers_and_few_are_open(gradio_app: FastAPI) -> None:
    assert check_every_header(gradio_app) > 150
    client = TestClient(gradio_app, raise_server_exceptions=False)
    asked = {address: client.request(address.method, address.path).status_code for address in addresses(gradio_app)}
    assert {f"{a.method} {a.path}": status for a, status in asked.items() if status != 404} == {
        "GET /": 401, "HEAD /": 401, "GET /mine": 401, "GET /theme.css": 200, "GET /favicon.ico": 200,
        "GET /gradio_api/app_id": 200, "GET /gradio_api/queue/data": 401, "GET /gradio_api/heartbeat/x": 401,
        "POST /gradio_api/queue/join": 401, "POST /gradio_api/cancel": 401, "POST /gradio_api/reset": 401,
    }  # fmt: skip


def test_an_allowlist_needs_an_app() -> None:
    with pytest.raises(ValueError):
        add_gradio_allowlist(FastAPI(), ("/",), lambda request: None)
