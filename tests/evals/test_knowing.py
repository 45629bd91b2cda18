"""The measurements of knowing, abstaining and deciding: what they count, what they draw, what they refuse, and their floors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.domain.mentor import Citation
from assistant.domain.reply import Reply
from assistant.evaluation.curve import Panel, Point, draw_curves
from assistant.evaluation.decide import action_of, macro_f1
from assistant.evaluation.figures import Report
from assistant.evaluation.job import Job
from assistant.evaluation.knowing import KnownClaim, Question, claim_of, evaluate_know, questions_of
from assistant.evaluation.runners import measured
from assistant.evaluation.sets import BadSet, locate
from assistant.services.conversing.research import Findings
from prompts.catalog import text
from retrieval import embedders
from tests.contract.retrieval.support import WordEmbeddings

Rows = Sequence[Mapping[str, object]]
ARTICLES = Path(__file__).parents[2] / "knowledge_base" / "articles"
PRECISION_FLOOR, RECALL_FLOOR, FOREIGN_CEILING = 0.2, 0.2, 0.25

KB = [
    {"id": n, "bot": bot, "text": text, "label": label}
    for n, (bot, label, text) in enumerate(
        (bot, label, f"{text} {more}")
        for bot in ("shop", "game")
        for label, text in (("refund", "money back refund"), ("parcel", "where parcel delivery"))
        for more in ("please", "today", "quickly", "thanks")
    )
]
ASKED = [
    {"id": 1, "bot": "shop", "text": "refund money back", "label": "refund", "out_of_scope": False},
    {"id": 2, "bot": "shop", "text": "Wetter in Köln 🌧", "label": "NO_NODES_DETECTED", "out_of_scope": True},
    {"id": 3, "bot": "game", "text": "where delivery of parcel", "label": "parcel", "out_of_scope": False},
    {"id": 4, "bot": "game", "text": "cricket umpire", "out_of_scope": True},
]
PASSAGES = [
    {"id": 7, "title": "Bonds", "url": "", "text": "When interest rates rise the price of a bond falls."},
    {"id": "p2", "text": "Knead the dough and bake the bread in a hot oven."},
]
TASKS = [
    {"id": 1, "answerability": "ANSWERABLE", "reference_passages": [7],
     "messages": [{"role": "user", "text": "what happens to bond price when interest rates rise"}]},
    {"id": "talk<::>2", "answerability": "UNDERSPECIFIED", "collection": "fiqa",
     "messages": [{"role": "user", "text": "Bonds?"}, {"role": "assistant", "text": "Yes."},
                  {"role": "user", "text": "When did the actor of this series win the award?"}]},
]  # fmt: skip


@pytest.fixture
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedders, "make_embeddings", lambda *given: WordEmbeddings())


def write(folder: Path, files: Mapping[str, Rows]) -> Path:
    for name, rows in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return folder


def run(name: str, folder: Path, out: Path) -> Report:
    return measured(name, Job(locate(name, folder, "dev"), "dev", lambda stage, done, total: None, out=out))


def hints(folder: Path, base: Rows = KB, asked: Rows = ASKED) -> Path:
    return write(folder, {"shared/kb.jsonl": base, "dev/queries.jsonl": asked})


@pytest.mark.usefixtures("_words")
def test_each_bot_is_judged_by_its_own_line_and_drawn(tmp_path: Path) -> None:
    report = run("abstain", hints(tmp_path / "set"), tmp_path / "out")
    assert report.figure("shop: MCC").value == report.figure("game: out-of-scope recall").value == 1.0
    assert report.figure("mean MCC").count == 4
    assert 0 < (report.figure("shop: threshold").value or 0) < 1
    (picture,) = report.files
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.parent == tmp_path / "out"


@pytest.mark.usefixtures("_words")
def test_a_set_without_bots_is_one_base(tmp_path: Path) -> None:
    base, asked = ([{k: v for k, v in row.items() if k not in ("bot", "out_of_scope")} for row in rows] for rows in (KB, ASKED))
    report = run("abstain", hints(tmp_path, base, asked), tmp_path)
    assert report.figure("in-scope accuracy").value == report.figure("out-of-scope recall").value == 1.0


@pytest.mark.usefixtures("_words")
def test_a_bot_without_a_base_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSet, match="'bank', of which"):
        run("abstain", hints(tmp_path, KB, [*ASKED, {"id": 5, "bot": "bank", "text": "hello", "out_of_scope": True}]), tmp_path)


@pytest.mark.usefixtures("_words")
def test_tasks_are_counted_by_what_is_right_and_taken(tmp_path: Path) -> None:
    report = run("decide", write(tmp_path, {"shared/passages.jsonl": PASSAGES, "dev/tasks.jsonl": TASKS}), tmp_path)
    assert {right: sum(taken.values()) for right, taken in report.confusion.items()} == {"answer": 1, "ask": 1, "decline": 0}
    assert report.figure("false declines").count == 1
    assert [row["right"] for row in report.rows] == ["answer", "ask"]
    assert 0 <= (report.figure("macro F1").value or 0) <= 1


@pytest.mark.usefixtures("_words")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"answerability": "PERHAPS"}, "'PERHAPS' is none of"), ({"messages": []}, "the last the turn to answer"),
     ({"messages": [{"role": "user"}]}, "a list of objects with a text"), ({"messages": "hello"}, "must be a list")],
)  # fmt: skip
def test_a_bad_task_is_one_sentence(tmp_path: Path, change: Mapping[str, object], sentence: str) -> None:
    folder = write(tmp_path, {"shared/passages.jsonl": PASSAGES, "dev/tasks.jsonl": [{**TASKS[0], **change}]})
    with pytest.raises(BadSet, match=sentence):
        run("decide", folder, tmp_path)


def test_macro_f1_is_the_mean_over_what_occurs() -> None:
    assert macro_f1([("answer", "answer"), ("ask", "ask")]) == 1.0
    assert macro_f1([("answer", "answer"), ("ask", "answer")]) == pytest.approx((2 / 3 + 0) / 2)


def test_a_curve_of_nothing_is_still_a_picture(tmp_path: Path) -> None:
    panels = [Panel("", 0.5, (Point(0.0, None, None, 0.0), Point(1.0, 1.0, None, -0.2)))] * 4
    assert draw_curves(panels, tmp_path / "new" / "curve.png").stat().st_size > 1_000


@pytest.mark.parametrize(
    ("known", "unclear", "action"), [(True, False, "answer"), (False, True, "ask"), (False, False, "decline")]
)
def test_a_turn_is_answered_asked_back_or_declined_by_what_a_request_finds(known: bool, unclear: bool, action: str) -> None:
    assert action_of(Findings(known=known, citations=(), candidates=(), people=(), unclear=unclear)) == action


# What is said to be known.

ASKS = Question("q", "How do I choose a chart?", "answerable", {"chart": 2.0})
CITED = tuple(Citation(key, f"{key}#0", title, "x", 0, 1) for key, title in (("chart", "Choosing a chart"), ("other", "Other")))


def reply(key: str, **values: object) -> Reply:
    return Reply(("m0",), f"Your question. {text(key, **values)} These people may help.", citations=CITED)


def test_a_claim_is_what_the_reader_is_told_with_the_titles_that_are_named() -> None:
    named = claim_of(ASKS, reply("propose.known", titles="Choosing a chart"))
    assert named == KnownClaim(ASKS, claimed=("chart",))
    assert named.true
    assert claim_of(ASKS, reply("propose.perhaps", title="Choosing a chart")) == KnownClaim(ASKS, perhaps=("chart",))
    assert claim_of(ASKS, reply("propose.unknown")) == claim_of(ASKS, None) == KnownClaim(ASKS)


def test_a_claim_with_another_article_is_false() -> None:
    other = claim_of(ASKS, reply("propose.known", titles="Other"))
    assert other.claimed == ("other",)
    assert not other.true


@pytest.mark.parametrize(
    ("row", "sentence"),
    [({"kind": "hard"}, "'hard' is none of"), ({"kind": "answerable"}, "names its 'article'"),
     ({"kind": "twin", "article": "chart"}, "names its 'article'")],
)  # fmt: skip
def test_a_bad_question_is_one_sentence(tmp_path: Path, row: Mapping[str, object], sentence: str) -> None:
    folder = write(tmp_path, {"questions.jsonl": [{"id": "q", "text": "How?", **row}]})
    with pytest.raises(BadSet, match=f"line 1.*{sentence}"):
        questions_of(folder / "questions.jsonl")


PARTS = ("dev", "test")


def test_the_questions_are_enough_and_their_articles_are_there() -> None:
    files = [locate("know", None, part).file for part in PARTS]
    dev, test = map(questions_of, files)
    for questions in (dev, test):
        assert [sum(one.kind == kind for one in questions) for kind in ("answerable", "twin", "foreign")] == [20, 20, 20]
    articles = [{key for one in some for key in one.grades} for some in (dev, test)]
    assert all(ids <= {path.stem for path in ARTICLES.glob("*.md")} for ids in articles)
    assert not articles[0] & articles[1], "an article that was looked at is not asked for again in the part kept apart"


@pytest.mark.slow
def test_what_is_said_to_be_known_on_questions_kept_apart() -> None:
    found = evaluate_know(Job(locate("know", None, "test"), "test", lambda stage, done, total: None))
    assert (found.figure("claims that are true").value or 0) >= PRECISION_FLOOR
    assert (found.figure("answerable questions with a true claim").value or 0) >= RECALL_FLOOR
    assert (found.figure("foreign questions with a claim").value or 0) <= FOREIGN_CEILING
