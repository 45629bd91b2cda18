"""The token model: one pass over a message scores every span for each slot, and the labels of the whole message.

A span of a slot scores start + inside + end; all spans of a slot and "not stated" share one softmax, so the presence
of a slot is 1 minus the probability of "not stated". The returned span is the one that the most probable spans overlap.
The model is an int8 ONNX file of 6 layers; `understanding.json` beside it names its labels, hash and thresholds.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.offline.reading.spans import Span
from assistant.domain.need import SLOTS, SlotName

Floats = NDArray[np.float32]
WINDOW = 254
STRIDE = 190
WINDOWS = 5
LONGEST = 120
CANDIDATES, NEGLIGIBLE = 40, 1e-7
_SIGNS_AFTER = re.compile(r"(?:\+\+|[%#€$£°])")
_SIGNS_BEFORE = re.compile(r"[€$£#@<>~±] ?$")
_WORD = re.compile(r"\w+(?:[-'\u2019.,:&@+*]\w+)*")


class ModelDamaged(Exception):
    """The hash of the installed model differs from the recorded one; reinstall Askwell."""


@dataclass(frozen=True)
class Reading:
    """The model's output for one text; all values are probabilities."""

    spans: dict[SlotName, Span] = field(default_factory=dict)
    presence: dict[SlotName, float] = field(default_factory=dict)
    kinds: dict[str, float] = field(default_factory=dict)
    acts: dict[str, float] = field(default_factory=dict)
    specific: float = 0.0


