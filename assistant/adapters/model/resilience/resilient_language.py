"""The language model with the offline language as its fallback: an answer always comes, and within the deadline.

Each task of a turn is first tried with the model; if that fails, the offline language does it. A turn has one deadline, which
starts with its first task. After the first failure of the endpoint, the rest of the turn is offline. Nothing is sent for people
who switched the model off.
"""

from __future__ import annotations

from collections.abc import Collection

from assistant.adapters.model.resilience.resilient_endpoint import ResilientEndpoint
from assistant.adapters.model.resilience.resilient_turn import ResilientTurn
from assistant.ports import Language


class ResilientLanguages(ResilientEndpoint):
    """Implements `ports.Languages` for one endpoint. Close it to write the last usage."""

    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        return ResilientTurn(self, person, frozenset(others) - {person}, self.offline.turn(person, others))
