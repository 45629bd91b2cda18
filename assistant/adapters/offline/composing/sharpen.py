"""Writes the sharp question with a small grammar: opening + object + part + situation + success + time, at most 45 words.

Content words are the mentee's own; the grammar adds only words of CLOSED. Over the limit, part and situation are shortened,
success, time and effort left out, and the task is cut last.
"""

from __future__ import annotations

import re

from assistant.adapters.offline.composing.framing import aim, alone, apart, day, wish
from assistant.adapters.offline.composing.phrase_shape import SPELLING, Shape, lowered, repaired, shape, shortened
from assistant.domain.need import Facet, Need
from assistant.domain.reply import Kind

LIMIT = 45
CLOSED = frozenset(
    "how do i go about get what should could can my your feedback on minutes for which first step take now towards to find "
    "out the and that given so before aiming by especially although this it".split()
) | {word.lower() for value in SPELLING.values() for word in re.findall(r"\w+", value)}
"""Words that the grammar may add; all others are the mentee's words or an option offered to them."""

_REVIEW = re.compile(
    r"(?:please )?(?:(?:have|take|get) a (?:quick )?look (?:at|over|through)|"
    r"(?:a |your |some )?(?:feedback|comments?) (?:on|for|about)|look (?:at|over|through|on)|"
    r"read through|go (?:over|through)|(?:an? )?review(?: of)?|proofread|check (?:over|through)|"
    r"critique|comment on|give feedback on)\s+(?=\S)",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\b(\d{1,3})[ -]?(?:min(?:ute)?s?)\b", re.IGNORECASE)
_DETERMINED = re.compile(
    r"(?:the|an?|my|our|your|his|her|their|this|that|these|those|some|any|no|every|each|all|both|half|one|two|three|\d)\b",
    re.IGNORECASE,
)
_TIMED = re.compile(
    r"(?:by|with|ahead of|before|until|till|on|in|within|at|for|this|next|tomorrow|tonight|tonite|today|no later|not later|"
    r"during|end of|due)\b",
    re.IGNORECASE,
)
_LONG_THING = 5


def sharpened(need: Need, kind: Kind) -> str:
    """One question from the need; with an empty need, a generic one for the mentee to edit."""
    facets = [repaired(_plain(facet)) for facet in need.facets if re.search(r"\w", facet.value)]
    context = alone(repaired(need.value("context")))
    task = apart(wish(repaired(need.value("task"))), context)
    if not task and facets:
        task, facets = facets[0], facets[1:]
    if not task and context:
        task, context = context, ""
    room = LIMIT - 8 - sum(min(len(facet.split()), 16) for facet in facets[:1])
    question = _opening(shortened(task or "this", max(10, room)), kind, need.value("format"))
    for facet in facets[:2]:
        question = _fitting(question, _part(facet), cut=True)
    question = _fitting(question, _situation(context, "(" in question), cut=True)
    success, effort = _success(aim(repaired(need.value("outcome")))), _effort(repaired(need.value("tried")))
    for addition in (success, _time(need.value("deadline"), task), effort):
        question = _fitting(question, addition, cut=False)
    question = " ".join(re.sub(r"(?<!\s)\s++([,.;:])", r"\1", question.replace("?", "")).split()[:LIMIT]).strip(" ,.;:")
    return question[:1].upper() + question[1:] + "?"


def _opening(task: str, kind: Kind, form: str) -> str:
    review = _REVIEW.match(task)
    kept = shape(task)
    if kind is Kind.TRAJECTORY:
        return _first_step(task, kept)
    if review:
        length = _LENGTH.search(form)
        return f"could I get {length[1] + ' minutes for ' if length else ''}your feedback on {_named(task[review.end() :])}"
    openings = {
        Shape.QUESTION: task,
        Shape.EMBEDDED: re.sub(r"^how do I find out how to\b", "how do I", f"how do I find out {task}"),
        Shape.TO: "how do I " + re.sub(r"^to\s+", "", task, flags=re.IGNORECASE),
        Shape.ACTION: f"how do I {task}",
        Shape.DOING: f"how do I go about {task}",
        Shape.CLAUSE: f"what should I do, given that {task}",
        Shape.ADVERBIAL: f"what should I do {task}",
        Shape.THING: f"what should I do about {_named(task)}",
    }
    return openings[kept]


def _first_step(task: str, kept: Shape) -> str:
    if kept is Shape.QUESTION:
        return f"which first step should I take now: {task}"
    joints = {Shape.EMBEDDED: "to find out", Shape.ACTION: "to", Shape.CLAUSE: "now, given that"}
    joints |= {Shape.DOING: "towards", Shape.THING: "towards"}
    return " ".join(f"which first step should I take {joints.get(kept, '')} {task}".split())


def _named(thing: str) -> str:
    """Adds an article to a bare noun; names, plurals, -ing forms and nouns with a determiner stay unchanged."""
    first = thing.split(" ", 1)[0]
    if not first.islower() or first == "this" or _DETERMINED.match(thing) or re.search(r"(?:ing|s)$", first):
        return thing
    plural = re.match(r"[^,:(]+?(?<=\w)s(?=$|[,:(]| (?:for|of|in|on|with|to|about|between|from|at)\b)", thing)
    return thing if plural else f"the {thing}"


def _plain(facet: Facet) -> str:
    """Lowers the first letter of an offered heading; acronyms and the mentee's own words stay unchanged."""
    value = facet.value
    return value[0].lower() + value[1:] if facet.offered and value[1:2].islower() else value


def _part(facet: str) -> str:
    head, mark, rest = (facet, "", "")
    cut = re.match(r"([^,:;]+)([,:;])\s*(.+)", facet, re.DOTALL)
    if cut:
        head, mark, rest = cut.groups()
    kept = shape(head)
    if kept is Shape.CLAUSE:
        return f", given that {facet}"
    how = "how to " if kept is Shape.ACTION else ""
    return f", especially {how}{head} ({rest.strip(' .,')})" if mark and "(" not in facet else f", especially {how}{facet}"


def _situation(context: str, taken: bool) -> str:
    """The context clause; `taken` is true if the question already has brackets."""
    if not context:
        return ""
    kept = shape(context)
    if kept is Shape.CLAUSE:
        return f", given that {context}"
    if kept is Shape.ADVERBIAL and "," not in context:
        return f" {context}"
    return f", given this: {context}" if taken or "(" in context or len(context.split()) > 2 * _LONG_THING else f" ({context})"


_PLURAL_CLAUSE = re.compile(
    r"(?:the|my|our|all|both|these|those) \w+[^\Ws]s "
    r"(?!(?:of|in|on|for|with|to|from|by|at|that|who|which|and|or|as|than|without)\b)[a-z]+ \w"
)


def _success(outcome: str) -> str:
    low = outcome.lower()
    if not outcome or low.startswith("no idea"):
        return ""
    if low.startswith(("so that", "that ", "to ")):
        return f", so {outcome}" if low.startswith("that ") else f", {outcome}"
    kept = shape(outcome)
    if kept is Shape.CLAUSE or _PLURAL_CLAUSE.match(low):
        return f", so that {outcome}"
    if kept is Shape.ACTION:
        return f", so that I can {outcome}"
    measured = re.match(r"(?:under|below|above|less|fewer|more)\b", low) or kept is Shape.DOING
    plain = measured or _DETERMINED.match(outcome) or len(outcome.split()) < _LONG_THING
    return f", aiming for {outcome}" if plain else f", aiming for this: {outcome}"


def _time(deadline: str, task: str) -> str:
    phrase = day(repaired(deadline), task)
    if not phrase or re.match(r"(?:no|none|not|whenever)\b(?! later)", phrase, re.IGNORECASE):
        return ""
    if re.match(r"(?:starts?|opens|closes|ends|goes|leaves)\b", phrase, re.IGNORECASE):
        return f", given that it {phrase}"
    if _TIMED.match(phrase):
        return f", {phrase}" if phrase.lower().startswith("due") else f" {lowered(phrase)}"
    if shape(phrase) is Shape.CLAUSE:
        return f", given that {phrase}"
    return f", before {_named(phrase)}" if re.search(r"\b(?:on|in|at|by)\b", phrase) else f" by {phrase}"


def _effort(tried: str) -> str:
    return f", although {tried}" if re.match(r"(?:i|we)\b", tried, re.IGNORECASE) and "," not in tried else ""


def _fitting(question: str, addition: str, cut: bool) -> str:
    """Appends the addition; over the word limit it is cut (`cut`, to at least six words) or left out."""
    left = LIMIT - len(question.split())
    if _telling(addition) and _telling(addition) <= _telling(question):
        return question
    if not addition or (len(addition.split()) > left and (not cut or left < 6)):
        return question
    if addition.startswith(", given that") and "given that" in question:
        addition = ", and" + addition.removeprefix(", given")
    lead = ", " if addition.startswith(",") else " "
    return question + lead + shortened(addition.strip(" ,"), left)


def _telling(words: str) -> set[str]:
    """Content words, for avoiding repetition."""
    return set(re.findall(r"\w{4,}", words.lower())) - CLOSED