@dataclass(frozen=True)
class Tokens:
    """Word pieces: ids, character offsets, and whether each opens and closes a word."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    first: list[bool]
    last: list[bool]


class Reader:
    """Loads tokenizer and model at the first use (about 0.2 s); shared by all threads."""

    def read(self, text: str, pause: Callable[[], None] = lambda: None) -> Reading:
        """Scores the text. A long one is split into overlapping windows of 254 word pieces: the first four and the last are read.

        `pause` is called before each window and may raise to stop the reading.
        """
        tokens = self._tokens(text)
        if not tokens.ids:
            return Reading(presence=dict.fromkeys(SLOTS, 0.0))
        readings = []
        for start in _starts(len(tokens.ids)):
            pause()
            readings.append(self._window(text, tokens, start))
        return readings[0] if len(readings) == 1 else _joined(readings)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The content of `understanding.json`."""
        loaded: dict[str, Any] = json.loads(_data("understanding.json"))
        return loaded

    def _window(self, text: str, tokens: Tokens, start: int) -> Reading:
        part = slice(start, start + WINDOW)
        ids = [self._special[0], *tokens.ids[part], self._special[1]]
        scores, labels = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        window = Tokens(ids, tokens.offsets[part], tokens.first[part], tokens.last[part])
        return interpreted(text, window, scores[0, 1:-1], labels[0], self.settings)

    def _tokens(self, text: str) -> Tokens:
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return Tokens(encoded.ids, encoded.offsets, *word_edges(text, encoded.offsets))

    @cached_property
    def _special(self) -> tuple[int, int]:
        return self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        source = files("retrieval.adapters") / "data" / "minilm_tokenizer.json"
        tokenizer = Tokenizer.from_str(source.read_text("utf-8"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        model = _data("understanding.onnx")
        if hashlib.sha256(model).hexdigest() != self.settings["model_sha256"]:
            raise ModelDamaged("The language model is damaged. Install Askwell again.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def interpreted(text: str, tokens: Tokens, scores: Floats, labels: Floats, settings: Mapping[str, Any]) -> Reading:
    """A reading from the network's numbers: scores of shape (n, 18) for n tokens, and 24 labels."""
    chances = span_probabilities(scores, labels[:6], tokens.first, tokens.last)
    slope, bias = settings["presence"]["slope"], settings["presence"]["bias"]
    found: dict[SlotName, Span] = {}
    presence: dict[SlotName, float] = {}
    for row, slot in enumerate(SLOTS):
        first, last, score = most_agreed(chances[row])
        start, end = tokens.offsets[first][0], tokens.offsets[last][1]
        found[slot] = widened(text, Span(start, max(start, end), score))
        presence[slot] = _sigmoid(slope * _logit(float(chances[row].sum())) + bias)
    kinds, acts = settings["kinds"], settings["acts"]
    rest = labels[6:]
    return Reading(
        found,
        presence,
        dict(zip(kinds, _softmax(rest[: len(kinds)]).tolist(), strict=True)),
        dict(zip(acts, _softmax(rest[len(kinds) + 1 :]).tolist(), strict=True)),
        _sigmoid(float(rest[len(kinds)])),
    )


def widened(text: str, span: Span) -> Span:
    """Extends the span over signs that belong to its first and last word: "C++", "20%", "€ 500"."""
    after = _SIGNS_AFTER.match(text, span.end)
    before = _SIGNS_BEFORE.search(text[: span.start])
    return Span(before.start() if before else span.start, after.end() if after else span.end, span.score)


def word_edges(text: str, offsets: Sequence[tuple[int, int]]) -> tuple[list[bool], list[bool]]:
    """Whether each token opens and whether it closes a word; "four-person", "don't" and "2.5" are one word each."""
    opens, closes = set(), set()
    for word in _WORD.finditer(text):
        opens.add(word.start())
        closes.add(word.end())
    return [b > a and a in opens for a, b in offsets], [b > a and b in closes for a, b in offsets]


def span_probabilities(scores: Floats, null: Floats, first: Sequence[bool], last: Sequence[bool]) -> Floats:
    """Probability of each span, shape (6, n, n) by first and last token, from token scores of shape (n, 18)."""
    n = len(scores)
    starts, ends, inside = scores[:, :6].T, scores[:, 6:12].T, np.cumsum(scores[:, 12:18], axis=0).T
    before = inside - scores[:, 12:18].T
    table = (starts - before)[:, :, None] + (ends + inside)[:, None, :]
    allowed = np.array(first)[:, None] & np.array(last)[None, :]
    allowed &= np.triu(np.ones((n, n), dtype=bool)) & ~np.triu(np.ones((n, n), dtype=bool), LONGEST)
    table = np.where(allowed, table, -1e4)
    peak = np.maximum(table.max(axis=(1, 2)), null)[:, None, None]
    weights = np.exp(table - peak)
    total = weights.sum(axis=(1, 2)) + np.exp(null - peak[:, 0, 0])
    found: Floats = weights / total[:, None, None]
    return found


def most_agreed(probabilities: Floats) -> tuple[int, int, float]:
    """The span (first, last, score) that overlaps by half with the most probability, among the most probable ones."""
    flat = probabilities.ravel()
    best = np.flatnonzero(flat >= NEGLIGIBLE * flat.max())
    if len(best) > CANDIDATES:
        best = best[np.argpartition(flat[best], -CANDIDATES)[-CANDIDATES:]]
    first, last = np.divmod(best, len(probabilities))
    shared = np.minimum(last[:, None], last) - np.maximum(first[:, None], first) + 1
    longer = np.maximum((last - first)[:, None], last - first) + 1
    agreed = np.where(2 * np.maximum(shared, 0) >= longer, flat[best], 0).sum(axis=1) + 1e-3 * flat[best]
    chosen = int(np.where(flat[best] > 1e-3 * flat[best].max(), agreed, -1.0).argmax())
    return int(first[chosen]), int(last[chosen]), min(1.0, max(0.0, float(agreed[chosen])))


def _starts(tokens: int) -> list[int]:
    last = max(0, tokens - WINDOW)
    return [*[*range(0, last, STRIDE)][: WINDOWS - 1], last]


def _joined(readings: Sequence[Reading]) -> Reading:
    """Merges windows: each slot from the window with the highest presence, kinds from the first, acts from any."""
    best = {slot: max(readings, key=lambda r: r.presence[slot]) for slot in SLOTS}
    alarm = max(readings, key=lambda r: r.kinds.get("sensitive", 0.0))
    kinds = alarm.kinds if alarm.kinds.get("sensitive", 0.0) > 0.5 else readings[0].kinds
    return Reading(
        {slot: reading.spans[slot] for slot, reading in best.items()},
        {slot: reading.presence[slot] for slot, reading in best.items()},
        kinds,
        readings[0].acts,
        readings[0].specific,
    )


def _logit(probability: float) -> float:
    safe = min(1 - 1e-6, max(1e-6, probability))
    return math.log(safe / (1 - safe))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))


def _softmax(values: Floats) -> Floats:
    weights = np.exp(values - values.max())
    found: Floats = weights / weights.sum()
    return found


def _data(name: str) -> bytes:
    return (files("assistant.adapters.offline") / "data" / name).read_bytes()
