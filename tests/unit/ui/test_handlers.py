"""Handlers as anybody may call them, with event data of any shape: one sentence or a page, never a failure or a traceback."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from assistant.ports import StoreUnavailable
from assistant.services.conversing.status_text import say
from tests.unit.ui.wire import Wire

MEGABYTE = "m" * 1_000_000
FAULTS = ("Traceback", 'File "', "Error(", "Exception", "sqlalchemy")


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


SHAPES: dict[str, Any] = {
    "nothing": None, "zero": 0, "number": 1.5, "true": True, "text": "withdraw", "list": [], "lists": [[["x"]]], "empty": {},
    "wrong types": {"n": "x", "name": 7, "request": ["r"], "fields": "f"},
    "nulls": {"n": None, "name": None, "request": None, "fields": None},
    "wrong fields": {"n": 1, "fields": {"words": {"a": 1}, "": "x", "message_id": [1], "start": None}},
    "a long name": {"n": 1, "name": "x" * 65, "request": "y" * 65}, "a huge number": {"n": 10**30}, "minus": {"n": -(10**18)},
    "many keys": {f"k{n}": n for n in range(10_000)}, "many fields": {"n": 1, "fields": {f"k{n}": "v" for n in range(10_000)}},
    "a long text": {"n": 1, "name": "note", "fields": {"notes": MEGABYTE}}, "long and alone": MEGABYTE,
    "deep": deep(60), "deep fields": {"n": 1, "fields": {"words": deep(60)}},
    "half a pair": {"n": 1, "name": "\ud800", "request": "\ud800", "fields": {"\ud800": "\ud800", "words": "\udfff"}},
    "zero bytes": {"n": 1, "name": "\x00", "request": "\x00", "fields": {"words": "\x00"}},
    "private names": {"n": 1, "name": "__class__", "request": "__init__", "fields": {"__class__": "x"}},
    "not a number": {"n": float("nan"), "fields": {"x": "y"}},
}  # fmt: skip


@pytest.fixture
def request_id(wire: Wire) -> str:
    return wire.wired.open("lena", "r1")


@pytest.mark.parametrize("shape", SHAPES)
def test_event_data_of_any_shape_gives_one_sentence_or_a_page(
    wire: Wire, request_id: str, shape: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = wire.wired.picture()
    for login in ("lena", "petra"):
        session = f"{login}-{shape.replace(' ', '-')}"
        accepted = 0
        for fn in wire.registered(login).values():
            data = {"who": login, **SHAPES[shape]} if isinstance(SHAPES[shape], dict) else SHAPES[shape]
            body = {"data": [], "fn_index": fn, "event_data": data, "session_hash": session}
            joined = wire.post(login, "/gradio_api/queue/join", json.dumps(body).encode())
            assert joined.status_code < 500, joined.text
            accepted += joined.status_code == 200
        if accepted:
            heard = wire.heard(login, session)
            assert len(heard) == accepted
            for one in heard.values():
                assert one.refused != "unexpected"
                assert len(one.told) < 200
                assert [fault for fault in FAULTS if fault in one.raw] == []
    assert wire.wired.picture() == before
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


BODIES = (
    "", "null", "[]", "{}", "7", "{", '{"data": 7}', '{"data": [], "fn_index": 1}', '{"data": [], "session_hash": "s"}',
    '{"data": [], "fn_index": 99, "session_hash": "s"}', '{"data": [], "fn_index": -1, "session_hash": "s"}',
    '{"data": [], "fn_index": "x", "session_hash": "s"}', '{"data": [], "fn_index": 0, "session_hash": {"a": 1}}',
    '{"data": [1, 2, 3], "fn_index": 0, "session_hash": 7}', '{"data": [], "fn_index": 1e400, "session_hash": "s"}',
    "[" * 100_000, '{"data": ' + "[" * 5000 + "]" * 5000 + ', "fn_index": 0, "session_hash": "s"}', "\x00\xff",
    '{"data": [], "fn_index": 0, "session_hash": "s", "event_data": ' + "[" * 5000 + "]" * 5000 + "}",
    '{"data": [], "fn_index": true, "session_hash": "s"}', '{"data": [], "fn_index": 0, "session_hash": "../s"}',
)  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:44])
def test_an_order_that_is_none_is_refused(wire: Wire, body: str) -> None:
    answer = wire.post("lena", "/gradio_api/queue/join", body.encode("latin-1"))
    assert 400 <= answer.status_code < 500, answer.text
    assert [fault for fault in FAULTS if fault in answer.text] == []


def test_the_answer_carries_the_number_of_the_question(wire: Wire) -> None:
    heard = wire.many("lena", [(0, {"n": n}) for n in (3, 1, 2)])
    assert [one.last["n"] for one in heard] == [3, 1, 2]


def test_a_bug_is_one_sentence_and_noted(wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the canary of the bug")

    monkeypatch.setattr(type(wire.wired.app.services.request_views), "mine", broken)
    for fn in ("ask.show", "requests.show"):
        heard = wire.one("lena", fn, {"n": 1})
        assert (heard.refused, heard.told) == ("unexpected", say("page.unexpected"))
        assert "canary" not in heard.raw


def test_a_database_that_does_not_answer_is_one_sentence(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("the canary of the store")

    monkeypatch.setattr(type(wire.wired.app.services.request_views), "mine", away)
    heard = wire.one("lena", "requests.show", {"n": 1})
    assert (heard.refused, heard.told) == ("storage", say("refuse.storage"))
    assert "canary" not in heard.raw


def test_an_act_that_is_refused_still_shows_the_page_as_it_is(wire: Wire, request_id: str) -> None:
    heard = wire.act("lena", "ask.act", "approve", request_id, hash="0")
    assert heard.refused
    assert {"bar", "chat", "request", "slots"} <= heard.drawn.keys()


def test_search_refuses_what_is_no_question_and_changes_nothing(wire: Wire) -> None:
    before = wire.wired.picture()
    assert wire.act("petra", "library.act", "search", question="").refused == "empty"
    assert wire.act("petra", "library.act", "search", question="x" * 601).refused == "too_long"
    assert "Put the ask on the first slide" in wire.act("petra", "library.act", "search", question="board slides").drawn["found"]
    assert wire.wired.picture() == before


def test_a_rebuild_is_seen_as_it_goes_on(wire: Wire) -> None:
    heard = wire.act("petra", "library.act", "reindex")
    assert [bool(answer.get("more")) for answer in heard.answers] == [True] * (len(heard.answers) - 1) + [False]
    assert say("cli.reindexed") in heard.drawn["progress"]
    assert wire.act("lena", "library.act", "reindex").refused == "role"


def test_moments_that_are_none_are_refused(wire: Wire, request_id: str) -> None:
    for start in ("", "tomorrow", "2026-11-03T10:00", "9999-99-99T00:00+00:00", "0001-01-01T00:00:00+14:00", "1e9"):
        for fn, name in (("ask.act", "move"), ("mentor.act", "accept")):
            assert wire.act("lena", fn, name, request_id, start=start).refused == "no_time", start
