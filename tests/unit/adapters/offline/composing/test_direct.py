"""One clause becomes one question, whatever form its author gave it; only the frame changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.offline.composing.person import own
from assistant.adapters.offline.composing.plain_words import cleaned
from assistant.adapters.offline.composing.questions import Form, direct

ASKED, EMBEDDED, WISHED, PERSON, TITLE, TOLD = Form.ASKED, Form.EMBEDDED, Form.WISHED, Form.PERSON, Form.TITLE, Form.TOLD


@pytest.mark.parametrize(
    ("clause", "form", "question"),
    [
        ("How do I end a tradition?", ASKED, "how do I end a tradition"),
        ("So, how do you keep a team calm before an audit?", ASKED, "how do I keep a team calm before an audit"),
        ("how do you get people to label their samples", ASKED, "how do I get people to label their samples"),
        ("how should you store your notes so that you find them?", ASKED, "how should I store my notes so that I find them"),
        ("What's the best way to split the tips?", ASKED, "what's the best way to split the tips"),
        ("Is it okay to email a customer's boss directly?", ASKED, "is it okay to email a customer's boss directly"),
        ("Should I tell the board before the audit?", ASKED, "should I tell the board before the audit"),
        ("would you call the customer or write first?", ASKED, "should I call the customer or write first"),
        ("Do you think I should go to the works council?", ASKED, "should I go to the works council"),
        ("why isn't the pump starting", ASKED, "why isn't the pump starting"),
        ("is there a template for a risk register?", ASKED, "is there a template for a risk register"),
        ("Could you explain whether I may reuse the March slides?", EMBEDDED, "may I reuse the March slides"),
        ("I'd like to know whether I should call the supplier first", EMBEDDED, "should I call the supplier first"),
        ("I can't decide whether to take the Lyon job or not", EMBEDDED, "should I take the Lyon job or not"),
        ("I was wondering if it makes sense to merge the two rotas", EMBEDDED, "does it make sense to merge the two rotas"),
        ("could you tell me how to read a cash-flow statement", EMBEDDED, "how do I read a cash-flow statement"),
        ("tell me what to bring on day one", EMBEDDED, "what should I bring on day one"),
        ("No idea how to tell Marta that her slot is gone.", EMBEDDED, "how do I tell Marta that her slot is gone"),
        ("I don't know what the order of the checks is", EMBEDDED, "what is the order of the checks"),
        ("I need to get bay 4 unlocked before Friday", WISHED, "how do I get bay 4 unlocked before Friday"),
        ("We have to cut the handover from 40 to 20 minutes", WISHED, "how do I cut the handover from 40 to 20 minutes"),
        ("help me write the announcement for the drill", WISHED, "how do I write the announcement for the drill"),
        ("can you help me to sort 300 invoices by site?", WISHED, "how do I sort 300 invoices by site"),
        ("what I actually need is a way to stop it reverting", WISHED, "how do I stop it reverting"),
        ("I need a way to lock the yard at night", WISHED, "how do I lock the yard at night"),
        ("What I'd love is that a customer calls me", WISHED, "how can I make sure that a customer calls me"),
        ("What I want to know is how it works at night", ASKED, "how does it work at night"),
        ("I want the night shift to stop calling me", WISHED, "how do I get the night shift to stop calling me"),
        ("Any tips on negotiating with a single supplier?", WISHED, "how do I go about negotiating with a single supplier"),
        ("any advice on my thesis outline?", WISHED, "what should I know about my thesis outline"),
        ("I'm looking for someone who has run a warehouse move", PERSON, "who has run a warehouse move"),
        ("Could I talk to somebody who knows Dutch payroll?", PERSON, "could I talk to somebody who knows Dutch payroll"),
        ("Is there anyone here who speaks Polish?", PERSON, "who speaks Polish"),
        ("best way to store wet gloves overnight?", TITLE, "what is the best way to store wet gloves overnight"),
        ("the right tool for counting pallets", TITLE, "what is the right tool for counting pallets"),
        ("Nobody reads my handover notes", TOLD, "what can I do when nobody reads my handover notes"),
    ],
)
def test_a_clause_becomes_a_question(clause: str, form: Form, question: str) -> None:
    first = direct(clause)[0]
    assert (first.text, first.form) == (question, form)


def test_a_question_after_what_it_is_about_is_offered_alone_and_whole() -> None:
    found = direct("For a bakery with four people, how do I plan the Sunday shifts?")
    assert [(question.text, question.form) for question in found] == [
        ("how do I plan the Sunday shifts", Form.ASKED),
        ("for a bakery with four people, how do I plan the Sunday shifts", Form.WHOLE),
    ]


@pytest.mark.parametrize(
    "clause", ["", "...", "\U0001f600", "thanks", "ok", "slides", "hello there", "Could you please", "I need to", "how"]
)
def test_what_asks_nothing_gives_no_question_or_a_short_one(clause: str) -> None:
    assert all(len(question.text.split()) <= 3 for question in direct(clause))


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("how do you do it", "how do I do it"),
        ("what would you tell your boss if you were late", "what would I tell my boss if I was late"),
        ("does that help you or your team", "does that help me or my team"),
        ("you're on your own and you've no plan", "I'm on my own and I've no plan"),
        ("can you do it yourself", "can I do it myself"),
        ("young people in the yard", "young people in the yard"),
    ],
)
def test_what_addresses_the_reader_becomes_the_authors_own(said: str, question: str) -> None:
    assert own(said) == question


@pytest.mark.parametrize(
    ("clause", "kept"),
    [
        ('How do I answer a customer who writes "can you do it cheaper?"', '"can you do it cheaper?"'),
        ('what do you say when your boss asks "why don\'t you ask your team"', '"why don\'t you ask your team"'),
    ],
)
def test_quoted_words_keep_their_you(clause: str, kept: str) -> None:
    assert all(kept in question.text for question in direct(clause))
    assert direct(clause)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("- pls tell me wot 2 bring", "tell me what 2 bring"),
        ("btw, how do i label dis?? thx", "how do I label this"),
        ("Question: where is bay 4", "where is bay 4"),
        ("it dont work w/ the new scanner", "it don't work with the new scanner"),
        ("\u201cready\u201d means what, folks?", '"ready" means what'),
        ("mail b4@n.example to IT", "mail b4@n.example to IT"),
        ("no cover till June", "no cover till June"),
        ("(as we said)", "as we said"),
    ],
)
def test_only_spelling_fillers_and_marks_at_the_edges_go(written: str, plain: str) -> None:
    assert cleaned(written) == plain


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for question in direct(text):
        assert question.text == " ".join(question.text.split()) or '"' in question.text
        assert question.text
    assert "\n" not in cleaned(text)
