"""The table of options: only messages whose question may have options, with what was shown for each."""

from __future__ import annotations

from tests.evals.lab.options import HALVES, Row, may_be_asked, table
from tests.evals.lab.training.openings import openings

ROWS = (
    Row("v1", "help with the panel", "task", False, "Which?", ("choosing speakers", "a speaker who talks too long")),
    Row("v2", "How do I begin? Who decides?", "part", True, "Which first?", ("How do I begin?", "Who decides?")),
    Row("v3", "question about safety", "task", False, "What exactly?", ()),
    Row("v4", "a long story", "task", False, "", ()),
)


def test_the_table_shows_every_option_and_counts_each_kind() -> None:
    shown = table(ROWS)
    assert (
        "v1, task: help with the panel\n  asked: Which?\n    o choosing speakers\n    o a speaker who talks too long\n" in shown
    )
    assert "    o Who decides? (own)\n" in shown
    assert "v4, task: a long story\n  asked: -\n" in shown
    assert shown.endswith("4 messages: 1 with options from what was found, 1 with their own questions, 1 open, 1 not asked.")


def test_only_messages_to_which_a_question_is_right_are_played() -> None:
    chosen = may_be_asked(openings())
    assert len(HALVES) == 2
    assert {m.kind for m in chosen if m.worth in ("none", "success", "tried", "refer")} == {"vague"}
    assert any(m.kind != "vague" for m in chosen)
