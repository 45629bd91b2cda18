"""The network that reads a message: a small sentence encoder with scores for every token and labels for the message.

Token scores are linear, so the score of a unit is the mean of its tokens' scores. For each group of labels the tokens are
weighed by an attention of its own. Needs torch and transformers (see `train_units`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found]
from torch import nn  # type: ignore[import-not-found]

from tests.evals.lab.training.openings import CARES, KINDS, ROLES, WORTHS, Opening, Unit
from tests.evals.lab.training.short_texts import ACTS

Tensor = Any
_LONG = re.compile(r"[^\W_]{3,}")
_SMALL = frozenset(
    "the and for with that this have has not are was what how when can does from but they them our you your into about which "
    "who".split()
)
MOST_TOKENS = 510
TOKEN_SCORES = 1 + len(ROLES) + 3
"""A unit begins here; its roles; a good question takes this word over; the unit is asked; the unit is to be added."""
GROUPS = (len(KINDS), len(CARES), len(WORTHS), len(ACTS), 2)
"""Sizes of the groups of labels; the last has the scores of "built on nothing" and "nothing is to be added"."""


class UnitNetwork(nn.Module):  # type: ignore[misc]
    def __init__(self, encoder: Path, dropout: float = 0.15, frozen: int = 3) -> None:
        from transformers import AutoModel  # type: ignore[import-not-found]

        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(encoder), attn_implementation="eager")
        self.encoder.embeddings.requires_grad_(False)
        for layer in self.encoder.encoder.layer[:frozen]:
            layer.requires_grad_(False)
        self.frozen = frozen
        width = self.encoder.config.hidden_size
        self.tokens = nn.Linear(width, TOKEN_SCORES)
        self.attention = nn.Linear(width, len(GROUPS))
        self.groups = nn.ModuleList(nn.Linear(width, size) for size in GROUPS)
        self.dropout = nn.Dropout(dropout)

    def lower(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Hidden states (rows, tokens, width) below the trained layers."""
        states = self.encoder.embeddings(input_ids=ids, token_type_ids=torch.zeros_like(ids))
        for layer in self.encoder.encoder.layer[: self.frozen]:
            states = _first(layer(states, attention_mask=_additive(mask, states)))
        return states

    def states(self, states: Tensor, mask: Tensor) -> Tensor:
        """Hidden states (rows, tokens, width) after the last layer, from those below the trained layers."""
        for layer in self.encoder.encoder.layer[self.frozen :]:
            states = _first(layer(states, attention_mask=_additive(mask, states)))
        return states

    def upper(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`scored` for the states below the trained layers."""
        return self.scored(self.states(states, mask), mask)

    def scored(self, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token scores (rows, tokens, TOKEN_SCORES) and labels (rows, sum of GROUPS), from the states after the last layer."""
        weights = self.attention(states).masked_fill(mask[:, :, None] == 0, -1e4).softmax(1)
        pooled = torch.einsum("btg,btw->bgw", weights, self.dropout(states))
        labels = torch.cat([head(pooled[:, n]) for n, head in enumerate(self.groups)], -1)
        return self.tokens(self.dropout(states)), labels

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        return self.upper(self.lower(ids, mask), mask)


@dataclass(frozen=True)
class Encoded:
    """One message as word pieces, with the row of each unit's tokens and what is true of it."""

    opening: Opening
    ids: list[int]
    begins: list[int]
    places: list[tuple[int, int]]
    words: list[int]
    taken: list[tuple[int, bool]]


def encoded(opening: Opening, tokenizer: Any) -> Encoded:
    """`places` are half-open ranges of tokens of the units that have any; `words` are the tokens that begin a word."""
    text, placed = opening.placed()
    e = tokenizer.encode(text)
    places = []
    for start, end, _ in placed:
        inside = [n for n, (a, b) in enumerate(e.offsets) if b > a and a >= start and b <= end]
        places.append((inside[0], inside[-1] + 1) if inside else (0, 0))
    words = [n for n, (a, b) in enumerate(e.offsets) if b > a and (a == 0 or not text[a - 1].isalnum() or not text[a].isalnum())]
    return Encoded(opening, e.ids, [a for a, b in places if b > a], places, words, _taken(opening, text, placed, e.offsets))


def _taken(
    opening: Opening, text: str, placed: Sequence[tuple[int, int, Unit]], offsets: Sequence[tuple[int, int]]
) -> list[tuple[int, bool]]:
    """The tokens of long words outside the asked unit, and whether a good question has the word; none without a question."""
    if not opening.fine or not any(unit.asked for unit in opening.units):
        return []
    asked = next(unit.text for unit in opening.units if unit.asked)
    wanted = _stems(" ".join(opening.fine)) - _stems(asked)
    found = []
    for start, end, unit in placed:
        if unit.asked:
            continue
        for match in _LONG.finditer(text, start, end):
            first = next((n for n, (a, b) in enumerate(offsets) if b > a and a == match.start()), None)
            if first is not None:
                found.append((first, match[0].casefold()[:5] in wanted))
    return found


def _stems(words: str) -> set[str]:
    return {word.casefold()[:5] for word in _LONG.findall(words)} - _SMALL


def loss(tokens: Tensor, labels: Tensor, rows: Sequence[Encoded]) -> Tensor:
    """The sum of all losses for a batch, a mean over its rows."""
    total = torch.zeros(())
    for n, row in enumerate(rows):
        o = row.opening
        if o.units and not o.act and o.kind:
            total = total + _unit_loss(tokens[n], labels[n], row)
    start = 0
    for size, names, attribute, weight in zip(
        GROUPS, (KINDS, CARES, WORTHS, ACTS), ("kind", "care", "worth", "act"), (0.5, 1.0, 0.5, 0.4), strict=False
    ):
        judged = [(n, names.index(value)) for n, row in enumerate(rows) if (value := getattr(row.opening, attribute)) is not None]
        if judged:
            where, truth = zip(*judged, strict=True)
            scores = labels[list(where), start : start + size]
            unsure = torch.tensor([_weight(rows[n].opening, attribute) for n in where])
            each = nn.functional.cross_entropy(scores, torch.tensor(truth), reduction="none", label_smoothing=0.02)
            total = total + weight * (each * unsure).sum()
        start += size
    return total / len(rows)


def _weight(opening: Opening, attribute: str) -> float:
    """How much one label counts: the seldom sensitive matters more, doubtful ones less."""
    if attribute != "care":
        return 1.0
    return 0.4 if opening.unsure else 2.5 if opening.care != "none" else 1.0


def _unit_loss(tokens: Tensor, labels: Tensor, row: Encoded) -> Tensor:
    units = [(place, unit) for place, unit in zip(row.places, row.opening.units, strict=True) if place[1] > place[0]]
    if not units:
        return torch.zeros(())
    begins = torch.zeros(len(tokens))
    begins[row.begins] = 1.0
    words = torch.tensor([n for n in row.words if n < len(tokens)])
    border = nn.functional.binary_cross_entropy_with_logits(tokens[words, 0], begins[words], reduction="sum") / len(units) ** 0.5
    scores = torch.stack([tokens[a:b].mean(0) for (a, b), _ in units])
    truth = torch.zeros(len(units), len(ROLES))
    for n, (_, unit) in enumerate(units):
        for role, share in zip(unit.roles, (1.0,) if len(unit.roles) == 1 else (0.65, 0.35, 0.0), strict=False):
            truth[n, ROLES.index(role)] += share
    roles = (
        nn.functional.cross_entropy(scores[:, 1 : 1 + len(ROLES)], truth, reduction="sum", label_smoothing=0.02)
        / len(units) ** 0.5
    )
    nothing = labels[-2:]
    chosen = torch.zeros(())
    for k, (flag, weight) in enumerate((("asked", 1.0), ("added", 0.5))):
        right = next((n for n, (_, unit) in enumerate(units) if getattr(unit, flag)), len(units))
        options = torch.cat([scores[:, -2 + k], nothing[k : k + 1]])
        chosen = chosen + weight * nn.functional.cross_entropy(options[None], torch.tensor([right]))
    taken = torch.zeros(())
    if row.taken:
        where = torch.tensor([n for n, _ in row.taken])
        right_words = torch.tensor([float(is_taken) for _, is_taken in row.taken])
        taken = (
            nn.functional.binary_cross_entropy_with_logits(tokens[where, 1 + len(ROLES)], right_words, reduction="sum")
            / len(row.taken) ** 0.5
        )
    return border + roles + chosen + 0.5 * taken


def _additive(mask: Tensor, states: Tensor) -> Tensor:
    return ((1 - mask[:, None, None, :]) * -1e4).to(states.dtype)


def _first(result: Any) -> Tensor:
    return result[0] if isinstance(result, tuple) else result
