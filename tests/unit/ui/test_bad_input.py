"""Whatever somebody types: one kind sentence or one turn, nothing lost, nothing twice, and no request left by a refusal."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from assistant.services.conversing.message_text import LONGEST, readable
from assistant.services.conversing.status_text import say
from tests.fakes import done
from tests.unit.services.test_role_matrix import walk
from tests.unit.ui.wire import Received, Wire

SAY = "ask.say"
EMPTY = ("", " \n\t ", "\x00\x07\x1b", "\u202e\u2066\ufeff")
LONG = (LONGEST + 1, 60_000, 400_000)
FINE = (
    "🙂🙂🙂🎉",
    "Я хочу подготовить выступление перед директорами",
    "取締役会の発表で困っています、助けてください",
    "board\x00 deck\x1b[31m \x07red",
    "left \u202eright\u2066",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %} {task} %s %(x)s",
    "'; DROP TABLE requests; --",
    "line\r\nline\rline\n\n\n\nline",
    "e\u0301\u0301\u0301" * 500,
    "?",
    "x" * LONGEST,
    "\ud800 half a pair",
)  # fmt: skip


def new() -> str:
    return uuid4().hex[:12]


def words(request: str, text: str, message_id: str = "") -> dict[str, Any]:
    return {"n": 1, "name": "say", "request": request, "fields": {"message_id": message_id or new(), "words": text}}


def tell(wire: Wire, request: str, text: str, message_id: str = "") -> Received:
    return wire.one("lena", SAY, words(request, text, message_id))


@pytest.mark.parametrize("text", [*EMPTY, *("x" * size for size in LONG)], ids=lambda text: f"{len(text)}-{text[:3]!r}")
def test_what_cannot_be_taken_is_refused_with_one_sentence_and_leaves_nothing(wire: Wire, text: str) -> None:
    before = wire.wired.picture()
    heard = tell(wire, new(), text)
    assert heard.refused == ("empty" if len(text) < LONGEST else "too_long")
    assert heard.told == (say("refuse.empty") if len(text) < LONGEST else heard.told)
    assert str(LONGEST) in heard.told or len(text) < LONGEST
    assert heard.drawn == {}
    assert wire.wired.picture() == before


@pytest.mark.parametrize("text", FINE, ids=lambda text: repr(text[:12]))
def test_what_can_be_read_is_kept_once_and_answered_once(wire: Wire, text: str) -> None:
    request, key = new(), new()
    heard, again = tell(wire, request, text, key), tell(wire, request, text, key)
    assert heard.refused == again.refused == ""
    assert heard.answers[0]["more"] is True
    assert heard.drawn["chat"] == again.drawn["chat"]
    kept = wire.wired.load(request)
    assert [message.text for message in kept.messages] == [readable(text)]
    assert [reply.to for reply in kept.replies] == [(kept.messages[0].id,)]
    assert kept.pending == ()
    for region in heard.drawn.values():
        assert "<script" not in region
        assert "<img" not in region
        assert "\x1b" not in region


def test_a_message_to_a_closed_request_is_refused_and_nothing_changes(wire: Wire) -> None:
    request = walk(wire.wired, "closed")
    before = wire.wired.picture()
    heard = tell(wire, request, "one more word")
    assert heard.refused
    assert len(heard.told) > 20
    assert wire.wired.picture() == before


@pytest.mark.parametrize("fields", [
    {}, {"message_id": "a"}, {"words": "hello"}, {"message_id": "", "words": "hello"}, {"message_id": 7, "words": "hello"},
    {"message_id": "a", "words": ["hello"]}, {"message_id": "a", "words": None},
])  # fmt: skip
def test_an_incomplete_message_is_refused(wire: Wire, fields: dict[str, Any]) -> None:
    before = wire.wired.picture()
    heard = wire.one("lena", SAY, {"n": 1, "request": new(), "fields": fields})
    assert heard.refused in ("no_act", "empty")
    assert wire.wired.picture() == before


def test_a_message_without_a_request_is_refused(wire: Wire) -> None:
    before = wire.wired.picture()
    for request in ("", None, 7, ["r"], "r" * 65):
        assert wire.one("lena", SAY, words(request, "hello")).refused == "no_act"  # type: ignore[arg-type]
    assert wire.wired.picture() == before


def test_twenty_sends_of_one_message_are_one_turn(wire: Wire) -> None:
    request, key = new(), new()
    heard = wire.many("lena", [(SAY, words(request, "task: face the board", key))] * 20)
    assert {one.refused for one in heard} == {""}
    kept = wire.wired.load(request)
    assert len(kept.messages) == len(kept.replies) == 1
    assert len({one.drawn["chat"] for one in heard}) == 1


def test_a_message_lost_on_the_way_is_sent_again_with_others_between(wire: Wire) -> None:
    request = new()
    for key in ("one", "two", "one", "two"):
        assert tell(wire, request, f"task: say {key}", f"{request}-{key}").refused == ""
    assert [message.text for message in wire.wired.load(request).messages] == ["task: say one", "task: say two"]


def test_the_same_message_id_of_somebody_else_is_another_message(wire: Wire) -> None:
    mine, theirs, key = new(), new(), new()
    assert tell(wire, mine, "task: face the board", key).refused == ""
    other = wire.one("mika", SAY, words(theirs, "task: face the auditors", key))
    assert other.refused == ""
    assert [m.text for m in wire.wired.load(theirs).messages] == ["task: face the auditors"]
    assert len(done(wire.wired.app.services.request_views.mine(wire.wired.actor("mika")))) == 1
