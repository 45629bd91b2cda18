"""The model that reads a message: where its units begin, the roles of each, what the message asks, and its labels as a whole.

A unit is a sentence, a list line or a whole clause. One pass of a small encoder (6 layers, int8 weights) scores every token;
a unit's score is the mean over its tokens. `reading.json` beside the model names its labels, its hash and temperatures.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.offline.reading.spans import Span, trimmed
from assistant.adapters.offline.reading.word_states import Words, joined, words_of

Floats = NDArray[np.float32]
WHOLE, MOST_TOKENS = 480, 300
"""A text of up to WHOLE word pieces is read at once, a longer one in parts of at most MOST_TOKENS."""
CHUNKS = 3
"""Parts of a long text that are read: the first ones and the last."""
BEGINS, BEGINS_AFTER_MARK = 0.5, 0.25
"""Least probability that a unit begins at a word; after a full stop or a line break the lower one is enough."""
_MARK_BEFORE = re.compile(r"[.!?\u2026:;)\"\u201d]\s+$|\n\s*$|^\s*$")
_INSIDE_A_WORD = re.compile(r"\w['\u2019/-]$")
_BREAK = re.compile(r"\n+|(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_KEPT = 64
_OUTPUTS = ["scores", "labels", "states", "pieces"]


class ModelDamaged(Exception):
    """The hash of the installed model differs from the recorded one; reinstall Askwell."""


@dataclass(frozen=True)
class Unit:
    """One unit with probabilities: of each role, that the question is built on it, that it says what the question is about."""

    span: Span
    text: str
    roles: dict[str, float]
    asked: float = 0.0
    added: float = 0.0
    taken: tuple[tuple[int, int, float], ...] = ()
    """Words as (start, end, probability that a good question takes the word over); places count from the unit's beginning."""

    @property
    def role(self) -> str:
        return max(self.roles, key=lambda name: self.roles[name])


@dataclass(frozen=True)
class Reading:
    """The model's output for one text; all values are probabilities. `words` are what a question can be written from."""

    units: tuple[Unit, ...] = ()
    kinds: dict[str, float] = field(default_factory=dict)
    cares: dict[str, float] = field(default_factory=dict)
    worths: dict[str, float] = field(default_factory=dict)
    acts: dict[str, float] = field(default_factory=dict)
    words: Words | None = field(default=None, compare=False, repr=False)


class Reader:
    """Loads tokenizer and model at the first use (about 0.2 s); shared by all threads. The last few readings are kept."""

    def __init__(self) -> None:
        self._read: dict[str, Reading] = {}
        self._lock = Lock()

    def read(self, text: str, pause: Callable[[], None] = lambda: None) -> Reading:
        """Reads a text; `pause` is called before each part of a long one and may raise to stop."""
        with self._lock:
            kept = self._read.get(text)
        if kept:
            return kept
        parts = []
        cut = chunks(text, self._length)
        for chunk in cut:
            pause()
            parts.append(self._part(text, chunk, WHOLE if len(cut) == 1 else MOST_TOKENS))
        found = _joined(parts)
        with self._lock:
            while len(self._read) >= _KEPT:
                self._read.pop(next(iter(self._read)))
            self._read[text] = found
        return found

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The content of `reading.json`."""
        loaded: dict[str, Any] = json.loads(_data("reading.json"))
        return loaded

    def _length(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _part(self, text: str, chunk: Span, most: int) -> Reading:
        encoded = self._tokenizer.encode(chunk.of(text), add_special_tokens=False)
        if not encoded.ids:
            return Reading()
        ids = [self._special[0], *encoded.ids[:most], self._special[1]]
        scores, labels, states, pieces = self._session.run(_OUTPUTS, {"ids": np.array([ids], dtype=np.int64)})
        offsets = [(chunk.start + a, chunk.start + b) for a, b in encoded.offsets[:most]]
        found = interpreted(text, offsets, scores[0, 1:-1], labels[0], self.settings)
        return replace(found, words=words_of(text, offsets, states[0, 1:-1], pieces[0, 1:-1]))

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
        return session("reading.onnx", self.settings["model_sha256"])


def session(name: str, expected: str) -> Any:
    """An installed network ready to run, with one thread. Raises ModelDamaged if its SHA-256 is not the expected one."""
    import onnxruntime

    model = _data(name)
    if hashlib.sha256(model).hexdigest() != expected:
        raise ModelDamaged("The language model is damaged. Install Askwell again.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def chunks(text: str, length: Callable[[str], int]) -> list[Span]:
    """The text at once, or parts of at most MOST_TOKENS tokens, cut between sentences where there are any.

    `length` counts tokens.
    """
    if len(text) <= WHOLE or length(text) <= WHOLE:
        return [Span(0, len(text))]
    cuts = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    most = 3 * MOST_TOKENS
    pieces = [Span(low, min(low + most, b)) for a, b in pairwise(cuts) for low in range(a, b, most)]
    parts: list[Span] = []
    size = 0
    for piece in pieces:
        count = length(piece.of(text))
        if parts and size + count <= MOST_TOKENS:
            parts[-1], size = Span(parts[-1].start, piece.end), size + count
        else:
            parts.append(piece)
            size = count
    return parts if len(parts) <= CHUNKS else [*parts[: CHUNKS - 1], parts[-1]]


def interpreted(
    text: str, offsets: Sequence[tuple[int, int]], scores: Floats, labels: Floats, settings: dict[str, Any]
) -> Reading:
    """A reading from the network's numbers: scores (tokens, 1 + roles + 3) and labels, the groups one after another."""
    roles, groups = settings["roles"], settings["groups"]
    starts = _beginnings(text, offsets, scores[:, 0])
    bounds = list(pairwise([*starts, len(offsets)]))
    means = np.stack([scores[a:b].mean(axis=0) for a, b in bounds])
    place, found = 0, {}
    for name, values in groups.items():
        found[name] = dict(
            zip(
                values,
                _softmax(labels[place : place + len(values)] / settings["temperatures"].get(name, 1.0)).tolist(),
                strict=True,
            )
        )
        place += len(values)
    nothing = labels[place : place + 2]
    chosen = [_softmax(np.append(means[:, k - 2], nothing[k]).astype(np.float32)) for k in range(2)]
    units = []
    for n, (a, b) in enumerate(bounds):
        span = trimmed(text, Span(offsets[a][0], max(offsets[a][0], offsets[b - 1][1])))
        end = _with_mark(text, span.end)
        probabilities = dict(zip(roles, _softmax(means[n, 1 : 1 + len(roles)]).tolist(), strict=True))
        taken = _taken(text, span.start, end, offsets[a:b], scores[a:b, 1 + len(roles)])
        units.append(Unit(span, text[span.start : end], probabilities, float(chosen[0][n]), float(chosen[1][n]), taken))
    return Reading(
        tuple(unit for unit in units if unit.span.length), found["kinds"], found["cares"], found["worths"], found["acts"]
    )


