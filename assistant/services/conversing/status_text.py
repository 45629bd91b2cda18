"""Words the status of a request. Every sentence is derived from the stored stage, with names and times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.domain import stages as s
from assistant.domain.provenance import Provenance
from assistant.domain.request import Request
from assistant.ports import MentorDirectory
from assistant.services.results import Refusal, refuse
from prompts.catalog import text

Say = Callable[..., str]


def say(key: str, /, **values: object) -> str:
    return text(key, "en", **values)


def when(moment: datetime, zone: str) -> str:
    """A moment in the given zone, such as "Tue 24 Nov 14:05"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b %H:%M}"


def joined(names: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    every = list(names)
    return " and ".join(filter(None, [", ".join(every[:-1]), every[-1]])) if every else ""


def provenance_text(provenance: Provenance) -> str:
    """How a text was produced, in one sentence; empty if no language model is configured."""
    if provenance.fallback:
        why = say(f"fallback_reason.{provenance.fallback}")
        return say("provenance.part", why=why) if provenance.way == "model" else say("provenance.offline", why=why)
    return say("provenance.model") if provenance.way == "model" else ""


class StatusText:
    """Words the status of requests in the reader's time zone, with names from the directory."""

    def __init__(self, directory: MentorDirectory) -> None:
        self._directory = directory

    def name(self, mentor: str) -> str:
        found = self._directory.get(mentor)
        return found.name if found else mentor

    def wrong_stage(self, request: Request, zone: str) -> Refusal:
        """The refusal of an operation that is not allowed at this stage; it says what happens next."""
        return refuse("wrong_stage", step=self.next_step(request, zone))

    def next_step(self, request: Request, zone: str) -> str:
        """What happens next, for the mentee."""
        stage = request.stage
        match stage:
            case s.Sharpening(proposed=proposed):
                return say("step.proposed" if proposed else "step.sharpening")
            case s.Ready():
                return say("step.ready")
            case s.Briefing(recipients=recipients):
                return say("step.briefing", name=self.name(recipients[0]))
            case s.Offered():
                return self._offered(stage, zone)
            case s.MoreAsked(mentor=mentor, ask=ask, due=due):
                return say("step.more_asked", name=self.name(mentor), ask=ask, due=when(due, zone))
            case s.Booked(mentor=mentor, slot=slot):
                start = when(slot.start, zone)
                return say("step.booked", name=self.name(mentor), start=start, minutes=slot.minutes)
            case s.Exchanging(mentor=mentor) | s.Debriefing(mentor=mentor):
                return say(f"step.{s.stage_name(stage)}", name=self.name(mentor))
            case s.Closed(outcome=outcome):
                return say(f"step.closed_{outcome}")

    def _offered(self, stage: s.Offered, zone: str) -> str:
        following = say("step.offered_next", name=self.name(stage.rest[0])) if stage.rest else say("step.offered_last")
        return say(
            "step.offered",
            name=self.name(stage.mentor),
            since=when(stage.since, zone),
            due=when(stage.due, zone),
            next=following,
        )

    def for_mentor(self, request: Request, zone: str) -> str:
        """What happens next, for the mentor who holds the request; without anything about other mentors."""
        stage = request.stage
        match stage:
            case s.Offered(due=due) | s.MoreAsked(due=due):
                return say(f"mentor_step.{s.stage_name(stage)}", due=when(due, zone))
            case s.Booked(slot=slot):
                return say("mentor_step.booked", start=when(slot.start, zone), minutes=slot.minutes)
            case s.Exchanging() | s.Debriefing() | s.Closed():
                return say(f"mentor_step.{s.stage_name(stage)}")
            case _:
                return say("mentor_step.elsewhere")

    def silent(self, request: Request, zone: str) -> str:
        """The notice to the mentee that a message was stored but is not answered, because the mentor owns the reply."""
        stage = request.stage
        if isinstance(stage, s.Booked):
            return say("silent.booked", name=self.name(stage.mentor), start=when(stage.slot.start, zone))
        if isinstance(stage, s.Offered | s.Exchanging):
            return say(f"silent.{s.stage_name(stage)}", name=self.name(stage.mentor))
        return self.next_step(request, zone)
