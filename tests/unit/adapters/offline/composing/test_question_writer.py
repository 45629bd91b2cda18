"""The question writer says nothing that neither the message nor its list of words has, and scores whatever it is given."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from assistant.adapters.offline.composing.question_words import question_words
from assistant.adapters.offline.composing.question_writer import MOST_WORDS, WIDTH, MessageWords, QuestionWriter
from assistant.adapters.offline.composing.written import CLOSE, FREE, placed, told_apart, written
from assistant.adapters.offline.reading.unit_model import Reader, Reading
from assistant.dialogue.grounding.faithful import objection
from tests.evals.lab.training.openings import openings

READER, WRITER = Reader(), QuestionWriter()
ADVICE = "I've got a new colleague and she's quiet. How do you get somebody to speak up in meetings?"


def message(text: str) -> MessageWords:
    found = WRITER.message(text, READER.read(text))
    assert found
    return found


@cache
def messages() -> list[str]:
    return [opening.text for opening in openings() if opening.fine][::97]


def test_a_question_to_the_reader_becomes_the_authors() -> None:
    assert WRITER.wordings(message(ADVICE))[0] == "How do I get somebody to speak up in meetings"


def test_every_word_was_said_or_is_listed() -> None:
    for text in messages():
        found = message(text)
        wordings = WRITER.wordings(found)
        assert 1 <= len(wordings) <= WIDTH
        for wording in wordings:
            words = question_words(wording)
            assert len(words) <= MOST_WORDS
            assert all(word in found.where or word in WRITER.listed for word in words), wording


def test_wordings_are_the_same_whatever_was_written_before() -> None:
    first = WRITER.wordings(message(ADVICE))
    WRITER.wordings(message(messages()[0]))
    assert WRITER.wordings(message(ADVICE)) == first


def test_a_beam_scores_its_wording_as_a_whole_question_is_scored() -> None:
    """States kept from step to step give what one pass over the whole question gives."""
    for text in messages()[:8]:
        found = message(text)
        best, others = (scores := WRITER.scores(found, WRITER.wordings(found)))[0], scores[1:]
        assert all(np.isfinite(one.mean) for one in scores)
        assert best.mean >= max((one.mean for one in others), default=-9.0) - 0.35, text


def test_the_authors_question_is_likelier_and_finer_than_another() -> None:
    asked = ["How do I get somebody to speak up in meetings?", "Which meetings got a new colleague?"]
    fine, other = WRITER.scores(message(ADVICE), asked)
    assert fine.mean > other.mean
    assert fine.fine > other.fine
    assert fine.fine + fine.awkward + fine.wrong == pytest.approx(1.0, abs=1e-4)


def test_a_question_of_any_words_has_a_score() -> None:
    (score,) = WRITER.scores(message(ADVICE), ["Zyx \U0001f600 qwrt " * 60])
    assert score.least <= score.mean < 0
    assert WRITER.scores(message(ADVICE), []) == []


def test_nothing_is_written_from_nothing() -> None:
    assert WRITER.message("", Reading()) is None


def test_what_its_author_would_not_sign_is_left_out() -> None:
    for text in messages():
        units = READER.read(text).units
        for candidate in written(WRITER, message(text), units, (CLOSE, FREE)):
            assert objection(candidate.text, told_apart(text, units)) == ""


def test_a_question_by_anybody_is_placed_on_the_unit_that_it_asks() -> None:
    units = READER.read(ADVICE).units
    candidate = placed("How do I get a quiet colleague to speak up in meetings?", units)
    assert "speak up" in units[candidate.asked].text
    assert "quiet" in units[candidate.added].text
