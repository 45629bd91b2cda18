"""The exact words that a quote means: other marks and a word amiss are forgiven, a changed sense never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.grounding.alignment import is_quoted, located
from assistant.dialogue.grounding.evidence import aligned, aligned_debrief, checked, checked_debrief
from assistant.dialogue.understanding import Extraction, Understanding
from assistant.domain.debrief import Debrief, Item
from assistant.domain.reply import Kind

TEXT = (
    "I can\u2019t reach the board before Friday. Anna told Ben to wait, and I have not tried the new template. "
    "We will send **the deck** to Mirela on the 15 March, and _then_ rest. The \ufb01nal figures might come on Monday."
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("I can't reach the board", "I can\u2019t reach the board"),
        ("i CAN\u2019T   reach\nthe board before friday.", "I can\u2019t reach the board before Friday."),
        ("send the deck to Mirela", "send **the deck** to Mirela"),
        ("and then rest", "and _then_ rest"),
        ("The final figures", "The \ufb01nal figures"),
        ("\u201cAnna told Ben to wait\u201d", "Anna told Ben to wait"),
        ("have not tried the new templates", "have not tried the new template"),
        ("have not tired the new template", "have not tried the new template"),
        ("have not tried new template", "have not tried the new template"),
        ("have not really tried the new template", "have not tried the new template"),
        ("Anna told \u2026 to wait", "Anna told Ben to wait"),
        ("reach the board ... before Friday", "reach the board before Friday"),
        ("\u2026 reach the board \u2026", "reach the board"),
    ],
)
def test_a_quote_with_other_marks_or_a_word_amiss_is_found(quote: str, found: str) -> None:
    assert located(quote, TEXT) == found


@pytest.mark.parametrize(
    "quote",
    [
        "", "  ", "\u2026", "?!", "raise my salary", "each the board", "I can reach the board before Friday",
        "I have tried the new template", "I have never tried the new template", "We will send the deck to Mirela on the 16 March",
        "We will send the deck to Anna on the 15 March", "We might send the deck to Mirela",
        "We send the deck to Mirela on the 15",
        "The final figures come on Monday", "The final figures will come on Monday", "The final figures might come on Friday",
        "You will send the deck to Mirela", "Anna told Ben not to wait", "tried the old template", "new deck", "the tempalte",
        "I have \u2026 tried the new template", "reach the board \u2026 told Ben", "Anna \u2026 wait", "Ben told Anna to wait",
        "before Friday unless Anna told Ben", "send two decks to Mirela on the 15 March",
    ],
)  # fmt: skip
def test_a_quote_that_says_something_else_is_not_found(quote: str) -> None:
    assert located(quote, TEXT) is None


word = st.sampled_from("send the deck to Ada and keep a copy in our room for later".split())
texts = st.lists(word, min_size=1, max_size=40).map(" ".join)
TURNS = (
    "not",
    "never",
    "might",
    "maybe",
    "could",
    "would",
    "should",
    "must",
    "unless",
    "15",
    "two",
    "Ben",
    "n\u00b0 7",
    "cannot",
)


@given(st.text(), st.text())
def test_what_is_found_is_always_a_part_of_the_text_on_whole_words(quote: str, text: str) -> None:
    found = located(quote, text)
    assert found is None or (found in text and is_quoted(found, text))


@given(texts, st.data())
def test_a_part_of_the_text_on_whole_words_is_always_found(text: str, data: st.DataObject) -> None:
    parts = text.split()
    low = data.draw(st.integers(0, len(parts) - 1))
    high = data.draw(st.integers(low + 1, len(parts)))
    quote = " ".join(parts[low:high])
    assert located(quote, text) == quote
    assert (located(quote.upper().replace(" ", "  "), text) or "").lower() == quote.lower()


@given(texts, st.sampled_from(TURNS), st.data())
def test_a_word_that_turns_counts_weakens_or_names_is_never_amiss(text: str, turn: str, data: st.DataObject) -> None:
    parts = text.split()
    place = data.draw(st.integers(0, len(parts)))
    turned = " ".join([*parts[:place], turn, *parts[place:]])
    assert located(turned, text) is None
    if 0 < place < len(parts) and text not in turned:
        found = located(text, turned)
        assert found is None or found == text


def test_sixty_thousand_letters_and_a_hostile_quote_cost_little_work() -> None:
    text = "to be or not to be that is the question " * 1_500
    assert located("to be and " * 30, text) is None


def test_the_claims_of_a_model_get_the_exact_words() -> None:
    said = "I can\u2019t reach the board before Friday."
    claim = Understanding(Kind.VAGUE, slots=(Extraction("task", "reach the board", "I can't reach the board"),),
                          negated=("REACH the board",), facet="the Board")  # fmt: skip
    assert checked(claim, said).slots == ()
    found = checked(aligned(claim, said), said)
    assert [slot.quote for slot in found.slots] == ["I can\u2019t reach the board"]
    assert (found.negated, found.facet) == (("reach the board",), "the board")


def test_the_items_of_a_model_get_the_exact_words_of_the_notes() -> None:
    notes = "Lena sends \u201cthe deck\u201d by Tuesday. Ada might look at it."
    items = (Item("action", "sends the deck", 'Lena sends "the deck" by Tuesday'), Item("action", "look", "Ada will look at it"))
    assert [item.quote for item in checked_debrief(aligned_debrief(Debrief(items), notes), notes).items] == [
        "Lena sends \u201cthe deck\u201d by Tuesday"
    ]


def test_exact_quotes_stay_as_they_are() -> None:
    claim = Understanding(Kind.VAGUE, slots=(Extraction("task", "x", "Anna told Ben"),), negated=("the board",))
    assert aligned(claim, TEXT) == claim
