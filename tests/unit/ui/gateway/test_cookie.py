"""Whose request it is: looked up once while the request goes through its layers, and again a moment later."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from assistant.services.accounts.access import Actor
from ui.gateway import sign_in_cookie
from ui.gateway.sign_in_cookie import SignInCookie


class Gate:
    """Counts how often it is asked; `signed_in` are the tokens that are good now."""

    def __init__(self) -> None:
        self.asked = 0
        self.signed_in = {"t1": "lena"}

    def who(self, token: str) -> Actor | None:
        self.asked += 1
        return Actor(self.signed_in[token]) if token in self.signed_in else None


@pytest.fixture
def sign_in_service() -> Gate:
    return Gate()


@pytest.fixture
def made(sign_in_service: Gate) -> SignInCookie:
    settings = SimpleNamespace(public_url="http://127.0.0.1:7860")
    return SignInCookie(SimpleNamespace(settings=settings, sign_in_service=sign_in_service))  # type: ignore[arg-type]


def scope(token: str) -> dict[str, Any]:
    return {"type": "http", "headers": [(b"cookie", f"askwell={token}".encode())]}


def test_one_request_asks_once(made: SignInCookie, sign_in_service: Gate) -> None:
    mine = scope("t1")
    assert [made.login(Request(mine)), made.login(Request(mine)), made.login(Request({**mine}))] == ["lena"] * 3
    assert sign_in_service.asked == 1


def test_nobody_is_remembered_too(made: SignInCookie, sign_in_service: Gate) -> None:
    mine = scope("t2")
    assert [made.actor(Request(mine)) for _ in range(3)] == [None] * 3
    assert sign_in_service.asked == 1


def test_another_request_asks_again(made: SignInCookie, sign_in_service: Gate) -> None:
    assert made.login(Request(scope("t1"))) == "lena"
    sign_in_service.signed_in.clear()
    assert made.login(Request(scope("t1"))) is None


def test_a_request_that_stays_open_learns_of_a_sign_out(
    made: SignInCookie, sign_in_service: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = scope("t1")
    assert made.login(Request(mine)) == "lena"
    sign_in_service.signed_in.clear()
    monkeypatch.setattr(sign_in_cookie, "ACTOR_CACHE_SECONDS", -1.0)
    assert made.login(Request(mine)) is None
