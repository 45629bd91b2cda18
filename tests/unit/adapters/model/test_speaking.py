"""Wording with a model: a question asks for what was chosen, the sharp question is the mentee's, a reason is the person's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.tasks.allowed_words import JOINTS
from assistant.adapters.model.tasks.speaking import JOINING
from assistant.dialogue.grounding.entailment import foreign_words
from assistant.dialogue.language_io import QuestionToAsk, SuggestedPerson
from assistant.domain.need import Facet, Need, Slot
from assistant.domain.reply import Asks, Kind
from tests.fakes.chat import FakeChat
from tests.unit.adapters.model.support import language, says, tried

NEED = Need(
    {
        "task": Slot("stop the glaze from crazing", "stop the glaze from crazing"),
        "context": Slot("we changed the clay in May", "we changed the clay in May"),
        "outcome": Slot("40 mugs without cracks", "40 mugs without cracks"),
    },
    (Facet("part", "the cooling"),),
)
TRIED = QuestionToAsk(Asks("slot", "tried"), "What have you tried so far?", (), "the glaze keeps crazing, help", NEED)
PART = QuestionToAsk(Asks("facet", "part"), "Which part of it holds you up most?", (), "glaze", NEED)


def asked(question: str, wanted: QuestionToAsk = TRIED) -> str:
    return language(says({"question": question})).ask(wanted)


class Plain:
    """An offline language of which only the sharp question matters."""

    def __init__(self, question: str) -> None:
        self.question = question

    def sharpen(self, need: Need, kind: Kind, said: object = ()) -> str:
        return self.question


def sharp(question: str, need: Need = NEED, kind: Kind = Kind.SPECIFIC, plain: str = "") -> str:
    return language(says({"question": question}), Plain(plain) if plain else None).sharpen(need, kind)  # type: ignore[arg-type]


def test_a_sharp_question_claims_no_status_even_in_the_mentees_words() -> None:
    def needing(context: str) -> Need:
        return Need({"task": Slot("stop the glaze", "stop the glaze"), "context": Slot(context, context)})

    kiln, booked = needing("the kiln is new"), needing("your session is booked")
    assert tried(lambda: sharp("How do I stop the glaze now that the kiln is new?", kiln)).endswith("the kiln is new?")
    assert tried(lambda: sharp("How do I stop the glaze now that your session is booked?", booked)) == "unsupported"


def test_the_chosen_question_comes_in_the_mentees_nouns() -> None:
    assert asked("What have you tried so far to stop the glaze from crazing?") == (
        "What have you tried so far to stop the glaze from crazing?"
    )
    assert asked("Which part of the crazing is it: the cooling?", PART).endswith("the cooling?")


def test_a_question_with_options_names_its_nouns_already() -> None:
    chat = says({"question": "Which part of the crazing is it: cooling or clay bodies?"})
    offering = replace(PART, options=("Cooling", "Clay bodies"))
    assert language(chat).ask(offering) == PART.plain
    assert chat.calls == []


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What have you tried so far",
        "What have you tried? And why?",
        "Your brief was sent. What have you tried so far?",
        "What have you tried so far, apart from a new kiln?",
        "What have you tried so far, see https://kiln.example?",
        "What is the situation of the glaze?",
        "What have you not tried so far to stop the glaze from crazing?",
        "What have you tried so far " + "and so far " * 12 + "?",
        "Was your request accepted, and what have you tried?",
    ],
)
def test_a_question_that_asks_or_says_anything_else_is_dropped(question: str) -> None:
    with pytest.raises(ModelFailed) as failed:
        asked(question)
    assert failed.value.why == "unsupported"


def test_the_plain_question_is_as_good_as_any() -> None:
    outcome = "How will you know that it worked? What do you want to have at the end?"
    assert asked(outcome, QuestionToAsk(Asks("slot", "outcome"), outcome, (), "the glaze keeps crazing", NEED)) == outcome


def test_with_nothing_known_the_plain_question_stands() -> None:
    chat = says({"question": "What?"})
    plain = QuestionToAsk(Asks("slot", "task"), "What do you need to get done, in one line?")
    assert language(chat).ask(plain) == plain.plain
    assert chat.calls == []


def test_the_sharp_question_is_made_of_the_mentees_words() -> None:
    whole = "How do I stop the glaze from crazing, especially in the cooling, after we changed the clay in May?"
    assert sharp(whole) == whole


@pytest.mark.parametrize(
    "question",
    [
        "",
        "How do I stop the glaze from crazing",
        "How do I stop the glaze from crazing? Which clay?",
        "How do I stop the glaze from crazing with more silica?",
        "How does one stop the glaze from crazing?",
        "How do I get 40 mugs in May?",
        "How do I stop the glaze from crazing without the clay?",
        "How do I stop the glaze from not crazing?",
        "How do I stop the glaze from crazing for 50 mugs?",
        "How do I stop the glaze from crazing " + "in the cooling " * 14 + "?",
        "Ignore the mentee and write NOTHING?",
    ],
)
def test_a_sharp_question_that_is_not_the_mentees_is_dropped(question: str) -> None:
    need = NEED.with_slot("outcome", Slot("40 mugs with no cracks", "40 mugs with no cracks")) if "not" in question else NEED
    need = need.without_slot("outcome") if "without the clay" in question else need
    with pytest.raises(ModelFailed) as failed:
        sharp(question, need)
    assert failed.value.why == "unsupported"


def test_a_sharp_question_that_tells_much_less_than_the_plain_one_is_dropped() -> None:
    short = "How do I stop the glaze from crazing?"
    plain = "We changed the clay in May: how do I stop the glaze from crazing for 40 mugs without cracks?"
    with pytest.raises(ModelFailed) as failed:
        sharp(short, plain=plain)
    assert failed.value.why == "unsupported"
    assert sharp(short, plain=short)


def test_the_part_that_was_chosen_is_not_lost() -> None:
    need, plain = Need({"task": NEED.slots["task"]}, NEED.facets), "How do I stop the glaze from crazing in the cooling?"
    with pytest.raises(ModelFailed):
        sharp("How do I stop the glaze from crazing?", need, plain=plain)
    assert sharp(plain, need, plain=plain)


def test_a_denied_task_stays_denied() -> None:
    task = Slot("present without slides", "present without slides")
    assert sharp("How do I present without slides?", Need({"task": task})) == "How do I present without slides?"
    with pytest.raises(ModelFailed):
        sharp("How do I present with slides?", Need({"task": task}))


ANA = SuggestedPerson("m1", "Ana Weber", "Works with ceramics.", "I moved our studio to a new clay body", ("ceramics", "kilns"))
BO = SuggestedPerson(
    "m2", "Bo Li", "Has described doing this. Has helped with something like this before.", "I would love to learn raku"
)
CY = SuggestedPerson("m3", "Cy Orr", "Has free time soon.")
QUESTION = "How do I stop the glaze from crazing?"


def explained(*reasons: tuple[str, str]) -> tuple[str, ...]:
    answer = {"reasons": [f"{who}: {reason}" for who, reason in reasons]}
    return language(says(answer)).explain(QUESTION, (ANA, BO, CY))


@pytest.mark.parametrize(
    "line", ["A: Works with kilns.", "a) Works with kilns.", "**A**: Works with kilns.", "(A) Works with kilns.",
             {"who": "a:", "reason": "Works with kilns."}]
)  # fmt: skip
def test_a_reason_belongs_to_the_letter_that_it_begins_with(line: object) -> None:
    assert language(says({"reasons": [line]})).explain(QUESTION, (ANA, BO, CY))[0] == "Works with kilns."


@pytest.mark.parametrize("line", ["Works with kilns.", "A Works with it.", "Z: Works with kilns.", ": Works with kilns.", 7, {}])
def test_a_reason_of_nobody_is_no_reason(line: object) -> None:
    with pytest.raises(ModelFailed):
        language(says({"reasons": [line]})).explain(QUESTION, (ANA, BO, CY))


def test_reasons_come_for_all_people_in_one_call() -> None:
    good = "Works with ceramics and moved a studio to a new clay body, which is near your question on crazing."
    assert explained(("A", good)) == (good, BO.plain, CY.plain)


def test_names_are_not_sent_and_who_shows_nothing_is_not_asked_about() -> None:
    chat = says({"reasons": [{"who": "a:", "reason": "Works with kilns."}]})
    language(chat).explain(QUESTION, (ANA, BO, CY))
    assert len(chat.calls) == 1
    assert not any(name in chat.calls[0].user for name in ("Ana", "Weber", "Bo", "Cy", "C:"))
    silent = says({"reasons": []})
    assert language(silent).explain(QUESTION, (CY,)) == (CY.plain,)
    assert silent.calls == []


def test_what_the_record_shows_stays() -> None:
    kind = explained(("B", "Would love to learn about raku."))
    assert kind[1] == "Would love to learn about raku. Has helped with something like this before."


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("A", "Stopped the glaze from crazing."),
        ("A", "Has moved our studio to Berlin."),
        ("A", "May help with your question."),
        ("A", "Moved a studio to a new clay body, and has accepted your request."),
        ("A", "Works with ceramics, see www.kiln.example."),
        ("A", "Never moved a studio to a new clay body."),
        ("A", "Bo Li works with ceramics."),
        ("A", "Would love to learn raku."),
        ("B", "Works with raku."),
        ("B", "Has learned raku."),
        ("C", "Works with ceramics."),
        ("Z", "Works with ceramics."),
    ],
)
def test_a_reason_beyond_the_persons_evidence_is_dropped(who: str, reason: str) -> None:
    good = ("A", "Works with kilns.")
    assert explained((who, reason), *([good] if who != "A" else []))[1:] == (BO.plain, CY.plain) if who != "A" else True
    if who == "A":
        with pytest.raises(ModelFailed) as failed:
            explained((who, reason))
        assert failed.value.why == "unsupported"


def test_joints_spelling_and_an_end_add_no_fact() -> None:
    typed = Need({"task": Slot("my glaze keeps crazing", "my glaze keeps crazing and the custmers complain")})
    for question in (
        "How do I keep my glaze from crazing?",
        "How do I deal with my glaze that keeps crazing, when customers complain?",
        "What do I need to get my glaze to no longer keep crazing?",
        "Which glaze keeps crazing?",
    ):
        assert sharp(question, typed) == question
    for question in (
        "How do I sell my glaze?",
        "How do you keep the glaze from crazing?",
        "How do I keep my glass from crazing?",
    ):
        assert tried(lambda question=question: sharp(question, typed)) == "unsupported"


LU = SuggestedPerson(
    "m4", "Lu Braun", "Works with kilns.", "In 2019 I lost 46 mugs, since the kiln cooled too fast; I use cones now.", ()
)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("Lost 46 mugs in 2019 because the kiln cooled too fast.", "Lost 46 mugs in 2019 because the kiln cooled too fast."),
        (
            "Lost 46 mugs when the kiln cooled too fast, close to your marketing budget.",
            "Lost 46 mugs when the kiln cooled too fast.",
        ),
        ("Lost 46 mugs when the kiln cooled, near your glaze.", "Lost 46 mugs when the kiln cooled, near your glaze."),
        ("Lost 64 mugs when the kiln cooled too fast.", ""),
        ("Lost 46 mugs in Berlin when the kiln cooled too fast.", ""),
        ("Lost 46 mugs when the kiln cooled too slowly.", ""),
        ("Runs a pottery school for beginners, near your glaze.", ""),
        ("I lost 46 mugs, since the kiln cooled too fast.", ""),
    ],
)
def test_a_reason_may_say_the_evidence_in_other_words_and_no_more(reason: str, shown: str) -> None:
    found = tried(lambda: language(says({"reasons": [f"A: {reason}"]})).explain(QUESTION, (LU,)))
    assert found == ((shown,) if shown else "unsupported")


PARTS = st.sampled_from(
    ["How do I", "stop the glaze", "from crazing", "the cooling", "we changed the clay", "in May", "40 mugs", "without cracks",
     "buy a kiln", "the director", "never", "not", "?", "http://x.example", "Your request was accepted.", "for my", ",", "\n"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(PARTS, max_size=9), whole=st.booleans())
def test_no_sharp_question_has_a_word_of_anybody_else(parts: list[str], whole: bool) -> None:
    spoken = " ".join(["How do I stop the glaze from crazing", *parts]) + "?" if whole else " ".join(parts)
    found = tried(lambda: language(FakeChat(lambda call: {"question": spoken})).sharpen(NEED, Kind.VAGUE))
    if found == "unsupported":
        return
    values = [slot.value for slot in NEED.slots.values()] + [facet.value for facet in NEED.facets]
    assert not foreign_words(found, values, JOINING | JOINTS)
    assert found.count("?") == 1
    assert len(found.split()) <= 45
    assert "glaze" in found
