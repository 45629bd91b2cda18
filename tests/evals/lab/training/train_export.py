"""The trained networks as one small ONNX file: the mean of their scores, all large weights as int8 with a scale a column.

Only the weights are rounded, the computation stays in float32: rounding activations too costs three points of slot F1.
The networks share their word embeddings, which are not trained. Needs torch and onnx.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found]
import torch  # type: ignore[import-not-found]
from numpy.typing import NDArray
from onnx import helper, numpy_helper  # type: ignore[import-not-found]
from torch import nn  # type: ignore[import-not-found]

from tests.evals.lab.training.train_network import Network

LEAST_WEIGHTS = 10_000
OPSET = 17


class Averaged(nn.Module):  # type: ignore[misc]
    """Several networks for one text without padding: the mean of their scores and labels."""

    def __init__(self, networks: Sequence[Network]) -> None:
        super().__init__()
        for network in networks[1:]:
            network.encoder.embeddings = networks[0].encoder.embeddings
        self.networks = nn.ModuleList(networks)

    def forward(self, ids: Any) -> Any:
        results = [network(ids, torch.ones_like(ids)) for network in self.networks]
        return sum(r[0] for r in results) / len(results), sum(r[1] for r in results) / len(results)


def export(networks: Sequence[Network], settings: Mapping[str, Any], out: Path) -> None:
    """Writes `understanding.onnx`, and `understanding.json` with the settings and the model's hash beside it."""
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        example = torch.randint(1000, 2000, (1, 17))
        torch.onnx.export(
            Averaged(networks), (example,), str(exact), input_names=["ids"], output_names=["scores", "labels"],
            dynamic_axes={"ids": {1: "tokens"}, "scores": {1: "tokens"}}, opset_version=OPSET, dynamo=False,
        )  # fmt: skip
        model = onnx.load(str(exact))
    rounded(model)
    onnx.save(model, str(out / "understanding.onnx"))
    shown = {**settings, "model_sha256": hashlib.sha256((out / "understanding.onnx").read_bytes()).hexdigest()}
    (out / "understanding.json").write_text(json.dumps(shown, indent=1) + "\n", "utf-8")


def rounded(model: Any) -> None:
    """Replaces the weights of large products, and large tables, by int8 numbers and their scales, in place."""
    graph = model.graph
    weights = {w.name: w for w in graph.initializer if np.prod(w.dims) >= LEAST_WEIGHTS}
    nodes: list[Any] = []
    done: set[str] = set()
    for node in graph.node:
        name = next((n for n in node.input if n in weights), None)
        if name is None or node.op_type not in ("MatMul", "Gather"):
            nodes.append(node)
            continue
        axis = 1 if node.op_type == "MatMul" else 0
        if name not in done:
            _store(graph, weights[name], axis)
            done.add(name)
        nodes += _product(node, name) if axis else _lookup(node, name)
    del graph.node[:]
    graph.node.extend(nodes)
    kept = [w for w in graph.initializer if w.name not in done]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _store(graph: Any, weight: Any, axis: int) -> None:
    values: NDArray[np.float32] = numpy_helper.to_array(weight)
    scale = np.maximum(np.abs(values).max(axis=1 - axis), 1e-8) / 127
    numbers = np.clip(np.round(values / np.expand_dims(scale, 1 - axis)), -127, 127).astype(np.int8)
    graph.initializer.append(numpy_helper.from_array(numbers, f"{weight.name}_int8"))
    graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{weight.name}_scale"))


def _product(node: Any, name: str) -> list[Any]:
    """The product with numbers as float, and the scales of the columns multiplied afterwards."""
    whole = f"{node.output[0]}_whole"
    plain = f"{name}_{node.output[0]}_float"
    left = next(n for n in node.input if n != name)
    return [
        helper.make_node("Cast", [f"{name}_int8"], [plain], to=onnx.TensorProto.FLOAT),
        helper.make_node("MatMul", [left, plain], [whole]),
        helper.make_node("Mul", [whole, f"{name}_scale"], list(node.output)),
    ]


def _lookup(node: Any, name: str) -> list[Any]:
    """Rows of the table as float, each times its own scale."""
    rows, plain, scales, wide = (f"{node.output[0]}_{part}" for part in ("rows", "plain", "scales", "wide"))
    axes = f"{node.output[0]}_axes"
    return [
        helper.make_node("Constant", [], [axes], value=numpy_helper.from_array(np.array([-1], dtype=np.int64))),
        helper.make_node("Gather", [f"{name}_int8", node.input[1]], [rows]),
        helper.make_node("Cast", [rows], [plain], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}_scale", node.input[1]], [scales]),
        helper.make_node("Unsqueeze", [scales, axes], [wide]),
        helper.make_node("Mul", [plain, wide], list(node.output)),
    ]
