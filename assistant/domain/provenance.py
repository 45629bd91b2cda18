"""How a text was produced: offline or by a language model, and why a configured model was not used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Way = Literal["offline", "model"]
Fallback = Literal[
    "", "late", "unreachable", "refused", "busy", "quota", "fault", "empty", "cut", "unreadable", "wrong_shape", "too_large",
    "no_model", "resting", "full", "person_budget", "day_budget", "switched_off", "unsupported",
    "thinking", "declined",
]  # fmt: skip
"""Why the model was not used: a failure of the endpoint, an open circuit or a full queue ("resting", "full"), a used-up token
budget, the person's own setting, or an output that its sources do not support."""


@dataclass(frozen=True)
class Provenance:
    """How one answer was produced. `way` is "model" if a model produced any part; `fallback` says why a part was done offline.

    `prompts` lists "task@version" of each prompt used; `model` is the model's name.
    """

    way: Way = "offline"
    fallback: Fallback = ""
    prompts: tuple[str, ...] = ()
    model: str = ""

    def with_prompt(self, prompt: str, model: str) -> Provenance:
        """A copy that records a result of the model."""
        prompts = self.prompts if prompt in self.prompts else (*self.prompts, prompt)
        return replace(self, way="model", prompts=prompts, model=model)

    def fallen(self, why: Fallback) -> Provenance:
        """A copy that records a fallback; the first reason is kept, except that any other replaces "unsupported"."""
        return self if self.fallback not in ("", "unsupported") else replace(self, fallback=why or self.fallback)


OFFLINE = Provenance()
