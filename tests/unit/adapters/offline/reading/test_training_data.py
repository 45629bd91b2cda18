"""Varied training rows stay true: every span still holds words, and dropped sentences take their slots along."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.need import SLOTS
from tests.evals.lab.training.train_data import data_hash, interrupted, messages, short_texts, varied

ROWS = messages()


def test_every_labelled_quote_is_in_its_message() -> None:
    assert len(ROWS) >= 600
    for row in ROWS:
        assert row.spans is not None
        assert all(row.text[a:b].strip() for found in row.spans.values() for a, b in found)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ROWS), st.integers(0, 10_000))
def test_a_variation_keeps_its_labels_true(row: object, seed: int) -> None:
    changed = varied(row, ROWS, random.Random(seed))  # type: ignore[arg-type]
    assert changed.spans is not None
    assert set(changed.spans) == set(SLOTS)
    for found in changed.spans.values():
        assert all(0 <= a < b <= len(changed.text) for a, b in found)


def test_an_aside_gives_its_kind_to_the_message() -> None:
    aside = next(row for row in short_texts() if row.kind == "sensitive")
    changed = interrupted(ROWS[0], aside, random.Random(1))
    assert changed.kind == "sensitive"
    assert aside.text in changed.text
    assert changed.spans is None


def test_the_hash_names_the_data() -> None:
    assert data_hash() == data_hash()
    assert len(data_hash()) == 64
