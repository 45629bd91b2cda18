"""The transition table: which event is allowed in which stage, and the stages it may lead to.

`evolve` rejects every event that is missing for a stage. The state diagram of the documentation is drawn from this table.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.domain import events as e
from assistant.domain.stages import (
    STAGES,
    Booked,
    Briefing,
    Closed,
    Debriefing,
    Exchanging,
    MoreAsked,
    Offered,
    Ready,
    Sharpening,
    Stage,
    name_of,
)  # fmt: skip

Table = dict[tuple[type[Stage], type[e.Event]], frozenset[type[Stage]]]


def _table(rows: dict[type[Stage], dict[type[e.Event], tuple[type[Stage], ...]]]) -> Table:
    return {(stage, event): frozenset(to) for stage, moves in rows.items() for event, to in moves.items()}


TRANSITIONS: Table = _table({
    Sharpening: {
        e.Said: (Sharpening,),
        e.Replied: (Sharpening,),
        e.NeedChanged: (Sharpening,),
        e.QuestionProposed: (Sharpening,),
        e.MentorsMatched: (Sharpening,),
        e.QuestionConfirmed: (Ready,),
        e.Solved: (Closed,),
        e.Referred: (Closed, Sharpening),
        e.Withdrawn: (Closed,),
        e.Lapsed: (Closed,),
    },
    Ready: {
        e.Said: (Ready,),
        e.Replied: (Ready,),
        e.NeedChanged: (Ready,),
        e.MentorsMatched: (Ready,),
        e.QuestionReopened: (Sharpening,),
        e.QuestionConfirmed: (Ready,),
        e.BriefDrafted: (Briefing,),
        e.Solved: (Closed,),
        e.Referred: (Closed, Ready),
        e.Withdrawn: (Closed,),
        e.Lapsed: (Closed,),
    },
    Briefing: {
        e.Said: (Briefing,),
        e.Replied: (Briefing,),
        e.NeedChanged: (Briefing,),
        e.BriefDrafted: (Briefing,),
        e.BriefEdited: (Briefing,),
        e.MentorsMatched: (Briefing,),
        e.BriefApproved: (Briefing,),
        e.OfferMade: (Offered,),
        e.QuestionReopened: (Sharpening,),
        e.Solved: (Closed,),
        e.Referred: (Closed, Briefing),
        e.Withdrawn: (Closed,),
        e.Lapsed: (Closed,),
    },
    Offered: {
        e.Said: (Offered,),
        e.OfferAccepted: (Booked, Exchanging),
        e.OfferPassed: (Offered, Ready),
        e.OfferExpired: (Offered, Ready),
        e.OneMoreAsked: (MoreAsked,),
        e.Withdrawn: (Closed,),
    },
    MoreAsked: {
        e.Said: (MoreAsked,),
        e.Replied: (MoreAsked,),
        e.OneMoreAnswered: (Briefing,),
        e.OfferExpired: (Ready,),
        e.Withdrawn: (Closed,),
    },
    Exchanging: {
        e.Said: (Exchanging,),
        e.ExchangePosted: (Exchanging,),
        e.HandedBack: (Debriefing,),
        e.Withdrawn: (Closed,),
    },
    Booked: {
        e.Said: (Booked,),
        e.Rescheduled: (Booked,),
        e.BookingCancelled: (Ready,),
        e.SessionHeld: (Debriefing,),
        e.Withdrawn: (Closed,),
    },
    Debriefing: {
        e.Said: (Debriefing,),
        e.Replied: (Debriefing,),
        e.DebriefNoted: (Debriefing,),
        e.DebriefConfirmed: (Debriefing,),
        e.CompetencyAttested: (Debriefing,),
        e.CompetencyReported: (Debriefing,),
        e.ObjectiveMet: (Closed,),
        e.Lapsed: (Closed,),
    },
    Closed: {e.CompetencyAttested: (Closed,), e.QuestionReopened: (Sharpening,)},
})  # fmt: skip


def may(stage: Stage, event: type[e.Event]) -> bool:
    return (type(stage), event) in TRANSITIONS


def _moves() -> Iterator[tuple[str, str, str]]:
    for (stage, event), targets in TRANSITIONS.items():
        for target in sorted(targets, key=STAGES.index):
            if target is not stage or event in (e.OfferPassed, e.OfferExpired):
                yield name_of(stage), name_of(target), name_of(event).replace("_", " ")


def diagram() -> str:
    """The table as a Mermaid state diagram, without events that keep the stage, except re-routing."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for source, target, label in _moves():
        grouped.setdefault((source, target), []).append(label)
    lines = [f"    {source} --> {target}: {' / '.join(labels)}" for (source, target), labels in grouped.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> sharpening", *lines, "    closed --> [*]"])
