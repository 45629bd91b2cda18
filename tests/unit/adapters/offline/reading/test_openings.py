"""The labelled first messages: every file is understood, labels are of the guide, and a variation keeps them true."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evals.lab.training.openings import CARES, KINDS, OPENINGS, ROLES, WORTHS, Varied, openings, parsed

GUIDE, DATA = Path("tests/evals/lab/training/OPENINGS.md"), Path("docs/DATA.md")
MESSAGES = openings()
VARIED = Varied(MESSAGES, random.Random(1))


def test_every_message_has_labels_of_the_guide() -> None:
    assert len({message.id for message in MESSAGES}) == len(MESSAGES)
    for message in MESSAGES:
        assert message.units, message.id
        assert (message.kind in KINDS, message.care in CARES, message.worth in WORTHS) == (True, True, True), message.id
        assert all(unit.roles and set(unit.roles) <= set(ROLES) for unit in message.units), message.id
        assert sum(unit.asked for unit in message.units) <= 1, message.id
        assert sum(unit.added for unit in message.units) <= 1, message.id


def test_units_lie_in_the_text_one_after_the_other() -> None:
    for message in MESSAGES:
        text, places = message.placed()
        assert all(text[start:end] == unit.text for start, end, unit in places if unit.text.strip())
        assert [start for start, _, _ in places] == sorted(start for start, _, _ in places)


def test_a_good_question_is_one_and_short() -> None:
    fine = [question for message in MESSAGES for question in message.fine]
    assert len(fine) > 4_000
    assert sum(len(question.split()) > 30 for question in fine) < 0.01 * len(fine)
    assert sum(not question.endswith("?") for question in fine) < 0.01 * len(fine)


def test_the_documented_sizes_are_those_of_the_data() -> None:
    voices, units = len({message.voice for message in MESSAGES}), sum(len(message.units) for message in MESSAGES)
    assert voices == len(list(OPENINGS.glob("*.txt")))
    said = f"{len(MESSAGES):,} first messages in {voices} voices, a file each: {units:,} units"
    assert said in DATA.read_text("utf-8")


def test_the_example_of_the_guide_is_understood() -> None:
    example = re.search(r"```\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert example
    (message,) = parsed(example[1])
    assert [unit.roles for unit in message.units] == ["S", "O", "T", "N", "A", "D"]
    assert (message.kind, message.care, message.worth, len(message.fine)) == ("specific", "none", "none", 2)
    assert "wrong desk\ntried a list" in message.text
    assert [unit.text for unit in message.units if unit.added] == [
        "Since the move every second swatch order ends up at the wrong desk"
    ]


def test_the_guide_names_every_label() -> None:
    guide = GUIDE.read_text("utf-8")
    for label in (*KINDS, *CARES, *WORTHS):
        assert f"`{label}`" in guide, label
    for role in ROLES:
        assert f"| `{role}` " in guide, role


def test_a_line_that_is_not_understood_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"v1\.txt, v1-01"):
        parsed("=== v1-01 | topic | genre\nkind: vague | care: none | worth: none\nno brackets here\n", "v1.txt")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MESSAGES))
def test_a_variation_keeps_the_labels_that_it_names(message: object) -> None:
    changed = VARIED.of(message)  # type: ignore[arg-type]
    original = next(one for one in MESSAGES if one is message)
    assert changed.id == original.id
    assert changed.kind in (original.kind, None)
    assert changed.worth in (original.worth, None)
    assert changed.care == original.care
    assert sum(unit.asked for unit in changed.units) <= sum(unit.asked for unit in original.units)
    text, places = changed.placed()
    assert all(0 <= start <= end <= len(text) + 2 for start, end, _ in places)
