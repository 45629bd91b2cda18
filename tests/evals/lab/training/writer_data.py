"""What the question writer learns from: messages as the installed reader sees them, each with its questions.

A question is a list of words with the place in the message that each was copied from. Those of `fine` lines and those judged fine
are learnt word by word; these and all others with their grade.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]

from assistant.adapters.offline.composing.question_words import aligned, folded, question_words
from assistant.adapters.offline.composing.question_writer import ASKED, MOST_SCORED, Floats, marks
from assistant.adapters.offline.reading.unit_model import Reader
from tests.evals.lab.training.openings import Opening
from tests.evals.lab.training.writer_network import MARKS, STATE

END = "<end>"
GRADES = "FAW"
CLOSE, FREER, BUILT = 0, 1, 2
LEAST_COUNT = 3
WORDS_A_BATCH = 6_200
_OWN_WEIGHT = {CLOSE: 1.0, FREER: 0.5, BUILT: 0.6}
JUDGED = Path(__file__).parent / "labelled" / "judged"


@dataclass(frozen=True, eq=False)
class Message:
    """The arrays of one message, and where each of its words stands."""

    id: str
    states: Floats
    pieces: Floats
    marks: Floats
    where: Mapping[str, Sequence[int]]


@dataclass(frozen=True, eq=False)
class Question:
    """`weight` of its words in the loss (0 if they are not learnt), its `grade` (-1 if there is none) and the weight of that."""

    message: Message
    words: tuple[str, ...]
    copied: tuple[int, ...]
    style: int
    weight: float
    grade: int = -1
    grade_weight: float = 0.0


def message(opening: Opening, reader: Reader) -> Message | None:
    """A message as the product reads it; None if it has no words."""
    text = opening.text
    reading = reader.read(text)
    if not reading.words:
        return None
    where: dict[str, list[int]] = {}
    for n, (a, b) in enumerate(reading.words.places):
        where.setdefault(folded(text[a:b]), []).append(n)
    found = reading.words
    return Message(opening.id, found.states.astype(np.float32), found.pieces.astype(np.float32), marks(text, reading), where)


def listed(openings: Iterable[Opening]) -> list[str]:
    """The list of words that a question may bring in: those that good questions often add to their messages."""
    counts: Counter[str] = Counter()
    for opening in openings:
        said = set(question_words(opening.text))
        for question in opening.fine:
            counts.update(set(question_words(question)) - said)
    return [END, *sorted(word for word, count in counts.items() if count >= LEAST_COUNT)]


def questions(opening: Opening, found: Message, plain: bool) -> list[Question]:
    """The written questions of a message; of a varied one (not `plain`) only their words, for its grades might not hold."""
    made = [
        _question(found, text, style, _OWN_WEIGHT[style], 0 if plain else -1, 0.5)
        for style, text in zip((CLOSE, FREER), opening.fine, strict=False)
    ]
    if plain:
        made += [_question(found, text, CLOSE, 0.0, 1, 0.7) for text in opening.awkward]
        made += [_question(found, text, CLOSE, 0.0, 2, 0.7) for text in opening.wrong]
    return [one for one in made if one.words]


def judged(messages: Mapping[str, Message], folder: Path = JUDGED) -> list[Question]:
    """The judged wordings of these messages."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            for text, grade in row["grades"].items() if row["id"] in messages else ():
                weight = _OWN_WEIGHT[BUILT] if grade == "F" else 0.0
                found.append(_question(messages[row["id"]], text, BUILT, weight, GRADES.index(grade), 2.0))
    return [one for one in found if one.words]


def _question(found: Message, text: str, style: int, weight: float, grade: int, grade_weight: float) -> Question:
    words = question_words(text)[:MOST_SCORED]
    copied = aligned(words, found.where, found.marks[:, ASKED].tolist())
    return Question(found, tuple(words), tuple(copied), style, weight, grade, grade_weight)


def batches(rows: Sequence[Question], rng: random.Random) -> list[list[Question]]:
    """All questions of a message together, messages of like length together, in random order."""
    groups: dict[int, list[Question]] = {}
    for row in rows:
        groups.setdefault(id(row.message), []).append(row)
    found: list[list[Question]] = [[]]
    size = 0
    for group in sorted(groups.values(), key=lambda g: len(g[0].message.marks) + rng.random() * 15):
        cost = len(group) * (len(group[0].message.marks) + 40)
        if found[-1] and size + cost > WORDS_A_BATCH:
            found.append([])
            size = 0
        found[-1] += group
        size += cost
    rng.shuffle(found)
    return found


@dataclass
class Batch:
    """The tensors of several questions; `right` has every place or listed word that a step may take."""

    rows: Sequence[Question]
    words: Sequence[str]
    vectors: Floats
    tensors: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        number = {word: n for n, word in enumerate(self.words)}
        messages = list({id(row.message): row.message for row in self.rows}.values())
        at = {id(found): n for n, found in enumerate(messages)}
        count, most = len(self.rows), max(len(found.marks) for found in messages)
        steps = max(len(row.words) for row in self.rows) + 1
        whole = {"states": STATE, "pieces": STATE, "marks": MARKS}
        arrays: dict[str, Any] = {name: np.zeros((len(messages), most, width), np.float32) for name, width in whole.items()}
        arrays["padded"] = np.ones((len(messages), most), bool)
        for n, found in enumerate(messages):
            for name in whole:
                arrays[name][n, : len(found.marks)] = getattr(found, name)
            arrays["padded"][n, : len(found.marks)] = False
        before = np.zeros((count, steps, STATE), np.float32)
        copied, last = np.full((count, steps), -1), np.full((count, steps), -1)
        used = np.zeros((count, steps, most), np.float32)
        right = np.zeros((count, steps, most + len(self.words)), bool)
        weight = np.zeros((count, steps), np.float32)
        for n, row in enumerate(self.rows):
            for k, (word, place) in enumerate(zip(row.words, row.copied, strict=True)):
                found_at = row.message.where.get(word, ())
                before[n, k + 1] = self._vector(row.message, word, number)
                copied[n, k + 1], right[n, k, list(found_at)] = place, True
                if word in number:
                    right[n, k, most + number[word]] = True
                if place >= 0:
                    last[n, k + 1 :], used[n, k + 1 :, place] = place, 1.0
            right[n, len(row.words), most] = True
            weight[n] = right[n].any(-1) * row.weight
        made = {"before": before, "copied": copied, "last": last, "used": used, "right": right, "weight": weight}
        plain = {
            "message": [at[id(row.message)] for row in self.rows], "length": [len(row.words) for row in self.rows],
            "style": [row.style for row in self.rows], "grade": [row.grade for row in self.rows],
            "grade_weight": [row.grade_weight for row in self.rows],
        }  # fmt: skip
        self.tensors = {name: torch.from_numpy(array) for name, array in {**arrays, **made}.items()}
        self.tensors |= {name: torch.tensor(values) for name, values in plain.items()}

    def _vector(self, found: Message, word: str, number: Mapping[str, int]) -> Floats:
        if places := found.where.get(word):
            row: Floats = found.pieces[places[0]]
            return row
        return self.vectors[number[word]] if word in number else np.zeros(STATE, np.float32)
