"""What a set of played scenarios shows: understanding, questions asked, the sharp question, and who got to a person.

Slots are judged on the opening alone: what the request held after the first turn, by quotes. Rows about harassment or
burn-out are judged only on reaching the people whom the organisation names, since nothing else may be stored of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial, reduce
from operator import add
from statistics import median
from unicodedata import normalize

from assistant.domain import stages as s
from assistant.domain.need import SLOTS, SlotName
from assistant.domain.reply import Kind, Reply
from assistant.evaluation import spans
from assistant.evaluation.figures import Figure, Report, Wanted, mean, ratio
from assistant.evaluation.job import Job
from tests.evals.lab.comparison import OURS, Outcome, figures, outcome, play_policies
from tests.evals.lab.mentee import CONFIRMS, answer
from tests.evals.lab.play import Played, Player, Step
from tests.evals.lab.scenarios import TRICKY, Scenario, load_scenarios
from tests.evals.lab.sharpness import LONGEST, keyword_recall, word_count

ZERO = Wanted(0, "at most")
ALL = Wanted(1.0)
LONGEST_REPLY = 60
_SHARPENED = (Kind.VAGUE, Kind.SPECIFIC, Kind.TRAJECTORY)


def evaluate_dialogue(job: Job) -> Report:
    """The product's own dialogue in full, then what the other policies of asking come to on the same scenarios. Raises BadSet."""
    scenarios = load_scenarios(job.found.file)
    ours: list[Played] = []

    def play(player: Player, policy: str) -> list[Outcome]:
        found = []
        for scenario in scenarios:
            if policy == OURS:
                ours.append(player.play(scenario))
            named = f"{policy}-{scenario.id}"
            steps = ours[-1].steps if policy == OURS else player.talk(named, scenario.opening, partial(answer, scenario))
            wanted = {"mentor": scenario.mentors, "article": scenario.articles}
            known = scenario.must_not_ask if scenario.kind == Kind.VAGUE else frozenset[str]()
            found.append(outcome(scenario.id, scenario.kind, steps, wanted, known))
            job.progress(f"scenarios, {policy}", len(found), len(scenarios))
        return found

    found = play_policies(play, job.progress)
    report = measure(ours, job.found.source)
    vague = {policy: [one for one in some if one.group == Kind.VAGUE] for policy, some in found.items()}
    return replace(report, figures=(*report.figures, *figures(vague, "vague, ")))


def measure(played: Sequence[Played], source: str) -> Report:
    """All figures over the plays, in the order in which a reader wants them."""
    parts = (_slots, _kinds, _questions, _manners, _sharp, _people, _time)
    told = [figure for part in parts for figure in part(played)]
    rows = tuple(row(play) for play in played)
    return Report("dialogue", source, tuple(told), rows, confusion(played))


def confusion(played: Sequence[Played]) -> dict[str, dict[str, int]]:
    """How often each kind of request (tricky rows apart) was taken for each kind."""
    pairs = Counter((play.scenario.kind, str(_taken_for(play.first))) for play in played)
    return {
        right: {taken: pairs[right, taken] for taken in Kind if pairs[right, taken]}
        for right in (*Kind, TRICKY)
        if any(pairs[right, taken] for taken in Kind)
    }


def unquoted(play: Played) -> list[str]:
    """Every quote that a need held at some turn though the mentee had not written it."""
    said: list[str] = []
    strange: list[str] = []
    for step in play.steps:
        said.append(normalize("NFC", step.said.text))
        quotes = [quote for slot in step.after.need.slots.values() for quote in (slot.quote, *slot.also)]
        strange += [quote for quote in quotes if not quote or not any(quote in text for text in said)]
    return list(dict.fromkeys(strange))


def asked_twice(play: Played) -> list[str]:
    """The names of slots and facets that were asked for more than once."""
    return [name for name, times in Counter(r.asks.name for r in play.questions if r.asks).items() if times > 1]


def re_asked(play: Played) -> list[str]:
    """The slots that were asked for though the opening states them."""
    asks = (reply.asks for reply in play.questions)
    return [ask.name for ask in asks if ask and ask.kind == "slot" and ask.name in play.scenario.must_not_ask]


def alarmed_later(play: Played) -> bool:
    """Whether an ordinary answer to a question was taken for a sensitive matter or a wish for a person."""
    return not _alarmed(play.first) and any(_alarmed(step) for step in play.steps[1:])


def confirmed(play: Played) -> bool | None:
    """Whether his "yes" to the sharp question was taken as just that; None where he had none to confirm."""
    answered = [step.after.stage for step in play.steps if step.said.text == CONFIRMS]
    return isinstance(answered[-1], s.Ready) if answered else None


