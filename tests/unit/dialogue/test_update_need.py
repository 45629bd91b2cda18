"""Corrections replace, additions append, negations remove, refusals close; nothing is asked twice."""

from __future__ import annotations

from itertools import product

import pytest

from assistant.dialogue.understanding import Act, Extraction, Understanding
from assistant.dialogue.update_need import kind_after, updated_need
from assistant.domain.need import SLOTS, Need, Slot, SlotName
from assistant.domain.reply import Asks, Kind

BEFORE = Need({"task": Slot("the slides", "the slides"), "tried": Slot("a template", "a template")})
FACET = Asks("facet", "part")


def turn(*slots: Extraction, acts: tuple[Act, ...] = (), **rest: object) -> Understanding:
    return Understanding(Kind.VAGUE, frozenset(acts), slots, **rest)  # type: ignore[arg-type]


def said(slot: SlotName, words: str, replaces: bool = False) -> Extraction:
    return Extraction(slot, words, words, replaces=replaces)


def test_a_correction_replaces() -> None:
    after = updated_need(BEFORE, turn(said("tried", "a course", replaces=True)), None)
    assert after.value("tried") == "a course"


def test_an_addition_to_what_grows_appends_with_its_own_quote() -> None:
    after = updated_need(BEFORE, turn(said("tried", "a course")), None)
    assert after.value("tried") == "a template. a course"
    assert after.slots["tried"].quote == "a template"
    assert after.slots["tried"].also == ("a course",)


def test_the_same_words_again_change_nothing() -> None:
    assert updated_need(BEFORE, turn(said("tried", "a template")), None).value("tried") == "a template"


def test_a_task_is_one_and_changes_only_when_it_is_corrected_or_asked_for() -> None:
    assert updated_need(BEFORE, turn(said("task", "the story")), None).value("task") == "the slides"
    assert updated_need(BEFORE, turn(said("task", "the story", replaces=True)), None).value("task") == "the story"
    assert updated_need(BEFORE, turn(said("task", "the story")), Asks("slot", "task")).value("task") == "the story"


def test_of_two_deadlines_the_newest_counts() -> None:
    first = updated_need(Need(), turn(said("deadline", "Friday")), None)
    assert updated_need(first, turn(said("deadline", "Monday")), Asks("slot", "outcome")).value("deadline") == "Monday"


def test_what_is_said_beside_the_question_fills_a_slot_only_when_it_is_certain() -> None:
    unsure = Extraction("context", "a new team", "a new team", confidence=0.5)
    assert updated_need(Need(), turn(unsure), Asks("slot", "outcome")).get("context") is None


def test_a_negation_takes_out_only_what_it_names() -> None:
    after = updated_need(BEFORE, turn(negated=("it is not about the slides",)), None)
    assert after.get("task") is None
    assert after.value("tried") == "a template"


def test_a_negation_and_what_it_is_instead_come_in_one_turn() -> None:
    after = updated_need(BEFORE, turn(said("task", "the story"), negated=("not the slides",)), None)
    assert after.value("task") == "the story"


@pytest.mark.parametrize(("act", "name"), list(product([Act.SKIP, Act.NOT_SURE], ["outcome", "context", "tried", "task"])))
def test_a_refused_slot_is_closed_and_stays_empty(act: Act, name: SlotName) -> None:
    after = updated_need(Need(), turn(acts=(act,)), Asks("slot", name))
    assert name in after.closed
    assert after.get(name) is None
    assert name not in after.missing()


def test_an_answer_beside_the_question_closes_it_all_the_same() -> None:
    after = updated_need(Need(), turn(said("context", "a new team")), Asks("slot", "outcome"))
    assert "outcome" in after.closed
    assert after.value("context") == "a new team"


def test_a_closed_slot_that_is_said_later_is_open_and_filled() -> None:
    closed = updated_need(Need(), turn(acts=(Act.SKIP,)), Asks("slot", "outcome"))
    after = updated_need(closed, turn(said("outcome", "approval")), None)
    assert after.value("outcome") == "approval"
    assert "outcome" not in after.closed


@pytest.mark.parametrize(("words", "value", "offered"), [("Storyline", "storyline", True), ("the ending", "the ending", False)])
def test_a_facet_is_an_option_or_the_mentees_own_words(words: str, value: str, offered: bool) -> None:
    after = updated_need(Need(), turn(facet=words), FACET, ("storyline", "numbers", "something else"))
    assert [(f.value, f.offered) for f in after.facets] == [(value, offered)]
    assert "part" in after.closed


def test_a_skipped_facet_is_no_facet() -> None:
    after = updated_need(Need(), turn(facet="skip", acts=(Act.SKIP,)), FACET, ("storyline", "numbers"))
    assert after.facets == ()
    assert "part" in after.closed


def test_a_probable_slot_is_hinted_and_not_missing() -> None:
    after = updated_need(Need(), turn(presence={"outcome": 0.5, "tried": 0.1}), None)
    assert after.hinted == {"outcome"}
    assert "outcome" not in after.missing()
    assert "tried" in after.missing()


def test_nothing_understood_changes_nothing() -> None:
    assert updated_need(BEFORE, turn(), None) == BEFORE


def test_no_order_of_refusals_leaves_a_slot_that_can_be_asked_twice() -> None:
    need = Need()
    for name in SLOTS:
        need = updated_need(need, turn(acts=(Act.SKIP,)), Asks("slot", name))
    assert list(need.missing()) == []


@pytest.mark.parametrize(("before", "claim"), list(product(Kind, Kind)))
def test_kind_is_decided_at_first_and_changed_by_few(before: Kind, claim: Kind) -> None:
    heard = Understanding(claim)
    assert kind_after(before, heard, first=True) is claim
    later = kind_after(before, heard, first=False)
    changes = claim in (Kind.SENSITIVE, Kind.WANTS_PERSON) or before is Kind.OUT_OF_SCOPE
    assert later is (claim if changes else before)
