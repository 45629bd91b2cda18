"""The conversation at a terminal, line by line: what is typed, and what is shown for it."""

from __future__ import annotations

import pytest

from assistant.cli.command_errors import Refused
from assistant.domain import stages as s
from assistant.domain.provenance import OFFLINE
from assistant.domain.reply import Sentence
from assistant.services.conversing.status_text import provenance_text, say
from tests.fakes import BODY, FakeApp, done
from tests.unit.cli.support import Terminal

SPECIFIC = "task: present to the board\noutcome: a clear yes"
TWO_QUESTIONS = "ask: How do I begin?\nask: Who decides?"


@pytest.fixture
def terminal(memory_app: FakeApp) -> Terminal:
    terminal = Terminal(memory_app)
    terminal.begin()
    return terminal


def stage(terminal: Terminal, wired: FakeApp) -> s.Stage:
    return wired.load(terminal.chat.request.id).stage


def test_it_greets_and_tells_of_help(memory_app: FakeApp) -> None:
    shown = Terminal(memory_app).begin()
    assert say("greet.hello") in shown
    assert "/help" in shown


def test_a_number_means_an_option_and_something_else_asks_for_words(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(TWO_QUESTIONS)
    options = terminal.chat.reply.options
    assert len(options) > 2
    shown = terminal.types(str(options.index(say("ask.something_else")) + 1))
    assert say("cli.own_words") in shown
    terminal.types("the opening minute")
    assert memory_app.load(terminal.chat.request.id).messages[-1].text == "the opening minute"


def test_a_number_of_an_option_is_sent_as_the_option(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(TWO_QUESTIONS)
    terminal.types("2")
    assert memory_app.load(terminal.chat.request.id).messages[-1].text == "Who decides?"


def test_why_explains_the_question(terminal: Terminal) -> None:
    assert say("cli.nothing_asked") in terminal.types("/why")
    terminal.types("context: for directors")
    why = terminal.chat.reply.why
    assert why
    assert why in terminal.types("why?")
    assert why in terminal.types("/why")


def test_the_sharp_question_passages_and_people_are_shown(terminal: Terminal) -> None:
    shown = terminal.types(SPECIFIC)
    assert say("cli.your_question") in shown
    assert "How do I present to the board?" in shown
    assert "[1] Board slides" in shown
    assert "1 Ada Rowntree" in shown
    assert "“I have done this.”" in shown
    assert say("cli.second_perspective") in shown
    assert "Next free: Tue 3 Nov 11:00, 30 minutes" in shown


def test_the_mentees_wording_of_the_question_wins(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC)
    shown = terminal.types("edit How do I win the board over?")
    assert say("confirmed.question") in shown
    assert stage(terminal, memory_app) == s.Ready("How do I win the board over?")


def test_open_shows_the_article_with_the_quote(terminal: Terminal) -> None:
    assert say("cli.no_passages") in terminal.types("/open 1")
    terminal.types(SPECIFIC)
    assert BODY in terminal.types("/open 1")
    for wrong in ("/open 7", "/open x", "/open", "/open ²", "/open 99999999999"):
        assert say("cli.no_passage", count=1) in terminal.types(wrong)


def test_from_a_choice_to_the_receipt(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC, "confirm")
    shown = terminal.types("1")
    assert "Brief for Ada Rowntree" in shown
    assert "not stated" in shown
    assert "Ben Okonjo and Cleo Marchetti" in shown or "Cleo Marchetti and Ben Okonjo" in shown
    assert "Say in a sentence what the situation is." in shown
    shown = terminal.types("in person")
    assert say("cli.approve_how") in shown
    assert say("cli.ready_to_note") in terminal.types("approve")
    shown = terminal.types("y")
    assert "will be said in the session" in shown
    assert say("cli.send_or_only", name="Ada Rowntree") in shown
    shown = terminal.types("y")
    assert say("cli.receipt") in shown
    assert "Ada Rowntree has your brief since" in shown
    assert isinstance(stage(terminal, memory_app), s.Offered)
    assert "I stored your message" in terminal.types("are you there?")


def test_a_brief_may_go_to_one_person_only(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC, "confirm", "1", "context for the brief", "approve", "yes", "only")
    found = stage(terminal, memory_app)
    assert isinstance(found, s.Briefing)
    assert found.recipients == ("ada",)
    terminal.types("y")
    sent = stage(terminal, memory_app)
    assert isinstance(sent, s.Offered)
    assert sent.rest == ()


def test_nothing_leaves_without_a_yes(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC, "confirm", "1", "context for the brief")
    assert say("cli.not_ready") in terminal.types("approve", "no")
    assert say("cli.not_sent") in terminal.types("approve", "y", "n")
    assert say("cli.not_sent") in terminal.types("approve", "hm")
    assert isinstance(stage(terminal, memory_app), s.Briefing)


def test_an_incomplete_brief_is_asked_about_again(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC, "confirm", "1")
    assert say("cli.later") in terminal.types("skip")
    assert "what the situation is" in terminal.types("approve")
    assert "what the situation is" in terminal.types("approve")
    assert say("refuse.empty") in terminal.types("")
    terminal.types("x" * 2001)
    shown = terminal.types("for the new directors")
    assert say("cli.approve_how") in shown


def test_an_edit_after_the_last_look_needs_a_new_look(memory_app: FakeApp, terminal: Terminal) -> None:
    """Another window of the same mentee edits the brief between the look and the yes."""
    terminal.types(SPECIFIC, "confirm", "1", "context for the brief", "approve", "y")
    memory_app.briefing.edit(memory_app.actor("lena"), terminal.chat.request.id, "tried", "nothing yet")
    shown = terminal.types("y")
    assert say("refuse.stale_approval") in shown
    assert isinstance(stage(terminal, memory_app), s.Briefing)
    assert "nothing yet" in terminal.types("approve")


def test_slots_and_fields_are_edited(memory_app: FakeApp, terminal: Terminal) -> None:
    assert say("cli.nothing_yet") in terminal.types("/edit task x")
    terminal.types("task: give a talk")
    assert "a talk for directors" in terminal.types("/edit task a talk for directors")
    assert "deadline" in terminal.types("/edit colour blue")
    terminal.types("/edit outcome a clear yes", "task: present to the board", "confirm", "1")
    shown = terminal.types("/edit background new directors")
    assert "new directors" in shown
    assert "There is no field colour" in terminal.types("/edit colour blue")


def test_status_shows_what_is_known_and_next(terminal: Terminal) -> None:
    terminal.types("task: give a talk")
    shown = terminal.types("/status")
    assert "give a talk" in shown
    assert say("cli.not_said") in shown
    assert say("step.sharpening") in shown


def test_what_a_mentor_did_meanwhile_is_shown(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC, "confirm", "1", "context for the brief", "approve", "y", "y")
    request = terminal.chat.request.id
    done(memory_app.handoff.ask(memory_app.mentor("ada"), request, "Which board?"))
    assert "Which board?" in terminal.types("/status")
    shown = terminal.types("The supervisory board.")
    assert "Which board? The supervisory board." in shown
    shown = terminal.types("approve")
    assert "Ada Rowntree" in shown
    terminal.types("y")
    assert isinstance(stage(terminal, memory_app), s.Offered)
    done(memory_app.handoff.accept(memory_app.mentor("ada"), request, None))
    done(memory_app.sessions.post(memory_app.mentor("ada"), request, "p1", "Start with the ask."))
    assert "Start with the ask." in terminal.types("/status")


def test_solved_closes_and_a_new_request_begins(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC)
    first = terminal.chat.request.id
    assert say("closed.solved") in terminal.types("/solved")
    assert say("refuse.closed") in terminal.types("and another thing")
    assert first in terminal.types("/new")
    terminal.types("task: give a talk")
    assert terminal.chat.request.id != first


def test_withdraw_asks_first(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types("task: give a talk")
    assert say("cli.kept") in terminal.types("/withdraw", "n")
    assert say("step.closed_withdrawn") in terminal.types("/withdraw", "y")


def test_person_and_skip_are_messages(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types("task: give a talk", "/skip")
    terminal.types("/person")
    texts = [message.text for message in memory_app.load(terminal.chat.request.id).messages]
    assert texts[1:] == [say("ask.skip"), say("cli.words_person")]


def test_a_request_is_continued_where_it_was(memory_app: FakeApp, terminal: Terminal) -> None:
    terminal.types(SPECIFIC)
    shown = Terminal(memory_app).begin(terminal.chat.request.id)
    assert "How do I present to the board?" in shown
    with pytest.raises(Refused):
        Terminal(memory_app, "mika").begin(terminal.chat.request.id)


@pytest.mark.parametrize("line", ["", "   ", "\x1b\x00", "x" * 8001])
def test_bad_input_gets_a_sentence_and_opens_nothing(terminal: Terminal, line: str) -> None:
    shown = terminal.types(line)
    assert say("refuse.empty") in shown or "the limit is 8000" in shown
    assert not terminal.chat.request.id


def test_commands(terminal: Terminal) -> None:
    assert "/withdraw" in terminal.types("/help")
    assert say("cli.no_command", commands="")[:20] in terminal.types("/frobnicate")
    assert terminal.alive
    terminal.types("/quit")
    assert not terminal.alive


def test_an_answer_is_shown_above_its_passages_with_its_provenance(memory_app: FakeApp, terminal: Terminal) -> None:
    memory_app.language.on_excerpts = lambda question, excerpts: (Sentence("Begin with the ask.", (1,)),)
    memory_app.language.provenance = OFFLINE.fallen("cut")
    shown = terminal.types(SPECIFIC)
    assert shown.index("Begin with the ask. [1]") < shown.index(say("cli.passages"))
    assert provenance_text(OFFLINE.fallen("cut")) in shown
