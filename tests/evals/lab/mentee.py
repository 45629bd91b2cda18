"""The simulated mentee: he reads what he is asked and answers from his scenario, always in the same words."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.reply import Asks
from tests.evals.lab.scenarios import Scenario

CONFIRMS = "Yes, that's my question."
ALREADY_SAID = "I already said that."


@dataclass(frozen=True)
class Said:
    """One message; `re_ask` marks the answer to a question about something that he had stated."""

    text: str
    re_ask: bool = False


def answer(scenario: Scenario, asks: Asks, options: tuple[str, ...]) -> Said:
    """A slot gets its hidden words; a facet an offered option that names his part, or his part in his own words."""
    if asks.kind == "facet":
        return Said(_chosen(scenario, options) or scenario.which_part or ALREADY_SAID)
    words = next((words for name, words in scenario.hidden.items() if name == asks.name), "")
    return Said(words or ALREADY_SAID, asks.name in scenario.must_not_ask)


def _chosen(scenario: Scenario, options: tuple[str, ...]) -> str:
    for keyword in scenario.part_keywords:
        for option in options:
            if keyword.casefold() in option.casefold():
                return option
    return ""
