"""What counts as an agreed action, whose it is, and what only sounds like one."""

from __future__ import annotations

import pytest

from assistant.domain.debrief import Owner
from tests.unit.adapters.offline.debrief.support import debrief, only


@pytest.mark.parametrize(
    ("notes", "owner", "text"),
    [
        ("I will send Peter the pricing sheet", "mentee", "Send Peter the pricing sheet"),
        ("Peter to introduce me to the data team", "mentor", "Introduce me to the data team"),
        ("P will dig out the old tender, met with Peter", "mentor", "Dig out the old tender, met with Peter"),
        ("he'll lend me the tender file. (with Peter)", "mentor", "Lend me the tender file"),
        ("I rework the appendix by Monday", "mentee", "Rework the appendix by Monday"),
        ("Peter walks the line with me on Monday", "both", "Walks the line with me on Monday"),
        ("We'll do a dry run on Monday", "both", "Do a dry run on Monday"),
        ("someone has to book the lab", None, "Book the lab"),
        ("The risk log has to be closed by Friday", None, "The risk log has to be closed by Friday"),
        ("Actions\n- me: redo the chart", "mentee", "Redo the chart"),
        ("Actions\n- redo the chart (Peter)", "mentor", "Redo the chart (Peter)"),
        ("Actions\n- redo the chart", None, "Redo the chart"),
        ("To do:\n* expense form. Peter, before Friday", "mentor", "Expense form. Peter, before Friday"),
    ],
)
def test_an_action_has_the_owner_that_is_said(notes: str, owner: Owner | None, text: str) -> None:
    found = only(notes)
    assert (found.owner, found.text) == (owner, text)


def test_in_notes_of_the_mentor_i_is_the_mentor() -> None:
    found = debrief("Noor had drafted the plan.\nI'll ask Ben for the checklist.\nShe will send the short version.")
    assert [(item.owner, item.text) for item in found.of("action")] == [
        ("mentor", "Ask Ben for the checklist"),
        ("mentee", "Send the short version"),
    ]


TALK = """Peter: Now the budget page.
Noor: It is too long, I think.
Peter: {peter}
Noor: {noor}
Peter: See you then.
"""


@pytest.mark.parametrize(
    ("peter", "noor", "owner"),
    [
        ("I'll mail you the short one tonight.", "Thanks.", "mentor"),
        ("Cut it to one page by Friday.", "Will do.", "mentee"),
        ("You cut it to one page by Friday.", "Okay.", "mentee"),
        ("Okay.", "I'm cutting it to one page on Friday.", "mentee"),
        ("Let's look at it again next Friday.", "Good.", "both"),
        ("Then one page, to me by Friday.", "Yes.", "mentee"),
        ("They need to be archived by Friday.", "By whom?", None),
    ],
)
def test_in_speech_the_speaker_decides(peter: str, noor: str, owner: Owner | None) -> None:
    assert only(TALK.format(peter=peter, noor=noor)).owner == owner


@pytest.mark.parametrize("speaker", ["<v {}>", "{}: ", "[00:01:02] {}: "])
def test_captions_name_speakers_too(speaker: str) -> None:
    says = [("Peter", "Too long."), ("Noor", "I'll cut it by Friday."), ("Peter", "Good."), ("Noor", "Thanks.")]
    text = "\n".join(speaker.format(name) + words for name, words in says)
    cues = "WEBVTT\n\n" + "\n\n".join(
        f"{n}\n00:00:0{n}.000 --> 00:00:0{n}.900\n{line}" for n, line in enumerate(text.split("\n"), 1)
    )
    for notes in (cues, text):
        found = only(notes)
        assert (found.owner, found.quote) == ("mentee", "I'll cut it by Friday.")


def test_roles_are_found_without_known_names() -> None:
    text = "Ada: Sort the list.\nBo: Done.\nAda: I'll send you mine today.\nBo: Thanks.\nAda: I'm the mentor, by the way."
    assert only(text).owner == "mentor"


@pytest.mark.parametrize(
    "notes",
    [
        "I already sent the ledger to Ben",
        "Sent the ledger to Ben on Monday",
        "I had the printer fixed on Monday",
        "don't show the ledger to Ben by Friday",
        "Noor is not to mail the ledger by Friday",
        "I won't touch the model before Friday",
        "Ben in treasury will send the ledger by Friday",
        "Actions\n- Ben (treasury) is moving the run to Monday",
        "Should I send the ledger by Friday?",
        "I suggested to send the ledger. Peter said no",
        'Peter: "just rewrite all of it tonight" (joke)',
        "The appendix we will do another time",
        "I'll think about it",
        "I'll keep it in mind",
        "The report is due on Friday",
        "My manager wants it by Friday",
    ],
)
def test_what_only_sounds_like_an_action_is_none(notes: str) -> None:
    assert debrief(notes).of("action") == ()


@pytest.mark.parametrize(
    ("peter", "noor"),
    [
        ("You write to the bank by Friday.", "No, I'd rather not."),
        ("I'll send you the form by Friday.", "Actually, forget that, I have it."),
        ("We'll just hire forty people by Friday.", "Haha."),
        ("You call them by Friday?", "I called them yesterday."),
        ('"Please pay me by Friday" is what it says.', "Odd."),
        ("Anna will book it by Friday.", "Good."),
    ],
)
def test_what_is_refused_taken_back_or_not_meant_is_none(peter: str, noor: str) -> None:
    assert debrief(TALK.format(peter=peter, noor=noor)).of("action") == ()


@pytest.mark.parametrize(
    "notes",
    [
        "I might add a chart for churn",
        "could try a shorter intro",
        "If finance agrees, I'll add a second scenario",
        "Were Ben to agree, I would add a second scenario",
        "I'll probably add a second scenario by Friday",
        "Peter may get me a seat in the talks",
        "might be worth asking for two quotes",
        "pilot - maybe start with one team only?",
        "Actions\n- perhaps ask for a second quote",
        "I'd consider a second quote",
    ],
)
def test_a_hedge_or_a_condition_is_a_proposal_only(notes: str) -> None:
    found = debrief(notes)
    assert found.of("action") == ()
    assert len(found.of("proposal")) == 1


@pytest.mark.parametrize("notes", ["Peter to check if the log is complete", "I'll ask Ben if he is free"])
def test_if_after_check_and_ask_is_no_condition(notes: str) -> None:
    assert debrief(notes).of("proposal") == ()
    assert len(debrief(notes).of("action")) == 1
