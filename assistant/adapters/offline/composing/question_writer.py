"""Writes sharp questions from a message, word by word, and says how likely any wording is.

A small decoder over the reader's states: at each step it copies a word of the message, most often the next one, or takes one from
a closed list of about a thousand plain words (a pointer-generator, See et al. 2017, doi 10.18653/v1/P17-1099). So it can turn
person and order and put the author's own words where "it" stood, and can say nothing that neither the message nor the list has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.offline.composing.question_words import aligned, folded, question_words, written
from assistant.adapters.offline.reading.unit_model import Reading, session
from assistant.adapters.offline.reading.word_states import Place

Floats = NDArray[np.float32]
WIDTH = 4
"""Wordings that are kept at each step."""
MOST_WORDS, MOST_SCORED = 34, 46
LENGTH_POWER = 0.7
"""A wording's log probability is divided by its length to this power when wordings of unlike length are compared."""
_UNSEEN = -12.0
"""Log probability of a word that stands neither in the message nor in the list."""


@dataclass(frozen=True)
class Score:
    """How likely a wording is for a message.

    `mean` and `least` are log probabilities a word; `fine`, `awkward` and `wrong` are what the author would probably call it.
    """

    mean: float
    least: float
    fine: float
    awkward: float
    wrong: float


@dataclass(frozen=True)
class MessageWords:
    """A message as arrays: its text, the places and folded words in it, and what the first network made of them."""

    text: str
    at: tuple[Place, ...]
    words: tuple[str, ...]
    where: Mapping[str, Sequence[int]]
    asked: Sequence[float]
    arrays: Mapping[str, Floats]


@dataclass(frozen=True)
class _Partial:
    """A wording that has begun: its steps, log probability, the last copied place, and its row in the kept states."""

    steps: tuple[tuple[str, int], ...] = ()
    total: float = 0.0
    last: int = -1
    row: int = 0


