"""Documents with a model: a field has the mentee's words, a letter the items' words, an article nobody's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.offline.composing import closing_drafts
from assistant.dialogue.language_io import ArticleDraft, SessionOutcome
from assistant.domain.brief import NOT_STATED, AgendaItem, Brief, BriefField
from assistant.domain.debrief import Item
from prompts.catalog import text
from tests.fakes.chat import FakeChat
from tests.unit.adapters.model.support import language, says, tried

SAID = (
    "we changed the clay in May and um the glaze crazes, photos in kiln.pdf",
    "fired it slower. 40 mugs without cracks by Friday",
)
DRAFT = Brief(
    (
        BriefField("question", "How do I stop the glaze from crazing?", "composed"),
        BriefField("background", "we changed the clay", "quote", "we changed the clay"),
        BriefField("tried", NOT_STATED, "none"),
        BriefField("success", "all of them whole", "edit"),
        BriefField("deadline", NOT_STATED, "none"),
        BriefField("materials", NOT_STATED, "none"),
    ),
    30,
    (AgendaItem("work", 30),),
    mentor_questions=(text("brief.ask_tried"), text("brief.ask_deadline"), text("brief.ask_constraint")),
)


def drafted(**answer: Any) -> Brief:
    return language(says({"background": "", **answer})).brief(DRAFT, SAID)


def test_fields_are_filled_from_what_was_said() -> None:
    found = drafted(
        background="we changed the clay in May and um the glaze crazes",
        tried="Fired it slower", deadline="by Friday", materials="kiln.pdf",
        questions=["Which clay did you change to in May?"],
    )  # fmt: skip
    assert found.field("background").text == "we changed the clay in May and the glaze crazes"
    assert found.field("background").quote in SAID[0]
    assert found.field("tried") == BriefField("tried", "fired it slower", "quote", "fired it slower")
    assert found.field("deadline").text == "by Friday"
    assert found.field("materials").text == "kiln.pdf"
    assert (found.minutes, found.agenda, found.field("question")) == (30, DRAFT.agenda, DRAFT.field("question"))
    assert found.mentor_questions == ("Which clay did you change to in May?", text("brief.ask_constraint"))


def test_the_mentees_own_hand_is_never_touched() -> None:
    found = drafted(success="40 mugs without cracks", tried="fired it slower")
    assert found.field("success") == DRAFT.field("success")


def test_what_was_said_does_not_get_lost() -> None:
    found = drafted(background="the glaze crazes", tried="fired it slower")
    assert found.field("background") == DRAFT.field("background")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"tried": "bought a new kiln"},
        {"tried": {"quote": "", "text": "fired it slower"}},
        {"deadline": "before the director pays"},
        {"questions": ["Shall I send you the invoice?", "Which clay"]},
        {"questions": ["Which clay, see http://kiln.example?"]},
        {"questions": ["Have you fired it slower?"]},
    ],
)
def test_a_brief_out_of_nothing_said_is_none(answer: dict[str, Any]) -> None:
    with pytest.raises(ModelFailed) as failed:
        drafted(**answer)
    assert failed.value.why == "unsupported"


def test_a_model_that_only_agrees_changes_nothing() -> None:
    assert drafted(background="we changed the clay") == DRAFT
    assert drafted(deadline="fired it slower") == DRAFT


def test_a_text_beside_the_quote_is_not_heard() -> None:
    for words in ("Did not fire it slower", "fired it in Berlin", "Fired it slower"):
        found = drafted(tried={"quote": "fired it slower", "text": words})
        assert found.field("tried").text == "fired it slower"


def test_only_hesitations_are_taken_out_of_a_quote() -> None:
    said = ("Um, the UM contract, er, ends; umbrella terms err on their side hmm",)
    found = language(says({"background": said[0]})).brief(replace(DRAFT, fields=(DRAFT.field("question"), NOTHING)), said)
    assert found.field("background").text == "the UM contract, ends; umbrella terms err on their side"
    assert found.field("background").quote == said[0]


NOTHING = BriefField("background", NOT_STATED, "none")
STATED = Brief(
    (
        BriefField("question", "How do I stop the glaze from crazing?", "composed"),
        BriefField("background", "we changed the clay", "quote", "we changed the clay"),
        BriefField("tried", "fired it slower", "quote", "fired it slower"),
        BriefField("success", "40 mugs", "quote", "40 mugs"),
        BriefField("deadline", "by Friday", "quote", "by Friday"),
    ),
    30,
    (AgendaItem("work", 30),),
    mentor_questions=(text("brief.ask_constraint"),),
)
ALL_SAID = ("Stop the glaze from crazing. We changed the clay, fired it slower.", "40 mugs by Friday", "Yes, that's my question.")


def test_a_brief_that_holds_all_that_was_said_needs_no_model() -> None:
    chat = says({"background": "", "questions": ["Which clay did you change to?"]})
    assert language(chat).brief(STATED, ALL_SAID) == STATED
    assert chat.calls == []


@pytest.mark.parametrize(
    ("draft", "said"),
    [(STATED, (*ALL_SAID, "The photos of our kiln shelf are in kiln.pdf")), (STATED.edited("tried", ""), ALL_SAID)],
)
def test_more_words_or_an_open_field_are_worth_asking_about(draft: Brief, said: tuple[str, ...]) -> None:
    chat = says({"background": "", "questions": ["Which clay did you change to?"]})
    assert "Which clay did you change to?" in language(chat).brief(draft, said).mentor_questions
    assert [call.task for call in chat.calls] == ["brief"]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Did the clay supplier change too?", True),
        ("Which mugs do you want to have by Friday?", True),
        ("Did Priya change the clay?", False),
        ("Did all 300 mugs crack?", False),
        ("Does your sister want the mugs?", False),
        ("How is the weather?", False),
        ("Which clay body would a careful potter of porcelain usually buy?", False),
        ("Did you know that the clay was sent to your mentor?", False),
    ],
)
def test_a_question_to_ask_is_about_the_brief_and_tells_nothing_beside_it(question: str, asked: bool) -> None:
    said = (*ALL_SAID, "Between us, my sister hates pottery and calls these vases ugly.")
    found = tried(lambda: language(says({"background": "", "questions": [question]})).brief(STATED, said))
    assert (question in getattr(found, "mentor_questions", ())) is asked


def test_what_tells_nothing_new_is_not_sent() -> None:
    chat = says({"background": "we changed the clay"})
    language(chat).brief(STATED.edited("tried", ""), ALL_SAID)
    assert "40 mugs by Friday" in chat.calls[0].user
    assert "my question" not in chat.calls[0].user


ITEMS = (
    Item("takeaway", "A glaze must shrink like the clay body", "A glaze must shrink like the clay body, Lena said."),
    Item("action", "fire two test tiles", "I'll fire two test tiles by Friday.", "mentee", date(2026, 11, 27)),
    Item("action", "share the recipe list", "Mara will share the recipe list.", "mentor"),
    Item("resource", "https://kiln.example/glazes", "See https://kiln.example/glazes"),
    Item("open_question", "whether Mara Okafor's frit is safe", "Open: whether Mara Okafor's frit is safe."),
)
OUTCOME = SessionOutcome("How do I stop the glaze from crazing?", "Lena Fischer", "Mara Okafor", ITEMS)


def thanked(*sentences: str) -> str:
    return language(says({"sentences": list(sentences)}), names=["Lena Fischer", "Mara Okafor"]).thanks(OUTCOME)


def test_a_note_of_thanks_has_the_items_words_between_two_first_names() -> None:
    found = thanked("It helped me most that a glaze must shrink like the clay body.", "I will fire two test tiles by Friday.")
    assert found == (
        "Dear Mara, thank you for your time.\n\n"
        "It helped me most that a glaze must shrink like the clay body. I will fire two test tiles by Friday.\n\n"
        "Best wishes, Lena"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "I will share the recipe list.",
        "You will fire two test tiles.",
        "I will fire two test tiles and pay for dinner.",
        "A glaze must not shrink like the clay body.",
        "Your booking was accepted.",
        "See https://kiln.example/glazes.",
        "Priya and I will fire two test tiles.",
        "Shall I fire two test tiles?",
    ],
)
def test_a_sentence_that_no_item_says_is_dropped(sentence: str) -> None:
    with pytest.raises(ModelFailed) as failed:
        thanked(sentence)
    assert failed.value.why == "unsupported"
    good = "A glaze must shrink like the clay body."
    assert thanked(sentence, good) == thanked(good)


def test_without_items_no_model_is_asked() -> None:
    chat = says({"sentences": ["I will pay."]})
    bare = SessionOutcome("How?", "Lena", "Mara", ())
    assert language(chat).thanks(bare) == closing_drafts.thanks(bare)
    assert language(chat).article(bare) == closing_drafts.lesson(bare)
    assert chat.calls == []


def written(**answer: Any) -> ArticleDraft:
    whole = {"title": "", "summary": "", "points": [], **answer}
    return language(says(whole), names=["Lena Fischer", "Mara Okafor", "Priya Nair"]).article(OUTCOME)


def test_an_article_has_the_items_words_under_the_catalogues_headings() -> None:
    found = written(
        title="Stop the glaze from crazing", summary="A glaze crazes unless it must shrink like the clay body.",
        points=["A glaze must shrink like the clay body.", "Fire two test tiles."],
    )  # fmt: skip
    assert found.title == "Stop the glaze from crazing"
    assert found.body.startswith("## What was learned\n\n- A glaze must shrink like the clay body.")
    assert "- Fire two test tiles." in found.body
    assert "share the recipe list" not in found.body
    assert "https://kiln.example/glazes" in found.body


@pytest.mark.parametrize("points", [[], ["Fire two test tiles."]])
def test_what_only_the_summary_says_stands_in_the_article_too(points: list[str]) -> None:
    found = written(summary="A glaze must shrink like the clay body.", points=points)
    assert found.summary == "A glaze must shrink like the clay body."
    assert "- A glaze must shrink like the clay body" in found.body
    assert found.body.count("must shrink") == 1


def test_what_a_dropped_line_is_about_stays_as_it_was_noted() -> None:
    found = written(points=["Fire two test tiles.", "A glaze must shrink like the clay body of Paris."])
    assert "Paris" not in found.body
    assert "- A glaze must shrink like the clay body" in found.body


def test_a_letter_may_say_two_items_at_once_and_in_other_words() -> None:
    both = "It helped me to hear that a glaze must shrink like the clay body."
    assert both in thanked(both)
    assert tried(lambda: thanked("Paris and a glaze must shrink like the clay body.")) == "unsupported"


def test_a_point_may_be_an_object_with_its_text() -> None:
    assert written(points=[{"kind": "action", "text": "Fire two test tiles."}]) == written(points=["Fire two test tiles."])


def test_a_summary_of_what_a_point_says_is_no_point_of_its_own() -> None:
    found = written(summary="A glaze must shrink like the clay.", points=["A glaze must shrink like the clay body."])
    assert found.body.count("must shrink") == 1


def test_a_summary_beside_points_of_its_kind_is_one_of_them() -> None:
    found = written(summary="Share the recipe list.", points=["Fire two test tiles."])
    assert "- Share the recipe list.\n- Fire two test tiles." in found.body


def test_what_the_note_and_the_article_do_not_need_is_not_sent() -> None:
    idle = (Item("proposal", "maybe buy a frit", "Maybe buy a frit."), Item("other_expert", "ask Jo Kemp", "Ask Jo Kemp."))
    whole = SessionOutcome(OUTCOME.question, OUTCOME.mentee, OUTCOME.mentor, (*ITEMS, *idle))
    good = "A glaze must shrink like the clay body."
    chat = says({"sentences": [good], "title": "", "summary": "", "points": [good]})
    language(chat).thanks(whole)
    language(chat).article(whole)
    for call in chat.calls:
        assert "shrink like the clay body" in call.user
        assert not any(words in call.user for words in ("buy a frit", "Jo Kemp"))
    assert "share the recipe list" not in chat.calls[0].user
    assert "share the recipe list" in chat.calls[1].user


@pytest.mark.parametrize(
    "words",
    ["A glaze must shrink like Lena's clay body.", "Mara Okafor shares the recipe book.", "PERSON_1 fires two test tiles.",
     "Buy a new kiln.", "A glaze must shrink like the clay body, see www.kiln.example.", "# A glaze must shrink\n<b>now</b>",
     "A glaze must never shrink like the clay body."],
)  # fmt: skip
def test_a_point_with_a_name_an_address_or_a_word_of_its_own_is_dropped(words: str) -> None:
    with pytest.raises(ModelFailed) as failed:
        written(points=[words])
    assert failed.value.why == "unsupported"
    found = written(title=words, summary=words, points=["Fire two test tiles.", words])
    assert words not in (found.title, found.summary)
    assert words not in found.body
    assert not any(name in f"{found.title}{found.summary}{found.body}" for name in ("Lena", "Mara", "Okafor", "PERSON"))


def test_another_colleagues_name_is_left_out_of_an_article() -> None:
    asked = Item("takeaway", "Priya Nair knows frits", "Priya Nair knows frits")
    outcome = SessionOutcome("How do I choose a frit?", "Lena Fischer", "Mara Okafor", (asked, ITEMS[0]))
    chat = says({"title": "", "summary": "", "points": ["PERSON_1 knows frits.", "Priya Nair knows frits.",
                                                        "A glaze must shrink like the clay body."]})  # fmt: skip
    found = language(chat, names=["Priya Nair"]).article(outcome)
    assert "Priya" not in f"{found.title}{found.summary}{found.body}{chat.calls[0].user}"


WORDS = st.lists(
    st.sampled_from(["A glaze", "must shrink", "like the clay body", "I will", "you will", "not", "fire two test tiles", "Lena",
                     "Priya", "share the recipe list", "by Friday", "https://x.example", "was booked", ".", "?", "\n", "<b>"]),
    max_size=8,
).map(" ".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(WORDS, max_size=4))
def test_nothing_in_a_letter_or_an_article_is_the_models_own(lines: list[str]) -> None:
    names = ["Lena Fischer", "Mara Okafor"]
    letter = tried(lambda: language(FakeChat(lambda call: {"sentences": lines}), names=names).thanks(OUTCOME))
    points = {"title": lines[0] if lines else "", "summary": "", "points": lines}
    made = tried(lambda: language(FakeChat(lambda call: points), names=names).article(OUTCOME))
    for word in ("Priya", "x.example", "booked", "<b>", "I will share", "you will fire"):
        assert word not in letter
        assert isinstance(made, str) or word not in f"{made.title}{made.summary}{made.body}"
    assert isinstance(made, str) or "Lena" not in f"{made.title}{made.summary}{made.body}"
