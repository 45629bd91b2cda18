"""Prints the clarifying questions that may have options, with their options, to be judged by reading.

    python -m tests.evals.lab.options [--every 3] [--half choose|report]

The messages are every third of the labelled openings to which a question back may be right (vague, or labelled so); of these,
the ones for which the dialogue holds a question for the topic, the situation, or which of several things, most worth asking.
Every second one is for choosing the limits of `services.conversing.labels`, the others are for reporting.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.dialogue.clarify import FACET, WITH_OPTIONS, Candidate, most_worth, next_question
from assistant.dialogue.moves import Ask
from assistant.dialogue.understanding import Understanding
from assistant.domain.need import Need
from assistant.domain.reply import Asks
from assistant.domain.request import Request
from assistant.evaluation.stage import open_stage
from tests.evals.lab.mentee import Said
from tests.evals.lab.play import Player
from tests.evals.lab.training.openings import Opening, openings

HALVES = ("choose", "report")


@dataclass(frozen=True)
class Row:
    """A first message, what was most worth asking, and the question and options that were shown; empty if none."""

    id: str
    text: str
    worth: str
    own: bool
    question: str
    options: tuple[str, ...]


@dataclass
class Watched:
    """The product's choice of a question, which remembers what it held most worth asking."""

    worth: str = ""
    own: bool = False

    def __call__(
        self, need: Need, asked: Sequence[Asks], candidates: Sequence[Candidate], claim: Understanding, said: str = ""
    ) -> Ask | None:
        self.worth = most_worth(claim.worth, need.slots.keys() | need.hinted | need.closed)
        ask = next_question(need, asked, candidates, claim, said)
        self.own = bool(ask and ask.options and set(ask.options) <= set(claim.asks))
        return ask


def may_be_asked(messages: Sequence[Opening]) -> list[Opening]:
    """The messages to which their label allows a question for the topic, the situation, or which of several things."""
    return [m for m in messages if m.kind == "vague" or m.worth in ("topic", "which", "situation")]


def played(messages: Sequence[Opening]) -> Iterator[Row]:
    """The first turn of each message, where a question that may have options is most worth asking."""
    watched = Watched()
    with TemporaryDirectory(prefix="askwell-eval-") as folder:
        app = open_stage(Path(folder), lambda *_: None, watched)
        try:
            player = Player(app.services)
            for message in messages:
                watched.worth = ""
                opened = player.services.conversation.open(player.actor, f"options-{message.id}")
                assert isinstance(opened, Request), opened
                reply = player.say(opened, Said(message.text)).reply
                if watched.worth in (FACET, *WITH_OPTIONS) and reply:
                    shown = reply.options[:-2] if reply.asks and reply.asks.kind == "facet" else ()
                    yield Row(message.id, message.text, watched.worth, watched.own, reply.question, shown)
        finally:
            app.close()


def table(rows: Sequence[Row]) -> str:
    """The rows as text, then how many have options from what was found, their own questions, an open question, and none."""
    shown = "\n\n".join(_shown(row) for row in rows)
    found = sum(bool(row.options) and not row.own for row in rows)
    own = sum(row.own for row in rows)
    plain = sum(bool(row.question) and not row.options for row in rows)
    none = sum(not row.question for row in rows)
    counted = f"{found} with options from what was found, {own} with their own questions, {plain} open, {none} not asked"
    return f"{shown}\n\n{len(rows)} messages: {counted}."


def _shown(row: Row) -> str:
    kind = " (own)" if row.own else ""
    lines = [f"{row.id}, {row.worth}: {row.text}", f"  asked: {row.question or '-'}", *(f"    o {o}{kind}" for o in row.options)]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.lab.options", description=__doc__)
    parser.add_argument("--every", type=int, default=3)
    parser.add_argument("--half", choices=HALVES)
    given = parser.parse_args()
    rows = list(played(may_be_asked(openings())[:: given.every]))
    print(table(rows[HALVES.index(given.half) :: 2] if given.half else rows))


if __name__ == "__main__":
    main()