class QuestionWriter:
    """Loads its two networks at the first use; stateless otherwise, so all threads share one."""

    def message(self, text: str, reading: Reading) -> MessageWords | None:
        """A message with its reading, ready to be written from; None if it has no words."""
        found = reading.words
        if not found:
            return None
        given = {
            "states": found.states.astype(np.float32),
            "pieces": found.pieces.astype(np.float32),
            "marks": marks(text, reading),
        }
        names = ["memory", "keys", "values", "copy_keys"]
        arrays = dict(zip(names, self._first.run(names, given), strict=True))
        words = tuple(folded(text[a:b]) for a, b in found.places)
        where: dict[str, list[int]] = {}
        for n, word in enumerate(words):
            where.setdefault(word, []).append(n)
        return MessageWords(
            text, found.places, words, where, given["marks"][:, ASKED].tolist(), {**arrays, "pieces": given["pieces"]}
        )

    def wordings(self, message: MessageWords, style: int = 0) -> list[str]:
        """Up to WIDTH wordings, the likeliest first, without the mark at the end."""
        partials = [_Partial()]
        done: list[tuple[float, _Partial]] = []
        kept = self._nothing_kept(1)
        for length in range(MOST_WORDS):
            scores, kept = self._next(message, partials, kept, style)
            partials, ended = self._grown(message, partials, scores)
            done += [(one.total / (length + 1) ** LENGTH_POWER, one) for one in ended if one.steps]
            best = max((value for value, _ in done), default=-np.inf)
            if not partials or (len(done) >= WIDTH and best > partials[0].total / (length + 2) ** LENGTH_POWER):
                break
            kept = [array[:, [one.row for one in partials]] for array in kept]
        done.sort(key=lambda pair: -pair[0])
        return list(dict.fromkeys(written(message.text, message.at, one.steps) for _, one in done[:WIDTH]))

    def scores(self, message: MessageWords, questions: Sequence[str], style: int = 0) -> list[Score]:
        """A score for each question, whoever wrote it."""
        rows = [question_words(question)[:MOST_SCORED] for question in questions]
        if not rows:
            return []
        paths = [aligned(row, message.where, message.asked) for row in rows]
        chances, grades, _ = self._run(message, rows, paths, self._nothing_kept(len(rows)), 0, style)
        found = []
        for n, row in enumerate(rows):
            each = [self._chance(message, chances[n, k], word) for k, word in enumerate([*row, self._words[0]])]
            grade = np.exp(grades[n, len(row)] - grades[n, len(row)].max())
            fine, awkward, wrong = (grade / grade.sum()).tolist()
            found.append(Score(float(np.mean(each)), float(min(each)), fine, awkward, wrong))
        return found

    def _chance(self, message: MessageWords, chances: Floats, word: str) -> float:
        """The log probability of one word, over all places that it can be copied from and the list."""
        at = [*message.where.get(word, ()), *([len(message.words) + self.listed[word]] if word in self.listed else [])]
        return max(_UNSEEN, float(np.log(np.exp(chances[at].astype(np.float64)).sum()))) if at else _UNSEEN

    def _next(
        self, message: MessageWords, partials: Sequence[_Partial], kept: list[Floats], style: int
    ) -> tuple[Floats, list[Floats]]:
        rows = [[word for word, _ in one.steps] for one in partials]
        paths = [[place for _, place in one.steps] for one in partials]
        chances, _, kept = self._run(message, rows, paths, kept, kept[0].shape[2], style)
        return chances[:, -1], kept

    def _run(
        self,
        message: MessageWords,
        rows: Sequence[Sequence[str]],
        paths: Sequence[Sequence[int]],
        kept: list[Floats],
        begun: int,
        style: int,
    ) -> tuple[Floats, Floats, list[Floats]]:
        """Log probabilities of each next word (rows, steps, places and list), grades after each, and the states to keep.

        The first `begun` steps of every row are in `kept` already.
        """
        count, steps = len(rows), max(len(row) for row in rows) + 1 - begun
        before = np.zeros((count, steps, message.arrays["pieces"].shape[1]), np.float32)
        copied = np.full((count, steps), -1, np.int64)
        last = np.full((count, steps), -1, np.int64)
        used = np.zeros((count, steps, len(message.words)), np.float32)
        for n, (row, path) in enumerate(zip(rows, paths, strict=True)):
            place = -1
            for k, (word, at) in enumerate(zip(row, path, strict=True), start=1 - begun):
                place = at if at >= 0 else place
                if at >= 0:
                    used[n, max(k, 0) :, at] = 1.0
                if k >= 0:
                    before[n, k], copied[n, k], last[n, k:] = self._piece(message, word), at, place
        given = {
            "before": before, "copied": copied, "last": last, "used": used, "begun": np.array([begun], np.int64),
            "style": np.full(count, style, np.int64), "kept_keys": kept[0], "kept_values": kept[1],
            **{name: message.arrays[name] for name in ("memory", "keys", "values", "copy_keys")},
        }  # fmt: skip
        chances, grades, keys, values = self._second.run(["chances", "grades", "new_keys", "new_values"], given)
        return chances, grades, [keys, values]

    def _piece(self, message: MessageWords, word: str) -> Floats:
        """The vector of a word of the message or the list; zeros for any other."""
        places, number = message.where.get(word), self.listed.get(word)
        found: Floats = np.zeros(self._vectors.shape[1], np.float32) if number is None else self._vectors[number]
        if places:
            found = message.arrays["pieces"][places[0]]
        return found

    def _grown(
        self, message: MessageWords, partials: Sequence[_Partial], scores: Floats
    ) -> tuple[list[_Partial], list[_Partial]]:
        """The likeliest wordings one word longer, and those that ended here."""
        grown: list[_Partial] = []
        for row, one in enumerate(partials):
            together: dict[str, tuple[float, int]] = {}
            for number in np.argsort(-scores[row])[: 3 * WIDTH].tolist():
                copied = number < len(message.words)
                word = message.words[number] if copied else self._words[number - len(message.words)]
                chance, place = together.get(word, (0.0, number if copied else -1))
                together[word] = (chance + float(np.exp(scores[row, number])), place)
            for word, (chance, place) in together.items():
                steps = (*one.steps, (word, place))
                grown.append(_Partial(steps, one.total + float(np.log(chance + 1e-9)), place if place >= 0 else one.last, row))
        grown.sort(key=lambda one: -one.total)
        going: list[_Partial] = []
        ended: list[_Partial] = []
        for one in grown:
            if one.steps[-1][0] == self._words[0]:
                ended.append(_Partial(one.steps[:-1], one.total))
            else:
                going.append(one)
            if len(going) == WIDTH:
                break
        return going, ended

    def _nothing_kept(self, count: int) -> list[Floats]:
        layers, width = self._settings["layers"], self._settings["width"]
        return [np.zeros((layers, count, 0, width), np.float32) for _ in range(2)]

    @cached_property
    def _settings(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((files("assistant.adapters.offline") / "data" / "writing.json").read_text("utf-8"))
        return loaded

    @cached_property
    def _words(self) -> list[str]:
        """The list of words; the first is the end of a question."""
        return list(self._settings["words"])

    @cached_property
    def listed(self) -> dict[str, int]:
        """The words that a question may bring in, with their numbers."""
        return {word: n for n, word in enumerate(self._words)}

    @cached_property
    def _first(self) -> Any:
        return session("writing_source.onnx", self._settings["source_sha256"])

    @cached_property
    def _second(self) -> Any:
        return session("writing_step.onnx", self._settings["step_sha256"])

    @cached_property
    def _vectors(self) -> Floats:
        """Vectors of the words of the list (words, width)."""
        data = (files("assistant.adapters.offline") / "data" / "writing_words.npy").read_bytes()
        found: Floats = np.load(BytesIO(data)).astype(np.float32)
        return found


ASKED = 11
"""The column of `marks` with the probability that the question is built on the word's unit."""


def marks(text: str, reading: Reading) -> Floats:
    """What the reader knows of each word (words, 18).

    The probabilities of its unit's roles, that the unit is asked or added, that a question takes the word over; whether it begins
    the unit, has a capital, is no letter or digit; and its place.
    """
    found = reading.words.places if reading.words else ()
    table = np.zeros((len(found), 18), np.float32)
    units, n = reading.units, 0
    for row, (start, _) in enumerate(found):
        while n < len(units) and units[n].span.end < start:
            n += 1
        if n == len(units):
            break
        if start < units[n].span.start:
            continue
        unit = units[n]
        taken = next((chance for a, _, chance in unit.taken if a + unit.span.start == start), 0.0)
        begins = row == 0 or found[row - 1][0] < unit.span.start
        table[row] = [
            *unit.roles.values(), unit.asked, unit.added, taken, begins, text[start].isupper(), not text[start].isalnum(),
            min(row, 100) / 100,
        ]  # fmt: skip
    return table
