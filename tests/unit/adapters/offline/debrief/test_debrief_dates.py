"""When an action is due: by the grammar, on Wednesday 10 June 2026; never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.offline.dates.day_rules import Reference
from assistant.adapters.offline.dates.phrases import phrases
from tests.unit.adapters.offline.debrief.support import DAY, debrief, only


@pytest.mark.parametrize(
    ("phrase", "month", "day"),
    [
        ("today", 6, 10),
        ("tonight", 6, 10),
        ("tomorrow morning", 6, 11),
        ("the day after tomorrow", 6, 12),
        ("by Friday", 6, 12),
        ("this Friday", 6, 12),
        ("by Wednesday", 6, 17),
        ("this Wednesday", 6, 10),
        ("next Friday", 6, 19),
        ("Friday next week", 6, 19),
        ("next week Friday", 6, 19),
        ("Friday week", 6, 19),
        ("by the end of the week", 6, 12),
        ("by end of next week", 6, 19),
        ("by the end of the month", 6, 30),
        ("before the end of August", 8, 31),
        ("by 3 July", 7, 3),
        ("by July 3rd", 7, 3),
        ("by Fri 3 July", 7, 3),
        ("before the twenty-second", 6, 22),
        ("by the 9th", 7, 9),
        ("by 2026-07-01", 7, 1),
        ("by 01/07", 7, 1),
        ("by 1.7.2026", 7, 1),
        ("in two weeks", 6, 24),
        ("within three days", 6, 13),
        ("within five working days", 6, 17),
        ("in a fortnight", 6, 24),
        ("by Monday... no, sorry, Thursday", 6, 11),
        ("on Monday - wait, I'm off on Monday, by Tuesday next week", 6, 16),
        ("by noon on Friday", 6, 12),
        ("before it expires on 30 June", 6, 30),
    ],
)
def test_a_phrase_is_due(phrase: str, month: int, day: int) -> None:
    assert only(f"I will send Ben the file {phrase}").due == date(2026, month, day)


@pytest.mark.parametrize(
    "notes",
    [
        "I will send Ben the file",
        "I will send Ben the file before the board meeting",
        "I will send Ben the file from last Friday",
        "I will send Ben the file every Monday",
        "I will send Ben Friday's file",
        "I will send Ben slide 3 of 12",
        "I will send Ben the file as of 31 May",
        "I will send Ben the file in July",
        "I will send Ben the file by mid-July",
        "I will send Ben the file this week",
        "I will send Ben the file by the 12",
    ],
)
def test_without_a_date_nothing_is_due(notes: str) -> None:
    assert only(notes).due is None


def test_an_event_is_dated_elsewhere() -> None:
    found = debrief("I will send Ben the file before the board meeting.\nThe meeting is on 22 June.")
    assert found.of("action")[0].due == date(2026, 6, 22)
    found = debrief("I rehearse the day before the pitch, alone.\nPitch = Tuesday the 23rd")
    assert [item.due for item in found.of("action")] == [date(2026, 6, 22)]


def test_a_date_counted_from_the_action_before() -> None:
    found = debrief("I will send the file by Monday.\nPeter will read it two days later.")
    assert [item.due for item in found.of("action")] == [date(2026, 6, 15), date(2026, 6, 17)]


def test_a_bare_date_completes_and_a_correction_replaces() -> None:
    talk = "Peter: And then?\nNoor: I'll redo slide two{}.\nPeter: When?\nNoor: {}\nPeter: Good.\n"
    assert debrief(talk.format("", "By Friday.")).of("action")[0].due == date(2026, 6, 12)
    corrected = debrief("Peter: And?\nNoor: I'll redo slide two tomorrow. No, sorry, Friday.\nPeter: Good.\nNoor: Bye.")
    (item,) = corrected.of("action")
    assert (item.due, item.text) == (date(2026, 6, 12), "Redo slide two")


@given(st.text(alphabet="0123456789/.- thndfrimoaywekxtby", max_size=60), st.dates())
def test_no_phrase_breaks_the_grammar(text: str, on: date) -> None:
    for phrase in phrases(text, Reference(on, on)):
        assert 0 <= phrase.start < phrase.end <= len(text)


def test_the_day_of_the_session_is_a_wednesday() -> None:
    assert DAY.strftime("%A") == "Wednesday"
