"""What a message at the brief asks for: set phrases are recognised, and an answer about the work is none of them."""

from __future__ import annotations

import pytest

from assistant.dialogue.brief_talk import AsksAbout, FieldEdit, WantsOthers, brief_wish, named, not_quite
from assistant.domain.mentor import Match

PEOPLE = [
    Match(key, name, "", "", "", 0.5, "", "")
    for key, name in (("a", "Gwendolen Ashcombe"), ("b", "Marek Dolniak"), ("c", "Rosalind Quaye-Ord"))
]


@pytest.mark.parametrize(
    ("words", "edit"),
    [
        ("change the question to: How do I say no?", FieldEdit("question", "How do I say no")),
        ("My real question is how do I say no", FieldEdit("question", "how do I say no")),
        ("Please set the deadline to Friday.", FieldEdit("deadline", "Friday")),
        ("the deadline has moved to 18 December", FieldEdit("deadline", "18 December")),
        ("the goal should be two signed contracts", FieldEdit("success", "two signed contracts")),
        ("Could you add that legal needs ten days?", FieldEdit("background", "legal needs ten days", adds=True)),
        ("add to what I tried: two reminders", FieldEdit("tried", "two reminders", adds=True)),
        ("remove what I tried", FieldEdit("tried")),
        ("please leave out the materials", FieldEdit("materials")),
        ("make it 45 minutes", FieldEdit("format", "45 minutes")),
        ("can we do it in writing instead?", FieldEdit("format", "in writing")),
    ],
)
def test_an_edit_by_message_names_its_field(words: str, edit: FieldEdit) -> None:
    assert brief_wish(words) == edit


@pytest.mark.parametrize(
    "words",
    ["not quite", "That did not solve it, show me a person who can help.", "somebody else please", "not him, he is my boss",
     "I'd rather talk to somebody else", "a different person", "it\u2019s not the right person"],
)  # fmt: skip
def test_a_wish_for_others(words: str) -> None:
    assert brief_wish(words) == WantsOthers()


@pytest.mark.parametrize(
    ("words", "topic"),
    [("looks good, send it", "send"), ("who will see this?", "who"), ("Will my boss read it?", "who"), ("start over", "new"),
     ("what happens next?", "next"), ("when will she answer?", "next"), ("why this person?", "why"),
     ("I have another question: how do I book a room?", "new"), ("Is that too long?", "other")],
)  # fmt: skip
def test_a_question_about_the_way_of_the_brief(words: str, topic: str) -> None:
    assert brief_wish(words) == AsksAbout(topic)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    ["a deck they approve", "an hour of calm each day", "a call with the buyer that ends well", "a date for the launch",
     "another person to do the reports", "I want a plan to change the deadline to March", "not a single complaint",
     "I also tried a call with the buyer", "that they send it on time", "put the materials into a folder", ""],
)  # fmt: skip
def test_what_is_said_about_the_work_is_no_wish_about_the_brief(words: str) -> None:
    assert brief_wish(words) is None
    assert not not_quite(words)


@pytest.mark.parametrize(
    ("words", "who"),
    [("Marek", "b"), ("I'd rather talk to Marek", "b"), ("not Gwendolen but Marek please", "b"), ("Marek or Gwendolen", None),
     ("Gwendolen rather than Marek", "a"), ("Quaye-Ord instead", "c"), ("not Marek", None), ("rather marek", None),
     ("Marek told me once that the board hates tables", None)],
)  # fmt: skip
def test_a_person_is_chosen_by_a_part_of_the_name(words: str, who: str | None) -> None:
    assert named(words, PEOPLE) == who