def served(play: Played) -> bool:
    """Whether the request went to named people at once: referred with contacts, nothing asked, nobody searched."""
    return (
        bool(play.last.after.contacts)
        and not play.questions
        and not any(step.reply and step.reply.matches for step in play.steps)
    )


def row(play: Played) -> dict[str, object]:
    """What one scenario did, for reading case by case."""
    scenario, first = play.scenario, play.first.after
    return {
        "id": scenario.id,
        "kind": scenario.kind,
        "taken_for": str(_taken_for(play.first)),
        "opening": scenario.opening,
        "right_slots": dict(scenario.slots),
        "found_slots": dict(quotes(play.first)),
        "hinted": sorted(first.need.hinted),
        "re_asked": re_asked(play),
        "asked_twice": asked_twice(play),
        "unquoted": unquoted(play),
        "sharp_question": play.sharp_question,
        "keyword_recall": keyword_recall(scenario.sharp_keywords, play.sharp_question),
        "ended": s.stage_name(play.last.after.stage),
        "silent_when_not_its_turn": None if play.probe is None else not play.probe.answered,
        "turns": [_turn(step) for step in play.steps],
    }


def quotes(step: Step) -> dict[SlotName, str]:
    return {name: slot.quote for name, slot in step.after.need.slots.items()}


def _turn(step: Step) -> dict[str, object]:
    reply = step.reply or Reply((), "")
    return {
        "said": step.said.text,
        "say": reply.say,
        "asks": f"{reply.asks.kind} {reply.asks.name}" if reply.asks else None,
        "options": list(reply.options),
        "sharp_question": reply.sharp_question,
        "articles": [citation.article for citation in reply.citations],
        "mentors": [f"{match.name}, {match.title}" for match in reply.matches],
        "stage": s.stage_name(step.after.stage),
        "seconds": round(step.seconds, 3),
    }


def _slots(played: Sequence[Played]) -> Iterable[Figure]:
    pairs = [(quotes(play.first), play.scenario.slots) for play in played if not play.scenario.sensitive]
    total = _sum(spans.exact(*pair) for pair in pairs)
    yield Figure("slot precision", total.precision, total.predicted)
    yield Figure("slot recall", total.recall, total.gold)
    yield Figure("slot F1", total.f1, total.gold, Wanted(0.62))
    for name in SLOTS:
        alone = _sum(spans.exact(_only(name, ours), _only(name, theirs)) for ours, theirs in pairs)
        yield Figure(f"  {name} F1", alone.f1, alone.gold, note=f"{alone.predicted} found")
    union = _sum(spans.exact(*pair, spans.union_overlap) for pair in pairs)
    yield Figure("slot F1, divided by the union", union.f1, union.gold)
    yield Figure("slot F1, graded by overlap", _sum(spans.graded(*pair) for pair in pairs).f1, total.gold)
    either = _sum(spans.interchanged(*pair) for pair in pairs)
    yield Figure("slot F1, task for context counts", either.f1, either.gold)
    one = _sum(spans.as_one(*pair) for pair in pairs)
    yield Figure("slot F1, task and context as one", one.f1, one.gold, Wanted(0.72))
    yield from _presence(played)
    strange = sum(len(unquoted(play)) for play in played)
    yield Figure("unquoted slots", strange, len(played), ZERO, digits=0)


def _presence(played: Sequence[Played]) -> Iterable[Figure]:
    judged = [(play.first.after.need, play.scenario.slots) for play in played if not play.scenario.sensitive]
    filled = _sum(spans.present(need.slots, right) for need, right in judged)
    hinted = _sum(spans.present({*need.slots, *need.hinted}, right) for need, right in judged)
    yield Figure("presence of slots F1", filled.f1, filled.gold, Wanted(0.80))
    yield Figure("presence F1 with hinted slots", hinted.f1, hinted.gold)


def _kinds(played: Sequence[Played]) -> Iterable[Figure]:
    plain = [play for play in played if play.scenario.kind != TRICKY]
    two = [play for play in plain if play.scenario.kind in (Kind.SPECIFIC, Kind.VAGUE)]
    yield Figure("kind accuracy", mean([_right(play) for play in plain]), len(plain))
    yield Figure("specific against vague", mean([_right(play) for play in two]), len(two), Wanted(0.88))
    alarms = 0
    for kind in (Kind.SENSITIVE, Kind.WANTS_PERSON):
        rows = [play for play in played if _is(play.scenario, kind)]
        yield Figure(f"{kind} recognised", mean([_taken(play, kind) for play in rows]), len(rows), ALL)
        alarms += sum(_taken(play, kind) for play in played if not _is(play.scenario, kind))
    yield Figure("false alarms, both", alarms, len(played), Wanted(2, "at most"), digits=0)
    later = sum(alarmed_later(play) for play in played)
    yield Figure("false alarms in later turns", later, len(played), ZERO, digits=0)


