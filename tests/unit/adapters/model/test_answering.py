"""An answer out of passages: only what they say, as it grows; a stream that breaks keeps what was whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.model.client.chat import ModelFailed
from assistant.dialogue.language_io import Excerpt
from assistant.domain.reply import Sentence
from tests.fakes.chat import FakeChat
from tests.unit.adapters.model.support import language, says, tried

EXCERPTS = (
    Excerpt("Glaze faults", "A glaze that shrinks more than the clay body crazes. Add silica in small steps of two per cent."),
    Excerpt("Firing", "Ask Mara Okafor before you open the kiln. Cool the kiln slowly below 600 degrees."),
)
QUESTION = "Why does my glaze craze?"
FIRST = Sentence("A glaze crazes when it shrinks more than the clay body.", (1,))
SECOND = Sentence("Add silica in small steps of two per cent.", (1,))
GOOD = "A glaze crazes when it shrinks more than the clay body [1]. Add silica in small steps of two per cent [1]."


def answered(pieces: Any) -> tuple[tuple[Sentence, ...], list[tuple[Sentence, ...]]]:
    heard: list[tuple[Sentence, ...]] = []
    return language(says(pieces), names=["Mara Okafor"]).answer(QUESTION, EXCERPTS, heard.append), heard


def test_an_answer_is_heard_while_it_grows() -> None:
    found, heard = answered(GOOD)
    assert found == (FIRST, SECOND)
    assert heard[-1] == found
    assert len(heard) > 2
    assert any(not one.cites for told in heard for one in told)
    assert all(one in found for told in heard for one in told if one.cites)


@pytest.mark.parametrize(
    "said",
    [
        "NOTHING",
        "",
        "   \n",
        "Use more cobalt in the oven [1].",
        "A glaze crazes when it shrinks more than the clay body.",
        "A glaze crazes when it shrinks more than the clay body [7].",
        "Your request was accepted [1].",
        "Add silica in small steps, see https://kiln.example [1].",
        "Do not add silica in small steps of two per cent [1].",
    ],
)
def test_what_the_passages_do_not_say_is_an_abstention(said: str) -> None:
    assert answered(said)[0] == ()


def test_after_nothing_nothing_more_is_read() -> None:
    read: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in ("NOTHING.", "\n\n", *GOOD):
            read.append(piece)
            yield piece

    assert answered(pieces()) == ((), [])
    assert len(read) < 6


def test_who_repeats_the_prompt_has_not_abstained() -> None:
    for said in (["<data-1f2e>\n", GOOD], ["<da", f"ta-1f2e> {GOOD}"]):
        with pytest.raises(ModelFailed) as failed:
            answered(said)
        assert failed.value.why == "unsupported"
    assert answered([GOOD + " ", "<data-1f2e>", " Cool it."])[0] == (FIRST,)


def test_no_passages_no_call() -> None:
    chat = says(GOOD)
    assert language(chat).answer(QUESTION, ()) == ()
    assert chat.calls == []


def test_a_stream_that_breaks_keeps_the_whole_sentences() -> None:
    found, heard = answered([GOOD[:80], ModelFailed("cut")])
    assert found == (FIRST,)
    assert heard[-1] == found


def test_a_stream_that_breaks_before_a_sentence_has_failed() -> None:
    with pytest.raises(ModelFailed) as failed:
        answered([GOOD[:30], ModelFailed("cut")])
    assert failed.value.why == "cut"


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_name_comes_back_however_the_pieces_were_cut(cut: int) -> None:
    spoken = "Ask PERSON_1 before you open the kiln [2]. Cool the kiln slowly below 600 degrees [2]."
    found, _ = answered([spoken[at : at + cut] for at in range(0, len(spoken), cut)])
    assert found[0] == Sentence("Ask Mara Okafor before you open the kiln.", (2,))


def test_passages_are_numbered_fenced_and_veiled() -> None:
    chat = says("NOTHING")
    language(chat, names=["Mara Okafor"]).answer(QUESTION, EXCERPTS)
    user = chat.calls[0].user
    assert "[1] Glaze faults: A glaze" in user
    assert "[2] Firing: Ask PERSON_1" in user
    assert user.count("</data-") == 1


def test_a_small_window_gets_the_first_passages() -> None:
    chat = says("NOTHING")
    many = tuple(Excerpt(f"Title {n}", "Words of a passage that is not short. " * 12) for n in range(9))
    language(chat, context=1600).answer(QUESTION, many)
    assert "[1] Title 0" in chat.calls[0].user
    assert "[9] Title 8" not in chat.calls[0].user


PIECES = st.lists(
    st.sampled_from(
        ["A glaze crazes when it shrinks more than the clay body", " [1]", "[2]", "[9]", ". ", "Add silica", " in small steps",
         "[1", "Your mentor has accepted", " NOTHING", "https://x.example ", "not ", "\n- ", "PERSON_1 ", "Cool the kiln slowly"]
    ),
    max_size=16,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(pieces=PIECES, breaks=st.booleans())
def test_every_sentence_of_every_answer_cites_what_it_was_given(pieces: list[str], breaks: bool) -> None:
    said: list[object] = [*pieces, ModelFailed("cut")] if breaks else list(pieces)
    heard: list[tuple[Sentence, ...]] = []
    spoken = language(FakeChat(lambda call: said), names=["Mara Okafor"])
    found = tried(lambda: spoken.answer(QUESTION, EXCERPTS, heard.append))
    if isinstance(found, str):
        assert (breaks, found) == (True, "cut")
        return
    for one in found:
        assert one.cites
        assert set(one.cites) <= {1, 2}
        assert "accepted" not in one.text
        assert "https" not in one.text
