"""A sentence stands by what it cites, or it does not stand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.grounding.entailment import claims_status, foreign_words, has_address, supported
from assistant.dialogue.language_io import Excerpt
from assistant.domain.reply import Sentence

CONTAINER = Excerpt(
    "Set the container",
    "To set the container is to agree aloud on the frame of a session before its content starts. It takes two to three minutes "
    "of a 30-minute session. Do not skip it: between brief and session the question often moves. The mentee speaks first. "
    'Ask SAP-4711 for the form and say "we stop at three". Ada Okafor wrote it.',
)
BOARD = Excerpt("Board slides", "Board decks lead with the ask. Send a draft to the sponsor five working days before.")


def stands(text: str, *cites: int) -> bool:
    return supported(Sentence(text, cites or (1,)), (CONTAINER, BOARD), None)


@pytest.mark.parametrize(
    "text",
    [
        "Agree aloud on the frame before the content starts.",
        "It takes 2 to 3 minutes of a 30-minute session.",
        "Do not skip it.",
        "The mentee is the first to speak.",
        "Ask SAP-4711 for the form.",
        "Say \u201cwe stop at three\u201d.",
        "Ada Okafor wrote it.",
    ],
)
def test_what_the_excerpt_says_stands(text: str) -> None:
    assert stands(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "And so it is.",
        "It takes five minutes of a 30-minute session.",
        "It takes two to three hours of a session.",
        "Skip it.",
        "The mentor speaks first.",
        "The mentee never speaks first.",
        "Ask SAP-4712 for the form.",
        "Ask IBM for the form.",
        "Say \u201cwe stop at four\u201d.",
        "Ada Brandt wrote it.",
        "Agree silently on the frame before the content starts.",
        "Agree aloud on the frame after the content starts.",
        "Bring a cake to the session.",
        "Your session is booked.",
        "Agree aloud on the frame at example.com before the content starts.",
        "Board decks lead with the ask.",
        "To set the container is to agree aloud on the frame of a session, which saves the company a lot of money.",
    ],
)
def test_what_it_does_not_say_does_not(text: str) -> None:
    assert not stands(text)


@pytest.mark.parametrize("cites", [(), (0,), (3,), (1, 3), (-1,)])
def test_a_citation_that_is_none_takes_its_sentence_with_it(cites: tuple[int, ...]) -> None:
    assert not supported(Sentence("The mentee speaks first.", cites), (CONTAINER, BOARD), None)


def test_only_what_is_cited_counts() -> None:
    assert stands("Board decks lead with the ask.", 2)
    assert stands("Board decks lead with the ask.", 1, 2)
    assert not stands("The mentee speaks first.", 2)


def test_meaning_is_measured_where_words_are_not_enough() -> None:
    asked: list[str] = []

    def measure(value: float) -> bool:
        def near(text: str, others: Sequence[str]) -> Sequence[float]:
            asked.append(text)
            return [value] * len(others)

        return supported(Sentence("Agree loudly on a frame before the content begins.", (1,)), (CONTAINER,), near)

    assert (measure(0.9), measure(0.3)) == (True, False)
    assert "Agree loudly on a frame before the content begins." in asked


@given(st.text(), st.lists(st.integers(-2, 4), max_size=4))
def test_any_text_has_an_answer(text: str, cites: list[int]) -> None:
    if supported(Sentence(text, tuple(cites)), (CONTAINER, BOARD), None):
        assert set(cites) <= {1, 2}
        assert not claims_status(text)
        assert not has_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://x.example",
        "see www.example",
        "evil.com",
        "evil [.] com",
        "evil(dot)com",
        "hxxp://a",
        "h t t p : / / a".replace(" ", ""),
        "a@b.co",
        "bob (at) corp (dot) com",
        "![x](y)",
        "[a](b)",
        "[a][b]",
        "<b>",
        "</p>",
        "<!-- x -->",
        "data:text/html,x",
        "javascript:alert(1)",
        "mailto:x",
        "//evil.net/x",
        "ftp://x",
        "&lt;b&gt;",
        "\uff45\uff56\uff49\uff4c\uff0e\uff43\uff4f\uff4d",
        "e\u200bvil.com",
        "evil\u3002com",
        "10.0.0.1/x",
        "xn--e1a.example",
    ],
)
def test_an_address_is_seen(text: str) -> None:
    assert has_address(text)
    assert has_address(f"Please look at {text} for more.")


@pytest.mark.parametrize(
    "text",
    [
        "At 14:30 we stop.",
        "Rates of 0.3% and 2.5.",
        "Use pyproject.toml, e.g. for node.js.",
        "Data: invoices of May.",
        "3 < 5 > 2",
        "Fill in [name] and [date].",
        "and/or",
        "The ratio is 3:1.",
        "Ask: who decides? So be it.",
        "a * b _c_",
    ],
)
def test_ordinary_text_has_none(text: str) -> None:
    assert not has_address(text)


def test_foreign_words_are_those_of_nobody() -> None:
    sources = ["The board reviews slides.", "We present on Friday"]
    assert foreign_words("How should I present the slides to the reviewing board?", sources) == frozenset()
    assert foreign_words("Present the budget slides", sources) == {"budget"}
    assert foreign_words("Present the budget slides", sources, allowed=("Budgets",)) == frozenset()
    assert foreign_words("on 7 slides", sources) == {"7"}
    assert foreign_words("", sources) == frozenset()