def _is(scenario: Scenario, kind: Kind) -> bool:
    return scenario.sensitive if kind is Kind.SENSITIVE else scenario.kind == kind


def _taken(play: Played, kind: Kind) -> int:
    return int(_taken_for(play.first) == kind)


def _right(play: Played) -> int:
    return int(_taken_for(play.first) == play.scenario.kind)


def _taken_for(step: Step) -> Kind:
    """The kind of the request after the step; a referral is a sensitive matter, also where it leaves the request open."""
    return Kind.SENSITIVE if step.after.topic else step.after.kind


def _alarmed(step: Step) -> bool:
    return _taken_for(step) in (Kind.SENSITIVE, Kind.WANTS_PERSON)


def _questions(played: Sequence[Played]) -> Iterable[Figure]:
    specific = [play for play in played if play.scenario.kind == Kind.SPECIFIC]
    unasked = ratio(sum(not play.questions for play in specific), len(specific))
    yield Figure("specific requests unasked", unasked, len(specific), Wanted(0.85, "above"))
    vague = [play for play in played if play.scenario.kind == Kind.VAGUE]
    for who, plays in (("a request", played), ("a vague request", vague)):
        counts = [len(play.questions) for play in plays]
        wanted = Wanted(2, "at most")
        yield Figure(f"questions {who}, median", median(counts) if counts else None, len(counts), wanted, digits=1)
        yield Figure(f"questions {who}, mean", mean(counts), len(counts), digits=2)
        yield Figure(f"questions {who}, most", max(counts, default=None), len(counts), Wanted(3, "at most"), digits=0)


def _manners(played: Sequence[Played]) -> Iterable[Figure]:
    """What annoys: being asked for what was said, being asked twice, long replies."""
    asked = sum(len(play.questions) for play in played)
    yield Figure("re-asks", sum(len(re_asked(play)) for play in played), asked, ZERO, digits=0)
    yield Figure("asked twice", sum(len(asked_twice(play)) for play in played), asked, ZERO, digits=0)
    lengths = [word_count(step.reply.say) for play in played for step in play.steps if step.reply]
    longest = Wanted(LONGEST_REPLY, "at most")
    yield Figure("words in a reply, most", max(lengths, default=None), len(lengths), longest, digits=0)


def _sharp(played: Sequence[Played]) -> Iterable[Figure]:
    due = [play for play in played if play.scenario.kind in _SHARPENED]
    composed = [play for play in due if play.sharp_question]
    keyed = [play for play in due if play.scenario.sharp_keywords]
    recalls = [keyword_recall(play.scenario.sharp_keywords, play.sharp_question) or 0.0 for play in keyed]
    yield Figure("keywords in the sharp question", mean(recalls), len(keyed))
    said = [keyword_recall(play.scenario.sharp_keywords, _spoken(play)) or 0.0 for play in keyed]
    yield Figure("  keywords that the mentee had said", mean(said), len(keyed), note="the ceiling")
    lengths = [word_count(play.sharp_question) for play in composed]
    longest = Wanted(LONGEST, "at most")
    yield Figure("words in the sharp question, most", max(lengths, default=None), len(lengths), longest, digits=0)
    yes = [taken for play in played if (taken := confirmed(play)) is not None]
    yield Figure("a yes taken as a yes", mean(yes), len(yes), ALL)


def _spoken(play: Played) -> str:
    return "\n".join(step.said.text for step in play.steps)


def _people(played: Sequence[Played]) -> Iterable[Figure]:
    sensitive = [play for play in played if play.scenario.sensitive]
    reached = ratio(sum(served(play) for play in sensitive), len(sensitive))
    yield Figure("sensitive: human service reached", reached, len(sensitive), ALL)
    probes = [play.probe for play in played if play.probe]
    spoken = sum(probe.answered for probe in probes)
    yield Figure("answers out of turn", spoken, len(probes), ZERO, digits=0)


def _time(played: Sequence[Played]) -> Iterable[Figure]:
    seconds = [step.seconds for play in played for step in play.steps]
    yield Figure("seconds a turn, mean", mean(seconds), len(seconds))


def _sum(scores: Iterable[spans.Score]) -> spans.Score:
    return reduce(add, scores, spans.Score())


def _only(name: SlotName, those: spans.Spans) -> spans.Spans:
    return {name: those[name]} if name in those else {}
