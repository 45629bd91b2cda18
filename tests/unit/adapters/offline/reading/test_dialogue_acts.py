"""Dialogue acts by lexicon: what moves the dialogue is recognised, and what merely mentions the same words is not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.adapters.offline.reading.dialogue_acts import acts, said_before
from assistant.dialogue.understanding import Act

LABELLED = Path("tests/evals/lab/training/labelled/acts.jsonl")


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("just get me a person", Act.WANTS_PERSON),
        ("can I talk to somebody instead", Act.WANTS_PERSON),
        ("that solved it", Act.SOLVED),
        ("ok thanks, that fixed it", Act.SOLVED),
        ("no, doesn't help", Act.NOT_SOLVED),
        ("skip this one", Act.SKIP),
        ("I'm not sure", Act.NOT_SURE),
        ("no idea tbh", Act.NOT_SURE),
        ("no, I meant the contract", Act.CORRECTION),
        ("not Friday, Monday", Act.CORRECTION),
        ("it is not about the slides", Act.NEGATION),
        ("Good morning!", Act.GREETING),
        ("thx a lot!!", Act.THANKS),
        ("never mind", Act.STOP),
        ("yes, confirm", Act.CONFIRM),
        ("that\u2019s it", Act.CONFIRM),
        ("Looks good to me, send it", Act.CONFIRM),
    ],
)
def test_an_act_is_recognised(text: str, act: Act) -> None:
    assert act in acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "the person who left had all the passwords to the label printer",
        "customers want to speak to a human and our bot won't let them",
        "we skipped the risk register because nobody asked for it",
        "cancellation policy for our guest rooms",
        "thanks to the audit we got two more weeks",
        "I solved half of it, the upload works but the matching doesn't",
        "a call of twenty minutes",
        "nobody is sure in my team who owns the glossary",
        "Hello, I need help with the kickoff agenda",
    ],
)
def test_a_mention_is_no_act(text: str) -> None:
    assert not acts(text, "context")


def test_over_the_labelled_replies_the_rules_are_precise() -> None:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    false = [(row["text"], act) for row in rows for act in acts(row["text"], row["asked"] or "") if _wrong(row, act)]
    assert len(false) <= 5, false
    plain = [row for row in rows if row["act"] == "none" and row["asked"]]
    assert all(not acts(row["text"], row["asked"]) for row in plain)


def test_over_the_labelled_replies_most_acts_are_found() -> None:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    found = Counter(row["act"] for row in rows if row["act"] in acts(row["text"], row["asked"] or ""))
    total = Counter(row["act"] for row in rows)
    floors = {"skip": 0.9, "not_sure": 0.8, "wants_person": 0.8, "stop": 0.9, "correction": 0.9, "greeting": 0.95, "thanks": 0.95}
    assert all(found[act] >= floor * total[act] for act, floor in floors.items())


@pytest.mark.parametrize("text", ["I already said that", "I already told you", "see above", "as I said"])
def test_pointing_back_is_recognised(text: str) -> None:
    assert said_before(text)


def test_pointing_back_with_something_new_is_an_answer() -> None:
    assert not said_before("as I said, it's for the board")


def _wrong(row: dict[str, str], act: Act) -> bool:
    return act != row["act"] and not (act is Act.CONFIRM and row["act"] == "none" and not row["asked"])
