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
from tests.fakes import House
from tests.unit.cli.support import desk_of


def spoken(house: House, *lines: str | bytes, request: str | None = None) -> list[dict[str, Any]]:
    source = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    out = io.StringIO()
    talk(desk_of(house), request, io.BytesIO(source), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def requests_of(house: House, login: str = "lena") -> list[str]:
    return [row.id for row in house.ports.index.of_mentee(login)]


def test_a_dialogue_to_a_brief(quick_house: House) -> None:
    first, second, third = spoken(quick_house, "task: present to the board\noutcome: a yes".replace("\n", " "), "yes", "1")
    assert first["asks"]
    assert second["stage"] in ("sharpening", "ready")
    assert third["next_step"]


def test_three_forms_of_a_line(quick_house: House) -> None:
    plain, quoted, obj = spoken(
        quick_house, "task: plan a talk", '"context: for directors"', '{"text": "skip", "message_id": "x1"}'
    )
    assert plain["need"]["task"]["value"] == "plan a talk"
    assert quoted["need"]["context"]["quote"] == "for directors"
    assert obj["stage"] == "sharpening"
    assert any(m.id == "x1" for m in quick_house.load(requests_of(quick_house)[0]).messages)


def test_a_string_may_hold_line_ends(quick_house: House) -> None:
    (found,) = spoken(quick_house, json.dumps("task: present to the board\noutcome: a clear yes"))
    assert found["kind"] == "specific"
    assert found["asks"] is None
    assert found["sharp_question"]
    assert found["citations"][0]["article"] == "board-slides"
    assert [expert["id"] for expert in found["experts"]]


def test_the_same_message_id_is_one_turn(quick_house: House) -> None:
    line = '{"text": "task: plan a talk", "message_id": "x1"}'
    first, again = spoken(quick_house, line, line)
    assert first == again
    assert len(quick_house.load(requests_of(quick_house)[0]).messages) == 1


def test_new_begins_another_request_and_says_nothing(quick_house: House) -> None:
    found = spoken(quick_house, "task: plan a talk", "/new", "/new", "task: write a report")
    assert [reply["need"]["task"]["value"] for reply in found] == ["plan a talk", "write a report"]
    assert len(requests_of(quick_house)) == 2


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
def test_a_refused_line_changes_nothing(quick_house: House, line: str, code: str) -> None:
    refused, answered = spoken(quick_house, line, "task: plan a talk")
    assert refused["refused"] == code
    assert refused["stage"] == "sharpening"
    assert refused["need"] == {}
    assert "refused" not in answered
    (request,) = requests_of(quick_house)
    assert len(quick_house.load(request).messages) == 1


def test_a_refused_first_line_leaves_no_request(quick_house: House) -> None:
    assert spoken(quick_house, "", "\x00")
    assert requests_of(quick_house) == []


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
def test_strange_lines_are_answered(quick_house: House, line: str | bytes) -> None:
    strange, after = spoken(quick_house, line, "task: plan a talk")
    assert strange["say"]
    assert "refused" not in strange or strange["refused"] == "too_long"
    assert after["need"]["task"]["value"] == "plan a talk"


def test_a_closed_request_takes_no_message(quick_house: House) -> None:
    _, closed, refused, fresh = spoken(quick_house, "task: plan a talk", "stop", "one more", "/new", "task: another")
    assert closed["stage"] == "closed"
    assert (refused["refused"], refused["stage"], refused["owner"]) == ("closed", "closed", "nobody")
    assert fresh["stage"] == "sharpening"


def test_a_request_is_continued(quick_house: House) -> None:
    spoken(quick_house, "task: plan a talk")
    (request,) = requests_of(quick_house)
    (found,) = spoken(quick_house, "context: for directors", request=request)
    assert set(found["need"]) >= {"task", "context"}


@pytest.mark.parametrize("request_id", ["nope", "", "../x", "a" * 500])
def test_an_unknown_request_is_refused(quick_house: House, request_id: str) -> None:
    if not request_id:
        return
    with pytest.raises(Refused, match="no request with that number"):
        spoken(quick_house, "hello", request=request_id)


def test_another_mentees_request_does_not_exist(quick_house: House) -> None:
    other = quick_house.open("mika")
    with pytest.raises(Refused, match="no request with that number"):
        spoken(quick_house, "hello", request=other)


def test_an_interrupted_turn_is_answered_when_the_request_goes_on(quick_house: House) -> None:
    request = quick_house.open()
    quick_house.conversation.record(quick_house.actor("lena"), request, "x1", "task: plan a talk")
    assert quick_house.load(request).pending
    (found,) = spoken(quick_house, '{"text": "task: plan a talk", "message_id": "x1"}', request=request)
    assert "delay" in found["say"]
    assert not quick_house.load(request).pending


def test_a_store_that_fails_refuses_one_message_and_the_next_goes_on(quick_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    create, failures = quick_house.ports.store.create, [StoreUnavailable("the disk is full")]

    def once(request_id: str, opened: Event) -> None:
        if failures:
            raise failures.pop()
        create(request_id, opened)

    monkeypatch.setattr(quick_house.ports.store, "create", once)
    refused, answered = spoken(quick_house, "task: plan a talk", "task: plan a talk")
    assert (refused["refused"], refused["say"]) == ("storage", say("refuse.storage"))
    assert answered["need"]["task"]["value"] == "plan a talk"
