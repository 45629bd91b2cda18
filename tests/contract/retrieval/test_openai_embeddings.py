"""Embeddings of an endpoint: the same contract as the local ones, and every fault is one sentence in bounded time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from retrieval.adapters import openai_embeddings
from retrieval.adapters.openai_embeddings import OpenAIEndpoint
from retrieval.embedding.endpoint import OPENAI, Endpoint
from retrieval.errors import EmbeddingsUnavailable
from retrieval.ports import Embeddings
from tests.embedding_server import DIMENSION, KEY, MODEL, EmbeddingServer, embedding_server

from .test_embeddings import EmbeddingsContract


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddingServer]:
    with embedding_server() as server:
        yield server


@pytest.fixture
def server(running: EmbeddingServer) -> EmbeddingServer:
    running.faults, running.heard, running.always, running.pause = [], [], "", 0.0
    return running


@pytest.fixture
def endpoint(server: EmbeddingServer) -> Endpoint:
    return Endpoint(server.url, MODEL, KEY, DIMENSION)


class TestOpenAI(EmbeddingsContract):
    @pytest.fixture
    def embeddings(self, endpoint: Endpoint) -> Embeddings:
        return OpenAIEndpoint(endpoint)


def test_it_sends_texts_in_batches_and_names_model_and_length(
    server: EmbeddingServer, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_embeddings, "BATCH_TEXTS", 4)
    monkeypatch.setattr(openai_embeddings, "BATCH_BYTES", 100)
    made = OpenAIEndpoint(endpoint).embed([*"abcdefghij", "x" * 99, "y" * 99])
    assert [len(request["input"]) for request in server.heard] == [4, 4, 2, 1, 1]
    assert made.shape == (12, DIMENSION)
    assert {request["encoding_format"] for request in server.heard} == {"float"}
    assert "dimensions" not in server.heard[0]
    assert OpenAIEndpoint(endpoint).id == f"openai-{MODEL}-{DIMENSION}"


def test_fewer_numbers_are_asked_for_where_the_model_can(server: EmbeddingServer, endpoint: Endpoint) -> None:
    short = OpenAIEndpoint(replace(endpoint, model="text-embedding-3-small", dimension=64))
    assert short.embed(["a"]).shape == (1, 64)
    assert server.heard[0]["dimensions"] == 64


def test_a_text_beyond_the_model_is_cut_and_an_empty_one_replaced(server: EmbeddingServer, endpoint: Endpoint) -> None:
    OpenAIEndpoint(endpoint).embed(["word " * 20_000, "  "])
    long, empty = (text for request in server.heard for text in request["input"])
    assert len(long.split()) == 8_000
    assert empty.strip()


@pytest.mark.parametrize("fault", ["429 0.1", "500", "503", "cut", "not json", "other json", "408"])
def test_a_fault_that_passes_is_tried_again(server: EmbeddingServer, endpoint: Endpoint, fault: str, no_pauses: None) -> None:
    server.faults = [fault, fault]
    assert OpenAIEndpoint(endpoint).embed(["bread"]).shape == (1, DIMENSION)
    assert len(server.heard) == 3


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_embeddings, "FIRST_PAUSE", 0.01)


@pytest.mark.parametrize(
    ("fault", "words"),
    [("401", "key"), ("403", "key"), ("404", "model"), ("400", "400"), ("307", "another address"), ("429 -1", "credit"),
     ("wrong dimension", "8 numbers a text, not 256"), ("too few", "1 vectors for 2"), ("zeros", "nowhere"),
     ("not a number", "nowhere"), ("words", "cannot be read")],
)  # fmt: skip
def test_a_fault_that_stays_is_said_at_once(server: EmbeddingServer, endpoint: Endpoint, fault: str, words: str) -> None:
    server.always = fault
    with pytest.raises(EmbeddingsUnavailable, match=words) as caught:
        OpenAIEndpoint(endpoint, budget=0.4).embed(["bread", "boats"])
    assert len(server.heard) == 1
    _is_one_of_ours(str(caught.value))


@pytest.mark.parametrize(
    ("fault", "words"),
    [("429 3600", "3600 seconds"), ("500", "fault of its own"), ("cut", "broke off"), ("slow", "in time"), ("drip", "in time"),
     ("not json", "cannot be read"), ("other json", "cannot be read")],
)  # fmt: skip
def test_beyond_the_budget_it_gives_up(
    server: EmbeddingServer, endpoint: Endpoint, no_pauses: None, fault: str, words: str
) -> None:
    server.always = fault
    start = time.monotonic()
    with pytest.raises(EmbeddingsUnavailable, match=words) as caught:
        OpenAIEndpoint(endpoint, budget=0.6).embed(["bread"])
    assert time.monotonic() - start < 4
    _is_one_of_ours(str(caught.value))


def _is_one_of_ours(sentence: str) -> None:
    assert "SECRET" not in sentence
    assert KEY not in sentence
    assert sentence.endswith((".", "--embedder openai"))


def test_nobody_there(endpoint: Endpoint) -> None:
    with pytest.raises(EmbeddingsUnavailable, match="cannot be reached"):
        OpenAIEndpoint(replace(endpoint, base_url="http://127.0.0.1:9/v1"), budget=0.4).embed(["bread"])


@pytest.mark.parametrize(
    ("given", "words"),
    [(Endpoint(), "ASKWELL_EMBEDDING_API_KEY"), (Endpoint("http://127.0.0.1:1", "mine"), "ASKWELL_EMBEDDING_DIMENSION"),
     (Endpoint("file:///etc", "mine", "k", 8), "http://")],
)  # fmt: skip
def test_a_bad_set_up_is_said_before_anything_is_sent(given: Endpoint, words: str) -> None:
    with pytest.raises(EmbeddingsUnavailable, match=words):
        OpenAIEndpoint(given).embed(["bread"])


def test_what_is_known_of_a_model() -> None:
    assert (Endpoint().length, Endpoint().asked_length, Endpoint().url) == (1536, None, OPENAI)
    assert Endpoint(dimension=256).asked_length == 256
    assert Endpoint(base_url="http://127.0.0.1:1").price is None, "a price belongs to an address"
    assert Endpoint().price == pytest.approx(0.02)
    assert "k1" not in repr(Endpoint(api_key="k1"))


def test_making_one_imports_nothing_heavy(endpoint: Endpoint) -> None:
    import subprocess

    code = f"import sys; from retrieval.adapters.openai_embeddings import OpenAIEndpoint\n\
from retrieval.embedding.endpoint import Endpoint\nOpenAIEndpoint({Endpoint('http://127.0.0.1:1', 'm', '', 8)!r})\n\
print([name for name in ('openai', 'langchain_openai', 'httpx2', 'tiktoken') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_the_same_text_gives_the_same_direction(endpoint: Endpoint) -> None:
    first, second = (OpenAIEndpoint(endpoint).embed(["bake the bread"]) for _ in range(2))
    assert np.array_equal(first, second)
