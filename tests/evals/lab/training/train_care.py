"""Trains the part of the reader that sees sensitive matters anew, on the states of the installed reader, and writes it into it.

    python -m tests.evals.lab.training.train_care --encoder FOLDER [--hold v05 v13 ...] [--out FOLDER]

The encoder stays as it is, so what else is read, and what is written from its states, does not change; on voices kept apart this
part finds more than one that is trained together with everything else. Prints what it finds in the voices that are held. Needs
torch==2.13.0 and onnx>=1.17.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found]
import onnxruntime  # type: ignore[import-untyped]
import torch  # type: ignore[import-not-found]
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import nn

from tests.evals.lab.training.openings import CARES, OPENINGS, Opening, openings
from tests.evals.lab.training.train_units import short_rows, tokenizer_of

OUT = Path(__file__).parents[4] / "assistant" / "adapters" / "offline" / "data"
WIDTH, POOLS, HIDDEN, DROPOUT = 384, 4, 128, 0.3
EPOCHS, RATE, ROWS, SMOOTHING, SEED = 8, 1e-3, 64, 0.03, 0
SURE_WEIGHT, UNSURE_WEIGHT = 2.5, 0.4
SHARE = 0.6
"""Of this part in the scores; the rest is of the part that was trained together with everything else. Both together
are better on long indirect messages than the one and on short plain ones than the other, and keep the scale of the former."""
FALSE = (0.01, 0.02, 0.05)
Tensor = Any


@dataclass(frozen=True, eq=False)
class Row:
    opening: Opening
    states: NDArray[np.float16]

    @property
    def weight(self) -> float:
        return UNSURE_WEIGHT if self.opening.unsure else SURE_WEIGHT if self.opening.care != "none" else 1.0


class CareHead(nn.Module):  # type: ignore[misc]
    """Weighs the tokens in POOLS ways and labels what comes of it."""

    def __init__(self) -> None:
        super().__init__()
        self.pools, self.hidden = nn.Linear(WIDTH, POOLS), nn.Linear(WIDTH * POOLS, HIDDEN)
        self.out, self.dropout = nn.Linear(HIDDEN, len(CARES)), nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        weights = self.pools(states).masked_fill(~mask[..., None], -1e4).softmax(1)
        pooled = torch.einsum("btg,btw->bgw", weights, states).flatten(1)
        return self.out(self.dropout(torch.relu(self.hidden(self.dropout(pooled)))))


def rows(messages: Sequence[Opening], encoder: Path, folder: Path) -> list[Row]:
    """The messages with a label of care, with the installed reader's states of their word pieces."""
    tokenizer = tokenizer_of(encoder)
    session = onnxruntime.InferenceSession(str(folder / "reading.onnx"))
    found = []
    for opening in messages:
        ids = tokenizer.encode(opening.text).ids if opening.care else []
        if len(ids) > 2:
            (states,) = session.run(["states"], {"ids": np.array([ids], dtype=np.int64)})
            found.append(Row(opening, states[0].astype(np.float16)))
    return found


def padded(group: Sequence[Row]) -> tuple[Tensor, Tensor]:
    most = max(len(row.states) for row in group)
    states, mask = torch.zeros(len(group), most, WIDTH), torch.zeros(len(group), most, dtype=torch.bool)
    for n, row in enumerate(group):
        states[n, : len(row.states)] = torch.from_numpy(row.states.astype(np.float32))
        mask[n, : len(row.states)] = True
    return states, mask


