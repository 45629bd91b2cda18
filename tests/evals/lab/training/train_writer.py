"""Trains the network that writes sharp questions and grades them, and writes it into the product.

    python -m tests.evals.lab.training.train_writer [--hold v05 v13 ...] [--epochs 8] [--out FOLDER]

Needs, beside Askwell itself: torch==2.13.0 and onnx>=1.17. The reader stays as it is installed. The shipped weights come from
four runs one after another (`--start`) while data was being written: four epochs of words alone, four of words and grades, and
one of a half of that with the newest grades.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]
from torch import nn

from assistant.adapters.offline.composing.question_writer import Floats
from assistant.adapters.offline.reading.unit_model import Reader
from tests.evals.lab.training.openings import OPENINGS, Opening, Varied, openings
from tests.evals.lab.training.writer_data import Batch, Message, Question, batches, judged, listed, message, questions
from tests.evals.lab.training.writer_export import export
from tests.evals.lab.training.writer_network import WriterNetwork

RATE, WARM_UP, MOST_LOSS, GRADES_SHARE, SEED = 5e-4, 200, 12.0, 0.5, 0
OUT = Path(__file__).parents[4] / "assistant" / "adapters" / "offline" / "data"
Tensor = Any


def rows(messages: Sequence[Opening], rng: random.Random, grades: bool) -> list[Question]:
    """The questions of all messages that have any, and those of a variation of each."""
    reader, varied, found = Reader(), Varied(messages, rng), list[Question]()
    plain: dict[str, Message] = {}
    for opening in messages:
        for version in {opening: None, varied.of(opening): None}:
            read = message(version, reader) if opening.fine else None
            if read:
                found += questions(version, read, version is opening)
                if version is opening:
                    plain[opening.id] = read
    found += judged(plain)
    return found if grades else [row for row in found if row.weight]


def losses(network: WriterNetwork, batch: Batch) -> tuple[Tensor, Tensor]:
    """The loss a word, and the loss of the grades."""
    t = batch.tensors
    memory = network.memory(t["states"], t["pieces"], t["marks"], t["padded"])[t["message"]]
    padded = t["padded"][t["message"]]
    states = network(memory, padded, t["before"], t["copied"], t["style"])
    scores = network.scores(states, network.k(memory), t["last"], t["used"], padded)
    lost = -scores.masked_fill(~t["right"], -1e9).logsumexp(-1).clamp(min=-MOST_LOSS)
    words = (lost * t["weight"]).sum() / t["weight"].sum().clamp(min=1)
    inside = (torch.arange(states.shape[1])[None] <= t["length"][:, None])[..., None]
    mean = (states * inside).sum(1) / inside.sum(1)
    graded = t["grade"] >= 0
    if not graded.any():
        return words, words * 0
    judged_as = network.grade(torch.cat([mean, states[torch.arange(len(states)), t["length"]]], -1))[graded]
    each = nn.functional.cross_entropy(judged_as, t["grade"][graded], label_smoothing=0.05, reduction="none")
    weights = t["grade_weight"][graded]
    return words, (each * weights).sum() / weights.sum()


def fit(given: argparse.Namespace, learnt: Sequence[Question], words: Sequence[str], vectors: Floats) -> WriterNetwork:
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    network = WriterNetwork(len(words))
    if given.start:
        network.load_state_dict(torch.load(given.start))
    optimiser = torch.optim.AdamW(network.parameters(), lr=given.rate, weight_decay=0.02)
    steps = len(batches(learnt, rng)) * given.epochs
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: min(1.0, n / WARM_UP) * max(0.02, 1 - n / steps))
    for epoch in range(given.epochs):
        began, total = time.monotonic(), list[float]()
        for group in batches(learnt, rng):
            by_word, by_grade = losses(network, Batch(group, words, vectors))
            optimiser.zero_grad()
            (by_word + GRADES_SHARE * by_grade).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            rate.step()
            total.append(float(by_word.detach()))
        print(f"epoch {epoch}: loss a word {np.mean(total):.3f}, {time.monotonic() - began:.0f} s", flush=True)
        if given.kept:
            torch.save(network.state_dict(), given.kept)
    return network.eval()


def vectors_of(words: Sequence[str], reader: Reader) -> Floats:
    """The mean vector of the word pieces of each listed word (words, STATE); the end's is of no use and stays zero."""
    found = [reader.read(word).words for word in words[1:]]
    return np.stack([np.zeros(384), *(w.pieces.mean(0) if w else np.zeros(384) for w in found)]).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the network that writes sharp questions.")
    parser.add_argument("--hold", nargs="*", default=[], help="voices that are not learnt from")
    parser.add_argument("--data", type=Path, default=OPENINGS)
    parser.add_argument("--start", type=Path, help="the state of a network to go on from")
    parser.add_argument("--kept", type=Path, help="a file for the state of the network after each epoch")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--words-only", action="store_true", help="learn no grades")
    parser.add_argument("--most", type=int, help="only so many messages, for a trial")
    given = parser.parse_args()
    messages = [row for row in openings(given.data) if row.voice not in given.hold][: given.most]
    words = listed(messages)
    learnt = rows(messages, random.Random(SEED), not given.words_only)
    print(len(messages), "messages,", len(learnt), "questions,", len(words), "listed words", flush=True)
    vectors = vectors_of(words, Reader())
    export(fit(given, learnt, words, vectors), words, vectors, given.hold, given.out)


if __name__ == "__main__":
    main()
