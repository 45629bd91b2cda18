"""Every address of the application answers at its own names alone: a foreign name that points here reads nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.hosts import host_name, host_of, is_loopback
from assistant.services.conversing.status_text import say
from tests.unit.ui.support import addresses, check_headers, served
from tests.unit.ui.wire import HERE, Wire
from ui.gateway.host_check import HostCheck

FOREIGN = (
    "evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil.example:7860", "askwell.example",
    "127.0.0.2", "192.168.1.5:7860", "[::2]:7860", "[fe80::1]", "user@127.0.0.1:7860", "127.0.0.1:7860@evil.example",
    "127.0.0.1:7860, evil.example", "127.0.0.1:7860/", "http://127.0.0.1:7860", "127.0.0.1:port", "[::1", "", " ", "0.0.0.0:7860",
)  # fmt: skip
OURS = ("127.0.0.1", "127.0.0.1:7860", "127.0.0.1:1", "localhost", "LocalHost:9999", "localhost.", "[::1]", "[::1]:7860")


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_reads_nothing_with_a_sign_in_or_without(wire: Wire, host: str) -> None:
    for login in ("", "lena"):
        answer = wire.client.get("/me", headers={**wire.headers(login), "Host": host})
        assert (answer.status_code, answer.json()) == (421, {"detail": say("http_error.other_host", url=HERE)})


def test_no_address_answers_to_a_foreign_name(wire: Wire) -> None:
    """Streams and what Gradio brings along too, by every method."""
    headers = {**wire.headers("lena"), "Host": "evil.example"}
    asked = sorted(set(addresses(wire.web)))
    for address in asked:
        answer = wire.client.request(address.method, address.path, headers=headers)
        assert answer.status_code == 421, address
        check_headers(answer)
    assert len(asked) > 70
    assert wire.client.get("/gradio_api/queue/data?session_hash=x", headers=headers).status_code == 421


@pytest.mark.parametrize("host", OURS)
def test_this_machine_is_answered_with_any_port(wire: Wire, host: str) -> None:
    assert wire.client.get("/me", headers={**wire.headers("lena"), "Host": host}).status_code == 200


def test_a_person_who_is_lost_is_led_to_the_right_address(wire: Wire) -> None:
    page = wire.client.get("/", headers={"Host": "evil.example", "Accept": "text/html"})
    assert page.status_code == 421
    assert f'href="{HERE}">' in page.text


async def inner(scope: Any, receive: Any, send: Any) -> None:
    """Takes whatever comes, also a web socket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})
    else:
        await PlainTextResponse("inner")(scope, receive, send)


@pytest.fixture
def named() -> TestClient:
    """At a public address, and at one more name."""
    return TestClient(HostCheck(inner, "https://Askwell.Example:8443/path", ("askwell.internal",)))


@pytest.mark.parametrize(
    ("host", "status"),
    [("askwell.example", 200), ("ASKWELL.example:443", 200), ("askwell.internal:7860", 200), ("localhost:7860", 200),
     ("other.example", 421), ("askwell.example.evil.example", 421), ("evil-askwell.example", 421)],
)  # fmt: skip
def test_the_public_name_and_those_of_the_settings_are_answered(named: TestClient, host: str, status: int) -> None:
    assert named.get("/", headers={"Host": host}).status_code == status


def test_a_web_socket_of_a_foreign_name_is_closed(named: TestClient) -> None:
    with named.websocket_connect("/", headers={"Host": "askwell.example"}):
        pass
    with pytest.raises(WebSocketDisconnect), named.websocket_connect("/", headers={"Host": "evil.example"}):
        pass


@pytest.fixture
def url() -> Iterator[str]:
    app = FastAPI()
    app.add_middleware(HostCheck, public_url="http://askwell.example")

    @app.get("/")
    def root() -> str:
        return "inner"

    with served(app) as url:
        yield url


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("GET / HTTP/1.1\r\nHost: askwell.example\r\n", 200), ("GET / HTTP/1.0\r\n", 421), ("GET / HTTP/1.1\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n", 421), ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", 421),
        ("GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n", 421),
    ],
)  # fmt: skip
def test_over_the_real_wire(url: str, request_text: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=10) as line:
        line.sendall(f"{request_text}Connection: close\r\n\r\n".encode())
        assert line.makefile("rb").readline().split()[1] == str(status).encode()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("LOCALHOST", True), ("", False),
     ("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("localhost.evil.example", False), ("askwell.example", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://127.0.0.1:7860", "127.0.0.1"), ("https://Askwell.Example/x", "askwell.example"), ("http://[::1]:7860", "::1"),
     ("askwell.example:7860", "askwell.example"), ("https://user:word@askwell.example", "askwell.example"), ("http://[::1", ""),
     ("", ""), ("http://", ""), ("http://a b", "")],
)  # fmt: skip
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host
    assert host_name("x" * 100_000) == ""
