"""The network: a small sentence encoder with a score for every span of every slot, and heads for kinds and acts.

Needs torch and transformers (see `train`). Losses are negative log-likelihoods: of all right spans of a slot together (or
of "not stated"), of the kind, of "specific", of the act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found]
from torch import nn  # type: ignore[import-not-found]

from assistant.adapters.offline.reading.token_model import LONGEST, word_edges
from assistant.domain.need import SLOTS
from tests.evals.lab.training.train_data import ACTS, KINDS, Row

MAX_TOKENS = 256
_NEVER = -1e4
Tensor = Any


class Network(nn.Module):  # type: ignore[misc]
    """Encoder of 6 layers and linear heads; `labels` are 6 "not stated", the kinds, "specific", the acts."""

    def __init__(self, encoder: Path, dropout: float = 0.15) -> None:
        from transformers import AutoModel  # type: ignore[import-not-found]

        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(encoder), attn_implementation="eager")
        self.encoder.embeddings.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.spans = nn.Linear(width, 18)
        self.labels = nn.Linear(width, len(SLOTS) + len(KINDS) + 1 + len(ACTS))
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token scores (rows, tokens, 18) and label scores (rows, 24)."""
        states = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids)).last_hidden_state
        weights = mask[:, :, None].to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return self.spans(self.dropout(states)), self.labels(self.dropout(mean))


@dataclass(frozen=True)
class Batch:
    """Rows as tensors, with the right spans as flat indices first * tokens + last; -1 stands for a slot not stated."""

    rows: Sequence[Row]
    ids: Tensor
    mask: Tensor
    first: Tensor
    last: Tensor
    right: list[list[list[int]]]


def batch(rows: Sequence[Row], tokenizer: Any) -> Batch:
    encoded = [tokenizer.encode(row.text) for row in rows]
    longest = max(len(e.ids) for e in encoded)
    ids, mask = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest, dtype=torch.long)
    first, last = torch.zeros(len(rows), longest, dtype=torch.bool), torch.zeros(len(rows), longest, dtype=torch.bool)
    right = []
    for n, (row, e) in enumerate(zip(rows, encoded, strict=True)):
        size = len(e.ids)
        starts, ends = word_edges(row.text, e.offsets)
        ids[n, :size], mask[n, :size] = torch.tensor(e.ids), 1
        first[n, :size], last[n, :size] = torch.tensor(starts), torch.tensor(ends)
        right.append([_indices(row, slot, e.offsets, starts, ends, longest) for slot in SLOTS] if row.spans else [])
    return Batch(rows, ids, mask, first, last, right)


def loss(network: Network, given: Batch) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        spans, labels = network(given.ids, given.mask)
    spans, labels = spans.float(), labels.float()
    rows = given.rows
    kinds, specific, acts = labels[:, 6 : 6 + len(KINDS)], labels[:, 6 + len(KINDS)], labels[:, 7 + len(KINDS) :]
    total = _span_loss(spans, labels[:, :6], given)
    with_kind = [n for n, row in enumerate(rows) if row.kind]
    if with_kind:
        total = total + nn.functional.cross_entropy(kinds[with_kind], _classes(KINDS, [rows[n].kind for n in with_kind]))
    judged = [n for n, row in enumerate(rows) if row.specific is not None]
    if judged:
        truth = torch.tensor([float(bool(rows[n].specific)) for n in judged])
        total = total + 0.5 * nn.functional.binary_cross_entropy_with_logits(specific[judged], truth)
    acting = [n for n, row in enumerate(rows) if row.act]
    if acting:
        total = total + 0.5 * nn.functional.cross_entropy(acts[acting], _classes(ACTS, [rows[n].act for n in acting]))
    return total


def _span_loss(spans: Tensor, null: Tensor, given: Batch) -> Tensor:
    having = [n for n, right in enumerate(given.right) if right]
    total = torch.zeros(())
    if not having:
        return total
    chances = _log_chances(spans[having], null[having], given.first[having], given.last[having])
    for place, n in enumerate(having):
        for slot, right in enumerate(given.right[n]):
            if right:
                total = total - torch.logsumexp(chances[place, slot, torch.tensor(right)], 0)
    return total / len(having)


def _log_chances(spans: Tensor, null: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Log-probabilities (rows, 6, tokens * tokens + 1) of each span by its first and last token, then of "not stated"."""
    rows, tokens, _ = spans.shape
    starts, ends, inside = (spans[..., k : k + 6].transpose(1, 2) for k in (0, 6, 12))
    summed = inside.cumsum(2)
    table = (starts - summed + inside)[:, :, :, None] + (ends + summed)[:, :, None, :]
    square = torch.ones(tokens, tokens, dtype=torch.bool)
    allowed = first[:, None, :, None] & last[:, None, None, :] & square.triu() & ~square.triu(LONGEST)
    flat = table.masked_fill(~allowed, _NEVER).reshape(rows, 6, tokens * tokens)
    return torch.log_softmax(torch.cat([flat, null[:, :, None]], -1), -1)


def _indices(
    row: Row, slot: Any, offsets: Sequence[tuple[int, int]], starts: Sequence[bool], ends: Sequence[bool], width: int
) -> list[int]:
    """The right spans of a slot as flat indices, widened to whole words; [-1] if it is not stated."""
    found = (row.spans or {}).get(slot, ())
    if not found:
        return [-1]
    indices = set()
    for start, end in found:
        inside = [n for n, (a, b) in enumerate(offsets) if b > a and b > start and a < end]
        if not inside:
            continue
        first = next((n for n in range(inside[0], -1, -1) if starts[n]), None)
        opening = next((n for n in inside if starts[n]), None)
        last = next((n for n in range(inside[-1], len(ends)) if ends[n]), None)
        closing = next((n for n in reversed(inside) if ends[n]), None)
        begin, finish = opening if opening is not None else first, closing if closing is not None else last
        if begin is not None and finish is not None and begin <= finish < begin + LONGEST:
            indices.add(begin * width + finish)
    return sorted(indices)


def _classes(names: Sequence[str], wanted: Sequence[str | None]) -> Tensor:
    return torch.tensor([names.index(name or "") for name in wanted])
