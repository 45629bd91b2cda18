"""What every embedder must do, and what only MiniLM does."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.adapters import minilm_embeddings
from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings
from retrieval.adapters.wordllama_embeddings import WordLlamaEmbeddings
from retrieval.errors import ModelDamaged
from retrieval.ports import Embeddings

from .support import WordEmbeddings

MINILM, WORDLLAMA = MiniLMEmbeddings(), WordLlamaEmbeddings()
"""Loaded at the first use, then shared by the tests."""


class EmbeddingsContract:
    """Inherit, and give `embeddings`."""

    def test_rows_have_length_one_and_the_promised_size(self, embeddings: Embeddings) -> None:
        made = embeddings.embed(["one text", "", "中文 é 🙂", "word " * 2000])
        assert made.shape == (4, embeddings.dimension)
        assert made.dtype == np.float32
        assert np.linalg.norm(made, axis=1) == pytest.approx(1.0, abs=1e-4)

    def test_no_texts_make_no_rows(self, embeddings: Embeddings) -> None:
        assert embeddings.embed([]).shape == (0, embeddings.dimension)

    def test_the_order_of_the_texts_is_kept_and_what_is_near_in_words_is_near(self, embeddings: Embeddings) -> None:
        texts = ["bake the bread", "the wind fills the sail of the boat on a long and stormy day", "baking bread"]
        made = embeddings.embed(texts)
        assert made[0] @ made[2] > made[0] @ made[1]
        assert embeddings.embed(texts[1:2])[0] == pytest.approx(made[1], abs=2e-2)


class TestMiniLM(EmbeddingsContract):
    @pytest.fixture
    def embeddings(self) -> Embeddings:
        return MINILM

    def test_token_vectors_point_at_their_characters(self) -> None:
        text = "Board review went badly"
        offsets, vectors = MiniLMEmbeddings().token_vectors(text)
        assert [text[low:high] for low, high in offsets] == ["Board", "review", "went", "badly"]
        assert vectors.shape == (4, 384)

    @pytest.mark.parametrize("file", ["MODEL_SHA256", "GRAPH_SHA256"])
    def test_a_model_that_is_not_the_one_we_know_is_refused(self, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(minilm_embeddings, file, "0" * 64)
        with pytest.raises(ModelDamaged):
            MiniLMEmbeddings().embed(["text"])

    def test_a_tokenizer_that_is_not_the_one_we_know_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(minilm_embeddings, "TOKENIZER_SHA256", "0" * 64)
        with pytest.raises(ModelDamaged):
            MiniLMEmbeddings().embed(["text"])


class TestWordLlama(EmbeddingsContract):
    @pytest.fixture
    def embeddings(self) -> Embeddings:
        return WORDLLAMA


class TestWords(EmbeddingsContract):
    @pytest.fixture
    def embeddings(self) -> Embeddings:
        return WordEmbeddings()
