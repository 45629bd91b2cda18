"""What is worth asking back before an answer: at most one thing, and mostly nothing."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.adapters.offline.reading.unit_model import Reading

ASKS_FOR = {"topic": "task", "which": "part", "success": "outcome", "situation": "context", "tried": "tried"}
"""What the model calls worth asking, and the slot or facet that the answer fills."""


def worth_asking(reading: Reading) -> Mapping[str, float]:
    """The probability that a question for each slot or facet is worth the mentee's time; together with "none" about 1."""
    found = {name: reading.worths.get(label, 0.0) for label, name in ASKS_FOR.items()}
    return {**found, "none": reading.worths.get("none", 0.0) + reading.worths.get("refer", 0.0)} if reading.worths else {}
