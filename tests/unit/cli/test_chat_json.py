"""The conversation for programs: a line in, a line out, and bad lines cost nothing."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from assistant.cli.chat_json import LONGEST_LINE, talk
from assistant.cli.command_errors import Refused
from assistant.domain.events import Event
from assistant.ports import StoreUnavailable
from assistant.services.conversing.status_text import say
from tests.fakes import FakeApp
from tests.unit.cli.support import context_of


def spoken(wired: FakeApp, *lines: str | bytes, request: str | None = None) -> list[dict[str, Any]]:
    source = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    out = io.StringIO()
    talk(context_of(wired), request, io.BytesIO(source), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def requests_of(wired: FakeApp, login: str = "lena") -> list[str]:
    return [row.id for row in wired.ports.index.of_mentee(login)]


def test_a_dialogue_to_a_brief(memory_app: FakeApp) -> None:
    first, second, third = spoken(memory_app, "task: present to the board\noutcome: a yes".replace("\n", " "), "yes", "1")
    assert first["asks"]
    assert second["stage"] in ("sharpening", "ready")
    assert third["next_step"]


def test_three_forms_of_a_line(memory_app: FakeApp) -> None:
    plain, quoted, obj = spoken(
        memory_app, "task: plan a talk", '"context: for directors"', '{"text": "skip", "message_id": "x1"}'
    )
    assert plain["need"]["task"]["value"] == "plan a talk"
    assert quoted["need"]["context"]["quote"] == "for directors"
    assert obj["stage"] == "sharpening"
    assert any(m.id == "x1" for m in memory_app.load(requests_of(memory_app)[0]).messages)


def test_a_string_may_hold_line_ends(memory_app: FakeApp) -> None:
    (found,) = spoken(memory_app, json.dumps("task: present to the board\noutcome: a clear yes"))
    assert found["kind"] == "specific"
    assert found["asks"] is None
    assert found["sharp_question"]
    assert found["citations"][0]["article"] == "board-slides"
    assert [expert["id"] for expert in found["experts"]]


def test_the_same_message_id_is_one_turn(memory_app: FakeApp) -> None:
    line = '{"text": "task: plan a talk", "message_id": "x1"}'
    first, again = spoken(memory_app, line, line)
    assert first == again
    assert len(memory_app.load(requests_of(memory_app)[0]).messages) == 1


def test_new_begins_another_request_and_says_nothing(memory_app: FakeApp) -> None:
    found = spoken(memory_app, "task: plan a talk", "/new", "/new", "task: write a report")
    assert [reply["need"]["task"]["value"] for reply in found] == ["plan a talk", "write a report"]
    assert len(requests_of(memory_app)) == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "empty"),
        ("   \t ", "empty"),
        ("\x00\x07\x1b", "empty"),
        ("a" * 8001, "too_long"),
        ("b" * (2 * LONGEST_LINE + 10), "too_long"),
        ('{"words": "no text"}', "bad_line"),
        ('{"text": 5}', "bad_line"),
        ('{"text": "fine", "message_id": "\\ud800"}', "bad_line"),
        ('{"text": "fine", "message_id": "%s"}' % ("x" * 201), "bad_line"),
    ],
)
def test_a_refused_line_changes_nothing(memory_app: FakeApp, line: str, code: str) -> None:
    refused, answered = spoken(memory_app, line, "task: plan a talk")
    assert refused["refused"] == code
    assert refused["stage"] == "sharpening"
    assert refused["need"] == {}
    assert "refused" not in answered
    (request,) = requests_of(memory_app)
    assert len(memory_app.load(request).messages) == 1


def test_a_refused_first_line_leaves_no_request(memory_app: FakeApp) -> None:
    assert spoken(memory_app, "", "\x00")
    assert requests_of(memory_app) == []


@pytest.mark.parametrize(
    "line",
    [
        "😀😀😀",
        "プレゼンテーションを手伝ってください",
        "<script>alert(1)</script><b>slides</b>",
        "[bold]x[/bold] \x1b[31mred",
        b"\xff\xfe broken \x80",
        '{"a": ' * 3000,
        "{not json",
        '"half a string',
        '{"text": "a lone \\ud800 half"}',
    ],
)
def test_strange_lines_are_answered(memory_app: FakeApp, line: str | bytes) -> None:
    strange, after = spoken(memory_app, line, "task: plan a talk")
    assert strange["say"]
    assert "refused" not in strange or strange["refused"] == "too_long"
    assert after["need"]["task"]["value"] == "plan a talk"


def test_a_closed_request_takes_no_message(memory_app: FakeApp) -> None:
    _, closed, refused, fresh = spoken(memory_app, "task: plan a talk", "stop", "one more", "/new", "task: another")
    assert closed["stage"] == "closed"
    assert (refused["refused"], refused["stage"], refused["owner"]) == ("closed", "closed", "nobody")
    assert fresh["stage"] == "sharpening"


def test_a_request_is_continued(memory_app: FakeApp) -> None:
    spoken(memory_app, "task: plan a talk")
    (request,) = requests_of(memory_app)
    (found,) = spoken(memory_app, "context: for directors", request=request)
    assert set(found["need"]) >= {"task", "context"}


@pytest.mark.parametrize("request_id", ["nope", "", "../x", "a" * 500])
def test_an_unknown_request_is_refused(memory_app: FakeApp, request_id: str) -> None:
    if not request_id:
        return
    with pytest.raises(Refused, match="no request with that number"):
        spoken(memory_app, "hello", request=request_id)


def test_another_mentees_request_does_not_exist(memory_app: FakeApp) -> None:
    other = memory_app.open("mika")
    with pytest.raises(Refused, match="no request with that number"):
        spoken(memory_app, "hello", request=other)


def test_an_interrupted_turn_is_answered_when_the_request_goes_on(memory_app: FakeApp) -> None:
    request = memory_app.open()
    memory_app.conversation.record(memory_app.actor("lena"), request, "x1", "task: plan a talk")
    assert memory_app.load(request).pending
    (found,) = spoken(memory_app, '{"text": "task: plan a talk", "message_id": "x1"}', request=request)
    assert "delay" in found["say"]
    assert not memory_app.load(request).pending


def test_a_store_that_fails_refuses_one_message_and_the_next_goes_on(
    memory_app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, failures = memory_app.ports.store.create, [StoreUnavailable("the disk is full")]

    def once(request_id: str, opened: Event) -> None:
        if failures:
            raise failures.pop()
        create(request_id, opened)

    monkeypatch.setattr(memory_app.ports.store, "create", once)
    refused, answered = spoken(memory_app, "task: plan a talk", "task: plan a talk")
    assert (refused["refused"], refused["say"]) == ("storage", say("refuse.storage"))
    assert answered["need"]["task"]["value"] == "plan a talk"
