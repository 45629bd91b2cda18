"""Messages in the form of "key: value" lines are taken at their word."""

from __future__ import annotations

import pytest

from assistant.adapters.offline.reading.bullets import slots

FORM = "Task: cleaning plan for line 5\nSituation: one oven belt for two products\nGoal: three clean swabs\nWhen: by 30 January"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (
            FORM,
            {
                "task": "cleaning plan for line 5", "context": "one oven belt for two products",
                "outcome": "three clean swabs", "deadline": "by 30 January",
            },
        ),
        ("WHAT the quality concept\nWHO bid manager\nGOAL 75 points", {
            "task": "the quality concept", "context": "bid manager", "outcome": "75 points",
        }),
        ("Goal: just one line has a key", {}),
        ("From: Odile\nSubject: reforecast\nPlease resubmit.", {}),
        ("no keys at all", {}),
    ],
)  # fmt: skip
def test_lines_name_their_slot(text: str, quotes: dict[str, str]) -> None:
    assert {slot: span.of(text) for slot, span in slots(text).items()} == quotes
