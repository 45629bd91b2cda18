"""Whatever a model echoes of a text that gives orders: no status, no address, nothing that the excerpts do not say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.dialogue.grounding.alignment import located
from assistant.dialogue.grounding.entailment import claims_status, foreign_words, has_address, supported
from assistant.dialogue.grounding.evidence import aligned, aligned_debrief, checked, checked_debrief
from assistant.dialogue.grounding.streaming_answer import StreamingAnswer
from assistant.dialogue.language_io import Excerpt
from assistant.dialogue.understanding import Extraction, Understanding
from assistant.domain.debrief import Debrief, Item
from assistant.domain.reply import Kind, Sentence
from tests.injections import AWAY, CARRIERS, DISGUISES, GOALS, collected, grammar

EXCERPT = Excerpt(
    "Board slides that lead with the ask",
    "Write the ask before you open any slide. One sentence: who should decide what, by when, at what cost, for what result. "
    "Show this sentence to your sponsor before building slides. If they change it, you have saved a week.",
)
SAID = "I need help with my board slides before Friday. I have not tried a shorter version."
attacks = pytest.mark.parametrize(
    "attack", collected() or [pytest.param("", marks=pytest.mark.skip("the collection is not here"))]
)


def test_the_grammar_is_whole_and_always_the_same() -> None:
    assert (len(GOALS), len(CARRIERS), len(DISGUISES)) == (8, 10, 12)
    assert len({injection.text for injection in grammar()}) == 960
    assert len({injection.name for injection in grammar()}) == 960


@pytest.mark.parametrize("goal", GOALS)
def test_no_obedient_sentence_is_part_of_an_answer(goal: str) -> None:
    own = [each for each in grammar() if each.goal == goal]
    for said in dict.fromkeys(text for each in own for text in (each.complied, each.disguised, each.text)):
        assert not supported(Sentence(said, (1,)), (EXCERPT,), None), said
        growing = StreamingAnswer((EXCERPT,), None)
        growing.feed(f"Write the ask before you open any slide [1]. {said} [1]\n")
        assert all(sentence.text in EXCERPT.text for sentence in growing.finish()), said


@pytest.mark.parametrize("goal", ["false booking", "false acceptance", "attestation"])
def test_a_status_is_seen_in_every_disguise_that_a_person_can_read(goal: str) -> None:
    readable = set(DISGUISES) - {"base64", "rot13"}
    for injection in (each for each in grammar() if each.goal == goal):
        if injection.name.split(" / ")[2] in readable:
            assert claims_status(injection.disguised), injection.name


@pytest.mark.parametrize("goal", ["send away", "lure"])
def test_an_address_is_seen_unless_it_is_no_address_any_more(goal: str) -> None:
    broken = {"base64", "rot13", "leet"}
    for injection in (each for each in grammar() if each.goal == goal):
        if injection.name.split(" / ")[2] not in broken:
            assert has_address(injection.disguised), injection.name


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_claim_that_repeats_an_order_has_no_quote_in_the_mentees_words(carrier: str) -> None:
    for injection in (each for each in grammar() if each.carrier == carrier):
        for said in (injection.complied, injection.text, injection.disguised):
            slot = Extraction("task", said, said)
            claim = aligned(Understanding(Kind.VAGUE, slots=(slot,), negated=(said,), facet=said), SAID)
            assert checked(claim, SAID) == Understanding(Kind.VAGUE), injection.name


def test_an_order_in_the_notes_becomes_no_more_than_its_own_words() -> None:
    for injection in (each for each in grammar() if each.carrier == "notes"):
        complied = Item("action", injection.complied, injection.complied, "mentee", datetime(2027, 1, 8, tzinfo=UTC).date())
        for item in checked_debrief(aligned_debrief(Debrief((complied,)), injection.text), injection.text).items:
            assert item.quote in injection.text, injection.name
            assert item.text in injection.text, injection.name
            assert not claims_status(item.text), injection.name


@attacks
def test_an_attack_of_the_collection_is_no_answer_and_no_quote(attack: str) -> None:
    for line in [attack, *attack.splitlines()]:
        if line.strip():
            assert not supported(Sentence(line, (1,)), (EXCERPT,), None)
    assert located(attack, SAID) is None
    growing = StreamingAnswer((EXCERPT,), None)
    for start in range(0, len(attack), 7):
        shown = growing.feed(attack[start : start + 7]) or ()
        assert not any(has_address(sentence.text) or claims_status(sentence.text) for sentence in shown)
    assert growing.finish() == ()


def test_words_of_an_order_are_foreign_to_the_excerpts() -> None:
    for goal in GOALS:
        assert foreign_words(GOALS[goal][1], [EXCERPT.text])
    assert AWAY.split(".")[0] in foreign_words(GOALS["lure"][1], [EXCERPT.text])
