"""Messages in the form of "key: value" lines are taken at their word."""

from __future__ import annotations

import pytest

from assistant.adapters.offline.reading.bullets import slots
from assistant.adapters.offline.reading.spans import Span

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


@pytest.mark.parametrize(
    "pasted",
    [
        "From: Gregor Stahl\nSubject: Migration\nDeadline: Friday\nGoal: all of it on the new cluster\nHi all, no delays.",
        "```\nGoal: 5\nDeadline: 3000ms\n```",
        "> Task: move the racks\n> Deadline: Friday",
    ],
)
def test_a_pasted_mail_code_or_quoted_lines_fill_no_slot(pasted: str) -> None:
    assert slots(f"How do I push back on this?\n\n{pasted}\n\nI tried the phone.") == {}
    assert slots(f"{FORM}\n\n{pasted}") == slots(FORM)


def test_lines_that_are_probably_not_the_authors_own_count_only_where_there_is_nothing_else() -> None:
    whole = f"My boss wrote:\n{FORM}"
    assert slots(whole, [Span(15, len(whole))]) == {}
    assert set(slots(whole)) == set(slots(FORM, [Span(0, len(FORM))])) == {"task", "context", "outcome", "deadline"}
