"""The command line on real data: the offline language, a small real knowledge base, real files, and processes of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.services.conversing.status_text import say
from tests.commands import Outcome, Run

OPENING = "I need help with presenting to leadership, the last board review went badly."
WANTS_PERSON = "Just get me a person. It is about my board slides."


def process(arguments: Sequence[str], lines: Sequence[str] = ()) -> Outcome:
    """One command as a process of its own, with these lines on its standard input."""
    command = [sys.executable, "-c", "from assistant.cli import main; main()", *arguments]
    typed = "".join(line + "\n" for line in lines).encode()
    done = subprocess.run(command, input=typed, capture_output=True, timeout=300, check=False)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def replies(outcome: Outcome) -> list[dict[str, Any]]:
    assert outcome.code == 0, outcome.err
    assert outcome.err == ""
    return [json.loads(line) for line in outcome.out.splitlines()]


def talked(*arguments: str, lines: Sequence[str]) -> list[dict[str, Any]]:
    return replies(process(["chat", "--json", *arguments], lines))


def answers(run: Run, request: str, lines: Sequence[str]) -> list[dict[str, Any]]:
    return replies(run("chat", "--json", "--as", "lena", "--request", request, lines=lines))


def sent(run: Run) -> tuple[str, str]:
    """A request whose brief left, through the terminal conversation; its id and the login of the mentor who holds it."""
    edits = ("/edit question How do I keep the board with me?", "/edit background A review.", "/edit outcome A clear yes.")
    typed = (WANTS_PERSON, "1", *edits, "approve", "y", "y", "/quit")
    shown = run("chat", "--as", "lena", lines=typed)
    assert say("cli.receipt") in shown.out, shown.out
    (data,) = json.loads(run("export", "--as", "lena").out)["requests"]
    mentor = next(event["mentor"] for event in data["events"] if event["type"] == "offer_made")
    users = run("user", "list", "--as", "alasdair").out
    return data["id"], next(line.split()[0] for line in users.splitlines() if f" {mentor} " in line)


# Talking.


def test_a_scripted_dialogue_in_a_process(env: Path) -> None:
    first, *rest = talked(lines=[OPENING, "skip", "skip", "skip"])
    assert first["kind"] == "vague"
    assert first["asks"]
    assert [reply for reply in rest if reply["sharp_question"]]
    assert not any("refused" in reply for reply in (first, *rest))


def test_bad_lines_in_a_process(env: Path) -> None:
    foreign = "プレゼンテーションを手伝ってください"
    markup = "<img src=x onerror=alert(1)> slides"
    lines = ["", "x" * 9000, "🙂🙂🙂", foreign, "\x07\x1b[2J", markup, "never mind", "one more", "/new", OPENING]
    found = talked(lines=lines)
    assert len(found) == len(lines) - 1
    assert [found[0].get("refused"), found[1].get("refused")] == ["empty", "too_long"]
    assert found[2]["say"] == say("other.unreadable")
    assert found[3]["say"] == say("other.foreign")
    assert found[-1]["kind"] == "vague"


def test_two_processes_at_once(env: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda login: talked("--as", login, lines=[OPENING]), ["lena", "joao"]))
    assert [reply["say"] for reply in both[0]] == [reply["say"] for reply in both[1]]


def test_unknown_people_and_requests(run: Run) -> None:
    for arguments in (["requests", "--as", "nobody"], ["chat", "--as", "nobody"]):
        outcome = run(*arguments)
        assert (outcome.code, outcome.err.strip()) == (1, say("refuse.unknown_person", login="nobody"))
    for command in ("show", "withdraw", "ics", "held", "accept", "pass"):
        outcome = run(command, "nope", "--as", "lena")
        assert (outcome.code, outcome.out) == (1, ""), command
        assert outcome.err.strip() == say("refuse.unknown_request"), command


def test_wrong_calls_leave_with_two(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("requests").err.strip() == say("cli.who")
    calls = (
        "requests", "frobnicate", "show", "accept x --slot 0 --as lena", "accept x --slot 1 --written --as lena",
        "ingest no-such-file --as petra",
    )  # fmt: skip
    for call in calls:
        assert run(*call.split()).code == 2, call
    monkeypatch.setenv("ASKWELL_PORT", "many")
    outcome = run("requests", "--as", "lena")
    assert outcome.code == 2
    assert "ASKWELL_PORT" in outcome.err


def test_a_damaged_database_is_a_sentence(run: Run, env: Path) -> None:
    (env / "data" / "askwell.db").write_bytes(b"this is no database" * 100)
    outcome = run("requests", "--as", "lena")
    assert (outcome.code, outcome.err.strip()) == (1, say("refuse.storage"))


def test_who_acts_may_be_set_in_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_AS", "joao")
    assert json.loads(run("export").out)["person"]["login"] == "joao"
    assert json.loads(run("export", "--as", "lena").out)["person"]["login"] == "lena"


# Content and people.


def test_search_and_experts(run: Run) -> None:
    outcome = run("search", "how do I open a board presentation")
    assert "board-slides-lead-with-the-ask" in outcome.out
    assert run("search", "how to cook octopus in red wine").out.strip() == say("propose.unknown")
    assert "m0" in run("experts", "running a project kickoff").out


def test_a_broken_csv_and_a_missing_right(run: Run, env: Path) -> None:
    broken = env / "broken.csv"
    broken.write_text('id,name,title,evidence\nx1,"Ada,Controller,did it\n', "utf-8")
    outcome = run("ingest", str(broken), "--as", "petra")
    assert outcome.code == 1
    assert "broken.csv, line" in outcome.err
    refused = run("ingest", str(broken), "--as", "lena")
    assert refused.code == 1
    assert refused.err.strip() == say("refuse.role", login="lena", roles="admin, curator")


def test_content_comes_in_and_costs_nothing_twice(run: Run, env: Path) -> None:
    people = env / "people.csv"
    people.write_text("id,name,title,evidence\nzz1,Ada Rowntree,Controller,I have tuned harpsichords for years.\n", "utf-8")
    assert say("cli.ingested_mentors", added=1, changed=0, unchanged=0) in run("ingest", str(people), "--as", "petra").out
    assert say("cli.ingested_mentors", added=0, changed=0, unchanged=1) in run("ingest", str(people), "--as", "petra").out
    assert "zz1" in run("experts", "tuning a harpsichord").out
    assert run("reindex", "--as", "petra").out.strip() == say("cli.reindexed")
    assert "zz1" in run("experts", "tuning a harpsichord").out


def test_accounts(run: Run) -> None:
    add = ("user", "add", "--no-password", "--as", "alasdair")
    added = run(*add, "noor", "--name", "Noor Haddad", "--role", "mentee", "--zone", "Asia/Amman")
    assert added.out.strip() == say("cli.user_added", login="noor", roles="mentee")
    assert "Noor Haddad" in run("user", "list", "--as", "alasdair").out
    assert run("requests", "--as", "noor").out.strip() == say("cli.no_requests")
    assert run("user", "list", "--as", "lena").code == 1
    assert run(*add, "x", "--name", "X", "--role", "king").code == 1
    assert run(*add, "x", "--name", "X", "--role", "mentee", "--zone", "Mars/Base").code == 1


def test_outside_demo_mode_it_says_as_whom_it_acts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DEMO", "false")
    outcome = run("requests", "--as", "lena")
    assert outcome.err.strip() == say("cli.acting", name="Lena Brackwasser", login="lena")
    assert run("search", "x").code == 2


# From the brief to the closed loop.


def test_a_session_from_offer_to_closed(run: Run, env: Path) -> None:
    request, mentor = sent(run)
    assert request in run("offers", "--as", mentor).out
    brief = run("show", request, "--as", mentor).out
    assert "How do I keep the board with me?" in brief
    assert WANTS_PERSON not in " ".join(brief.split())
    listed = run("accept", request, "--as", mentor)
    assert listed.code == 2
    assert re.match(r"1  \w{3} \d", listed.out)
    assert run("accept", request, "--slot", "99", "--as", mentor).code == 2
    assert run("accept", request, "--slot", "1", "--as", mentor).code == 0
    assert run("accept", request, "--slot", "1", "--as", mentor).code == 1
    assert "BEGIN:VCALENDAR" in run("ics", request, "--as", "lena").out
    assert run("ics", request, "--out", str(env / "s.ics"), "--as", "lena").out.strip() == say("cli.wrote", file=env / "s.ics")
    assert (env / "s.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert run("ics", request, "--out", str(env / "no" / "s.ics"), "--as", "lena").code == 1
    early = run("held", request, "--as", mentor)
    assert early.code == 1
    assert "not begun" in early.err
    assert run("debrief", request, "--confirm", "--as", "lena").code == 1
    ticked = run("tick").out
    assert "To mentor:" in ticked
    assert "You are booked" in ticked
    assert "You are booked" not in run("tick").out
    assert run("withdraw", request, "--as", mentor).code == 1
    assert run("withdraw", request, "--as", "lena").out.strip() == say("step.closed_withdrawn")


def test_a_written_exchange_to_the_end(run: Run, env: Path) -> None:
    request, mentor = sent(run)
    assert run("ask", request, "Which board is it?", "--as", mentor).code == 0
    assert answers(run, request, ["The supervisory board."])[0]["stage"] == "briefing"
    run("chat", "--as", "lena", "--request", request, lines=["approve", "y"])
    assert run("accept", request, "--written", "--as", mentor).code == 0
    assert run("write", request, "Lead with the decision.", "--as", mentor).code == 0
    assert run("write", request, "", "--as", mentor).code == 1
    silent = answers(run, request, ["Thank you, I will."])[0]
    assert silent["owner"] == "mentor"
    assert "Lead with the decision." in run("show", request, "--as", "lena").out
    assert run("hand-back", request, "--as", mentor).code == 0
    notes = env / "notes.txt"
    notes.write_text("Takeaway: lead with the decision.\nAction: I rewrite the first slide by Friday.\n"
                     "I might also rehearse once.\n", "utf-8")  # fmt: skip
    noted = run("debrief", request, str(notes), "--confirm", "--as", "lena")
    assert noted.code == 0, noted.err
    assert say("cli.item_action") in noted.out
    assert run("debrief", request, str(env / "none.txt"), "--as", "lena").code == 1
    assert run("debrief", request, "--attest", "Leads with the decision.", "--as", "lena").code == 1
    attested = run("debrief", request, "--attest", "Leads with the decision.", "--confirm", "--as", mentor)
    assert "attested by the mentor" in " ".join(attested.out.split())
    assert say("step.closed_objective_met") in run("debrief", request, "--finish", "--as", "lena").out
    closed = answers(run, request, ["one more thing"])[0]
    assert (closed["refused"], closed["stage"]) == ("closed", "closed")


def test_passing_on_and_the_export(run: Run, env: Path) -> None:
    request, mentor = sent(run)
    assert run("pass", request, "--to", "nobody", "--as", mentor).code == 1
    assert run("pass", request, "--note", "Not my field.", "--as", mentor).out.startswith("Passed on.")
    late = run("accept", request, "--written", "--as", mentor)
    assert (late.code, late.err.strip()) == (1, say("refuse.not_the_holder"))
    data = json.loads(run("export", "--as", "lena").out)
    assert data["person"]["login"] == "lena"
    mine = next(one for one in data["requests"] if one["id"] == request)
    assert mine["events"][0]["type"] == "opened"
    assert WANTS_PERSON in {event.get("text") for event in mine["events"]}
    assert json.loads(run("export", "--as", "joao").out)["requests"] == []
    assert run("export", "--out", str(env / "mine.json"), "--as", "lena").code == 0
    assert json.loads((env / "mine.json").read_text("utf-8")) == data


def test_an_unexpected_error_is_a_sentence_and_a_log(run: Run, env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("assistant.services.views.request_views.RequestViews.mine", broken)
    outcome = run("requests", "--as", "lena")
    log = Path(os.environ["ASKWELL_DATA"]) / "askwell.log"
    assert (outcome.code, outcome.err.strip()) == (1, say("cli.unexpected", log=log))
    assert "RuntimeError" in log.read_text("utf-8")
    assert "secret words" not in log.read_text("utf-8")


# The demo.


def test_the_demo_plays_to_the_end_and_touches_nothing(run: Run) -> None:
    before = run("export", "--as", "lena").out
    outcome = run("demo")
    assert outcome.code == 0, outcome.err
    text = " ".join(outcome.out.split())
    for wanted in ("Brief for ", "has your brief since", "BEGIN:VCALENDAR", say("cli.debrief"), say("cli.item_action"),
                   "attested by the mentor", say("step.closed_objective_met")):  # fmt: skip
        assert wanted in text, wanted
    assert run("export", "--as", "lena").out == before
    assert run("requests", "--as", "lena").out.strip() == say("cli.no_requests")