def _beginnings(text: str, offsets: Sequence[tuple[int, int]], scores: Floats) -> list[int]:
    """Tokens at which a unit begins; the first always does."""
    chances = _sigmoid(scores)
    found = [0]
    for n in range(1, len(offsets)):
        start = offsets[n][0]
        before = text[max(0, start - 8) : start]
        if (
            not before
            or not (before[-1].isspace() or before[-1] in "(\"'\u201c[-\u2013\u2014/.,;:!?")
            or offsets[n - 1][1] > start
            or _INSIDE_A_WORD.search(before)
        ):
            continue
        least = BEGINS_AFTER_MARK if _MARK_BEFORE.search(before) else BEGINS
        if chances[n] >= least:
            found.append(n)
    return found


def _taken(
    text: str, start: int, end: int, offsets: Sequence[tuple[int, int]], scores: Floats
) -> tuple[tuple[int, int, float], ...]:
    first = {low: float(chance) for (low, high), chance in zip(offsets, _sigmoid(scores), strict=True) if high > low}
    return tuple((m.start() - start, m.end() - start, first.get(m.start(), 0.0)) for m in _WORD.finditer(text, start, end))


def _with_mark(text: str, end: int) -> int:
    """Where the unit ends together with a question mark that follows it."""
    return end + 1 if text[end : end + 1] == "?" else end


def _joined(parts: Sequence[Reading]) -> Reading:
    """Units of all parts; labels of the first, except that care is that of the part that is most in need of it."""
    if len(parts) < 2:
        return parts[0] if parts else Reading()
    worst = min(parts, key=lambda part: part.cares.get("none", 1.0))
    asked = [max((unit.asked for unit in part.units), default=0.0) for part in parts]
    best = parts[int(np.argmax(asked))]
    units = tuple(unit for part in parts for unit in part.units)
    return Reading(units, best.kinds, worst.cares, best.worths, parts[0].acts, joined([part.words for part in parts]))


def quoted(units: Iterable[Unit], role: str, least: float) -> list[Unit]:
    """The units whose role is at least that probable."""
    return [unit for unit in units if unit.roles.get(role, 0.0) >= least]


def _sigmoid(values: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(values, -50, 50)))).astype(np.float32)


def _softmax(values: Floats) -> Floats:
    weights = np.exp(values - values.max())
    found: Floats = weights / weights.sum()
    return found


def _data(name: str) -> bytes:
    return (files("assistant.adapters.offline") / "data" / name).read_bytes()
