"""What fits into a window: never over the budget, never the less important for the more important, in the given order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.privacy.token_window import WindowPiece, chunks, cut, fitted
from retrieval.adapters.token_counter import estimate

TEXTS = st.lists(
    st.sampled_from(["one two", "three.", "Four! ", "\n", " five six seven? ", "eightnineten", " "]), max_size=12
).map("".join)
PIECES = st.lists(st.builds(WindowPiece, TEXTS, st.integers(0, 3), st.booleans()), max_size=8)


@given(pieces=PIECES, budget=st.integers(-5, 120), each=st.integers(0, 5))
def test_the_budget_holds_and_the_more_important_goes_first(pieces: list[WindowPiece], budget: int, each: int) -> None:
    kept = fitted(pieces, budget, estimate, each)
    assert len(kept) == len(pieces)
    assert sum(estimate(text) + each for text in kept if text) <= max(0, budget)
    short = [(p.priority, n) for n, (p, text) in enumerate(zip(pieces, kept, strict=True)) if text != p.text]
    last = [(p.priority, n) for n, (p, text) in enumerate(zip(pieces, kept, strict=True)) if text]
    assert not short or not last or max(last) <= min(short)
    for piece, text in zip(pieces, kept, strict=True):
        assert piece.text.startswith(text)
        assert text in ("", piece.text) or not piece.whole


@given(text=TEXTS, most=st.integers(-3, 40))
def test_a_cut_ends_where_a_sentence_or_a_line_ends(text: str, most: int) -> None:
    found = cut(text, most, estimate)
    assert text.startswith(found)
    assert estimate(found) <= max(0, most)
    assert found in ("", text) or found[-1] in ".!?" or text[len(found)] == "\n"


@given(lines=st.lists(TEXTS, max_size=12), most=st.integers(4, 40))
def test_chunks_hold_every_line_in_order(lines: list[str], most: int) -> None:
    found = chunks(lines, most, estimate)
    assert [line for chunk in found for line in chunk] == [cut(line, most, estimate) for line in lines]
    assert all(sum(estimate(line) + 1 for line in chunk) <= most or len(chunk) == 1 for chunk in found)


def test_all_that_fits_is_whole() -> None:
    pieces = [
        WindowPiece("Least. Of all.", 2),
        WindowPiece("Most.", 0),
        WindowPiece("Some more words. And these do not fit in.", 1),
    ]
    assert fitted(pieces, 1000, estimate) == tuple(piece.text for piece in pieces)
    assert fitted(pieces, estimate("Most.") + estimate("Some more words."), estimate) == ("", "Most.", "Some more words.")
