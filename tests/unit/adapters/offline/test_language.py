"""The offline adapter turn by turn: openings, replies to what was asked, corrections, and messages that fill nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.unit_model import Reader, Reading, Unit
from assistant.dialogue.grounding.evidence import checked
from assistant.dialogue.understanding import Act, Turn, Understanding
from assistant.domain.need import SLOTS, Need, Slot
from assistant.domain.reply import Asks, Kind

LANGUAGE = OfflineLanguage()
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
KNOWN = Need({
    "task": Slot("review the March report", "review the March report"),
    "deadline": Slot("by Friday", "by Friday", date(2026, 11, 20)),
    "context": Slot("I'm a controller in Lyon", "I'm a controller in Lyon"),
})  # fmt: skip


def heard(text: str, asked: str = "", need: Need = KNOWN, options: tuple[str, ...] = ()) -> Understanding:
    """A later turn; `asked` is a slot, or "part" for a facet."""
    asks = Asks("slot" if asked in SLOTS else "facet", asked) if asked else None
    return LANGUAGE.understand(Turn(text, MONDAY, "Europe/Berlin", need, asks, options, first=False))


def opened(text: str) -> Understanding:
    return LANGUAGE.understand(Turn(text, MONDAY, "Europe/Berlin"))


class Scripted(Reader):
    """Reads every text as it is told: a role for each of its sentences, and labels."""

    def __init__(self, roles: str, asked: int = 0, **labels: dict[str, float]) -> None:
        super().__init__()
        self._roles, self._asked, self._labels = roles, asked, labels

    def read(self, text: str, pause: Callable[[], None] = lambda: None) -> Reading:
        units, start = [], 0
        for n, role in enumerate(self._roles):
            end = text.find(". ", start) + 1 if n + 1 < len(self._roles) else len(text)
            units.append(Unit(Span(start, end), text[start:end], {role: 0.95}, asked=0.9 * (n == self._asked)))
            start = end + 1
        return Reading(tuple(units), **self._labels)  # type: ignore[arg-type]


def scripted(text: str, reader: Reader, asked: str = "") -> Understanding:
    asks = Asks("slot", asked) if asked else None
    return OfflineLanguage(reader=reader).understand(Turn(text, MONDAY, "Europe/Berlin", KNOWN, asks, first=not asked))


def filled(claim: Understanding) -> dict[str, str]:
    return {found.slot: found.quote for found in claim.slots}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("hi", ""), ("Good morning!", "task"), ("thanks a lot", ""), ("skip", "tried"), ("I'm not sure", "outcome"),
        ("no idea", "context"), ("I already said that", "context"), ("stop", "task"), ("yes", ""), ("that solved it", ""),
        ("no deadline", "deadline"), ("no rush", "deadline"), ("", "task"), ("\U0001f600\U0001f600", "task"), ("...", ""),
    ],
)  # fmt: skip
def test_such_messages_fill_nothing(text: str, asked: str) -> None:
    claim = heard(text, asked)
    assert not claim.slots
    assert not claim.facet


@pytest.mark.parametrize(
    ("asked", "text", "quote"),
    [
        ("tried", "Well, I raised the timeout twice.", "I raised the timeout twice"),
        ("tried", "nothing yet", "nothing yet"),
        ("format", "by phone, in the morning", "by phone, in the morning"),
        ("context", "as I said, it's for the board", "as I said, it's for the board"),
        ("deadline", "Monday, or Tuesday at the latest", "Monday, or Tuesday at the latest"),
        ("outcome", "I think that they agree on the scope", "that they agree on the scope"),
    ],
)
def test_a_reply_fills_what_was_asked(asked: str, text: str, quote: str) -> None:
    assert filled(heard(text, asked))[asked] == quote


def test_a_reply_may_carry_a_second_slot() -> None:
    text = "I asked my manager twice and searched the wiki. It has to be done by 3 December."
    claim = scripted(text, Scripted("TD"), "tried")
    assert filled(claim)["tried"] == "I asked my manager twice and searched the wiki"
    due = next(found.due for found in claim.slots if found.slot == "deadline")
    assert due == date(2026, 12, 3)


def test_a_reply_about_the_part_is_the_facet() -> None:
    assert heard("storyline please", "part", options=("storyline", "numbers")).facet == "storyline"
    assert heard("I think the opening, we lose them there", "part").facet == "the opening, we lose them there"
    assert heard("not sure", "part").facet == ""


@pytest.mark.parametrize(
    ("text", "slot", "quote"),
    [
        ("no, I meant the contract, not the report", "task", "the contract"),
        ("not Friday, Monday", "deadline", "Monday"),
        ("actually it's Thursday", "deadline", "Thursday"),
        ("sorry, in Nantes, not in Lyon", "context", "in Nantes"),
    ],
)
def test_a_correction_replaces_the_right_slot(text: str, slot: str, quote: str) -> None:
    claim = heard(text)
    assert Act.CORRECTION in claim.acts
    assert [(found.slot, found.quote, found.replaces) for found in claim.slots] == [(slot, quote, True)]


def test_what_is_negated_fills_no_slot() -> None:
    claim = heard("it is not about the slides", "task")
    assert claim.negated == ("the slides",)
    assert "task" not in filled(claim)


def test_a_value_taken_back_in_the_same_message_is_dropped() -> None:
    quotes = filled(opened("We need the slides for the board by Friday, no wait, by Monday. I'm new in sales."))
    assert "Friday" not in " ".join(quotes.values())


@pytest.mark.parametrize(
    "text",
    ["just get me a person", "I'd rather talk to a human", "can somebody call me? I don't want to type all this"],
)
def test_a_wish_for_a_person_is_heard_at_any_time(text: str) -> None:
    assert opened(text).kind is Kind.WANTS_PERSON
    assert heard(text, "tried").kind is Kind.WANTS_PERSON


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("My manager keeps touching my back and I don't know how to make it stop", "harassment"),
        ("I think I'm burnt out, I can't sleep any more", "burnout"),
        ("I don't want to be here any more, and I don't mean the company", "crisis"),
        ("Someone told me in confidence that he takes bribes and I'm afraid to say it", "confidential"),
    ],
)
def test_a_sensitive_matter_is_named(text: str, topic: str) -> None:
    claim = opened(text)
    assert (claim.kind, claim.topic) == (Kind.SENSITIVE, topic)
    assert not claim.slots


def test_a_bribe_that_the_model_half_takes_for_confidential_is() -> None:
    reader = Scripted("O", cares={"none": 0.6, "confidential": 0.3, "grievance": 0.1})
    claim = scripted("Someone told me in confidence that he takes bribes and I'm afraid to say it", reader)
    assert (claim.kind, claim.topic) == (Kind.SENSITIVE, "confidential")


@pytest.mark.parametrize(
    "text", ["our burn-down chart goes up", "How do we kill zombie processes", "crisis communication plan, two pages"]
)
def test_a_look_alike_is_not_sensitive(text: str) -> None:
    assert opened(text).kind is not Kind.SENSITIVE


def test_an_impression_alone_is_no_referral_but_names_the_contacts() -> None:
    half = {"none": 0.5, "harassment": 0.3, "burnout": 0.2}
    claim = scripted("It happens every morning when I come in.", Scripted("O", cares=half))
    assert (claim.kind, claim.topic, claim.uneasy) == (Kind.VAGUE, "", True)
    assert not scripted("It happens every morning.", Scripted("O", cares={"none": 0.95, "harassment": 0.05})).uneasy


@pytest.mark.parametrize(
    "text",
    [
        "Mornings at our front desk are kind of chaos.",
        "My slides for Thursday have 40 pages and I get ten minutes.",
        "Everyone wants something from me at the end of the month, how do I plan my week?",
    ],
)
def test_an_ordinary_hard_day_names_no_contact(text: str) -> None:
    claim = opened(text)
    assert (claim.topic, claim.uneasy) == ("", False)


@pytest.mark.parametrize(
    "text", ["They come to my desk all day with questions and I can't get my own work done.", "It's about lunch on our shift."]
)
def test_an_answer_about_colleagues_is_no_referral(text: str) -> None:
    assert heard(text, "part", Need()).kind is not Kind.SENSITIVE


@pytest.mark.parametrize(
    "text",
    [
        "Since I came out at work nobody eats with me any more and somebody scratched a word into my desk",
        "would anyone even notice if I wasn't around",
        "I have been crying every evening for weeks, I cannot sleep and I am at the end of my strength.",
        "My boss calls me stupid in front of everybody every day and yesterday he threw a folder at me.",
    ],
)
def test_a_sure_impression_with_something_that_such_matters_are_about_is_a_referral(text: str) -> None:
    assert opened(text).kind is Kind.SENSITIVE


def test_an_opening_that_states_nearly_everything_is_specific() -> None:
    text = (
        "review of my 2-page noise abatement letter to neighbours of the quarry, they should accept blasting at 11 instead of 7, "
        "out by Wed, tracked changes pls"
    )
    assert opened(text).kind is Kind.SPECIFIC


def test_a_full_opening_is_specific() -> None:
    claim = opened(
        "I'm controller for the Benelux entity. How do I split the reforecast by cost centre before Friday? I tried a split by "
        "account twice and it came back both times. I want a rule that group accepts first time. A 20 minute call would be fine."
    )
    assert claim.kind is Kind.SPECIFIC
    assert filled(claim).keys() == set(SLOTS)
    assert claim.presence["outcome"] > 0.5
    assert max(claim.worth, key=lambda name: claim.worth[name]) == "none"
    assert claim.asks == ("How do I split the reforecast by cost centre before Friday?",)


def test_a_career_wish_and_a_private_question_have_their_kinds() -> None:
    assert opened("I would like to become a data engineer in three years, which steps should I take?").kind is Kind.TRAJECTORY
    assert opened("What will the weather be like in Rome at the weekend?").kind is Kind.OUT_OF_SCOPE


@pytest.mark.parametrize("text", ["Thank you all, the stand was a success last week", "Hi Paul, your parcel is at the gate"])
def test_a_message_that_asks_nothing_is_no_request(text: str) -> None:
    claim = scripted(text, Scripted("S", kinds={"other": 0.9, "vague": 0.1}))
    assert (claim.kind, claim.slots) == (Kind.VAGUE, ())
    assert Act.NO_REQUEST in claim.acts


class Counting(Scripted):
    texts: tuple[str, ...] = ()

    def read(self, text: str, pause: Callable[[], None] = lambda: None) -> Reading:
        self.texts = (*self.texts, text)
        return super().read(text, pause)


def test_what_is_worth_asking_takes_all_earlier_messages_into_account() -> None:
    reader = Counting("A", worths={"none": 0.2, "success": 0.8})
    turn = Turn(
        "nobody waits", MONDAY, "UTC", KNOWN, Asks("slot", "outcome"), first=False, said=("How do I plan?", "four people")
    )
    claim = OfflineLanguage(reader=reader).understand(turn)
    assert claim.worth["outcome"] == 0.8
    assert "How do I plan?\nfour people\nnobody waits" in reader.texts
    assert claim.asks == ()


def test_where_nothing_may_be_asked_the_conversation_is_not_read_again() -> None:
    reader = Counting("A", worths={"none": 0.2, "success": 0.8})
    turn = Turn("nobody waits", MONDAY, "UTC", KNOWN, first=False, said=("How do I plan?",), may_ask=False)
    assert OfflineLanguage(reader=reader).understand(turn).worth == {}
    assert reader.texts == ("nobody waits",)


def test_a_bare_opening_is_vague() -> None:
    assert opened("help with slides").kind is Kind.VAGUE


def test_it_is_deterministic() -> None:
    text = "Kickoff agenda for a vendor project, first one I run, starts on Monday"
    assert OfflineLanguage().understand(Turn(text, MONDAY, "UTC")) == OfflineLanguage().understand(Turn(text, MONDAY, "UTC"))


WILD = st.text(alphabet=st.characters(codec="utf-8"), max_size=400)


@settings(max_examples=150, deadline=None)
@given(WILD, st.sampled_from(["", *SLOTS, "part"]), st.booleans())
def test_any_text_is_survived_and_every_quote_is_in_it(text: str, asked: str, first: bool) -> None:
    asks = Asks("slot" if asked in SLOTS else "facet", asked) if asked else None
    claim = LANGUAGE.understand(Turn(text, MONDAY, "Europe/Berlin", KNOWN, asks, ("a", "b"), first))
    assert all(found.quote and found.quote in text for found in claim.slots)
    assert all(quote in text for quote in (*claim.negated, claim.facet))
    assert checked(claim, text).kind == claim.kind


@pytest.mark.parametrize(
    "text", ["x" * 8192, "word " * 1700, "<b>" * 500, "\x00\x07" * 100, "\u4f60\u597d" * 400, "a.b,c;" * 300]
)
def test_large_and_strange_messages_are_survived(text: str) -> None:
    claim = opened(text)
    assert all(found.quote in text for found in claim.slots)
