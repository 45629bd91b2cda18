"""The arithmetic of the figures on hand-made cases, where sets are found, and one clear sentence for every bad file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief, Item
from assistant.evaluation import debrief, report, run, spans
from assistant.evaluation.figures import Figure, Report, Wanted
from assistant.evaluation.sets import GOLDEN, LAYOUTS, BadSet, locate, names_of, read_rows
from tests.evals.lab.measures import LAYOUTS as LAB
from tests.evals.lab.sharpness import held, keyword_recall


@pytest.mark.parametrize(
    ("one", "other", "larger", "union"),
    [
        ("my board slides", "Board slides!", 2 / 3, 2 / 3),
        ("a b c d", "c d e f", 0.5, 1 / 3),
        ("a a a", "a", 1.0, 1.0),
        ("", "a", 0.0, 0.0),
        ("…", "…", 0.0, 0.0),
    ],
)
def test_overlap_is_shared_tokens_over_the_larger_set(one: str, other: str, larger: float, union: float) -> None:
    assert spans.overlap(one, other) == spans.overlap(other, one) == pytest.approx(larger)
    assert spans.union_overlap(one, other) == pytest.approx(union)


def test_a_slot_with_other_words_is_wrong_twice() -> None:
    score = spans.exact({"task": "cut the slides", "tried": "lunch"}, {"task": "cut slides", "context": "for the board"})
    assert (score.hits, score.predicted, score.gold) == (1, 2, 2)
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)


def test_half_the_tokens_are_enough_but_not_half_of_the_union() -> None:
    ours, theirs = {"task": "a b c d"}, {"task": "c d e f"}
    assert spans.exact(ours, theirs).hits == 1  # type: ignore[arg-type]
    assert spans.exact(ours, theirs, spans.union_overlap).hits == 0  # type: ignore[arg-type]
    assert spans.graded(ours, theirs).f1 == pytest.approx(0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("predicted", "gold", "hits"),
    [
        ({"task": "the slides"}, {"context": "the slides"}, 1),
        ({"task": "the slides", "context": "the board"}, {"task": "the board", "context": "the slides"}, 2),
        ({"context": "the slides"}, {"task": "the slides", "context": "the board"}, 1),
        ({"task": "the slides", "context": "the slides"}, {"task": "the slides"}, 1),
        ({"task": "lunch", "tried": "the board"}, {"context": "the board"}, 0),
        ({}, {"task": "x"}, 0),
    ],
)
def test_a_task_found_as_context_counts(predicted: dict[str, str], gold: dict[str, str], hits: int) -> None:
    score = spans.interchanged(predicted, gold)  # type: ignore[arg-type]
    assert (score.hits, score.predicted, score.gold) == (hits, len(predicted), len(gold))


@pytest.mark.parametrize(
    ("predicted", "gold", "score"),
    [
        ({"task": "the slides", "context": "lunch"}, {"task": "the board", "context": "the slides"}, (1, 1, 1)),
        ({"task": "lunch"}, {"context": "the slides"}, (0, 1, 1)),
        ({"tried": "the slides"}, {"tried": "the slides", "task": "the board"}, (1, 1, 2)),
        ({"task": "the slides"}, {}, (0, 1, 0)),
    ],
)
def test_task_and_context_taken_as_one(predicted: dict[str, str], gold: dict[str, str], score: tuple[int, ...]) -> None:
    found = spans.as_one(predicted, gold)  # type: ignore[arg-type]
    assert (found.hits, found.predicted, found.gold) == score


def test_no_slots_at_all_is_zero_and_no_error() -> None:
    nothing = spans.exact({}, {})
    assert (nothing.precision, nothing.recall, nothing.f1) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("Board slides", "How do I cut my board slide?", True),
        ("slide", "Which SLIDES?", True),
        ("four minutes", "four long minutes", False),
        ("class", "which clas?", False),
        ("is", "i", False),
        ("de-pl", "the DE PL glossary", True),
        ("??", "??", False),
    ],
)
def test_a_keyword_stands_in_a_question_whatever_its_case_or_plural(keyword: str, text: str, found: bool) -> None:
    assert held(keyword, text) is found


def test_keyword_recall_is_the_share_and_none_without_keywords() -> None:
    assert keyword_recall(["slides", "board"], "How do I cut slides?") == 0.5
    assert keyword_recall([], "How?") is None


@pytest.mark.parametrize(
    ("wish", "value", "met"),
    [
        (Wanted(0.62), 0.62, True), (Wanted(0.62), 0.61, False), (Wanted(0.85, "above"), 0.85, False),
        (Wanted(0, "at most"), 0, True), (Wanted(0, "at most"), 1, False), (None, 1, None), (Wanted(1), None, None),
    ],
)  # fmt: skip
def test_a_wish_is_met_or_not(wish: Wanted | None, value: float | None, met: bool | None) -> None:
    assert Figure("f", value, 1, wish).met is met


MINE = debrief.Gold(("I send the minutes by Friday", "send the minutes"), "mentee", date(2026, 5, 8))
PROPOSED = debrief.Gold(("Perhaps I call Ana",))
NOTES = debrief.Notes(
    id="d1",
    on=date(2026, 5, 5),
    question="How?",
    planned=("the agenda", "the room"),
    text="I send the minutes by Friday. Perhaps I call Ana. Sent the bill yesterday. My knee hurts.",
    author="mentee",
    right={"action": (MINE,), "proposal": (PROPOSED,)},
    decoys=("Sent the bill yesterday",),
    forbidden=("my knee",),
    not_covered=("the room",),
)


def structured(*items: Item, not_covered: tuple[str, ...] = ()) -> debrief.Structured:
    class Fixed:
        def debrief(self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: str) -> Debrief:
            assert [item.title for item in brief.agenda] == ["the agenda", "the room"]
            return Debrief(items, not_covered)

    return debrief.structured(NOTES, Fixed())  # type: ignore[arg-type]


def debrief_value(name: str, *items: Item, not_covered: tuple[str, ...] = ()) -> float | None:
    return debrief.measure([structured(*items, not_covered=not_covered)], "hand-made").figure(name).value


def test_an_action_is_matched_by_either_quote_and_judged_on_owner_and_date() -> None:
    action = Item("action", "Send the minutes", "send the minutes", "mentor", date(2026, 5, 8))
    assert debrief_value("action F1", action) == 1.0
    assert debrief_value("owner right", action) == 0.0
    assert debrief_value("due date right", action) == 1.0


def test_one_right_action_is_matched_once() -> None:
    twice = [Item("action", "a", "I send the minutes by Friday"), Item("action", "b", "send the minutes by Friday")]
    assert debrief_value("action precision", *twice) == 0.5


def test_decoys_proposals_asides_and_inventions_are_counted() -> None:
    hedge = Debrief((Item("action", "x", "Perhaps I call Ana"),))
    assert debrief.promoted(debrief.Structured(NOTES, hedge, hedge)) == ["Perhaps I call Ana"]
    assert debrief_value("decoys shown as agreed", Item("action", "x", "Sent the bill yesterday")) == 1
    assert debrief_value("decoys shown as agreed", Item("proposal", "x", "Perhaps I call Ana")) == 0
    assert debrief_value("must not appear, but does", Item("takeaway", "My knee hurts", "My knee hurts")) == 1
    assert debrief_value("invented items", Item("takeaway", "Never said", "never said")) == 1
    assert debrief_value("action precision", Item("action", "Never said", "never said")) == 0


def test_what_was_planned_and_not_covered_is_compared_by_exact_words() -> None:
    assert debrief_value("not covered F1", not_covered=("the room", "the agenda")) == pytest.approx(2 / 3)


def test_a_set_is_found_as_a_set_in_a_folder_of_sets_and_as_a_file(tmp_path: Path) -> None:
    part = tmp_path / "data" / "debriefs" / "dev"
    part.mkdir(parents=True)
    file = part / "debriefs.jsonl"
    file.write_text("", "utf-8")
    for place in (tmp_path / "data", tmp_path / "data" / "debriefs", part, file):
        assert locate("debrief", place, "dev").file == file
    assert names_of("all", tmp_path / "data", "dev") == ("debrief",)


def test_the_laboratory_finds_its_own_sets(tmp_path: Path) -> None:
    file = tmp_path / "scenarios.jsonl"
    file.write_text("", "utf-8")
    assert locate("dialogue", tmp_path, "dev", LAB).file == file
    assert names_of("all", tmp_path, "dev", LAB) == ("dialogue", "tokens")


@pytest.mark.parametrize(
    ("folder", "part", "seen"),
    [("hint3", "dev", "seen"), ("hint3", "test", "unseen"), ("our_own_questions", "dev", "unseen")],
)
def test_a_set_says_whether_it_was_seen_while_building(tmp_path: Path, folder: str, part: str, seen: str) -> None:
    for name in ("shared/kb.jsonl", f"{part}/queries.jsonl"):
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True)
        path.write_text("", "utf-8")
    assert locate("abstain", tmp_path / folder, part).seen == seen


def test_the_golden_questions_that_are_kept_apart_are_unseen() -> None:
    assert [locate("retrieval", GOLDEN, part).seen for part in ("dev", "test")] == ["seen", "unseen"]
    assert [locate("know", None, part).seen for part in ("dev", "test")] == ["seen", "unseen"]


def test_a_set_with_shared_files_needs_them(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "queries.jsonl").write_text("", "utf-8")
    with pytest.raises(BadSet, match=r"needs dev/queries\.jsonl and dev/ or shared/qrels\.tsv"):
        locate("retrieval", tmp_path, "dev")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"id": 1}\n{"id": ', "bad.jsonl, line 2: this is not JSON"),
        (b"[1]\n", "bad.jsonl, line 1: this is no JSON object"),
        (b"\xff\xfe{}", "bad.jsonl is not UTF-8 text"),
    ],
)
def test_a_bad_file_is_named_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadSet, match=words):
        list(read_rows(path))


@pytest.mark.parametrize("name", [*LAYOUTS, "all"])
def test_a_missing_set_is_one_sentence_and_exit_one(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(name, tmp_path, "dev") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("There is no set")
    assert "--set" in err


def test_an_unknown_name_a_missing_folder_and_a_bad_row_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "debriefs.jsonl").write_text('{"id": "d"}\n', "utf-8")
    calls = [
        ("speed", None),
        ("all", tmp_path / "no"),
        ("debrief", tmp_path / "no"),
        ("retrieval", tmp_path),
        ("debrief", tmp_path),
    ]
    for name, folder in calls:
        assert run(name, folder) == 1
        err = capsys.readouterr().err
        assert err.count("\n") == 1, err
        assert "Traceback" not in err


def test_json_holds_figures_wishes_and_rows(capsys: pytest.CaptureFixture[str]) -> None:
    one = Report("dialogue", "own", (Figure("re-asks", 0, 9, Wanted(0, "at most"), 0), Figure("x", None, 0)), ({"id": "o1"},))
    report.print_json([one])
    (data,) = json.loads(capsys.readouterr().out)["sets"]
    wish = {"sense": "at most", "limit": 0}
    no = {"low": None, "high": None, "before": None}
    judged = {"count": 9, "wanted": wish, "met": True, "note": "", "data": "unseen"}
    assert data["figures"][0] == {"name": "re-asks", "value": 0, **no, **judged}
    assert data["figures"][1]["value"] is None
    assert data["rows"] == [{"id": "o1"}]


def test_tables_show_value_count_wish_and_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    figures = (Figure("slot F1", 0.5, 7, Wanted(0.62)), Figure("re-asks", 0, 7, Wanted(0, "at most"), digits=0))
    report.print_tables([Report("dialogue", "own", figures, (), {"vague": {"specific": 2}})])
    out = capsys.readouterr().out
    for words in ("0.500", ">= 0.62", "missed", "met", "vague", "specific", "dialogue (own): unseen data"):
        assert words in out


def ranking_set(folder: Path, part: str = "dev") -> Path:
    """A set of three documents and two questions in the form of StackFAQ."""
    texts = [
        ("d1", "How do I split a cell?", "Choose Format and then Split."),
        ("d2", "How do I mute a person?", "Open the profile."),
        ("d3", "Where are my drafts?", "They are in the drafts folder."),
    ]
    (folder / "shared").mkdir()
    (folder / part).mkdir()
    rows = [json.dumps({"id": key, "title": title, "text": text}) for key, title, text in texts]
    (folder / "shared" / "corpus.jsonl").write_text("\n".join(rows), "utf-8")
    asked = [json.dumps({"id": "q1", "text": "split a cell"}), json.dumps({"id": "q2", "text": "finding drafts"})]
    (folder / part / "queries.jsonl").write_text("\n".join(asked), "utf-8")
    (folder / part / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t1\n", "utf-8")
    return folder


def test_a_small_ranking_set_is_measured_with_and_without_titles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("retrieval", ranking_set(tmp_path), as_json=True) == 0
    (data,) = json.loads(capsys.readouterr().out)["sets"]
    values = {figure["name"]: figure["value"] for figure in data["figures"]}
    assert values["nDCG@10"] == 1.0
    assert values["texts only: nDCG@10"] > 0
    assert values["nDCG@10 over the better half"] == 1.0 - max(values["meaning alone: nDCG@10"], values["words alone: nDCG@10"])
    assert "nDCG@10 over LangChain's ensemble, mean" not in values


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("shared/corpus.jsonl", '{"id": "d1", "title": "x"}', "corpus.jsonl, line 1: 'text' is missing."),
        ("dev/queries.jsonl", "", "queries.jsonl has no line in it."),
        ("dev/qrels.tsv", "query-id\tcorpus-id\tscore\nq1 d1 1\n", "qrels.tsv, line 2: it needs 3 cells with tabs"),
        ("dev/qrels.tsv", "query-id\tcorpus-id\tscore\n", "qrels.tsv has no judgement in it."),
    ],
)
def test_a_bad_ranking_set_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, content: str, words: str
) -> None:
    (ranking_set(tmp_path) / file).write_text(content, "utf-8")
    assert run("retrieval", tmp_path) == 1
    assert capsys.readouterr().err.startswith(words)
