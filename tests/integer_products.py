"""The integer products in an ONNX graph, and how x86 processors without VNNI compute them.

There onnxruntime multiplies unsigned with signed bytes by vpmaddubsw: two products are added in 16 bits, which saturate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, helper, numpy_helper

MOST = 32_767
INTEGER_KINDS = frozenset(
    "MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul DynamicQuantizeLSTM QLinearMatMul QLinearConv QGemm QAttention "
    "QEmbedLayerNormalization QMoE QOrderedMatMul QOrderedAttention ConvInteger ConvIntegerToFloat MatMulNBits".split()
)
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Product:
    """One node: the name of its activations, and its weights."""

    activations: str
    weights: NDArray[Any]


def exact(activations: NDArray[Any], weights: NDArray[Any]) -> Whole:
    return np.rint(activations.astype(np.float64) @ weights.astype(np.float64)).astype(np.int64)


def saturating(activations: NDArray[Any], weights: NDArray[Any]) -> Whole:
    """As vpmaddubsw adds: unsigned bytes times signed bytes, in neighbouring pairs, each sum cut to 16 bits."""
    assert activations.dtype == np.uint8
    assert weights.dtype == np.int8
    total = np.zeros((len(activations), weights.shape[1]), np.int64)
    for low in range(0, len(weights), 2):
        pair = activations[:, low : low + 2].astype(np.int32) @ weights[low : low + 2].astype(np.int32)
        total += np.clip(pair, -MOST - 1, MOST)
    return total


def optimised(model: bytes, folder: Path, weights: Mapping[str, bytes], *, fold: bool = True) -> ModelProto:
    """The graph that onnxruntime really runs. `weights` are the external files of the model by name."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(folder / "optimised.onnx")
    if weights:
        files = list(weights.values())
        options.add_external_initializers_from_files_in_memory(list(weights), files, [len(file) for file in files])
    onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=[] if fold else ["ConstantFolding"]
    )
    return onnx.load(options.optimized_model_filepath)


def products(model: ModelProto) -> Iterator[Product]:
    """All products of bytes. Raises ValueError at a kind that is not understood here."""
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in ("MatMulIntegerToFloat", "MatMulInteger"):
            yield Product(node.input[0], numpy_helper.to_array(tensors[node.input[1]]))
        elif node.op_type in INTEGER_KINDS:
            raise ValueError(f"{node.op_type} multiplies whole numbers, and nothing shows that they stay exact")


def computed(model: ModelProto, names: list[str], feed: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What the graph computes under these names, as rows."""
    shown = ModelProto()
    shown.CopyFrom(model)
    shown.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(shown.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found = session.run(names, dict(feed))
    return {name: values.reshape(-1, values.shape[-1]) for name, values in zip(names, found, strict=True)}
