"""The trained network as one small ONNX file with int8 weights, and its labels, temperatures and hash beside it.

Only the weights are rounded, the computation stays in float32. Needs torch and onnx.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx  # type: ignore[import-not-found]
import torch  # type: ignore[import-not-found]
from torch import nn  # type: ignore[import-not-found]

from tests.evals.lab.training.openings import CARES, KINDS, ROLES, WORTHS
from tests.evals.lab.training.rounding import rounded
from tests.evals.lab.training.short_texts import ACTS
from tests.evals.lab.training.unit_network import UnitNetwork

OPSET = 17
OUTPUTS = ["scores", "labels", "states", "pieces"]
LABELS: dict[str, Any] = {
    "roles": list(ROLES), "groups": {"kinds": list(KINDS), "cares": list(CARES), "worths": list(WORTHS), "acts": list(ACTS)},
}  # fmt: skip


class _Alone(nn.Module):  # type: ignore[misc]
    """The network for one text without padding, with the state of each word piece and its vector from the table beside."""

    def __init__(self, network: UnitNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Any) -> Any:
        mask = torch.ones_like(ids)
        states = self.network.states(self.network.lower(ids, mask), mask)
        return *self.network.scored(states, mask), states, self.network.encoder.embeddings.word_embeddings(ids)


def export(network: UnitNetwork, measured: Mapping[str, Any], out: Path) -> None:
    """Writes `reading.onnx`, and `reading.json` with labels, what was `measured`, and the model's hash."""
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            _Alone(network.eval()), (torch.randint(1000, 2000, (1, 17)),), str(exact), input_names=["ids"],
            output_names=OUTPUTS, dynamic_axes={name: {1: "tokens"} for name in ("ids", "scores", "states", "pieces")},
            opset_version=OPSET, dynamo=False,
        )  # fmt: skip
        model = onnx.load(str(exact))
    rounded(model)
    onnx.save(model, str(out / "reading.onnx"))
    shown = {**LABELS, **measured, "model_sha256": hashlib.sha256((out / "reading.onnx").read_bytes()).hexdigest()}
    (out / "reading.json").write_text(json.dumps(shown, indent=1) + "\n", "utf-8")
