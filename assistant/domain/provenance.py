"""Which way words came about: by the offline adapter, or by a language model; and if not by the model that was set, why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Way = Literal["offline", "model"]
Fallback = Literal[
    "", "late", "unreachable", "refused", "busy", "quota", "fault", "empty", "cut", "unreadable", "wrong_shape", "too_large",
    "no_model", "resting", "full", "person_budget", "day_budget", "switched_off", "unsupported",
]  # fmt: skip
"""Why the model was not used: what the endpoint did; that it rests after failures or is full; a budget of tokens; the person's
own switch; or that nothing of what it wrote was supported."""


@dataclass(frozen=True)
class Provenance:
    """Of one answer as a whole. `way` is "model" if a model had part in it; `fallback` says why a part was done offline instead.

    `prompts` holds "task@version" of every prompt that was used; `model` names the model.
    """

    way: Way = "offline"
    fallback: Fallback = ""
    prompts: tuple[str, ...] = ()
    model: str = ""

    def with_prompt(self, prompt: str, model: str) -> Provenance:
        """The same after a result of the model was taken."""
        prompts = self.prompts if prompt in self.prompts else (*self.prompts, prompt)
        return replace(self, way="model", prompts=prompts, model=model)

    def fallen(self, why: Fallback) -> Provenance:
        """The same after something was done offline; the first reason is kept, but a fault says more than "unsupported"."""
        return self if self.fallback not in ("", "unsupported") else replace(self, fallback=why or self.fallback)


OFFLINE = Provenance()
