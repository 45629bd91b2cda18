"""The trained writer as two small ONNX files with int8 weights: one for a message, one for the next words of a question."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found]
import torch  # type: ignore[import-not-found]
from numpy.typing import NDArray
from torch import nn

from tests.evals.lab.training.rounding import rounded
from tests.evals.lab.training.writer_network import MARKS, STATE, Layer, WriterNetwork

OPSET = 17
Tensor = Any


class _Source(nn.Module):  # type: ignore[misc]
    """One message (words, ...) with the keys and values to which the decoder's layers attend."""

    def __init__(self, network: WriterNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, states: Tensor, pieces: Tensor, marks: Tensor) -> tuple[Tensor, ...]:
        net = self.network
        x = net.mn(net.h(states) + net.e(pieces) + net.f(marks))
        for layer in net.enc:
            y = layer.n1(x)
            parts = [nn.functional.linear(y, *_part(layer.sa, n)) for n in range(3)]
            x = x + layer.sa.out_proj(_attended(*(_heads(p, net.heads) for p in parts)))
            x = x + layer.ff(layer.n3(x))
        keys = torch.stack([nn.functional.linear(x, *_part(layer.ca, 1)) for layer in net.dec])
        values = torch.stack([nn.functional.linear(x, *_part(layer.ca, 2)) for layer in net.dec])
        return x, keys, values, net.k(x)


class _Step(nn.Module):  # type: ignore[misc]
    """The next steps of several questions for one message; keys and values of the steps before are kept outside."""

    def __init__(self, network: WriterNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, before: Tensor, copied: Tensor, last: Tensor, used: Tensor, begun: Tensor, style: Tensor, memory: Tensor,
        keys: Tensor, values: Tensor, copy_keys: Tensor, kept_keys: Tensor, kept_values: Tensor,
    ) -> tuple[Tensor, ...]:  # fmt: skip
        net, rows = self.network, before.shape[0]
        x = net.entered(memory[None].expand(rows, -1, -1), before, copied, style, begun)
        past, steps = kept_keys.shape[2], before.shape[1]
        allowed = torch.arange(past + steps)[None] <= past + torch.arange(steps)[:, None]
        new_keys, new_values = [], []
        for n, layer in enumerate(net.dec):
            y = layer.n1(x)
            asked, key, value = (nn.functional.linear(y, *_part(layer.sa, k)) for k in range(3))
            new_keys.append(torch.cat([kept_keys[n], key], 1))
            new_values.append(torch.cat([kept_values[n], value], 1))
            heads = (_heads(part, net.heads) for part in (asked, new_keys[-1], new_values[-1]))
            x = x + layer.sa.out_proj(_attended(*heads, allowed))
            crossed = nn.functional.linear(layer.n2(x), *_part(layer.ca, 0))
            x = x + layer.ca.out_proj(
                _attended(_heads(crossed, net.heads), _heads(keys[n], net.heads), _heads(values[n], net.heads))
            )
            x = x + layer.ff(layer.n3(x))
        states = net.on(x)
        mean = states.cumsum(1) / (1 + torch.arange(steps))[None, :, None]
        chances = net.scores(states, copy_keys[None].expand(rows, -1, -1), last, used)
        return chances, net.grade(torch.cat([mean, states], -1)), torch.stack(new_keys), torch.stack(new_values)


def _part(attention: Any, n: int) -> tuple[Tensor, Tensor]:
    """Weights and bias of query (0), key (1) or value (2)."""
    width = attention.embed_dim
    return attention.in_proj_weight[n * width : (n + 1) * width], attention.in_proj_bias[n * width : (n + 1) * width]


def _heads(x: Tensor, heads: int) -> Tensor:
    return x.unflatten(-1, (heads, x.shape[-1] // heads)).transpose(-3, -2)


def _attended(query: Tensor, key: Tensor, value: Tensor, allowed: Tensor = None) -> Tensor:
    scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    if allowed is not None:
        scores = scores.masked_fill(~allowed, -1e9)
    return (scores.softmax(-1) @ value).transpose(-3, -2).flatten(-2)


def export(network: WriterNetwork, words: Sequence[str], vectors: NDArray[np.float32], held: Sequence[str], out: Path) -> None:
    """Writes the networks, the vectors of the listed words, and `writing.json`: the list, the voices not learnt from, hashes."""
    net = network.eval()
    width, layers = net.width, net.layers
    states = {name: {0: "words"} for name in ("states", "pieces", "marks", "memory", "copy_keys")}
    message = (torch.randn(9, STATE), torch.randn(9, STATE), torch.randn(9, MARKS))
    with torch.no_grad():
        source = _Source(net)(*message)
    _write(_Source(net), message, ["states", "pieces", "marks"], ["memory", "keys", "values", "copy_keys"],
           {**states, "keys": {1: "words"}, "values": {1: "words"}}, out / "writing_source.onnx")  # fmt: skip
    step = (
        torch.randn(2, 3, STATE), torch.randint(0, 9, (2, 3)), torch.randint(0, 9, (2, 3)), torch.zeros(2, 3, 9),
        torch.tensor([4]), torch.zeros(2, dtype=torch.long), *source, *torch.randn(2, layers, 2, 4, width),
    )  # fmt: skip
    both = {0: "rows", 1: "steps"}
    axes = {
        "before": both, "copied": both, "last": both, "used": {**both, 2: "words"}, "style": {0: "rows"},
        "memory": {0: "words"}, "keys": {1: "words"}, "values": {1: "words"}, "copy_keys": {0: "words"},
        "kept_keys": {1: "rows", 2: "past"}, "kept_values": {1: "rows", 2: "past"}, "chances": {**both, 2: "choices"},
        "grades": both,
        "new_keys": {1: "rows", 2: "all"}, "new_values": {1: "rows", 2: "all"},
    }  # fmt: skip
    names = [
        "before",
        "copied",
        "last",
        "used",
        "begun",
        "style",
        "memory",
        "keys",
        "values",
        "copy_keys",
        "kept_keys",
        "kept_values",
    ]
    _write(_Step(net), step, names, ["chances", "grades", "new_keys", "new_values"], axes, out / "writing_step.onnx")
    np.save(out / "writing_words.npy", vectors.astype(np.float16))
    hashes = {
        f"{part}_sha256": hashlib.sha256((out / f"writing_{part}.onnx").read_bytes()).hexdigest() for part in ("source", "step")
    }
    (out / "writing.json").write_text(
        json.dumps({"width": width, "layers": layers, **hashes, "held": sorted(held), "words": list(words)}) + "\n", "utf-8"
    )


def _write(module: Any, given: Any, inputs: list[str], outputs: list[str], axes: dict[str, Any], path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            module,
            given,
            str(exact),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        model = onnx.load(str(exact))
    rounded(model)
    onnx.save(model, str(path))


__all__ = ["Layer", "export"]
