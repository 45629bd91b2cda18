"""Watch One and Do One are for what is done by hand or in words; a judgement or a decision is talked through."""

from __future__ import annotations

import pytest

from assistant.dialogue.session_shape import session_shape


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("How do I make a pivot table with two date groupings?", "skill"),
        ("I need to prepare my first appraisal talk: how do I open the talk?", "skill"),
        ("How can I tell the client that we will be late?", "skill"),
        ("Could you show me how to weld a thin frame?", "skill"),
        ("How do I best negotiate a renewal?", "skill"),
        ("How do I decide which tickets we may close?", "talk"),
        ("How do I make sure that everybody reads it?", "talk"),
        ("How do I tell whether the supplier is honest?", "talk"),
        ("How do I get the contracts signed by 4 December?", "talk"),
        ("Which of the two offers should I take?", "talk"),
        ("What can I do when nobody reads it?", "talk"),
        ("", "talk"),
    ],
)
def test_the_shape_follows_the_question(question: str, shape: str) -> None:
    assert session_shape(question) == shape


def test_help_in_writing_needs_no_session() -> None:
    assert session_shape("How do I make a pivot table?", "comments in writing") == "written"
    assert session_shape("How do I make a pivot table?", "a call, or in writing") == "skill"
