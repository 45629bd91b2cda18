"""How many right and wrong questions the check of a model's question lets pass: `python -m tests.evals.lab.faithfulness`.

Measured on the labelled first messages: their `fine` questions should pass, their `wrong` ones should not, which is the judge's
task too. The lists of words were written while errors of a third of the voices were read; `--unread` measures the others alone.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.dialogue.grounding.faithful import Said, objection
from tests.evals.lab.training.openings import Opening, openings

READ = (0, 1)
KINDS = ("fine", "wrong")


@dataclass
class Passed:
    """Of one kind of question how many there are, and why those that do not pass do not."""

    every: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return 1 - self.refused.total() / self.every if self.every else 0.0


def said_in(opening: Opening) -> Said:
    """The message with its labels in place of what a model would find in it."""
    asks = tuple(unit.text for unit in opening.units if unit.asked and unit.roles[0] in "AW")
    others = tuple(unit.text for unit in opening.units if unit.roles[0] == "X")
    return Said(opening.text, asks, others, tuple(unit.text for unit in opening.units if unit.roles[0] in "EN"))


def measured(messages: Iterable[Opening]) -> dict[str, Passed]:
    """By kind of question what passes."""
    found = {kind: Passed() for kind in KINDS}
    for opening in messages:
        said = said_in(opening)
        for kind in KINDS:
            for question in getattr(opening, kind):
                found[kind].every += 1
                if why := objection(question, said):
                    found[kind].refused[why] += 1
    return found


def unread(opening: Opening) -> bool:
    return int(opening.voice.removeprefix("v")) % 6 not in READ


def main(words: Sequence[str]) -> None:
    messages = [opening for opening in openings() if "--unread" not in words or unread(opening)]
    for kind, passed in measured(messages).items():
        reasons = ", ".join(f"{why}: {count}" for why, count in passed.refused.most_common())
        print(f"{kind}: {passed.share:.3f} of {passed.every} pass; refused for {reasons}")


if __name__ == "__main__":
    main(sys.argv[1:])
