"""Rounds the weights of an ONNX graph to int8 numbers with a scale a column; the computation stays in float32.

Rounding the activations too costs three points of slot F1. Needs onnx.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found]
from numpy.typing import NDArray
from onnx import helper, numpy_helper  # type: ignore[import-not-found]

LEAST_WEIGHTS = 10_000


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