def fit(learnt: Sequence[Row]) -> CareHead:
    torch.manual_seed(SEED)
    rng, head = random.Random(SEED), CareHead().train()
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=0.02)
    steps = EPOCHS * -(-len(learnt) // ROWS)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: max(0.05, 1 - n / steps))
    for _ in range(EPOCHS):
        near = sorted(learnt, key=lambda row: len(row.states) + rng.random() * 20)
        groups = [near[n : n + ROWS] for n in range(0, len(near), ROWS)]
        rng.shuffle(groups)
        for group in groups:
            truth = torch.tensor([CARES.index(row.opening.care or "none") for row in group])
            weights = torch.tensor([row.weight for row in group])
            each = nn.functional.cross_entropy(head(*padded(group)), truth, reduction="none", label_smoothing=SMOOTHING)
            optimiser.zero_grad()
            ((each * weights).sum() / weights.sum()).backward()
            optimiser.step()
            rate.step()
    return head.eval()


def measured(head: CareHead, held: Sequence[Row]) -> dict[str, Any]:
    """The share of sensitive messages found, and of dangers, at several shares of ordinary messages found falsely."""
    with torch.no_grad():
        chances = torch.cat([head(*padded(held[n : n + ROWS])).softmax(-1) for n in range(0, len(held), ROWS)]).numpy()
    felt, care = 1 - chances[:, 0], np.array([row.opening.care for row in held])
    sure = np.array([not row.opening.unsure for row in held])
    found: dict[str, Any] = {"sensitive": int(((care != "none") & sure).sum()), "ordinary": int((care == "none").sum())}
    for share in FALSE:
        above = felt > np.quantile(felt[care == "none"], 1 - share)
        found[f"at {share:.0%} false"] = {
            "found": round(float(above[(care != "none") & sure].mean()), 3),
            "dangers found": round(float(above[care == "danger"].mean()), 3),
        }
    return found


def written(head: CareHead, folder: Path) -> None:
    """Mixes the head into the labels of care in `reading.onnx`, and its hash into `reading.json`."""
    model = onnx.load(str(folder / "reading.onnx"))
    graph = model.graph
    former = next((node.input[0] for node in graph.node if node.output[0] == "care/former"), "")
    kept = [node for node in graph.node if not node.name.startswith("care/")]
    joined = next(node for node in kept if "labels" in node.output)
    states = next(node for node in kept if "states" in node.output)
    former = former or joined.input[1]
    joined.input[1] = "care/mixed"
    source = states.input[0] if states.op_type == "Identity" else "states"
    del graph.node[:]
    graph.node.extend(kept[: kept.index(joined)] + _nodes(source, former) + kept[kept.index(joined) :])
    arrays = {name.replace(".", "/"): value.detach().numpy() for name, value in head.state_dict().items()}
    arrays |= {name: array.T.copy() for name, array in arrays.items() if name == "pools/weight"}
    arrays |= {"share": np.array(SHARE, np.float32), "rest": np.array(1 - SHARE, np.float32)}
    others = [value for value in graph.initializer if not value.name.startswith("care/")]
    del graph.initializer[:]
    graph.initializer.extend([*others, *(numpy_helper.from_array(array, f"care/{name}") for name, array in arrays.items())])
    onnx.checker.check_model(model)
    onnx.save(model, str(folder / "reading.onnx"))
    settings = json.loads((folder / "reading.json").read_text("utf-8"))
    settings["temperatures"]["cares"] = 1.0
    settings["model_sha256"] = hashlib.sha256((folder / "reading.onnx").read_bytes()).hexdigest()
    (folder / "reading.json").write_text(json.dumps(settings, indent=1) + "\n", "utf-8")


def _nodes(states: str, former: str) -> list[Any]:
    """The head as a graph over the `states` (1, tokens, WIDTH), mixed with the `former` labels."""
    steps = [
        ("MatMul", [states, "care/pools/weight"], "care/scores", {}),
        ("Add", ["care/scores", "care/pools/bias"], "care/biased", {}),
        ("Softmax", ["care/biased"], "care/weights", {"axis": 1}),
        ("Einsum", ["care/weights", states], "care/pooled", {"equation": "btg,btw->bgw"}),
        ("Flatten", ["care/pooled"], "care/flat", {"axis": 1}),
        ("Gemm", ["care/flat", "care/hidden/weight", "care/hidden/bias"], "care/inner", {"transB": 1}),
        ("Relu", ["care/inner"], "care/active", {}),
        ("Gemm", ["care/active", "care/out/weight", "care/out/bias"], "care/labels", {"transB": 1}),
        ("Mul", ["care/labels", "care/share"], "care/new", {}),
        ("Mul", [former, "care/rest"], "care/former", {}),
        ("Add", ["care/new", "care/former"], "care/mixed", {}),
    ]
    return [helper.make_node(kind, inputs, [output], name=output, **given) for kind, inputs, output, given in steps]


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the part of the reader that sees sensitive matters.")
    parser.add_argument("--encoder", type=Path, required=True, help="folder with the tokenizer of all-MiniLM-L6-v2")
    parser.add_argument("--hold", nargs="*", default=[], help="voices that are only measured")
    parser.add_argument("--data", type=Path, default=OPENINGS)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    messages = [*openings(given.data), *(row for row in short_rows() if row.care and (row.kind or not row.act))]
    every = rows(messages, given.encoder, given.out)
    learnt = [row for row in every if row.opening.voice not in given.hold]
    held = [row for row in every if row.opening.voice in given.hold]
    print(len(learnt), "messages")
    head = fit(learnt)
    if held:
        print("held voices:", json.dumps(measured(head, held), indent=1))
    written(head, given.out)


if __name__ == "__main__":
    main()
