"""What a phrase is by its first words: only a clause tells how things are."""

from __future__ import annotations

import pytest

from assistant.adapters.offline.composing.phrase_shape import PhraseShape, shape


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("review a senior's C++ code", PhraseShape.ACTION),
        ("my 13-week cash forecast", PhraseShape.THING),
        ("I'm controller for the Benelux entity", PhraseShape.CLAUSE),
        ("for a seasonal garden retailer", PhraseShape.ADVERBIAL),
        ("How do I end a tradition", PhraseShape.QUESTION),
        ("what a first meeting even looks like", PhraseShape.EMBEDDED),
        ("explaining the new benefit", PhraseShape.DOING),
        ("an estimate I can defend", PhraseShape.THING),
    ],
)
def test_a_phrase_has_one_shape(phrase: str, kind: PhraseShape) -> None:
    assert shape(phrase) is kind
