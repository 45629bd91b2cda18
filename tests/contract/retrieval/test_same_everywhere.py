"""Vectors are the same on every processor: no product of bytes can saturate, in any model that is shipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import ModelProto
from onnxruntime import InferenceSession

from assistant.starter import STARTER
from retrieval.adapters.minilm_embeddings import GRAPH, WEIGHTS_FILE, MiniLMEmbeddings, checked_weights
from retrieval.importing.content_files import read_sources
from retrieval.indexing.prebuilt_vectors import path_of
from retrieval.indexing.unit_embedding import unit_vectors
from retrieval.passage import Unit
from retrieval.passages.split import passages_of
from retrieval.people.skill_names import STEPS, _shipped, _spelled
from tests.evals.lab.training.minilm_graph import graph_of
from tests.integer_products import MOST, Product, computed, exact, optimised, products, saturating

ROOT = Path(__file__).parents[3]
ROOMS = ("assistant", "retrieval", "prompts", "knowledge_base", "ui")
MODELS = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.onnx"))
MINILM = MiniLMEmbeddings()
SEVEN_BITS = 127
TEXTS = [
    "How do I check the next bill?", "", "a", "?!?!?!", "C++", "中文 é 🙂", "1 2 3 4 5 6 7 8 9 10", "x" * 300, "word " * 400,
    "Board review went badly", "our k8s pods restart every night and nobody on the platform team knows why",
    "The wind fills the sail of the boat on a long and stormy day.", "IF X THEN Y ELSE Z;", "https://askwell.example/a?b=c#d",
    "I feel stuck with my manager and do not know how to bring it up in our next one-to-one meeting.",
]  # fmt: skip


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> ModelProto:
    return optimised(GRAPH.read_bytes(), tmp_path_factory.mktemp("graph"), {WEIGHTS_FILE: checked_weights()})


@pytest.fixture(scope="module")
def activations(graph: ModelProto) -> dict[str, NDArray[Any]]:
    """What the products of MiniLM are given for the texts, and the eight-bit numbers of which the coarse ones are a half."""
    eight = [node.output[0] for node in graph.graph.node if node.op_type == "DynamicQuantizeLinear"]
    names = [*eight, *(product.activations for product in products(graph))]
    found = [computed(graph, names, feed) for feed in feeds()]
    return {name: np.concatenate([rows[name] for rows in found]) for name in names}


def feeds() -> Iterator[dict[str, NDArray[Any]]]:
    for text in TEXTS:
        ids = np.array([MINILM._tokenizer.encode(text).ids], np.int64)
        yield {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}


def strongest(rows: NDArray[Any], count: int = 8) -> NDArray[Any]:
    """The rows that saturate first, if any does: those with the largest sums."""
    return rows[np.argsort(-rows.sum(axis=1, dtype=np.int64))[:count]]


def test_the_shipped_graph_is_what_its_script_makes() -> None:
    assert graph_of(checked_weights()) == GRAPH.read_bytes()


@pytest.mark.parametrize("model", [path for path in MODELS if path != GRAPH], ids=lambda path: path.name)
def test_other_models_multiply_floats_alone(model: Path, tmp_path: Path) -> None:
    assert list(products(optimised(model.read_bytes(), tmp_path, {}, fold=False))) == []


def test_every_model_is_looked_at() -> None:
    assert {path.name for path in MODELS} == {"minilm.onnx", "reading.onnx", "writing_source.onnx", "writing_step.onnx"}


def test_seven_bits_cannot_saturate_with_any_weights(graph: ModelProto, activations: dict[str, NDArray[Any]]) -> None:
    found = list(products(graph))
    assert len(found) == 72
    assert SEVEN_BITS * 2 * 128 <= MOST
    for product in found:
        assert product.weights.dtype == np.int8
        assert largest_pair(product) * SEVEN_BITS <= MOST
        assert activations[product.activations].dtype == np.uint8
        assert activations[product.activations].max() <= SEVEN_BITS


def largest_pair(product: Product) -> int:
    sizes = np.abs(product.weights.astype(np.int64))
    return int((sizes[::2] + sizes[1::2]).max())


def test_the_saturating_product_of_real_texts_is_exact(graph: ModelProto, activations: dict[str, NDArray[Any]]) -> None:
    for product in products(graph):
        rows = strongest(activations[product.activations])
        assert np.array_equal(saturating(rows, product.weights), exact(rows, product.weights)), product.activations


def test_with_eight_bits_it_would_not_be(graph: ModelProto, activations: dict[str, NDArray[Any]]) -> None:
    """So the test above sees what it is there for."""
    wrong = 0
    for product in products(graph):
        eight = product.activations.removesuffix("_half")
        if eight in activations and eight != product.activations:
            rows = strongest(activations[eight])
            wrong += int((saturating(rows, product.weights) != exact(rows, product.weights)).sum())
    assert wrong > 1000


def test_saturation_is_emulated_as_the_processor_does_it() -> None:
    activations, weights = np.array([[255, 255, 1, 0]], np.uint8), np.array([[127], [127], [-128], [5]], np.int8)
    assert exact(activations, weights).tolist() == [[255 * 127 * 2 - 128]]
    assert saturating(activations, weights).tolist() == [[MOST - 128]]
    assert saturating(activations, -weights[:2].repeat(2, axis=0)).tolist() == [[-MOST - 1 - 127]]


def test_hidden_states_are_those_of_the_float_computation() -> None:
    plain = InferenceSession(checked_weights(), providers=["CPUExecutionProvider"])
    for feed in feeds():
        ours, floats = (session.run(None, feed)[0] for session in (MINILM._session, plain))
        assert np.abs(ours - floats).max() < 1e-3


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    together = MINILM.embed(TEXTS)
    alone = np.concatenate([MINILM.embed([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-3


def test_shipped_vectors_are_those_of_this_processor() -> None:
    articles = read_sources(STARTER).articles
    units = [Unit(p.id, p.indexed_text, a.head) for a in articles for p in passages_of(a)][::40]
    with np.load(path_of(STARTER, MINILM.id)) as file:
        row = {str(key): n for n, key in enumerate(file["hashes"])}
        shipped = file["vectors"][[row[unit.content_hash] for unit in units]].astype(np.float32)
    assert len(units) > 10
    assert np.abs(unit_vectors(MINILM, units) - shipped).max() < 1e-3


def test_shipped_skill_names_are_those_of_this_processor() -> None:
    shipped, names = _shipped(MINILM.id), _spelled()
    assert shipped is not None
    chosen = range(0, len(names), len(names) // 40)
    made = MINILM.embed([names[n] for n in chosen])
    assert np.abs(made - shipped[list(chosen)]).max() <= 0.5 / STEPS + 1e-3
