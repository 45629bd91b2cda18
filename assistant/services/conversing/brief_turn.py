"""Turns at the brief: new words for it, an edit by message, and answers to questions about its way."""

from __future__ import annotations

from assistant.dialogue.brief_talk import FieldEdit, Topic
from assistant.dialogue.whole_sentences import raised, whole_sentences
from assistant.domain import events as e
from assistant.domain import stages as s
from assistant.services.conversing.status_text import StatusText, joined, say
from assistant.services.conversing.turn_draft import TurnDraft
from assistant.services.handing_over.brief_draft import updated, with_field

_SENTENCES = ("also", "background", "tried", "success")


def redraft_brief(turn: TurnDraft) -> None:
    """Puts what the turn stated into the brief, and says so only if the brief has changed."""
    request, stage = turn.request, _stage(turn)
    brief = updated(request, turn.understood.need, stage.draft)
    if brief == stage.draft:
        turn.answer(say=say("other.brief_kept"))
        return
    turn.before_reply(e.BriefDrafted, brief=brief, recipients=stage.recipients)
    turn.answer(say=say("other.brief_updated"))


def edit_brief(turn: TurnDraft, edit: FieldEdit) -> None:
    """Changes the field as the mentee said; an empty text clears it."""
    stage = _stage(turn)
    words = _worded(edit)
    old = stage.draft.field(edit.field)
    if edit.adds and old.stated:
        words = f"{old.text} {words}"
    turn.before_reply(e.BriefEdited, brief=with_field(stage.draft, edit.field, words), recipients=stage.recipients)
    turn.answer(say=say("other.brief_field" if words else "other.brief_cleared", field=say(f"brief.{edit.field}")))


def about_brief(turn: TurnDraft, topic: Topic, wording: StatusText) -> None:
    """Answers how it goes on from here; nothing changes."""
    stage = _stage(turn)
    first = stage.recipients[0]
    name, reason = wording.name(first), stage.draft.reason_for(first)
    match topic:
        case "why" if reason:
            turn.answer(say=say("other.brief_why", reason=reason))
        case "why":
            turn.answer(say=say("other.brief_why_unknown", name=name))
        case "new":
            turn.answer(say=say("other.brief_new"))
        case _:
            turn.answer(say=say(f"other.brief_{topic}", name=name))


def others_at_brief(turn: TurnDraft, wording: StatusText) -> None:
    """Words the proposal of other people while a brief is there; its passages are not shown."""
    name, found = wording.name(_stage(turn).recipients[0]), turn.reply.matches
    others = say("other.brief_others", names=joined(match.name for match in found), name=name)
    turn.answer(say=others if found else say("other.brief_nobody", name=name), citations=(), answer=())


def _worded(edit: FieldEdit) -> str:
    """The new text as it stands in a brief."""
    if edit.field == "question" and edit.words:
        return f"{raised(edit.words)}?"
    return whole_sentences(edit.words) if edit.field in _SENTENCES else raised(edit.words) if edit.words else ""


def _stage(turn: TurnDraft) -> s.Briefing:
    stage = turn.request.stage
    assert isinstance(stage, s.Briefing)
    return stage
