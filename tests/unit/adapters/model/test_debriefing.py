"""A debrief with a model: what the rules found stays, what is added has its quote, and nobody owes what they did not say."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.adapters.model.client.chat import Call, ModelFailed
from assistant.dialogue.grounding.evidence import checked_debrief
from assistant.domain.brief import AgendaItem, Brief, BriefField
from assistant.domain.debrief import Debrief, Item
from tests.fakes.chat import FakeChat
from tests.unit.adapters.model.support import language, offline, says, tried

ON = date(2026, 11, 23)
BRIEF = Brief((BriefField("question", "How do I stop the crazing?", "composed"),), 30, (AgendaItem("The cooling curve", 30),))
NOTES = """Session with Mara about the glaze.
Crazing is the body telling you about tension.
I'll fire two test tiles by Friday.
Next up for me: I am to weigh the silica by Thursday.
Maybe a frit is worth a look.
Mara will bring the pyrometer.
Between us, Mara is looking for another job.
Could I also buy a kiln? No, we dropped that.
"""


def structured(*items: tuple[str, str, str], notes: str = NOTES, rules: Any = None, author: Any = "mentee") -> Debrief:
    answer = {"items": [{"kind": kind, "quote": quote, "owner": owner} for kind, quote, owner in items]}
    return language(says(answer), rules or offline()).debrief(notes, BRIEF, "Lena Fischer", "Mara Okafor", ON, author)


class Silent:
    """Rules that find nothing, so that all there is comes from the model."""

    def debrief(self, *given: object) -> Debrief:
        return Debrief(not_covered=("The cooling curve",))


def only(*items: tuple[str, str, str], **more: Any) -> tuple[Item, ...]:
    return structured(*items, rules=Silent(), **more).items


def test_the_rules_items_stay_and_the_models_are_added_in_order() -> None:
    plain = offline().debrief(NOTES, BRIEF, "Lena Fischer", "Mara Okafor", ON, "mentee")
    found = structured(("takeaway", "crazing is the body telling you about tension", ""))
    assert set(plain.items) <= set(found.items)
    assert "Crazing is the body telling you about tension." in [item.quote for item in found.items]
    assert [NOTES.index(item.quote) for item in found.items] == sorted(NOTES.index(item.quote) for item in found.items)
    assert found.not_covered == plain.not_covered


def test_nothing_but_inventions_is_no_debrief() -> None:
    with pytest.raises(ModelFailed) as failed:
        structured(("action", "I will pay for the new kiln", "mentee"))
    assert failed.value.why == "unsupported"


def test_mostly_inventions_is_no_debrief() -> None:
    true, false = ("takeaway", "Crazing is the body telling you about tension", ""), ("decision", "We pay for the kiln", "")
    assert [item.quote for item in only(true, false)] == ["Crazing is the body telling you about tension."]
    with pytest.raises(ModelFailed) as failed:
        only(true, false, ("decision", "We hire a potter", ""))
    assert failed.value.why == "unsupported"


@pytest.mark.parametrize(
    ("notes", "quote", "owner"),
    [
        ("Mara plans to bring the pyrometer along on Friday.", "Mara plans to bring the pyrometer along on Friday.", "mentee"),
        ("The pyrometer comes along on Friday.", "The pyrometer comes along on Friday.", "mentor"),
        ("I fired two test tiles last Friday already.", "I fired two test tiles last Friday already.", "mentee"),
        ("Shall I fire two test tiles by Friday?", "Shall I fire two test tiles by Friday?", "mentee"),
    ],
)
def test_nobody_owes_what_the_sentence_does_not_say(notes: str, quote: str, owner: str) -> None:
    assert only(("action", quote, owner), ("takeaway", notes[:1], ""), notes=notes) == ()


def test_an_action_that_the_rules_missed_has_its_owner_and_its_date_from_the_sentence() -> None:
    notes = "So the tiles go to the lab on Thursday, I carry them."
    assert only(("action", notes, "mentee"), notes=notes) == (
        Item("action", "The tiles go to the lab on Thursday, I carry them", notes, "mentee", date(2026, 11, 26)),
    )
    assert only(("action", notes, "mentor"), notes=notes) == ()


def test_what_is_private_is_neither_sent_nor_quoted() -> None:
    chat = says({"items": [{"kind": "takeaway", "quote": "Mara is looking for another job", "owner": ""}]})
    found = language(chat, Silent()).debrief(NOTES, BRIEF, "Lena Fischer", "Mara Okafor", ON, "mentee")  # type: ignore[arg-type]
    assert found.items == ()
    assert "another job" not in chat.calls[0].user
    assert "test tiles" in chat.calls[0].user


def test_a_refused_decision_is_none() -> None:
    assert only(("decision", "Could I also buy a kiln?", "")) == ()


def test_what_the_rules_noted_is_not_sent_again() -> None:
    plain = offline().debrief(NOTES, BRIEF, "Lena Fischer", "Mara Okafor", ON, "mentee")
    chat = says({"items": []})
    assert language(chat).debrief(NOTES, BRIEF, "Lena Fischer", "Mara Okafor", ON, "mentee").items == plain.items
    noted = [item.quote for item in plain.items]
    assert "I'll fire two test tiles by Friday." in noted
    assert not any(quote in chat.calls[0].user for quote in noted)
    assert "Crazing is the body telling you about tension." in chat.calls[0].user


def test_notes_that_the_rules_noted_whole_need_no_model() -> None:
    chat, notes = says({"items": []}), "I'll fire two test tiles by Friday."
    found = language(chat).debrief(notes, BRIEF, "Lena Fischer", "Mara Okafor", ON, "mentee")
    assert [item.quote for item in found.items] == [notes]
    assert chat.calls == []


def test_long_notes_go_in_chunks_and_one_failure_costs_one_chunk() -> None:
    lines = [f"Point {n}: the kiln number {n} wants its own curve, and that is worth a note of its own." for n in range(500)]
    notes = "\n".join(lines)
    parts: list[str] = []

    def answer(call: Call) -> object:
        parts.append(call.user)
        quote = next((line for line in (lines[3], lines[490]) if line in call.user), None)
        if quote is None:
            return ModelFailed("fault")
        return {"items": [{"kind": "takeaway", "quote": quote, "owner": ""}]}

    spoken = language(FakeChat(answer), Silent())  # type: ignore[arg-type]
    found = spoken.debrief(notes, BRIEF, "Lena Fischer", "Mara Okafor", ON, "mentee")
    assert len(parts) > 2
    assert [item.quote for item in found.items] == [lines[3], lines[490]]
    assert all(sum(line in part for part in parts) == 1 for line in lines)


def test_every_chunk_is_asked_in_the_context_of_the_question() -> None:
    """What is known of a question where it was asked, such as its deadline, is known for each of its calls."""
    asked: ContextVar[str] = ContextVar("asked", default="nobody")
    asked.set("this question")
    seen: list[str] = []
    chat = FakeChat(lambda call: {"items": []} if seen.append(asked.get()) is None else None)
    notes = "\n".join(f"Point {n}: the kiln wants its own curve, and that is worth a note of its own." for n in range(500))
    language(chat).debrief(notes, BRIEF, "Lena", "Mara", ON, "mentee")
    assert len(seen) > 2
    assert set(seen) == {"this question"}


def test_if_every_chunk_fails_the_debrief_has_failed() -> None:
    chat = says(ModelFailed("busy"))
    assert tried(lambda: language(chat).debrief(NOTES, BRIEF, "Lena", "Mara", ON, "mentee")) == "busy"


LINES = NOTES.splitlines()
CLAIMS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["action", "proposal", "decision", "takeaway", "resource", "competency", "nonsense", ""]),
            "quote": st.sampled_from([*LINES, LINES[1][:20], "I will pay", "Ignore the notes", "I", ""]) | st.text(max_size=20),
            "owner": st.sampled_from(["mentee", "mentor", "both", "", "boss"]) | st.none(),
        },
    ),
    max_size=10,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(claims=CLAIMS, author=st.sampled_from(["mentee", "mentor"]))
def test_whatever_the_model_claims_every_item_is_quoted_and_nothing_of_the_rules_is_lost(claims: list[Any], author: Any) -> None:
    plain = offline().debrief(NOTES, BRIEF, "Lena Fischer", "Mara Okafor", ON, author)
    spoken = language(FakeChat(lambda call: {"items": claims}))
    found = tried(lambda: spoken.debrief(NOTES, BRIEF, "Lena Fischer", "Mara Okafor", ON, author))
    if isinstance(found, str):
        assert found == "unsupported"
        return
    assert all(item.quote in NOTES for item in found.items)
    assert set(plain.items) <= set(found.items)
    assert set(checked_debrief(found, NOTES).items) >= set(plain.items)
    assert not any("another job" in item.quote for item in found.items)
    assert len({item.quote for item in found.items}) == len(found.items)
