"""The network that writes sharp questions: a small decoder that copies words of a message or takes them from a list.

A pointer-generator (See et al. 2017, doi 10.18653/v1/P17-1099) over the states of the reader, which stay as they are. A copied
word is scored by its state, by its distance from the word copied last, and by whether it was copied before. A second head grades
a whole question: fine, awkward or wrong. Needs torch.
"""

from __future__ import annotations

import math
from typing import Any

import torch  # type: ignore[import-not-found]
from torch import nn

Tensor = Any
STATE, MARKS = 384, 18
NEAREST, FARTHEST = -4, 8
BUCKETS = FARTHEST - NEAREST + 4
"""Distances one by one from NEAREST to FARTHEST, anything after, anything before, nothing copied yet."""
LONGEST = 48
STYLES = 3
"""A question close to the words of the ask, a freer one, and one that was built by rule and judged fine."""


class Layer(nn.Module):  # type: ignore[misc]
    """Self-attention, attention to the message if it is `crossed`, and a feed-forward part; normed before each."""

    def __init__(self, width: int, heads: int, dropout: float, crossed: bool) -> None:
        super().__init__()
        self.sa, self.n1 = nn.MultiheadAttention(width, heads, 0.0, batch_first=True), nn.LayerNorm(width)
        if crossed:
            self.ca, self.n2 = nn.MultiheadAttention(width, heads, 0.0, batch_first=True), nn.LayerNorm(width)
        wide = 4 * width
        self.ff = nn.Sequential(nn.Linear(width, wide), nn.GELU(), nn.Dropout(dropout), nn.Linear(wide, width))
        self.n3, self.dropout = nn.LayerNorm(width), nn.Dropout(dropout)

    def forward(
        self, x: Tensor, memory: Tensor = None, padded: Tensor = None, later: Tensor = None, own_padded: Tensor = None
    ) -> Tensor:
        y = self.n1(x)
        x = x + self.dropout(self.sa(y, y, y, attn_mask=later, key_padding_mask=own_padded, need_weights=False)[0])
        if memory is not None:
            x = x + self.dropout(self.ca(self.n2(x), memory, memory, key_padding_mask=padded, need_weights=False)[0])
        return x + self.dropout(self.ff(self.n3(x)))


class WriterNetwork(nn.Module):  # type: ignore[misc]
    def __init__(self, words: int, width: int = 256, layers: int = 3, heads: int = 4, dropout: float = 0.2) -> None:
        super().__init__()
        self.width, self.layers, self.heads = width, layers, heads
        self.h, self.e, self.f, self.mn = (
            nn.Linear(STATE, width),
            nn.Linear(STATE, width),
            nn.Linear(MARKS, width),
            nn.LayerNorm(width),
        )
        self.enc = nn.ModuleList([Layer(width, heads, dropout, crossed=False)])
        self.we, self.wh, self.xn = nn.Linear(STATE, width), nn.Linear(width, width), nn.LayerNorm(width)
        self.pos, self.style = nn.Embedding(LONGEST, width), nn.Embedding(STYLES, width)
        self.dec = nn.ModuleList(Layer(width, heads, dropout, crossed=True) for _ in range(layers))
        self.on, self.q, self.k = nn.LayerNorm(width), nn.Linear(width, width), nn.Linear(width, width)
        self.off, self.cov, self.v = nn.Linear(width, BUCKETS), nn.Linear(width, 1), nn.Linear(width, words)
        self.grade = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, 3))
        self.dr = nn.Dropout(dropout)

    def memory(self, states: Tensor, pieces: Tensor, marks: Tensor, padded: Tensor = None) -> Tensor:
        """What is kept of a message (rows, words, width)."""
        found = self.mn(self.h(self.dr(states)) + self.e(self.dr(pieces)) + self.f(marks))
        for layer in self.enc:
            found = layer(found, own_padded=padded)
        return found

    def entered(self, memory: Tensor, before: Tensor, copied: Tensor, style: Tensor, begun: int | Tensor) -> Tensor:
        """The input of each step: the vector of the word before it, the place that it was copied from (or -1), the style."""
        rows = copied.clamp(min=0)[..., None].expand(-1, -1, memory.shape[-1])
        place = torch.gather(memory, 1, rows) * (copied >= 0)[..., None]
        x = self.we(before) + self.wh(place) + self.pos(begun + torch.arange(copied.shape[1]))[None]
        return self.xn(x + self.style(style)[:, None])

    def forward(self, memory: Tensor, padded: Tensor, before: Tensor, copied: Tensor, style: Tensor) -> Tensor:
        """States of all steps (rows, steps, width)."""
        x = self.entered(memory, before, copied, style, 0)
        later = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), 1)
        for layer in self.dec:
            x = layer(x, memory, padded, later)
        return self.on(x)

    def scores(self, states: Tensor, copy_keys: Tensor, last: Tensor, used: Tensor, padded: Tensor = None) -> Tensor:
        """Log probabilities (rows, steps, places and listed words) of the next word."""
        copy = torch.einsum("btd,bld->btl", self.q(states), copy_keys) / math.sqrt(self.width)
        copy = copy + torch.gather(self.off(states), 2, bucket(last, copy_keys.shape[1])) + used * self.cov(states)
        if padded is not None:
            copy = copy.masked_fill(padded[:, None], -1e9)
        return torch.cat([copy, self.v(states)], -1).log_softmax(-1)


def bucket(last: Tensor, words: int) -> Tensor:
    """The bucket of each place's distance from the place that was copied last (rows, steps, words)."""
    distance = torch.arange(words)[None, None] - last[..., None]
    found = distance.clamp(NEAREST, FARTHEST) - NEAREST
    found = torch.where(distance > FARTHEST, torch.full_like(found, BUCKETS - 3), found)
    found = torch.where(distance < NEAREST, torch.full_like(found, BUCKETS - 2), found)
    return torch.where((last < 0)[..., None].expand_as(found), torch.full_like(found, BUCKETS - 1), found)
